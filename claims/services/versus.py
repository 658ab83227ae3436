"""How one claim, stored or being typed, stands to the other live claims of its subject and predicate."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from claims.domain.comparing import Comparison, Verdict, compare
from claims.models import Claim
from claims.services.conflicts.telling import in_words, with_sources
from claims.services.rates import ReferenceRates
from claims.services.statements import LIVE, stated, stated_by, surroundings, terms_of

MOST_COMPARED = 500
"""How many other claims of the subject and predicate are compared."""

MOST_TOLD = 25

ORDER = (
    Verdict.CONFLICTING,
    Verdict.COMPATIBLE_IF,
    Verdict.EQUAL,
    Verdict.COMPATIBLE,
    Verdict.NOT_COMPARABLE,
    Verdict.SEPARATED,
)
"""What a curator wants to see first; what is nearly in conflict after what agrees under a reading."""


@dataclass(frozen=True, slots=True)
class Versus:
    """Another claim, with its sources loaded, and how it stands to the one in question."""

    claim: Claim
    comparison: Comparison

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        return in_words(self.comparison)


def versus(claim: Claim, *, sources: Iterable[int] | None = None) -> list[Versus]:
    """The other claims, the most telling first; `sources` are row ids of what it is cited from as typed."""
    if claim.subject_id is None or claim.predicate_id is None:
        return []
    cited = None if sources is None else {claim.pk: sources}
    own = stated_by(claim, surroundings([claim], cited))
    group = Q(subject=claim.subject_id, predicate=claim.predicate_id, review__in=LIVE)
    terms = terms_of(claim.predicate)
    found = [
        (other, compare(own.statement, other.statement, terms, ReferenceRates()))
        for other in stated(group & ~Q(pk=claim.pk))[:MOST_COMPARED]
    ]
    found.sort(key=lambda pair: _rank(pair[1]))
    told = found[:MOST_TOLD]
    claims = {one.pk: one for one in with_sources(Q(pk__in=[other.pk for other, _ in told]))}
    return [Versus(claims[other.pk], comparison) for other, comparison in told if other.pk in claims]


def _rank(comparison: Comparison) -> tuple[int, bool]:
    after = Verdict.COMPATIBLE_IF if comparison.nearly else comparison.verdict
    return ORDER.index(after), comparison.nearly

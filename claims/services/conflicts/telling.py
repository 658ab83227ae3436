"""A conflict as people look at it: its positions side by side with sources, and why each pair cannot be true together.

A fixed number of queries, whatever its size.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from django.db.models import Prefetch, Q

from claims.choices import ConflictStatus
from claims.domain.comparing import Comparison, Verdict, compare
from claims.models import Citation, Claim, Conflict, Predicate
from claims.services.rates import ReferenceRates
from claims.services.statements import LIVE, Stated, stated, terms_of
from evidence.services.history import history_model

MOST_PAIRS = 50
"""How many pairs are told of; the positions tell of all claims."""

MOST_BESIDE = 200
"""How many claims of the same subject and predicate are looked at for what lies beside a conflict."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims, and how they stand to each other."""

    a: Claim
    b: Claim
    comparison: Comparison

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        return in_words(self.comparison)


@dataclass(frozen=True, slots=True)
class Told:
    """A conflict for people: claims with citations and sources loaded, by position; and pairs of them."""

    positions: tuple[tuple[Claim, ...], ...]
    pairs: tuple[Pair, ...]
    beside: tuple[Pair, ...]
    """Pairs of the same subject and predicate that are nearly in conflict, or compatible under a reading."""

    decisions: tuple[Any, ...]
    """The rows of history that decided it, the last first, each with its change."""

    @property
    def given_up(self) -> tuple[Claim, ...]:
        """The claims that stand no longer; of a noted conflict with one, nothing is left to decide."""
        return tuple(claim for position in self.positions for claim in position if claim.review not in LIVE)


def tell(conflict: Conflict) -> Told:
    """What a page shows of this conflict."""
    positions = [position.split("+") for position in conflict.positions]
    members = {claim.slug: claim for claim in with_sources(Q(conflicts=conflict))}
    read = {claim.slug: claim for claim in stated(Q(conflicts=conflict))}
    predicates = Predicate.objects.in_bulk({claim.predicate for claim in read.values()})
    across = [
        (read[a], read[b])
        for one, other in combinations(positions, 2)
        for a, b in product(one, other)
        if a in read and b in read and read[a].group == read[b].group
    ]
    return Told(
        tuple(tuple(members[slug] for slug in position if slug in members) for position in positions),
        tuple(_pairs(across[:MOST_PAIRS], members, predicates)),
        tuple(_beside(conflict, predicates)),
        tuple(_decisions(conflict)),
    )


def _decisions(conflict: Conflict) -> Iterator[Any]:
    """Each decision once: what follows it until the next says the same."""
    past = history_model(Conflict).objects.filter(slug=conflict.slug).order_by("history_id")
    before: tuple[str, ...] = ()
    found = []
    for row in past.select_related("change__actor"):
        said = (row.status, row.resolution, row.reason)
        if said != before and (row.status == ConflictStatus.RESOLVED or before):
            found.append(row)
        before = said
    yield from reversed(found)


def with_sources(chosen: Q) -> Iterator[Claim]:
    """These claims with what a reader wants to see beside them, their citations in the order of their slugs."""
    citations = Citation.objects.select_related("source", "attributed_to").order_by("slug")
    claims = Claim.objects.filter(chosen).select_related("subject", "predicate", "object")
    yield from claims.order_by("slug").prefetch_related(Prefetch("citations", queryset=citations))


def in_words(comparison: Comparison) -> str:
    """The verdict for people; of pairs that are nearly in conflict, that they are."""
    return "nearly conflicting" if comparison.nearly else comparison.verdict.replace("_", " ")


def is_beside(comparison: Comparison) -> bool:
    """Whether a pair belongs beside the conflicts: only scope or modality, or a reading, keeps it from being one."""
    return comparison.nearly or comparison.verdict is Verdict.COMPATIBLE_IF


def _beside(conflict: Conflict, predicates: Mapping[int, Predicate]) -> Iterator[Pair]:
    if conflict.subject_id is None:
        return
    group = Q(subject=conflict.subject_id, predicate=conflict.predicate_id, review__in=LIVE)
    read = stated(group)[:MOST_BESIDE]
    terms = terms_of(predicates[read[0].predicate]) if read else None
    found = [
        (a, b)
        for a, b in combinations(read, 2)
        if terms and is_beside(compare(a.statement, b.statement, terms, ReferenceRates()))
    ][:MOST_PAIRS]
    named = {
        claim.slug: claim for claim in with_sources(Q(pk__in={one.pk for pair in found for one in pair}))
    }
    yield from _pairs(found, named, predicates)


def _pairs(
    pairs: Sequence[tuple[Stated, Stated]], claims: Mapping[str, Claim], predicates: Mapping[int, Predicate]
) -> Iterator[Pair]:
    for a, b in pairs:
        terms = terms_of(predicates[a.predicate])
        yield Pair(claims[a.slug], claims[b.slug], compare(a.statement, b.statement, terms, ReferenceRates()))

"""What is nearly in conflict: pairs kept apart by scope or modality alone, and pairs compatible in a reading only.

They are computed when somebody asks, and no record is kept of them. The groups of claims of one subject and predicate
are walked in the order of their row ids, from where the page before ended, and a page looks at a bounded number of
entities, and of claims in a group, so that it takes as long in a large ledger as in a small one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from claims.choices import ValueType
from claims.domain.comparing import Comparison, Verdict, compare
from claims.domain.comparing.pairs import compare_values
from claims.domain.comparing.separators import MODALITY, SCOPE, separators
from claims.models import Claim, Entity, Predicate
from claims.services.rates import ReferenceRates
from claims.services.showing import ShownClaim, by_group, shown_claims
from claims.services.statements import STANDING, Group, Stated, stated, terms_of

START: Group = (0, 0)

SUBJECTS = 200  # entities whose groups are listed at once
MOST_SUBJECTS = 2000  # whose groups a page looks at
LOT = 100  # groups whose claims are read at once
CLAIMS_A_GROUP = 40  # of which pairs are made
ENOUGH = 25  # pairs, with which a page ends after the group it is at


class Kind(StrEnum):
    """What keeps the two claims from being in conflict."""

    SCOPE = SCOPE
    MODALITY = MODALITY
    READING = "reading"


@dataclass(frozen=True, slots=True)
class Near:
    """Two claims of one subject and predicate by row id, what keeps them from being in conflict, and why else they are.

    `told` says what keeps them apart; of a reading, nothing but the comparison does.
    """

    group: Group
    a: int
    b: int
    kinds: tuple[Kind, ...]
    told: tuple[str, ...]
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class NearPair:
    """Such a pair for people, with its subject and predicate."""

    near: Near
    subject: Entity
    predicate: Predicate
    a: ShownClaim
    b: ShownClaim


@dataclass(frozen=True, slots=True)
class NearPage:
    """Some of these pairs: how many groups were looked at, where the next page starts, and what was left out."""

    pairs: tuple[NearPair, ...]
    groups: int
    next: Group | None
    cut: tuple[tuple[Entity, Predicate], ...]


def near_conflicts(
    *, kinds: Iterable[Kind] = tuple(Kind), subject: int | None = None, after: Group = START
) -> NearPage:
    """The pairs of these kinds, about one entity or all, in the groups that come after this one."""
    wanted, found, cut, looked = frozenset(kinds), list[tuple[Near, Stated, Stated]](), list[Group](), 0
    walk = Walk(subject, after)
    for lot in walk.lots():
        claims = by_group(_claims(lot))
        terms = Predicate.objects.in_bulk({predicate for _, predicate in lot})
        for group in lot:
            looked += 1
            found += _near(claims.get(group, ()), terms[group[1]], wanted)
            cut += [group] if len(claims.get(group, ())) > CLAIMS_A_GROUP else []
            if len(found) >= ENOUGH:
                return _page(found, looked, group, cut)
    return _page(found, looked, walk.next, cut)


@dataclass
class Walk:
    """A walk through the groups in which two claims may be nearly in conflict, as far as a page goes."""

    subject: int | None
    after: Group
    next: Group | None = None
    """Where the next page starts once this one has been walked to its end; None where there is no more."""

    def lots(self) -> Iterator[list[Group]]:
        """The groups in order, some at a time; lots of entities without such groups are passed over."""
        self.next = self.after
        for _ in range(0, MOST_SUBJECTS, SUBJECTS):
            subjects = self._subjects()
            groups = [group for group in _groups(subjects) if group > self.next]
            for start in range(0, len(groups), LOT):
                yield groups[start : start + LOT]
            if self.subject is not None or len(subjects) < SUBJECTS:
                self.next = None
                return
            self.next = subjects[-1] + 1, 0

    def _subjects(self) -> list[int]:
        if self.subject is not None or self.next is None:
            return [] if self.subject is None else [self.subject]
        later = Entity.objects.filter(pk__gte=self.next[0]).order_by("pk")
        return list(later.values_list("pk", flat=True)[:SUBJECTS])


def _groups(subjects: Sequence[int]) -> list[Group]:
    """The groups about these entities that hold two claims or more, in order."""
    comparable = Predicate.objects.exclude(value_type=ValueType.TEXT).values("pk")
    live = Claim.objects.filter(STANDING, subject__in=subjects, predicate__in=comparable)
    several = (
        live.order_by("subject", "predicate").values("subject", "predicate").annotate(claims=Count("pk"))
    )
    return list(several.filter(claims__gt=1).values_list("subject", "predicate"))


def _claims(groups: Sequence[Group]) -> list[Stated]:
    """The first claims of each group, and one more where there are more."""
    subjects, predicates = ({group[side] for group in groups} for side in (0, 1))
    place = Window(RowNumber(), partition_by=[F("subject"), F("predicate")], order_by=F("slug").asc())
    live = Claim.objects.filter(STANDING, subject__in=subjects, predicate__in=predicates)
    first = live.annotate(place=place).filter(place__lte=CLAIMS_A_GROUP + 1)
    return stated(Q(pk__in=first.values("pk")))


def _near(
    claims: Sequence[Stated], predicate: Predicate, wanted: frozenset[Kind]
) -> Iterator[tuple[Near, Stated, Stated]]:
    for a, b in combinations(claims[:CLAIMS_A_GROUP], 2):
        near = _between(a, b, predicate)
        if near is not None and wanted & set(near.kinds):
            yield near, a, b


def _between(a: Stated, b: Stated, predicate: Predicate) -> Near | None:
    terms, rates = terms_of(predicate), ReferenceRates()
    found = compare(a.statement, b.statement, terms, rates)
    if found.verdict is Verdict.COMPATIBLE_IF:
        return Near(a.group, a.pk, b.pk, (Kind.READING,), (), found)
    if not found.nearly:
        return None
    apart = separators(a.statement, b.statement, terms)
    values = compare_values(a.statement, b.statement, terms, rates)
    return Near(a.group, a.pk, b.pk, tuple(map(Kind, apart)), tuple(apart.values()), values)


def _page(
    found: Sequence[tuple[Near, Stated, Stated]], looked: int, after: Group | None, cut: Sequence[Group]
) -> NearPage:
    shown = shown_claims({claim.pk: claim for _, *pair in found for claim in pair}.values())
    groups = {near.group for near, *_ in found} | set(cut)
    subjects = Entity.objects.in_bulk({subject for subject, _ in groups})
    predicates = Predicate.objects.in_bulk({predicate for _, predicate in groups})
    pairs = [_pair(near, subjects, predicates, shown) for near, *_ in found]
    left = tuple((subjects[subject], predicates[predicate]) for subject, predicate in cut)
    return NearPage(tuple(pairs), looked, after, left)


def _pair(
    near: Near,
    subjects: Mapping[int, Entity],
    predicates: Mapping[int, Predicate],
    shown: Mapping[int, ShownClaim],
) -> NearPair:
    subject, predicate = near.group
    return NearPair(near, subjects[subject], predicates[predicate], shown[near.a], shown[near.b])

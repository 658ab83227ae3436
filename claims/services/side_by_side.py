"""Entities side by side: what is claimed of each, by predicate, and whether the values agree.

The claims are those that stand (draft to accepted), of each entity and predicate the first by slug. A fixed number of
queries, whatever the entities have.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from claims.domain.comparing.likeness import Likened, Likeness, Summary, liken, summary
from claims.models import Claim, Entity, Predicate
from claims.services.rates import ReferenceRates
from claims.services.showing import ShownClaim, by_group, shown_claims
from claims.services.statements import STANDING, Stated, stated, terms_of
from evidence.domain.text import SLUG
from evidence.services.slugs import nearest_slug, propose_slug

FEWEST, MOST = 2, 8
"""How many entities stand side by side."""

SHOWN_LENGTH = 80  # characters of what is no slug that a message repeats

CLAIMS_SHOWN = 12
"""How many claims of one entity and predicate are compared."""

ORDER = (
    Likeness.DIFFER,
    Likeness.IN_PART,
    Likeness.SAME_IF,
    Likeness.UNTOLD,
    Likeness.OVERLAP,
    Likeness.SAME,
)
"""The order of rows: first what sets the entities apart."""


class CompareRefused(ValueError):
    """These entities cannot be compared; each message says why and names the way out."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = tuple(messages)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the entities compared."""

    row: int
    slug: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What is claimed of one entity under one predicate; `more` where not all of it is shown."""

    entity: Side
    claims: tuple[ShownClaim, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class PairOfClaims:
    """Two claims of two entities, by slug, and how their values lie to each other."""

    a: str
    b: str
    likened: Likened


@dataclass(frozen=True, slots=True)
class PairOfEntities:
    """Two of the entities, what all their values come to, and each pair of claims, the closest first."""

    a: Side
    b: Side
    summary: Summary
    claims: tuple[PairOfClaims, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One predicate: a cell for each entity, a verdict for each two that have claims, and what these come to."""

    predicate: Predicate
    cells: tuple[Cell, ...]
    pairs: tuple[PairOfEntities, ...]

    @property
    def likeness(self) -> Likeness | None:
        """The verdict that sets the entities furthest apart; None where only one of them has claims."""
        found = {pair.summary.likeness for pair in self.pairs}
        return next((likeness for likeness in ORDER if likeness in found), None)

    @property
    def place(self) -> tuple[int, str]:
        """Where the row stands: by its verdict, one-sided rows last, then by predicate."""
        likeness = self.likeness
        return (len(ORDER) if likeness is None else ORDER.index(likeness)), self.predicate.slug


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The whole comparison."""

    entities: tuple[Side, ...]
    rows: tuple[Row, ...]

    @property
    def common(self) -> tuple[Row, ...]:
        """The predicates that are claimed of at least two of the entities."""
        return tuple(row for row in self.rows if row.likeness is not None)


def side_by_side(*, slugs: Iterable[str]) -> SideBySide:
    """What is claimed of these entities, by predicate; raises CompareRefused where they cannot be compared."""
    sides, refused = find_sides(slugs)
    if len(sides) < FEWEST and not refused:
        refused.append(f"Choose {FEWEST} to {MOST} entities; {_so_far(len(sides))}.")
    if refused:
        raise CompareRefused(refused)
    claims = _claims(sides)
    shown, groups = shown_claims(claims), by_group(claims)
    predicates = Predicate.objects.in_bulk({predicate for _, predicate in groups})
    rows = [_row(sides, predicate, groups, shown) for predicate in predicates.values()]
    return SideBySide(tuple(sides), tuple(sorted(rows, key=lambda row: row.place)))


def find_sides(slugs: Iterable[str]) -> tuple[list[Side], list[str]]:
    """The entities with these slugs in order, each once, and what is wrong with the slugs; a former one leads on."""
    wanted = list(dict.fromkeys(slug for slug in map(str.strip, slugs) if slug))
    if len(wanted) > MOST:
        return [], [f"{len(wanted)} entities are too many to be read side by side; choose at most {MOST}."]
    slugged = [slug for slug in wanted if SLUG.fullmatch(slug)]
    rows = Entity.objects.filter(slug__in=slugged).values_list("slug", "pk", "name", "type")
    known = {slug: Side(pk, slug, name, type_) for slug, pk, name, type_ in rows}
    for slug, one in Entity.find_former([slug for slug in slugged if slug not in known]).items():
        known[slug] = Side(one.pk, one.slug, one.name, one.type)
    refused = [_unknown(slug) for slug in wanted if slug not in known]
    return list(dict.fromkeys(known[slug] for slug in wanted if slug in known)), refused


def _unknown(text: str) -> str:
    near = nearest_slug(Entity, propose_slug(Entity, {"name": text}))
    shown = text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + "…"
    return f"There is no entity “{shown}”" + (f"; did you mean “{near}”?" if near else ".")


def _so_far(number: int) -> str:
    return "one is chosen" if number == 1 else "none is chosen yet"


def _claims(sides: Sequence[Side]) -> list[Stated]:
    """The first claims of each entity and predicate, and one more where there are more."""
    place = Window(RowNumber(), partition_by=[F("subject"), F("predicate")], order_by=F("slug").asc())
    live = Claim.objects.filter(STANDING, subject__in=[side.row for side in sides])
    first = live.annotate(place=place).filter(place__lte=CLAIMS_SHOWN + 1)
    return stated(Q(pk__in=first.values("pk")))


def _row(
    sides: Sequence[Side],
    predicate: Predicate,
    groups: Mapping[tuple[int, int], Sequence[Stated]],
    shown: Mapping[int, ShownClaim],
) -> Row:
    lots = [(side, groups.get((side.row, predicate.pk), ())) for side in sides]
    cells = [
        Cell(side, tuple(shown[claim.pk] for claim in lot[:CLAIMS_SHOWN]), len(lot) > CLAIMS_SHOWN)
        for side, lot in lots
    ]
    filled = [(side, lot[:CLAIMS_SHOWN]) for side, lot in lots if lot]
    pairs = [_pair(a, b, predicate) for a, b in combinations(filled, 2)]
    return Row(predicate, tuple(cells), tuple(pairs))


def _pair(
    a: tuple[Side, Sequence[Stated]], b: tuple[Side, Sequence[Stated]], predicate: Predicate
) -> PairOfEntities:
    terms, rates = terms_of(predicate), ReferenceRates()
    pairs = [
        PairOfClaims(one.slug, other.slug, liken(one.statement, other.statement, terms, rates))
        for one, other in product(a[1], b[1])
    ]
    first, second = ([claim.statement for claim in claims] for _, claims in (a, b))
    total = summary(first, second, [pair.likened for pair in pairs])
    closest = sorted(pairs, key=lambda pair: (pair.likened.distance, pair.a, pair.b))
    return PairOfEntities(a[0], b[0], total, tuple(closest))

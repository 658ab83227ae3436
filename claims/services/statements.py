"""What claims state, as the comparing needs it: values read, names resolved, times of sources and deals looked up.

A fixed number of queries a lot, whatever is in the ledger.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Q

from claims.choices import Stance, ValueType
from claims.domain.comparing import Statement, Terms
from claims.domain.reading import read_value
from claims.domain.values import Understood
from claims.models import Agreement, Citation, Claim, Company, Entity, Event, Investment, Predicate, Topic
from claims.querysets import GIVEN_UP
from evidence.choices import Review
from evidence.domain import dates
from evidence.domain.dates import PartialDate
from evidence.models import Source
from evidence.services.history import chunked

LIVE = (Review.DRAFT, Review.SUBMITTED, Review.ACCEPTED)
"""The states in review in which a claim still stands; what was rejected or retracted conflicts with nothing."""

STANDING = ~Q(review__in=GIVEN_UP)
"""The claims that still stand, so put that a database looks for them by subject and not by state."""

NUMERIC = (ValueType.QUANTITY, ValueType.MONEY, ValueType.PERCENT)
DAYS_OF_DEALS = ((Investment, "closed", "announced"), (Agreement, "signed", "announced"), (Event, "date"))
"""Where a deal or event has its own days, the more telling first."""

COLUMNS = (
    "pk",
    "slug",
    "subject_id",
    "predicate_id",
    "object_id",
    "value",
    "unit",
    "negated",
    "when",
    "scope",
    "modality",
    "review",
)


Group = tuple[int, int]
"""The row ids of a subject and a predicate, within which claims are compared."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One claim as stored, with what it states."""

    pk: int
    slug: str
    subject: int
    predicate: int
    object: int | None
    review: str
    printed: tuple[str, ...]
    """What the curator typed of value and qualifiers, for fingerprints."""
    statement: Statement

    @property
    def group(self) -> Group:
        """What it is compared within."""
        return self.subject, self.predicate

    @property
    def live(self) -> bool:
        """Whether the claim still stands."""
        return self.review in LIVE


@dataclass
class Surroundings:
    """What lies around a lot of claims: their predicates, objects, sources and deals, by row id."""

    predicates: Mapping[int, Predicate] = field(default_factory=dict)
    objects: Mapping[int, frozenset[str]] = field(default_factory=dict)
    sources: Mapping[int, Mapping[str, PartialDate | None]] = field(default_factory=dict)
    deals: Mapping[int, PartialDate] = field(default_factory=dict)


def stated(claims: Q) -> list[Stated]:
    """The claims that this condition chooses, in the order of their slugs."""
    return _stated(_rows(claims))


def live_in(groups: Collection[Group]) -> list[Stated]:
    """The claims of these subjects and predicates that still stand, in the order of their slugs."""
    subjects, predicates = ({group[side] for group in groups} for side in (0, 1))
    rows = _rows(STANDING & Q(subject__in=subjects, predicate__in=predicates))
    return _stated([row for row in rows if (row.subject_id, row.predicate_id) in groups])


def _rows(claims: Q) -> list[Any]:
    return list(Claim.objects.filter(claims).order_by("slug").values_list(*COLUMNS, named=True))


def _stated(rows: list[Any]) -> list[Stated]:
    around = surroundings(rows)
    return [stated_by(row, around) for row in rows]


def stated_by(row: Any, around: Surroundings) -> Stated:
    """One claim, stored or being typed, as a row with the columns of COLUMNS."""
    statement = _statement(row, around)
    named = "+".join(sorted(around.objects.get(row.object_id, ())))
    printed = (named, row.value, row.unit, str(row.negated), row.when, *sorted(row.scope), row.modality)
    return Stated(
        row.pk, row.slug, row.subject_id, row.predicate_id, row.object_id, row.review, printed, statement
    )


def surroundings(rows: Iterable[Any], cited: Mapping[int, Iterable[int]] | None = None) -> Surroundings:
    """What lies around these rows; `cited` names sources of claims that are not stored yet, by row id."""
    rows = list(rows)
    predicates = Predicate.objects.in_bulk({row.predicate_id for row in rows})
    paid = [row for row in rows if predicates[row.predicate_id].value_type == ValueType.MONEY]
    return Surroundings(
        predicates,
        objects=readings_of({row.object_id for row in rows if row.object_id is not None}),
        sources=_of_sources(cited) if cited is not None else _sources({row.pk for row in rows}),
        deals=_days_of_deals({row.subject_id for row in paid}),
    )


def terms_of(predicate: Predicate) -> Terms:
    """What the predicate says of how its values compare."""
    return Terms(predicate.value_type, predicate.single_valued, predicate.persistence, predicate.tolerance)


def readings_of(entities: Iterable[int]) -> dict[int, frozenset[str]]:
    """The slugs of what each of these entities may be: itself, or what an ambiguous name may mean."""
    found: dict[int, frozenset[str]] = {}
    meant: dict[int, set[str]] = {}
    for some in chunked(entities):
        found |= {
            pk: frozenset([slug]) for pk, slug in Entity.objects.filter(pk__in=some).values_list("pk", "slug")
        }
        for model in (Company, Topic):
            pairs = model.objects.filter(pk__in=some, may_be__isnull=False)
            for pk, slug in pairs.order_by().values_list("pk", "may_be__slug"):
                meant.setdefault(pk, set()).add(slug)
    return found | {pk: frozenset(slugs) for pk, slugs in meant.items()}


def _statement(row: Any, around: Surroundings) -> Statement:
    predicate = around.predicates[row.predicate_id]
    sources = around.sources.get(row.pk, {})
    published = sorted((day for day in sources.values() if day), key=lambda day: day.sort_key)
    when = day_of(row.when)
    rated = when or around.deals.get(row.subject_id) or next(iter(published), None)
    numeric, dated = predicate.value_type in NUMERIC, predicate.value_type == ValueType.DATE
    return Statement(
        value=value_of(predicate.value_type, tuple(predicate.unit), row.value, row.unit) if numeric else None,
        days=days_of(row.value) if dated else None,
        code="" if numeric or dated else row.value,
        objects=around.objects.get(row.object_id, frozenset()),
        negated=row.negated,
        scope=frozenset(part.casefold() for part in row.scope),
        modality=row.modality,
        when=when,
        published=tuple(published) if len(published) == len(sources) else (),
        rated=rated if predicate.value_type == ValueType.MONEY else None,
        sources=frozenset(sources),
    )


@lru_cache(maxsize=10_000)
def value_of(value_type: str, units: tuple[str, ...], value: str, unit: str) -> Understood:
    """What a printed value means under a predicate of this type and these units."""
    return read_value(value_type, value, unit=unit, units=units)


@lru_cache(maxsize=10_000)
def day_of(text: str) -> PartialDate | None:
    """The date that a column holds; None where it is empty."""
    return dates.read(text) if text else None


def days_of(text: str) -> PartialDate | None:
    """The days of a date that was printed as a value; None where it is not understood."""
    try:
        return day_of(text)
    except dates.DateRefused:
        return None


def _sources(claims: Iterable[int]) -> dict[int, dict[str, PartialDate | None]]:
    """Of each claim, the sources that support it with their days; those that mention it where none supports it."""
    found: dict[int, dict[str, PartialDate | None]] = {}
    weaker: dict[int, dict[str, PartialDate | None]] = {}
    for some in chunked(claims):
        rows = Citation.objects.filter(claim__in=some).exclude(stance=Stance.REFUTES).order_by()
        for claim, stance, *source in rows.values_list(
            "claim", "stance", "source__slug", "source__published", "source__part_of__published"
        ):
            lot = found if stance == Stance.SUPPORTS else weaker
            lot.setdefault(claim, {}).update([_dated(*source)])
    return weaker | found


def _of_sources(cited: Mapping[int, Iterable[int]]) -> dict[int, dict[str, PartialDate | None]]:
    rows = Source.objects.filter(pk__in={pk for sources in cited.values() for pk in sources})
    known = {
        pk: _dated(*source)
        for pk, *source in rows.values_list("pk", "slug", "published", "part_of__published")
    }
    return {claim: dict(known[pk] for pk in sources if pk in known) for claim, sources in cited.items()}


def _dated(slug: str, published: str, of_whole: str | None) -> tuple[str, PartialDate | None]:
    return slug, day_of(published) or day_of(of_whole or "")


def _days_of_deals(subjects: Iterable[int]) -> dict[int, PartialDate]:
    found: dict[int, PartialDate] = {}
    for some in chunked(subjects):
        for model, *columns in DAYS_OF_DEALS:
            for pk, *days in model.objects.filter(pk__in=some).order_by().values_list("pk", *columns):
                found.update((pk, day) for day in _known(days))
    return found


def _known(texts: Iterable[str]) -> Iterator[PartialDate]:
    """The first of the dates that is known."""
    known = (day for day in map(day_of, texts) if day is not None and day.known)
    yield from list(known)[:1]

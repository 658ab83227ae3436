"""What a record says in its own fields, held against the claims that state the same.

A field holds the curator's present view; `Predicate.record_field` names it. A field is supported where a claim
agrees with it, and contested where a claim conflicts with it or where the claims conflict among themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from claims.choices import ConflictStatus, ValueType
from claims.domain.comparing import Statement, Terms, compare
from claims.domain.comparing.separators import times
from claims.domain.comparing.statements import MOMENTARY
from claims.domain.comparing.verdicts import Verdict
from claims.models import Conflict, Entity, Predicate
from claims.services.rates import ReferenceRates
from claims.services.statements import (
    LIVE,
    NUMERIC,
    Stated,
    day_of,
    readings_of,
    stated,
    terms_of,
    value_of,
)
from evidence.domain.dates import PartialDate, surely_before

SUPPORTED, CONTESTED, UNSUPPORTED = "supported", "contested", "unsupported"
UNIT_FIELDS = {"amount": "currency", "capacity": "capacity_unit"}
"""The column that says the unit of a printed field."""

AGREEING = (Verdict.EQUAL, Verdict.COMPATIBLE)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one field of a record stands, with the claims behind it by row id."""

    field: str
    state: str
    supporting: tuple[int, ...] = ()
    against: tuple[int, ...] = ()


def standings(entity: Entity) -> list[Standing]:
    """How each filled field of this entity stands that some predicate speaks of."""
    leaf = entity.leaf
    names = {field.name for field in leaf._meta.get_fields()}
    predicates = [
        predicate
        for predicate in Predicate.objects.exclude(record_field="").order_by("slug")
        if predicate.record_field in names and _filled(getattr(leaf, predicate.record_field))
    ]
    claims = stated(Q(subject=entity.pk, predicate__in=predicates, review__in=LIVE))
    disputed = set(
        Conflict.objects.filter(subject=entity.pk, status=ConflictStatus.OPEN).values_list(
            "predicate", flat=True
        )
    )
    return [
        _standing(leaf, predicate, [claim for claim in claims if claim.predicate == predicate.pk], disputed)
        for predicate in predicates
    ]


def against_own_field(entity: Entity, predicate: Predicate, claims: Sequence[Stated]) -> list[int]:
    """The claims that conflict with what the record itself says, by row id."""
    own, terms = own_statements(entity, predicate), terms_of(predicate)
    return [
        claim.pk
        for claim in _present(claims, terms)
        if own and all(_verdict(one, claim, terms) is Verdict.CONFLICTING for one in own)
    ]


def own_statements(leaf: Any, predicate: Predicate) -> list[Statement]:
    """What the record's field says, one statement a value; none where it is empty or says it in words only."""
    field = predicate.record_field
    if field not in {one.name for one in leaf._meta.get_fields()}:
        return []
    held = getattr(leaf, field)
    if predicate.value_type == ValueType.ENTITY:
        return [Statement(objects=objects) for objects in readings_of(_entities(held)).values()]
    if not held or not isinstance(held, str | list):
        return []
    printed = [held] if isinstance(held, str) else held
    if predicate.value_type in NUMERIC:
        unit = getattr(leaf, UNIT_FIELDS.get(field, ""), "")
        read = [value_of(predicate.value_type, tuple(predicate.unit), text, unit) for text in printed]
        return [Statement(value=value, rated=_day_of_rates(leaf)) for value in read]
    if predicate.value_type == ValueType.DATE:
        return [Statement(days=day_of(text)) for text in printed]
    return [Statement(code=text) for text in printed]


def _standing(leaf: Any, predicate: Predicate, claims: Sequence[Stated], disputed: set[int]) -> Standing:
    own, terms = own_statements(leaf, predicate), terms_of(predicate)
    supporting = tuple(
        claim.pk for claim in claims if any(_verdict(one, claim, terms) in AGREEING for one in own)
    )
    against = tuple(against_own_field(leaf, predicate, claims))
    contested = against or predicate.pk in disputed
    state = CONTESTED if contested else SUPPORTED if supporting else UNSUPPORTED
    return Standing(predicate.record_field, state, supporting, against)


def _verdict(own: Statement, claim: Stated, terms: Terms) -> Verdict:
    return compare(own, claim.statement, terms, ReferenceRates()).verdict


def _present(claims: Iterable[Stated], terms: Terms) -> list[Stated]:
    """The claims that speak of the present: of a momentary predicate those that no other surely comes after."""
    listed = list(claims)
    if terms.persistence != MOMENTARY:
        return listed
    days = [day for claim in listed for day in times(claim.statement, terms)]
    return [claim for claim in listed if not _outdated(times(claim.statement, terms), days)]


def _outdated(own: tuple[PartialDate, ...], days: list[PartialDate]) -> bool:
    return bool(own) and all(any(surely_before(day, later) for later in days) for day in own)


def _filled(held: Any) -> bool:
    return held.exists() if hasattr(held, "exists") else bool(held)


def _entities(held: Any) -> list[int]:
    """The entities that a field holds; of words, such as “Burnaby, Canada”, the one of that name, or of “Burnaby”."""
    if isinstance(held, str):
        names = [held, held.split(",")[0].strip()]
        return list(Entity.objects.filter(name__in=names).values_list("pk", flat=True)) if held else []
    if held is None:
        return []
    return [held.pk] if isinstance(held, Entity) else [row.pk for row in held.all()]


def _day_of_rates(leaf: Any) -> PartialDate | None:
    days = (day_of(getattr(leaf, name, "")) for name in ("closed", "announced"))
    return next((day for day in days if day is not None and day.known), None)

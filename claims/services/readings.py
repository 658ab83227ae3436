"""Whether values are understood: noted on claims at the end of a change, and told of any record."""

from collections.abc import Iterable, Iterator

from claims.domain.reading import state
from claims.models import Claim, Entity, Ownership, Predicate
from evidence.models import Record
from evidence.services.history import chunked
from evidence.services.units import Unit, derivation

DECIDING = {"value_type", "unit"}
"""The columns of a predicate on which the reading of its claims' values rests."""


def unread(record: Record) -> Iterator[tuple[str, str]]:
    """The columns of a record whose values are kept although they are not understood, and why not."""
    if isinstance(record, Claim | Entity | Ownership):
        for column, understood in record.readings().items():
            if understood.unread:
                yield column, understood.refused or ""


@derivation
def value_states(unit: Unit) -> None:
    """Note whether the values of what a change touched are understood: claims, and claims of changed predicates."""
    for some in chunked(key for _, key in unit.found.keys(Claim)):
        _set_states(some)
    predicates = [found.record.pk for found in unit.altered(Predicate) if found.fields & DECIDING]
    for some in chunked(predicates):
        _set_states(Claim._base_manager.filter(predicate__in=some).values_list("pk", flat=True))


def _set_states(claims: Iterable[int]) -> None:
    """Bring the column of these claims up to date."""
    columns = ("pk", "value_state", "predicate__value_type", "value", "unit", "predicate__unit")
    for some in chunked(claims):
        wrong: dict[str, list[int]] = {}
        rows = Claim._base_manager.filter(pk__in=some).values_list(*columns)
        for key, noted, value_type, value, own, units in rows.iterator():
            now = state(value_type, value, unit=own, units=units)
            if now != noted:
                wrong.setdefault(now, []).append(key)
        for now, keys in wrong.items():
            Claim._base_manager.filter(pk__in=keys).update(value_state=now)

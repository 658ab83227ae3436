"""What a record says in its own fields, as statements that claims can be held against.

A field of words that stands for an entity, such as a headquarters, is the entity of that name: one that a claim at hand
speaks of, by name or alias, else any. “Seoul” and “Seoul, South Korea” are one name, “Paris, Texas” and “Paris,
France” are two. A fixed number of queries a record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from claims.choices import ValueType
from claims.contract import TABLES
from claims.domain.comparing import Statement
from claims.domain.comparing.statements import NONE
from claims.models import Entity, Predicate
from claims.services.statements import (
    DAYS_OF_DEALS,
    NUMERIC,
    Stated,
    day_of,
    days_of,
    readings_of,
    value_of,
)
from evidence.contract import by_model
from evidence.domain.dates import PartialDate

UNIT_FIELDS = {"amount": "currency", "capacity": "capacity_unit"}
"""The column that says the unit of a printed field."""

ALIASES = tuple(f"as_{leaf}__aliases" for leaf in ("company", "person", "plant", "topic"))


@dataclass(frozen=True, slots=True)
class Own:
    """What a field says, a statement a value, and the slugs of the entities it names by row id."""

    statements: tuple[Statement, ...]
    names: Mapping[int, str]

    def facing(self, claim: Stated) -> tuple[Sequence[Statement], Statement]:
        """The statements to hold against this claim, and its own; where both bear one ambiguous name, that name."""
        if claim.object is None or claim.object not in self.names:
            return self.statements, claim.statement
        name = frozenset([self.names[claim.object]])
        return [Statement(objects=name)], replace(claim.statement, objects=name)


def column_names(leaf: Any) -> list[str]:
    """The columns of the contract in which this record can say something."""
    return [column.name for column in by_model(TABLES)[type(leaf)].columns]


def filled_fields(leaf: Any, names: Iterable[str]) -> dict[str, Any]:
    """What those of these columns hold that hold anything: texts, or the row ids of entities."""
    held = {name: _held(leaf, leaf._meta.get_field(name)) for name in names}
    return {name: value for name, value in held.items() if value}


def own_fields(
    leaf: Any, held: Mapping[str, Any], predicates: Iterable[Predicate], claims: Iterable[Stated]
) -> dict[int, Own]:
    """What this record's fields say under the predicates that speak of them, by the predicate's row id."""
    listed = [predicate for predicate in predicates if predicate.record_field in held]
    entities = [predicate for predicate in listed if predicate.value_type == ValueType.ENTITY]
    named = _named([held[predicate.record_field] for predicate in entities], claims)
    meant = readings_of({row for rows in named.values() for row in rows})
    found: dict[int, Own] = {}
    for predicate in listed:
        value = held[predicate.record_field]
        if predicate in entities:
            rows = named[_key(value)]
            found[predicate.pk] = Own(
                tuple(Statement(objects=meant[row]) for row in rows if row in meant), rows
            )
        else:
            found[predicate.pk] = Own(tuple(_printed(leaf, predicate, value)), {})
    return found


def _held(leaf: Any, field: Any) -> Any:
    if not field.is_relation:
        value = getattr(leaf, field.name)
        return value if isinstance(value, str | list) else None
    if not issubclass(field.related_model, Entity):
        return None
    if field.many_to_many:
        return frozenset(getattr(leaf, field.name).order_by().values_list("pk", flat=True))
    return frozenset([getattr(leaf, field.attname)] if getattr(leaf, field.attname) else [])


def _printed(leaf: Any, predicate: Predicate, value: Any) -> list[Statement]:
    if isinstance(value, frozenset) or predicate.value_type == NONE:
        return []
    texts = [value] if isinstance(value, str) else value
    if predicate.value_type in NUMERIC:
        unit = getattr(leaf, UNIT_FIELDS.get(predicate.record_field, ""), "")
        read = [value_of(predicate.value_type, tuple(predicate.unit), text, unit) for text in texts]
        return [Statement(value=one, rated=_day_of_rates(leaf)) for one in read]
    if predicate.value_type == ValueType.DATE:
        return [Statement(days=days_of(text)) for text in texts]
    return [Statement(code=text) for text in texts]


def _day_of_rates(leaf: Any) -> PartialDate | None:
    columns = next((columns for model, *columns in DAYS_OF_DEALS if isinstance(leaf, model)), [])
    days = (day_of(getattr(leaf, name)) for name in columns)
    return next((day for day in days if day is not None and day.known), None)


def _key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _named(values: Sequence[Any], claims: Iterable[Stated]) -> dict[Any, dict[int, str]]:
    """The entities that each value names, with their slugs by row id."""
    texts = {value: _texts(value) for value in map(_key, values) if not isinstance(value, frozenset)}
    objects = {claim.object for claim in claims if claim.object is not None} if texts else set()
    rows = {row for value in values if isinstance(value, frozenset) for row in value}
    wanted = {name for several in texts.values() for text in several for name in (text, _head(text))}
    slugs, names = _entities(objects | rows), _names(objects)
    by_name = _by_name(wanted)
    found: dict[Any, dict[int, str]] = {}
    for value in map(_key, values):
        if isinstance(value, frozenset):
            found[value] = {row: slugs[row] for row in value if row in slugs}
            continue
        spoken_of = {
            row: slugs[row]
            for row, known in names.items()
            if any(_one_name(text, name) for text in texts[value] for name in known)
        }
        found[value] = spoken_of or {
            row: slug
            for text in texts[value]
            for name in (text, _head(text))
            for row, slug in by_name.get(name, {}).items()
        }
    return found


def _texts(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _entities(rows: Iterable[int]) -> dict[int, str]:
    return dict(Entity.objects.filter(pk__in=list(rows)).values_list("pk", "slug"))


def _names(rows: Iterable[int]) -> dict[int, list[str]]:
    found = Entity.objects.filter(pk__in=list(rows)).order_by("pk").values_list("pk", "name", *ALIASES)
    return {
        row: [name, *(alias for several in aliases for alias in several)] for row, name, *aliases in found
    }


def _by_name(names: Iterable[str]) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for row, slug, name in Entity.objects.filter(name__in=list(names)).values_list("pk", "slug", "name"):
        found.setdefault(name, {})[row] = slug
    return found


def _one_name(a: str, b: str) -> bool:
    one, other = a.casefold(), b.casefold()
    return one == other or (("," in one) != ("," in other) and _head(one) == _head(other))


def _head(text: str) -> str:
    return text.split(",")[0].strip()

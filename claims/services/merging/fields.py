"""What becomes of the own fields of two records of which one goes.

- what one of the two leaves empty is taken from the other;
- what holds several (aliases, tickers, roles, parties, notes, …) holds those of both;
- where the two say something else, the one that stays keeps what it says;
- a unit goes with its value; and a name that may mean several stays as clear or as unclear as it is;
- the name of the one that goes becomes an alias, or, where the type has none, is told in the notes.

`choose` says otherwise, field by field.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from claims.contract import TABLES
from claims.models import Entity
from evidence.contract import Column, Kind, Table, by_model
from evidence.services.findings import Finding

ASIDE = ("slug", "review")
"""Columns that are no matter of choice: the slug of the one that stays is kept, and its standing follows."""

NOTES, ALIASES, NAME, MAY_BE = "notes", "aliases", "name", "may_be"


class Side(StrEnum):
    """Whose value a field has after a merge."""

    KEPT = "kept"
    GONE = "gone"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class MergedField:
    """One field of two records, in words, and whose value stays."""

    name: str
    label: str
    kept: str
    gone: str
    side: Side
    options: tuple[Side, ...]

    @property
    def differs(self) -> bool:
        """Whether the two say different things, so that there is something to choose."""
        return bool(self.gone) and self.kept != self.gone


def columns_of(model: Any) -> list[Column]:
    """The columns of a type of entity that two records of it may differ in."""
    return [column for column in _table(model).columns if column.name not in ASIDE]


def merged_fields(kept: Entity, gone: Entity, choose: Mapping[str, str]) -> list[MergedField]:
    """The fields of two records of one type, in the order of the contract, and whose value each will have."""
    followed = {one.unit: one.name for one in kept.PRINTED if one.unit}
    sides: dict[str, Side] = {}
    for column in columns_of(type(kept)):
        value = followed.get(column.name, "")
        side = sides[value] if _is_bound(kept, gone, value) else _usual(column, kept, gone)
        sides[column.name] = Side(choose.get(column.name, side))
    return [
        MergedField(
            column.name,
            str(column.field.verbose_name),
            told(kept, column),
            _told_of_gone(gone, column),
            sides[column.name],
            _options(column),
        )
        for column in columns_of(type(kept))
    ]


def choices_refused(kept: Entity, choose: Mapping[str, str]) -> Iterator[Finding]:
    """What is wrong with a choice of fields."""
    columns = {column.name: column for column in columns_of(type(kept))}
    for name, word in choose.items():
        if name not in columns:
            message = f"There is no “{name}” to choose; there are {', '.join(columns)}."
            yield Finding(kept, "", message)
        elif word not in _options(columns[name]):
            message = f"“{word}” is no choice; choose {' or '.join(_options(columns[name]))}."
            yield Finding(kept, name, message)


def take_fields(kept: Entity, gone: Entity, fields: Sequence[MergedField]) -> dict[str, list[Any]]:
    """Give the record that stays its values; returns what its many-to-many fields are to hold."""
    sides = {field.name: field.side for field in fields}
    name, own = (gone.name, kept.name) if sides[NAME] is Side.GONE else (kept.name, gone.name)
    many: dict[str, list[Any]] = {}
    for column in columns_of(type(kept)):
        mine, theirs = _value(kept, column), _value(gone, column)
        if column.kind is Kind.REFERENCES:
            many[column.name] = [row for row in _taken(sides[column.name], mine, theirs) if row.pk != kept.pk]
        elif column.name == ALIASES:
            others = _taken(sides[ALIASES], mine, theirs)
            setattr(kept, ALIASES, [one for one in dict.fromkeys([*others, own]) if one != name])
        elif column.name == NOTES:
            said = [*_taken(sides[NOTES], [mine], [theirs]), *_told_name(kept, own, name)]
            kept.notes = "\n\n".join(dict.fromkeys(filter(None, said)))
        else:
            setattr(kept, column.name, _taken(sides[column.name], mine, theirs))
    kept.name = name
    return many


def told(record: Entity, column: Column) -> str:
    """What a record says in a column, as people read it."""
    value = _value(record, column)
    if column.kind is Kind.REFERENCES:
        return " | ".join(sorted(row.slug for row in value))
    if column.kind is Kind.LIST:
        return " | ".join(value)
    if column.kind is Kind.CODE:
        return str(getattr(record, f"get_{column.name}_display")())
    return "" if value is None else str(getattr(value, "slug", value))


def _told_of_gone(gone: Entity, column: Column) -> str:
    """The same of the record that goes, whose name is one more alias."""
    said = told(gone, column)
    return " | ".join(filter(None, (gone.name, said))) if column.name == ALIASES else said


def _told_name(kept: Entity, own: str, name: str) -> list[str]:
    """Where a type has no aliases, the other name in words."""
    has_aliases = any(column.name == ALIASES for column in columns_of(type(kept)))
    return [] if has_aliases or own == name else [f"Also recorded as “{own}”."]


def _table(model: Any) -> Table:
    return by_model(TABLES)[model]


def _options(column: Column) -> tuple[Side, ...]:
    return tuple(Side) if _holds_several(column) else (Side.KEPT, Side.GONE)


def _holds_several(column: Column) -> bool:
    return column.kind in (Kind.LIST, Kind.REFERENCES) or column.name == NOTES


def _usual(column: Column, kept: Entity, gone: Entity) -> Side:
    """Whose value a field has where nobody chooses."""
    mine, theirs = _value(kept, column), _value(gone, column)
    if column.name == MAY_BE and bool(mine) != bool(theirs):
        return Side.KEPT
    if _holds_several(column) and (theirs or column.name == ALIASES):
        return Side.BOTH
    return Side.GONE if _is_empty(mine) and not _is_empty(theirs) else Side.KEPT


def _is_bound(kept: Entity, gone: Entity, value: str) -> bool:
    """Whether a unit goes with its value, because the two records have different values."""
    return bool(value) and getattr(kept, value) != getattr(gone, value)


def _is_empty(value: Any) -> bool:
    return value is None or value == "" or value == []


def _value(record: Entity, column: Column) -> Any:
    value = getattr(record, column.name)
    return list(value.all()) if column.kind is Kind.REFERENCES else value


def _taken(side: Side, mine: Any, theirs: Any) -> Any:
    if side is Side.BOTH:
        return list(dict.fromkeys([*mine, *theirs]))
    return theirs if side is Side.GONE else mine

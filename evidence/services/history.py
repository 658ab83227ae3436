"""Reading and writing rows of history in bulk: a change writes one for each record that it changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from django.db import connection, models
from django.db.models import Max

from evidence.models import Change, Record
from evidence.services.keys import among, among_sql

CHUNK = 1000
"""Rows a query; SQLite takes 32,766 variables since 3.32 and PostgreSQL 65,535."""

CREATED, CHANGED, DELETED = "+", "~", "-"
BOOKKEEPING = frozenset(
    {"created", "updated", "version", "edited_by_id", "quote_state", "value_state", "entity_ptr_id", "id"}
)
"""Columns that follow from a change and are none of its content."""


@dataclass(frozen=True)
class Content:
    """What a record says at one moment: columns by attribute name, many-to-many fields as sets of row ids."""

    columns: dict[str, Any]
    many: dict[str, frozenset[int]]

    def differing(self, other: "Content") -> set[str]:
        """The names of the columns and many-to-many fields that differ, bookkeeping left out."""
        columns = {name for name, value in self.columns.items() if value != other.columns.get(name)}
        many = {name for name, rows in self.many.items() if rows != other.many.get(name, frozenset())}
        return (columns | many) - BOOKKEEPING


def chunked(keys: Iterable[Any], size: int = CHUNK) -> Iterator[Sequence[Any]]:
    """The keys in lots of this size."""
    listed = list(keys)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def has_history(model: type[models.Model]) -> bool:
    """Whether rows of this model have a history: the leaves do, the table of identity has not."""
    return "simple_history_manager_attribute" in vars(model._meta)


@cache
def history_model(model: type[models.Model]) -> Any:
    """The model of this model's history rows; the library makes a new class of manager whenever it is asked."""
    return getattr(model, model._meta.simple_history_manager_attribute).model  # type: ignore[attr-defined]


def stored(model: type[Record], keys: Iterable[int]) -> dict[int, Record]:
    """The records with these ids as they now stand in the database."""
    found: dict[int, Record] = {}
    for some in chunked(keys):
        rows = model._base_manager.filter(among("pk", some)).order_by()
        found |= {record.pk: record for record in rows}
    return found


def contents(model: type[Record], records: dict[int, Record]) -> dict[int, Content]:
    """What these records say now, by row id."""
    tracked = [field.attname for field in tracked_fields(model)]
    many = {field.name: _rows(field, records) for field in many_fields(model)}
    told = itemgetter(*tracked)
    return {
        key: Content(
            dict(zip(tracked, told(vars(record)), strict=True)),
            {name: rows.get(key, frozenset()) for name, rows in many.items()},
        )
        for key, record in records.items()
    }


def last_contents(
    model: type[Record], keys: Iterable[int], *, before: Change | None = None
) -> dict[int, Content]:
    """What these records said when last written (before a change), by row id; records without history are missing."""
    past, tracked = history_model(model), [field.attname for field in tracked_fields(model)]
    key_name = past_key(model)
    found: dict[int, Content] = {}
    for some in chunked(keys):
        rows = past.objects.filter(among(key_name, some))
        newest = (rows.filter(change__lt=before.pk) if before else rows).order_by().values(key_name)
        entries = past.objects.in_bulk([row["newest"] for row in newest.annotate(newest=Max("history_id"))])
        many = {field.name: past_rows(field, entries) for field in many_fields(model)}
        for history_id, entry in entries.items():
            columns = {name: getattr(entry, name) for name in tracked}
            rows = {name: of_entry.get(history_id, frozenset()) for name, of_entry in many.items()}
            if entry.history_type != DELETED:
                found[getattr(entry, key_name)] = Content(columns, rows)
    return found


def write(change: Change, model: type[Record], sort: str, keys: Iterable[int]) -> None:
    """Write a row of history for each of these records, which are new (CREATED) or CHANGED, with what they say now.

    The database copies it from their tables, so that it is what they say and no object in memory.
    """
    past, fields = history_model(model), tracked_fields(model)
    columns = [_quoted(past._meta.get_field(field.name).column) for field in fields]
    values = [f"{_table(field.model)}.{_quoted(field.column)}" for field in fields]
    own = _stamp(change, past, sort)
    keys_of_it = [
        f"{_table(table)}.{_quoted(key_column(table))}" for table in (model, *model._meta.all_parents)
    ]
    listed = ", ".join([*columns, *map(_quoted, own)])
    told = ", ".join([*values, *("%s" for _ in own)])
    for some in chunked(keys):
        condition, asked = among_sql(keys_of_it, some)
        _execute(
            f"INSERT INTO {_table(past)} ({listed}) SELECT {told} FROM {_joined(model)} "  # noqa: S608  # our own names
            f"WHERE {condition} ORDER BY {keys_of_it[0]}",
            [*own.values(), *asked],
        )
        for field in many_fields(model):
            _write_rows(field, change, some)


def write_deleted(change: Change, model: type[Record], keys: Iterable[int]) -> None:
    """Write a row of history for each of these records, which are no more, with what their last one says."""
    past, key_name = history_model(model), past_key(model)
    columns = [_quoted(past._meta.get_field(field.name).column) for field in tracked_fields(model)]
    own = _stamp(change, past, DELETED)
    listed = ", ".join([*columns, *map(_quoted, own)])
    told = ", ".join([*columns, *("%s" for _ in own)])
    for some in chunked(keys):
        newest = past.objects.filter(among(key_name, some)).order_by().values(key_name)
        last = [row["newest"] for row in newest.annotate(newest=Max("history_id"))]
        marks = ", ".join("%s" for _ in last)
        _execute(
            f"INSERT INTO {_table(past)} ({listed}) SELECT {told} FROM {_table(past)} "  # noqa: S608  # our own names
            f"WHERE history_id IN ({marks}) ORDER BY history_id",
            [*own.values(), *last],
        )


def _stamp(change: Change, past: Any, sort: str) -> dict[str, Any]:
    """What every row of history says of its change, by column."""
    return {
        past._meta.get_field("change").column: change.pk,
        "history_date": connection.ops.adapt_datetimefield_value(change.at),
        "history_user_id": change.actor.pk,
        "history_change_reason": change.reason,
        "history_type": sort,
    }


def ever(record: Record, **said: str) -> bool:
    """Whether the record ever said this."""
    named = {name: getattr(record, name) for name in record.KEY}
    return bool(history_model(type(record)).objects.filter(**named, **said).exists())


def past_key(model: type[models.Model]) -> str:
    """The column of the history table that holds the record's id."""
    return str(model._meta.pk.attname)


def tracked_fields(model: type[models.Model]) -> list[Any]:
    """The columns of this model that its history keeps."""
    return list(history_model(model).tracked_fields)


def many_fields(model: type[models.Model]) -> list[Any]:
    """The many-to-many fields of this model that its history keeps."""
    return list(history_model(model)._history_m2m_fields)


def _rows(field: Any, records: dict[int, Record]) -> dict[int, frozenset[int]]:
    own, other = field.m2m_column_name(), field.m2m_reverse_name()
    found: dict[int, set[int]] = {}
    for some in chunked(records):
        pairs = field.remote_field.through._base_manager.filter(among(own, some))
        for key, target in pairs.values_list(own, other):
            found.setdefault(key, set()).add(target)
    return {key: frozenset(targets) for key, targets in found.items()}


def past_rows(field: Any, entries: dict[int, Any]) -> dict[int, frozenset[int]]:
    """The row ids that a many-to-many field held, by row of history."""
    found: dict[int, set[int]] = {}
    past = past_model(field)
    for some in chunked(entries):
        pairs = past._base_manager.filter(among("history_id", some))
        for key, target in pairs.values_list("history_id", field.m2m_reverse_name()):
            found.setdefault(key, set()).add(target)
    return {key: frozenset(targets) for key, targets in found.items()}


def past_model(field: Any) -> Any:
    """The model of the rows that say what a many-to-many field held, by row of history."""
    return getattr(history_model(field.model), field.name).model


def _write_rows(field: Any, change: Change, keys: Sequence[int]) -> None:
    """Copy what a many-to-many field holds to the rows of history that a change wrote of these records."""
    past, entries, through = past_model(field), history_model(field.model), field.remote_field.through
    own, other = (_quoted(through._meta.get_field(name).column) for name in _ends(field))
    told, held = _table(entries), _table(through)
    key = f"{told}.{_quoted(past_column(entries, field.model))}"
    condition, asked = among_sql([f"{held}.{own}", key], keys)
    _execute(
        f"INSERT INTO {_table(past)} (id, history_id, {own}, {other}) "  # noqa: S608  # names of our own tables
        f"SELECT {held}.id, {told}.history_id, {held}.{own}, {held}.{other} FROM {held} JOIN {told} "
        f"ON {key} = {held}.{own} WHERE {told}.change_id = %s AND {condition} ORDER BY {held}.{own}, {held}.{other}",
        [change.pk, *asked],
    )


def _ends(field: Any) -> tuple[str, str]:
    return field.m2m_field_name(), field.m2m_reverse_field_name()


def past_column(entries: Any, model: type[models.Model]) -> str:
    """The column of a table of history that holds the record's id."""
    return str(entries._meta.get_field(model._meta.pk.name).column)


def key_column(model: type[models.Model]) -> str:
    """The column that holds the row id."""
    return str(model._meta.pk.column)


def _joined(model: type[Record]) -> str:
    """The tables that hold a record of this model, joined."""
    joined = _table(model)
    for parent, link in model._meta.parents.items():
        own, other = _quoted(str(getattr(link, "column", ""))), _quoted(key_column(parent))
        joined += f" JOIN {_table(parent)} ON {_table(model)}.{own} = {_table(parent)}.{other}"
    return joined


def _table(model: Any) -> str:
    return _quoted(model._meta.db_table)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _execute(statement: str, values: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)

"""Records written many at a time: their rows as the database takes them, and the open change told of them.

A row is a dictionary of what its columns hold, by attribute name, prepared for the database and so plain that JSON
takes it. A model with a parent table has the columns of both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from django.db import connection, models
from django.db.models import Max

from evidence.fields import ListField
from evidence.models import Record
from evidence.services.history import chunked, history_model

Columns = dict[str, Any]


def prepared(record: Record) -> Columns:
    """The row of a record that was validated and is about to be written."""
    own = vars(record)
    return {
        name: own[name] if field is None else plain(field, getattr(record, name))
        for name, field in _fields(type(record))
    }


@cache
def _fields(model: type[Record]) -> tuple[tuple[str, Any], ...]:
    """The columns of a model by attribute name, with the fields of those whose values databases take otherwise."""
    fields: list[Any] = list(model._meta.concrete_fields)
    return tuple((field.attname, None if _is_plain(field) else field) for field in fields)


def _is_plain(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField) and not isinstance(field, ListField)


def plain(field: Any, value: Any) -> Any:
    """A value as the database takes it; what JSON has no word for, as text that the database reads as what it is."""
    value = field.get_db_prep_save(value, connection)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@lru_cache(maxsize=8)
def moment(at: datetime) -> Any:
    """A moment as the database takes it."""
    return plain(Record._meta.get_field("created"), at)


def restored(model: type[Record], columns: Mapping[str, Any]) -> Record:
    """The record that such a row is, as it would be read from the database; what it names is not loaded."""
    fields = [field for field in model._meta.concrete_fields if field.attname in columns]
    record = model(**{field.attname: _read(field, columns[field.attname]) for field in fields})
    record._state.adding = columns[model._meta.pk.attname] is None
    return record


def _read(field: Any, value: Any) -> Any:
    read = field.to_python(value)
    naive = isinstance(read, datetime) and read.tzinfo is None  # as SQLite holds moments, which are in UTC
    return read.replace(tzinfo=UTC) if naive else read


def next_keys(model: type[Record], number: int) -> Sequence[int]:
    """So many row ids for new rows of the table that gives them out; only within a transaction that writes."""
    table = _numbered(model)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table._meta.db_table, table._meta.pk.column, number],
            )
            return [key for (key,) in cursor.fetchall()]
    first = _last_key(table) + 1
    return range(first, first + number)


def _numbered(model: type[Record]) -> Any:
    """The model whose table numbers the rows: of entities of all types it is the table of identity."""
    return next(iter(model._meta.all_parents), model) if model._meta.parents else model


def _last_key(table: Any) -> int:
    """The highest row id that SQLite ever gave out in this table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table._meta.db_table])
        row = cursor.fetchone()
    newest = table._base_manager.aggregate(newest=Max("pk"))["newest"]
    return max(int(row[0]) if row else 0, newest or 0)


def insert(model: type[Record], rows: Sequence[Columns]) -> None:
    """Write new rows, that of the parent's table first; raises IntegrityError where a constraint is broken."""
    for table in _tables(model):
        fields = table._meta.local_concrete_fields
        names = [field.attname for field in fields]
        append(table, [field.column for field in fields], [[row[name] for name in names] for row in rows])


def append(table: Any, columns: Sequence[str], lines: Sequence[Sequence[Any]]) -> None:
    """Write new rows of these columns into the table of a model; the database gives the others their defaults."""
    listed = ", ".join(map(connection.ops.quote_name, columns))
    if connection.vendor == "postgresql":
        _copy(f"COPY {_name(table)} ({listed}) FROM STDIN", lines)
    else:
        marks = ", ".join("%s" for _ in columns)
        _execute(f"INSERT INTO {_name(table)} ({listed}) VALUES ({marks})", lines)  # noqa: S608  # our own names


def update(model: type[Record], rows: Sequence[tuple[int, Columns]]) -> None:
    """Write columns of stored rows, by row id; raises IntegrityError where a constraint is broken."""
    for table in _tables(model):
        own = {field.attname: field for field in table._meta.local_concrete_fields}
        lots = [(tuple(name for name in row if name in own), key, row) for key, row in rows]
        for names, lot in groupby(sorted(lots, key=lambda one: one[:2]), key=lambda one: one[0]):
            if names:
                told = ", ".join(f"{connection.ops.quote_name(own[name].column)} = %s" for name in names)
                key_name = connection.ops.quote_name(table._meta.pk.column)
                statement = f"UPDATE {_name(table)} SET {told} WHERE {key_name} = %s"  # noqa: S608  # likewise
                _execute(statement, [[*(row[name] for name in names), key] for _, key, row in lot])


def set_many(field: Any, targets: Mapping[int, Iterable[int]]) -> None:
    """Let a many-to-many field of these rows hold these others, and nothing else."""
    through = field.remote_field.through
    own, other = field.m2m_column_name(), field.m2m_reverse_name()
    held: dict[int, set[int]] = {}
    for some in chunked(targets):
        pairs = through._base_manager.filter(**{f"{own}__in": some}).values_list(own, other)
        for key, target in pairs:
            held.setdefault(key, set()).add(target)
    wanted = {key: set(rows) for key, rows in targets.items()}
    gone = [(key, row) for key, rows in held.items() for row in rows - wanted[key]]
    for key, lot in groupby(sorted(gone), key=lambda pair: pair[0]):
        past = through._base_manager.filter(**{own: key, f"{other}__in": [row for _, row in lot]})
        past._raw_delete(past.db)  # without signals, which announce writes
    made = (
        through(**{own: key, other: row})
        for key, rows in wanted.items()
        for row in sorted(rows - held.get(key, set()))
    )
    through._base_manager.bulk_create(made, batch_size=1000)


def tell_sizes(models: Iterable[type[Record]]) -> None:
    """Let PostgreSQL count anew the tables into which a change wrote many rows.

    What it knows of them was counted without the rows of a transaction that is not over; where it takes a long table
    for an empty one, it reads all of it once for each row that it joins. Nobody who reads or writes waits for this.
    """
    if connection.vendor != "postgresql":
        return
    written = [*models]
    tables = {table for model in written for table in (*_tables(model), history_model(model))}
    tables |= {field.remote_field.through for model in written for field in model._meta.many_to_many}
    with connection.cursor() as cursor:
        for name in sorted(map(_name, tables)):
            cursor.execute(f"ANALYZE {name}")


def _tables(model: type[Record]) -> Iterator[Any]:
    """The tables that hold a record of this model, those first that others rest on."""
    yield from reversed([*model._meta.all_parents])
    yield model


def _name(table: Any) -> str:
    return connection.ops.quote_name(table._meta.db_table)


def _copy(statement: str, lines: Sequence[Sequence[Any]]) -> None:
    """Send rows to PostgreSQL as one stream: several times as quick as one INSERT each."""
    if not lines:
        return
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for line in lines:
            copy.write_row(line)


def _execute(statement: str, lines: Sequence[Sequence[Any]]) -> None:
    if not lines:
        return
    with connection.cursor() as cursor:
        cursor.executemany(statement, lines)

"""Rows as the API tells them: read in one query a table, and told as JSON or as the cells of a sheet.

A row holds what its reader sees of it under the names of the columns, what it names by slug; sheets write it like a
record.
"""

from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db.models import QuerySet

from evidence.api.resources import Api, Resource, Seen
from evidence.contract import Column, Kind
from evidence.domain.text import SEPARATOR
from evidence.exchange.directory import Key
from evidence.exchange.exports import typed
from evidence.exchange.resources import SheetField
from evidence.services.history import chunked
from evidence.services.readers import Reader

ROWS_AT_A_TIME = 500
Told = dict[str, Any]
"""A record as JSON."""


class Named(NamedTuple):
    """What a row names."""

    slug: str


class Rows:
    """How the rows of a table are read for a reader: some of its columns, and what else a query tells of each row."""

    def __init__(self, seen: Seen, names: Sequence[str], besides: Sequence[str] = ()) -> None:
        self.seen, self.names, self.besides = seen, list(names), list(besides)
        columns = seen.resource.columns
        self.columns = [columns[name] for name in self.names]
        self.fields = {name: SheetField(columns[name]) for name in self.names}

    def chosen(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The query that reads what is told of these rows."""
        paths = {name: name if self.seen.is_stored(name) else f"shown_{name}" for name in self.names}
        shown = {path: self.seen.sql(name) for name, path in paths.items() if path != name}
        return rows.annotate(**shown).values_list(*paths.values(), *self.besides)

    def row(self, values: Sequence[Any]) -> SimpleNamespace:
        """A row, by the values that were read."""
        pairs = zip(self.columns, values, strict=False)  # what is told besides stands behind
        return SimpleNamespace(pk=True, **{column.name: _held(column, value) for column, value in pairs})

    def told(self, row: Any) -> Told:
        """A row as JSON."""
        return {name: _told(self.fields[name], row) for name in self.names}

    def streamed(self, rows: QuerySet[Any]) -> Iterator[SimpleNamespace]:
        """These rows, read some at a time."""
        return map(self.row, self.chosen(rows).iterator(chunk_size=ROWS_AT_A_TIME))


def expand(api: Api, reader: Reader, resource: Resource, told: Iterable[Told], names: Iterable[str]) -> None:
    """Put the records that rows name by these columns in the place of their slugs, one query a table."""
    wanted: dict[Any, set[str]] = {}
    listed, columns = list(told), [resource.columns[name] for name in names]
    for column in columns:
        slugs = wanted.setdefault(column.field.related_model, set())
        slugs |= {slug for row in listed for slug in _slugs(row[column.name])}
    found = {model: _by_slug(api, reader, model, slugs) for model, slugs in wanted.items() if slugs}
    for column in columns:
        records = found.get(column.field.related_model, {})
        for row in listed:
            several = [records[slug] for slug in _slugs(row[column.name]) if slug in records]
            row[column.name] = several if column.kind is Kind.REFERENCES else next(iter(several), None)


def by_key(seen: Seen, names: Sequence[str], keys: Iterable[Key]) -> dict[Key, Told]:
    """What is told of the records with these keys, as far as the reader sees them, by key."""
    model, wanted = seen.resource.model, set(keys)
    reading = Rows(seen, [*dict.fromkeys([*model.KEY, *names])])
    (first, *_), found = model.key_lookups(), dict[Key, Told]()
    for some in chunked({key[0] for key in wanted}):
        # The rows of the first part of the key, of which the whole key picks its own.
        for told in map(
            reading.told, map(reading.row, reading.chosen(seen.rows.filter(**{f"{first}__in": some})))
        ):
            if (key := tuple(told[name] or "" for name in model.KEY)) in wanted:
                found[key] = told
    return found


def _by_slug(api: Api, reader: Reader, model: Any, slugs: Iterable[str]) -> dict[str, Told]:
    seen = Seen(api.by_model[model], reader)
    reading = Rows(seen, list(seen.resource.columns))
    found = {}
    for some in chunked(slugs):
        rows = reading.chosen(reader.rows(model).order_by().filter(slug__in=some))
        for told in map(reading.told, map(reading.row, rows)):
            found[told["slug"]] = told
    return found


def _slugs(value: str | list[str] | None) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _held(column: Column, value: Any) -> Any:
    if column.kind is Kind.REFERENCE:
        return Named(value) if value else None
    if column.kind is Kind.REFERENCES:
        return [Named(slug) for slug in value.split(SEPARATOR)] if value else []
    return value


def _told(field: SheetField, row: Any) -> Any:
    value = getattr(row, field.column.name)
    return value if isinstance(value, int) else typed(field, row)

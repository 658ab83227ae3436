"""Tables as files: all rows or some, all columns or some, in any format, in memory that does not grow with them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import RawIOBase
from typing import IO, Any, Protocol, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import models

from evidence.contract import Kind, Table
from evidence.exchange.cells import CLEAR, advice, slugs_of
from evidence.exchange.files import Format, Value, open_writer
from evidence.exchange.resources import SheetField, SheetResource, resource_for

ROWS_AT_A_TIME = 500
ENOUGH = 1 << 16
"""Bytes that are sent together."""

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time that files in an archive bear, so that the same rows give the same bytes."""

TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.TSV: "text/tab-separated-values; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSON: "application/json",
    Format.JSONL: "application/x-ndjson",
}
"""The media types of the formats."""


class Written(Protocol):
    """What is written as a file: an export, or a template."""

    @property
    def file(self) -> str:
        """The name of its file."""

    def written(self, out: IO[bytes]) -> Iterator[None]:
        """Write it row by row."""


class ColumnUnknown(ValueError):
    """A column was asked for that the table has not; the message names the nearest."""


@dataclass(frozen=True)
class Export:
    """What is to be written of a table: which rows (by default all), which columns besides the key (by default all).

    Rows of a queryset are written in the order of their keys; what has been read otherwise, in its own.
    """

    table: Table
    form: Format = Format.CSV
    rows: models.QuerySet[Any] | Iterable[Any] | None = None
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in self.columns:
            if name not in self.table.by_name:
                raise ColumnUnknown(
                    f"{self.table.name} has no column “{name}”; {advice(name, self.table.by_name)}"
                )

    @property
    def names(self) -> list[str]:
        """The columns in the contract's order, the key always among them."""
        wanted = {*self.columns, *self.table.model.KEY} if self.columns else set(self.table.by_name)
        return [name for name in self.table.by_name if name in wanted]

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.table.name}.{self.form.value}"

    def write(self, out: IO[bytes]) -> int:
        """Write it; returns how many rows. Raises FormatRefused where the format cannot hold them."""
        return _through(out, self.written)

    def written(self, out: IO[bytes]) -> Iterator[None]:
        """Write it row by row."""
        resource = resource_for(self.table)
        fields = [resource.sheet_fields[name] for name in self.names]
        value = typed if self.form in (Format.JSON, Format.JSONL) else _text
        kept = _as_it_is if self.form in (Format.CSV, Format.TSV) else _unmistaken
        writer = open_writer(self.form, out, self.table.name)
        writer.header(self.names)
        for record in _records(resource, self.rows):
            writer.row([kept(value(field, record)) for field in fields])
            yield
        writer.close()

    def streamed(self) -> Iterator[bytes]:
        """Its bytes, some at a time."""
        return some_at_a_time(self.written)


def archive(files: Iterable[Written], out: IO[bytes]) -> int:
    """Write these as the files of one ZIP; returns how many rows."""
    listed = list(files)
    return _through(out, lambda outbox: _archived(listed, outbox))


def streamed_archive(files: Iterable[Written]) -> Iterator[bytes]:
    """The bytes of such a ZIP, some at a time."""
    listed = list(files)
    return some_at_a_time(lambda out: _archived(listed, out))


def _archived(files: Sequence[Written], out: IO[bytes]) -> Iterator[None]:
    with ZipFile(out, "w", ZIP_DEFLATED) as folder:
        for written in files:
            entry = ZipInfo(written.file, EPOCH)
            entry.compress_type = ZIP_DEFLATED
            with folder.open(entry, "w", force_zip64=True) as file:
                yield from written.written(file)


def _records(resource: SheetResource, rows: models.QuerySet[Any] | Iterable[Any] | None) -> Iterable[Any]:
    if rows is not None and not isinstance(rows, models.QuerySet):
        return rows
    chosen = resource.get_queryset() if rows is None else resource.ordered(rows)
    return chosen.iterator(chunk_size=ROWS_AT_A_TIME)


def _text(field: SheetField, record: Any) -> Value:
    return field.cell(record)


def _as_it_is(value: Value) -> Value:
    return value


def _unmistaken(value: Value) -> Value:
    """A text that an import would take for the command to clear, in a format that guards no texts."""
    return f"'{value}" if isinstance(value, str) and value.lstrip("'") == CLEAR else value


def typed(field: SheetField, record: Any) -> Value:
    """A value as JSON has it: lists, true and false, and null for what is not stated."""
    found = getattr(record, field.column.name, None)
    if field.column.kind is Kind.REFERENCES:
        return slugs_of(found)
    if field.column.kind is Kind.LIST:
        return [str(one) for one in found or ()]
    if field.column.kind is Kind.BOOL:
        return bool(found)
    return _text(field, record) or None


def _through(out: IO[bytes], write: Callable[[IO[bytes]], Iterator[None]]) -> int:
    """Write as it is streamed, so that the bytes are the same; returns how many rows there were."""
    outbox, rows = _Outbox(), 0
    for _ in write(cast("IO[bytes]", outbox)):
        rows += 1
        if outbox.held >= ENOUGH:
            out.write(outbox.take())
    out.write(outbox.take())
    return rows


def some_at_a_time(write: Callable[[IO[bytes]], Iterator[None]]) -> Iterator[bytes]:
    """The bytes that writing row by row gives, some at a time."""
    out = _Outbox()
    for _ in write(cast("IO[bytes]", out)):
        if out.held >= ENOUGH:
            yield out.take()
    if rest := out.take():
        yield rest


class _Outbox(RawIOBase):
    """Where bytes wait to be sent; it can be written to and emptied, and forgets what was taken."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[bytes] = []
        self.held = 0

    def writable(self) -> bool:
        """It takes bytes, and neither tells its place nor goes back to another."""
        return True

    def write(self, some: Any, /) -> int:
        """Add bytes to what waits."""
        self.waiting.append(bytes(some))
        self.held += len(some)
        return len(some)

    def take(self) -> bytes:
        """What waits, which is then gone."""
        taken = b"".join(self.waiting)
        self.waiting.clear()
        self.held = 0
        return taken

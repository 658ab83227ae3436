"""What an import would do, worked out without writing and without a lock.

Every row of every sheet ends as create, update, unchanged or rejected; a rejected row says which cell is wrong
and what would be right. Rows may refer to rows further down or in other files of the same import.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from evidence.contract import Column, Kind, Table
from evidence.exchange.cells import CLEAR
from evidence.exchange.directory import Key, RecordDirectory, key_of, led_keys, stored_rows, taken_slugs
from evidence.exchange.resources import SheetField, resource_for
from evidence.exchange.sheets import Fault, Line, Sheet, proposed_slug
from evidence.models import Record, Slugged

Seen = tuple[type[Record], Key]
"""A key within its space."""

Place = tuple[str, int]
"""The file and the line of a row."""


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class Empty(StrEnum):
    """What an empty cell does to a stored value."""

    KEEP = "keep"
    CLEAR = "clear"


@dataclass
class Row:
    """One row of an import: its record as it would be, and what that changes."""

    sheet: Sheet
    line: Line
    record: Any
    is_new: bool
    version: int = 0
    former: str = ""
    """The slug under which the row names its record, where that was merged and the slug leads to another."""
    many: dict[str, list[Any]] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """What becomes of it."""
        if self.faults:
            return Outcome.REJECTED
        if self.is_new:
            return Outcome.CREATE
        return Outcome.UPDATE if self.changes else Outcome.UNCHANGED

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.sheet.file, self.line.number

    def reject(self, column: str, message: str) -> None:
        """Note what is wrong with a cell; an empty column means the whole row."""
        value = CLEAR if column in self.line.cleared else self.line.cells.get(column, "")
        self.faults.append(Fault(self.sheet.file, self.line.number, column, value, message))


@dataclass
class Plan:
    """All rows of an import, sheet by sheet in the contract's order."""

    sheets: list[Sheet]
    rows: list[Row] = field(default_factory=list)
    general: list[Fault] = field(default_factory=list)
    """What is wrong with the import as a whole."""

    @property
    def faults(self) -> list[Fault]:
        """Everything that is wrong, in the order of files and lines."""
        return [
            *(fault for sheet in self.sheets for fault in sheet.header),
            *self.general,
            *(fault for row in self.rows for fault in row.faults),
        ]

    def outcomes(self) -> Counter[Outcome]:
        """How many rows have which outcome."""
        return Counter(row.outcome for row in self.rows)

    def counts(self) -> dict[str, Counter[Outcome]]:
        """How many rows of each table have which outcome."""
        counted: dict[str, Counter[Outcome]] = {}
        for row in self.rows:
            counted.setdefault(row.sheet.table.name, Counter())[row.outcome] += 1
        return counted


def make_plan(
    sheets: Iterable[Sheet],
    tables: Iterable[Table],
    *,
    empty: Empty = Empty.KEEP,
    without: Collection[Place] = (),
) -> Plan:
    """Work out what importing the sheets would do (leaving out the rows of some places).

    Reads the database, writes nothing.
    """
    order = [table.name for table in tables]
    kept = [_without(sheet, without) for sheet in sheets] if without else sheets
    plan = Plan(sorted(kept, key=lambda sheet: order.index(sheet.table.name)))
    directory = RecordDirectory(plan.sheets)
    seen: dict[Seen, str] = {}
    for sheet in plan.sheets:
        plan.rows += _rows_of(sheet, directory, seen)
    for row in plan.rows:
        if row.faults == row.line.faults and not any(not fault.column for fault in row.faults):
            _fill(row, directory, empty)
    return plan


def _without(sheet: Sheet, places: Collection[Place]) -> Sheet:
    lines = [line for line in sheet.lines if (sheet.file, line.number) not in places]
    return replace(sheet, lines=lines)


def _rows_of(sheet: Sheet, directory: RecordDirectory, seen: dict[Seen, str]) -> list[Row]:
    stated = [key_of(sheet, line.cells) for line in sheet.lines]
    named = [_full_key(sheet.table, line, key) for line, key in zip(sheet.lines, stated, strict=True)]
    led = led_keys(sheet.table, named)
    keys = [led.get(key, key) for key in named]
    stored, taken = stored_rows(sheet.table, keys), taken_slugs(sheet.table, keys)
    rows = []
    for line, key, name, given in zip(sheet.lines, keys, named, stated, strict=True):
        known = stored.get(key)
        row = Row(sheet, line, known or sheet.table.model(), known is None, getattr(known, "version", 0))
        row.former = name[0] if name in led else ""
        row.faults += line.faults
        _check_key(row, key, seen, proposed=name != given)
        if key[0] in taken:
            row.reject("slug", f"“{key[0]}” is {taken[key[0]]}; choose another.")
        if issubclass(sheet.table.model, Slugged):
            row.record.slug = key[0]
            directory.add(row.record)
        rows.append(row)
    return rows


def _full_key(table: Table, line: Line, key: Key) -> Key:
    """The key of a row; where it leaves its slug open, one made from the columns that name it."""
    if not issubclass(table.model, Slugged) or key[0]:
        return key
    return (proposed_slug(table, line.cells),)


def _check_key(row: Row, key: Key, seen: dict[Seen, str], *, proposed: bool) -> None:
    model, space = row.sheet.table.model, row.sheet.table.model.key_space()
    place = f"{row.sheet.file}:{row.line.number}"
    missing = [name for name, part in zip(model.KEY, key, strict=True) if not part]
    optional = [name for name in missing if row.sheet.table.by_name[name].field.blank]
    if len(missing) > len(optional):
        row.reject(missing[0], f"A row needs its {missing[0]}; fill it in.")
    elif (space, key) in seen:
        told = "is proposed for this row too; write the slugs of both" if proposed else "a row is told once"
        led = f"“{row.former}” leads to " if row.former and not proposed else ""
        which = ", which" if led else ""
        row.reject(
            model.KEY[0], f"{led}“{'+'.join(key)}”{which} stands already in {seen[space, key]}; {told}."
        )
    elif proposed and not row.is_new and not _is_at_its_place(row):
        message = (
            f"“{key[0]}”, proposed from the name, is taken; write it to change that row, or choose another."
        )
        row.reject("slug", message)
    seen.setdefault((space, key), place)


def _is_at_its_place(row: Row) -> bool:
    """Whether a part that stood beside its record is the one that this record has there already."""
    return row.line.inline and row.record.whole.slug == row.line.cells.get(row.record.PARENT)


def _fill(row: Row, directory: RecordDirectory, empty: Empty) -> None:
    """Read the cells into the record, and check the record."""
    resource = resource_for(row.sheet.table)
    for name, sheet_field in resource.sheet_fields.items():
        if _is_read(row, sheet_field.column, empty):
            _read_cell(row, sheet_field, directory)
        elif _is_missing(row, sheet_field.column):
            row.reject(name, f"“{name}” is not stated; every record of {row.sheet.table.label} needs it.")
    if row.is_new or row.changes:
        row.record.take_stamp(row.line.cells)
        _validate(row)


def _is_missing(row: Row, column: Column) -> bool:
    if not (row.is_new and column.required) or column.name in row.line.refused or bool(row.sheet.header):
        return False
    # The many-to-many fields of a record that is not stored yet cannot be asked; they are empty.
    return column.kind is Kind.REFERENCES or not getattr(row.record, column.name, None)


def _is_read(row: Row, column: Column, empty: Empty) -> bool:
    if column.computed or column.name not in row.line.cells or column.name == "slug":
        return False
    if not row.is_new and column.name in row.record.derived_columns:
        return False
    stated = bool(row.line.cells[column.name]) or column.name in row.line.cleared
    return stated or (empty is Empty.CLEAR and column.field.blank)


def _read_cell(row: Row, sheet_field: SheetField, directory: RecordDirectory) -> None:
    column, cell = sheet_field.column, row.line.cells[sheet_field.column.name]
    before = "" if row.is_new else sheet_field.cell(row.record)
    try:
        value = sheet_field.clean({column.name: cell}, directory=directory)
        value = column.field.to_python(value) if column.kind in READ_BY_FIELD else value
    except ValidationError as error:
        for message in error.messages:
            row.reject(column.name, message)
        return
    except ValueError as error:
        row.reject(column.name, str(error).removeprefix(f"Column '{column.name}': "))
        return
    if column.required and value in (None, "", []):
        row.reject(column.name, f"“{column.name}” cannot be empty.")
    elif column.kind is Kind.REFERENCES:
        row.many[column.name] = value
        after = str(sheet_field.widget.render(value))
    else:
        setattr(row.record, column.name, value)
        after = sheet_field.cell(row.record)
    if not row.faults and after != before:
        row.changes[column.name] = (before, after)


READ_BY_FIELD = (Kind.DATE, Kind.TEXT, Kind.LINE, Kind.LIST, Kind.STANDARD)
"""Kinds whose model field tidies and checks what it is given."""


def _validate(row: Row) -> None:
    """Check the record as a form would; references were checked when they were read.

    What is wrong with one cell hides nothing else: the rules of a row are checked without it, once all that it
    needs is stated.
    """
    references = {field.name for field in row.record._meta.fields if field.is_relation}
    wrong = {fault.column for fault in row.faults} - {""}
    checks: tuple[Callable[[], None], ...] = (
        lambda: row.record.clean_fields(exclude=references | wrong),
        row.record.clean,
        lambda: row.record.validate_constraints(exclude=wrong),
    )
    by_name = row.sheet.table.by_name
    wrong |= {name for name in by_name if row.sheet.header and name not in row.line.cells}
    incomplete = bool(row.sheet.header) or any(_is_missing(row, by_name[name]) for name in wrong & {*by_name})
    for check in checks[:1] if incomplete else checks:
        try:
            check()
        except ValidationError as error:
            _reject_all(row, error, known=wrong)
            wrong |= {fault.column for fault in row.faults} - {""}


def _reject_all(row: Row, error: ValidationError, *, known: Collection[str]) -> None:
    """Note what a check found, but for cells of which it is known already that they are wrong."""
    for name, messages in error.message_dict.items():
        for message in messages if name not in known else ():
            row.reject("" if name == NON_FIELD_ERRORS else name, message)

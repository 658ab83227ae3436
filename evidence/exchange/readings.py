"""One row of a sheet read into the record that it would be: its cells one by one, then the rules of the record."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from evidence.contract import Column, Kind, Table
from evidence.exchange.cells import CLEAR
from evidence.exchange.directory import Key, RecordDirectory
from evidence.exchange.resources import SheetField, resource_for
from evidence.exchange.rows import Outcome, Place
from evidence.exchange.sheets import Fault, Line, Sheet
from evidence.fields import UniqueRule
from evidence.models import Record

REQUIRED, EMPTY, TAKEN, UNNAMED = "required", "empty", "taken", "unnamed"
"""Codes of faults: what has to be stated is not, or is stated as nothing; a key belongs to something else."""

UNKNOWN = {Kind.CODE: "unknown_code", Kind.REFERENCE: "unknown_slug"}
"""Codes of faults in cells that hold one of what there is."""


class Empty(StrEnum):
    """What an empty cell does to a stored value."""

    KEEP = "keep"
    CLEAR = "clear"


@dataclass
class Reading:
    """One row while it is read: its record as it would be, and what that changes."""

    sheet: Sheet
    line: Line
    key: Key
    record: Any
    is_new: bool
    former: str = ""
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

    def value(self, column: str) -> str:
        """The cell as it stands in the file."""
        return CLEAR if column in self.line.cleared else self.line.cells.get(column, "")

    def reject(self, column: str, message: str, code: str = "invalid") -> None:
        """Note what is wrong with a cell; an empty column means the whole row."""
        self.faults.append(Fault(*self.place, column, self.value(column), message, code))


def is_readable(row: Reading) -> bool:
    """Whether its cells may be read into a record: nothing is wrong with its key, or with the row as a whole."""
    return row.faults == row.line.faults and not any(not fault.column for fault in row.faults)


def fill(row: Reading, directory: RecordDirectory, empty: Empty) -> None:
    """Read the cells into the record, and check the record."""
    resource = resource_for(row.sheet.table)
    for name, sheet_field in resource.sheet_fields.items():
        if _is_read(row, sheet_field.column, empty):
            _read_cell(row, sheet_field, directory)
        elif _is_missing(row, sheet_field.column):
            row.reject(name, not_stated(name, row.sheet.table), REQUIRED)
    if row.is_new or row.changes:
        row.record.take_stamp(row.line.cells)
        _validate(row)


def message_of(error: ValidationError) -> str:
    """What one error says."""
    return " ".join(error.messages)


def code_of(error: ValidationError) -> str:
    """What sort of thing is wrong."""
    return error.code or "invalid"


def not_stated(name: str, table: Table) -> str:
    """That a new row leaves a column open which it has to fill."""
    return f"“{name}” is not stated; every record of {table.label} needs it."


def _is_missing(row: Reading, column: Column) -> bool:
    if not (row.is_new and column.required) or column.name in row.line.refused or bool(row.sheet.header):
        return False
    # The many-to-many fields of a record that is not stored yet cannot be asked; they are empty.
    return column.kind is Kind.REFERENCES or not getattr(row.record, column.name, None)


def _is_read(row: Reading, column: Column, empty: Empty) -> bool:
    if column.computed or column.name not in row.line.cells or column.name == "slug":
        return False
    if not row.is_new and column.name in row.record.derived_columns:
        return False
    stated = bool(row.line.cells[column.name]) or column.name in row.line.cleared
    return stated or (empty is Empty.CLEAR and column.field.blank)


def _read_cell(row: Reading, sheet_field: SheetField, directory: RecordDirectory) -> None:
    column, cell = sheet_field.column, row.line.cells[sheet_field.column.name]
    before = "" if row.is_new else sheet_field.cell(row.record)
    try:
        value = sheet_field.clean({column.name: cell}, directory=directory)
        value = column.field.to_python(value) if column.kind in READ_BY_FIELD else value
    except ValidationError as error:
        for one in error.error_list:
            row.reject(column.name, message_of(one), code_of(one))
        return
    except ValueError as error:
        message = str(error).removeprefix(f"Column '{column.name}': ")
        row.reject(column.name, message, UNKNOWN.get(column.kind, "invalid"))
        return
    if column.required and value in (None, "", []):
        row.reject(column.name, f"“{column.name}” cannot be empty.", EMPTY)
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


def _validate(row: Reading) -> None:
    """Check the record as a form would; references were checked when they were read.

    What is wrong with one cell hides nothing else: the rules of a row are checked without it, once all that it
    needs is stated.
    """
    references = {field.name for field in row.record._meta.fields if field.is_relation}
    wrong = {*(fault.column for fault in row.faults), *row.line.refused} - {""}
    checks: tuple[Callable[[], None], ...] = (
        lambda: row.record.clean_fields(exclude=references | wrong),
        row.record.clean,
        lambda: _check_constraints(row.record, wrong),
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


def _check_constraints(record: Record, exclude: Collection[str]) -> None:
    """Check the constraints of a record, but for its key, which was looked up with those of all other rows."""
    found: dict[str, list[ValidationError]] = {}
    for model, constraints in record.get_constraints():
        for constraint in constraints:
            try:
                if not _is_of_key(record, constraint):
                    constraint.validate(model, record, exclude=set(exclude))
            except ValidationError as error:
                error.update_error_dict(found)
    if found:
        raise ValidationError(found)


def _is_of_key(record: Record, constraint: Any) -> bool:
    return isinstance(constraint, UniqueRule) and set(constraint.fields) == set(record.KEY)


def _reject_all(row: Reading, error: ValidationError, *, known: Collection[str]) -> None:
    """Note what a check found, but for cells of which it is known already that they are wrong."""
    for name, errors in error.error_dict.items():
        for one in errors if name not in known else ():
            row.reject("" if name == NON_FIELD_ERRORS else name, message_of(one), code_of(one))

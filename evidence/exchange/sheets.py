"""Sheets as files: which table a CSV file holds, its rows with their line numbers, and writing one."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from evidence.contract import Table
from evidence.domain.text import TextRefused, tidy
from evidence.exchange.cells import CLEAR, advice, guard, unguard
from evidence.exchange.resources import SheetResource, resource_for

NUMBERED = re.compile(r"^\d+[_-]")
BYTE_ORDER_MARK = "utf-8-sig"
ROWS_AT_A_TIME = 500
OTHER_MARKS = {";": "semicolons", "\t": "tabs"}
LONGEST_CELL = 2**24
"""In characters. Python's own limit of 131,072 is less than a field may hold, and an export has to come back."""

csv.field_size_limit(LONGEST_CELL)


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file: where, with which value, and the way out. Line 0 means the whole file."""

    file: str
    line: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.column}: {self.message}" if self.column else f"{place}: {self.message}"


class SheetRefused(Exception):
    """A file cannot be read as sheets; `faults` says where and why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class Line:
    """One row of a sheet: its line in the file, its cells by column, the columns it says to empty, and those refused.

    A row may be shorter than the header: it says nothing of the columns for which it has no cell.
    """

    number: int
    cells: dict[str, str]
    cleared: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


@dataclass
class Sheet:
    """The rows of one table in one file."""

    file: str
    table: Table
    columns: list[str]
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class RowWriter(Protocol):
    """What writes rows of cells, as `csv.writer` makes it."""

    def writerow(self, row: Iterable[Any], /) -> Any:
        """Write one row."""


def table_name(path: Path) -> str:
    """The table that a file is named after: `15_claims.csv` holds claims."""
    return NUMBERED.sub("", path.stem).lower()


def sheet_files(paths: Iterable[Path]) -> list[Path]:
    """The CSV files that these paths name: files themselves, and those of folders in the order of their names."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(file for file in path.iterdir() if file.suffix.lower() == ".csv")
        else:
            found.append(path)
    return found


def read_sheets(paths: Iterable[Path], tables: dict[str, Table], named: str = "") -> list[Sheet]:
    """Read files into sheets; `named` overrides the table that a file's name tells.

    Raises SheetRefused with every file that cannot be read, names no table, or has columns that no table has.
    """
    sheets: list[Sheet] = []
    faults: list[Fault] = []
    found = sheet_files(paths)
    if not found:
        raise SheetRefused(
            [Fault("import", 0, "", "", "There is no CSV file here; name a file, or a folder of them.")]
        )
    for path in found:
        try:
            sheets.append(_read(path, tables, named or table_name(path)))
        except SheetRefused as refused:
            faults += refused.faults
    if faults:
        raise SheetRefused(faults)
    return sheets


def write_sheet(table: Table, out: IO[str]) -> int:
    """Write all rows of a table; returns how many. Memory does not grow with them."""
    resource, writer, count = resource_for(table), sheet_writer(out), 0
    writer.writerow(table.by_name)
    for record in resource.get_queryset().iterator(chunk_size=ROWS_AT_A_TIME):
        writer.writerow(guarded(resource, record))
        count += 1
    return count


def sheet_writer(out: IO[str]) -> RowWriter:
    """A writer of our CSV: comma, minimal quotes, LF."""
    return csv.writer(out, lineterminator="\n")


def guarded(resource: SheetResource, record: object) -> list[str]:
    """The cells of a record as they stand in a file."""
    return [guard(cell) for cell in resource.cells(record)]


def _read(path: Path, tables: dict[str, Table], name: str) -> Sheet:
    if not path.exists():
        raise _refused(path, "There is no such file or folder; look at the path.")
    if name not in tables:
        raise _refused(path, f"No table is named “{name}”; {advice(name, tables)}", value=name)
    rows = _rows(path)
    header = next(rows, None)
    if header is None or not any(header[1]):
        raise _refused(path, "The file is empty; its first row has to name the columns.")
    columns = [tidied.strip() for tidied in header[1]]
    if len(columns) == 1 and (wrong := next((mark for mark in OTHER_MARKS if mark in columns[0]), "")):
        advised = f"The columns are separated by {OTHER_MARKS[wrong]}; save the sheet as CSV with commas."
        raise _refused(path, advised, line=1)
    _check_columns(path, columns, tables[name])
    sheet = Sheet(path.name, tables[name], columns)
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            _add_line(sheet, number, cells)
    return sheet


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file with the number of the line on which each starts."""
    try:
        text = path.read_text(encoding=BYTE_ORDER_MARK)
    except OSError as error:
        raise _refused(path, f"The file cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise _refused(
            path, f"Byte {error.start + 1} is not UTF-8; save the sheet as CSV in UTF-8."
        ) from error
    reader, start = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise _refused(
                path, f"This is not well-formed CSV ({error}); look at its quotes.", line=start
            ) from error
        if cells is None:
            return
        yield start, cells
        start = reader.line_num + 1


def _check_columns(path: Path, columns: list[str], table: Table) -> None:
    faults = [
        Fault(
            path.name, 1, column, column, f"{table.name} has no such column; {advice(column, table.by_name)}"
        )
        for column in columns
        if column not in table.by_name
    ]
    faults += [
        Fault(path.name, 1, column, column, "This column stands twice; take one out.")
        for column in dict.fromkeys(columns)
        if columns.count(column) > 1
    ]
    if faults:
        raise SheetRefused(faults)


def _add_line(sheet: Sheet, number: int, cells: list[str]) -> None:
    if len(cells) > len(sheet.columns) and any(cells[len(sheet.columns) :]):
        message = f"The row has {len(cells)} cells, the header {len(sheet.columns)}; a comma may lack quotes."
        sheet.faults.append(Fault(sheet.file, number, "", "", message))
        return
    line = Line(number, {})
    for column, cell in zip(sheet.columns, cells, strict=False):
        try:
            tidied = tidy(cell)
            line.cells[column] = "" if tidied == CLEAR else unguard(tidied)
            line.cleared.update([column] if tidied == CLEAR else [])
        except TextRefused as refusal:
            sheet.faults.append(Fault(sheet.file, number, column, cell[:80], str(refusal)))
            line.refused.add(column)
    sheet.lines.append(line)


def _refused(path: Path, message: str, *, line: int = 0, value: str = "") -> SheetRefused:
    return SheetRefused([Fault(path.name, line, "", value, message)])

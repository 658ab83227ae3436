"""Sheets as files: which table a CSV file holds, its rows with their line numbers, and writing one."""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator
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
REASONS = "reasons"
"""The column that says why rows were refused; it is left out when they come again, mended."""

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
    faults: list[Fault] = field(default_factory=list)


@dataclass
class Sheet:
    """The rows of one table in one file."""

    file: str
    table: Table
    columns: list[str]
    lines: list[Line] = field(default_factory=list)
    header: list[Fault] = field(default_factory=list)
    """What is wrong with the names of its columns, so that it is not known which of them are missing."""

    @property
    def faults(self) -> list[Fault]:
        """What was seen to be wrong on reading, of the header and of rows."""
        return [*self.header, *(fault for line in self.lines for fault in line.faults)]


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


def read_sheets(
    paths: Iterable[Path], tables: dict[str, Table], named: str = "", ignored: Collection[str] = ()
) -> list[Sheet]:
    """Read files into sheets; `named` overrides the table that a file's name tells, `ignored` columns are left out.

    Raises SheetRefused with every file that cannot be read or names no table. A column that no table has is a fault of
    its sheet, so that it hides nothing of the others.
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
            sheets.append(_read(path, tables, named or table_name(path), ignored))
        except SheetRefused as refused:
            faults += refused.faults
    if faults:
        raise SheetRefused([*faults, *(fault for sheet in sheets for fault in sheet.faults)])
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


def _read(path: Path, tables: dict[str, Table], name: str, ignored: Collection[str]) -> Sheet:
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
    sheet = Sheet(path.name, tables[name], [_column_named(column, tables[name]) for column in columns])
    sheet.header += _faults_of_columns(sheet, columns, ignored)
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


def _column_named(header: str, table: Table) -> str:
    """The column that a header means, by its name or as people see it: “Archived URL” is `archived_url`."""
    name = "_".join(header.lower().replace("-", " ").replace("_", " ").split())
    return name if name in table.by_name or name == REASONS else header


def _faults_of_columns(sheet: Sheet, headers: list[str], ignored: Collection[str]) -> Iterator[Fault]:
    """What is wrong with the header; of columns that stand twice, the first counts."""
    told: set[str] = set()
    for header, column in zip(headers, sheet.columns, strict=True):
        if header in ignored or column == REASONS:
            continue
        if column not in sheet.table.by_name:
            message = f"{sheet.table.name} has no such column; {advice(header, sheet.table.by_name)}"
            yield Fault(sheet.file, 1, header, header, message)
        elif column in told:
            yield Fault(sheet.file, 1, header, header, "This column stands twice; take one out.")
        told.add(column)


def _add_line(sheet: Sheet, number: int, cells: list[str]) -> None:
    line = Line(number, {})
    sheet.lines.append(line)
    if len(cells) > len(sheet.columns) and any(cells[len(sheet.columns) :]):
        message = f"The row has {len(cells)} cells, the header {len(sheet.columns)}; a comma may lack quotes."
        line.faults.append(Fault(sheet.file, number, "", "", message))
    for column, cell in zip(sheet.columns, cells, strict=False):
        if column not in sheet.table.by_name or column in line.cells:
            continue
        try:
            tidied = tidy(cell)
            line.cells[column] = "" if tidied == CLEAR else unguard(tidied)
            line.cleared.update([column] if tidied == CLEAR else [])
        except TextRefused as refusal:
            line.faults.append(Fault(sheet.file, number, column, cell[:80], str(refusal)))
            line.refused.add(column)


def _refused(path: Path, message: str, *, line: int = 0, value: str = "") -> SheetRefused:
    return SheetRefused([Fault(path.name, line, "", value, message)])

"""Cells separated by commas, semicolons, tabs or bars, quoted as RFC 4180 says.

A quote inside a cell that does not begin with one is a sign like any other (`5" pipe`). A quoted cell that goes on
after its closing quote, that is never closed, or that stands behind a blank has no one reading and is refused.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePath
from typing import IO

from evidence.exchange.files.grids import FileRefused, Format, Grid, Row
from evidence.exchange.files.kinds import TABS
from evidence.exchange.files.limits import COMMAND, Limits, check_cell, check_columns
from evidence.exchange.files.text import encoding_of, line_ends, opened

DELIMITERS = (",", ";", "\t", "|")
NAMED = re.compile(r'sep=([^"\r\n])\r?\n?', re.IGNORECASE)
"""The first line by which Excel says what separates the cells."""
LOOKED_FOR_HEADER = 1000
"""In how many rows the header is looked for when the delimiter is chosen."""
BLANKS = " \u00a0"
"""What may stand around a name; a tab may not, which is a delimiter that was tried and not found."""
ENDED = "unexpected end of data"

Known = Callable[[Sequence[str]], int]
"""How many of the names of a header are known."""

# The csv module has one limit for the whole process; ours are finer.
csv.field_size_limit(max(csv.field_size_limit(), COMMAND.cell))


def separated_grid(stream: IO[bytes], title: str, file: str, known: Known, limits: Limits) -> Grid:
    """The grid of a text file, its cells separated as its first line says, or so that most of its header is known."""
    encoding = encoding_of(stream, file)
    with opened(stream, encoding) as text:
        named = NAMED.fullmatch(text.readline(10))

    def rows(delimiter: str, within: Limits = limits) -> Iterator[Row]:
        with opened(stream, encoding) as text:
            lines = _Lines(text, file, within)
            if named:
                next(lines)
            yield from _rows(lines, delimiter)

    def likeness(delimiter: str) -> int:
        try:
            # A header that is too wide is to be refused under its own delimiter, not read under another.
            seen = islice(rows(delimiter, replace(limits, columns=limits.row)), LOOKED_FOR_HEADER)
            header = next((row.cells for row in seen if any(map(str.strip, row.cells))), [])
        except FileRefused:
            return -1
        return known([cell.strip(BLANKS) for cell in header[: limits.columns]])

    order = sorted(DELIMITERS, key="\t".__ne__) if PurePath(file).suffix.lower() in TABS else DELIMITERS
    chosen = named[1] if named else max(order, key=likeness)
    return Grid(title, file, Format.TSV if chosen == "\t" else Format.CSV, rows(chosen))


class _Lines:
    """The lines of a text, with what has been read of the row that they are part of."""

    def __init__(self, text: io.TextIOWrapper, file: str, limits: Limits) -> None:
        self.text, self.file, self.limits = text, file, limits
        self.number = 0
        self.start_row()

    def start_row(self) -> None:
        """A row begins with the next line."""
        self.start, self.parts, self.held = self.number + 1, list[str](), 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        room = self.limits.row - self.held
        line = self.text.readline(room + 1)
        if len(line) > room:
            raise self.refused(
                f"The row that starts here goes on for more than {self.limits.row:,} characters; "
                "look for a quote that is not closed."
            )
        if not line:
            raise StopIteration
        self.number += 1
        self.held += len(line)
        self.parts.append(line)
        return line

    def refused(self, message: str) -> FileRefused:
        """What is wrong with the row."""
        return FileRefused(self.file, message, line=self.start)


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.start_row()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise lines.refused(_malformed(error)) from error
        if cells is None:
            return
        _check(cells, lines, delimiter)
        yield Row(lines.start, [line_ends(cell) for cell in cells])


def _malformed(error: csv.Error) -> str:
    reason = (
        "a quote is opened and never closed"
        if str(error) == ENDED
        else "a cell goes on after its closing quote"
    )
    return f"This is not well-formed CSV ({reason}); look at its quotes."


def _check(cells: list[str], lines: _Lines, delimiter: str) -> None:
    check_columns(len(cells), lines.file, lines.limits, line=lines.start)
    if lines.held > lines.limits.cell:
        check_cell(max(map(len, cells)), lines.file, lines.limits, line=lines.start)
    if any('"' in cell and cell[0].isspace() and cell.lstrip()[0] == '"' for cell in cells):
        row = "".join(lines.parts)
        if any(field[0].isspace() for field in _fields(row, delimiter) if field.lstrip()[:1] == '"'):
            raise lines.refused(
                "This is not well-formed CSV (a quote stands behind a blank); take the blank out, or double the quote "
                "and put the cell into quotes."
            )


def _fields(row: str, delimiter: str) -> Iterator[str]:
    """The cells of a row as they stand in the file, quotes and all."""
    field = re.compile(rf'"(?:[^"]|"")*+"|[^{re.escape(delimiter)}]*')
    place = 0
    while place < len(row) and (found := field.match(row, place)):
        yield found[0]
        place = found.end() + 1

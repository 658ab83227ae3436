"""Rows of cells as files. Memory does not grow with the rows; the same rows give the same bytes."""

import csv
import json
import re
from collections.abc import Sequence
from typing import IO

from evidence.exchange.cells import guard
from evidence.exchange.files.grids import Format
from evidence.exchange.files.text import line_ends
from evidence.exchange.files.values import RowWriter, Value, text_of
from evidence.exchange.files.workbook_writing import WorkbookWriter

NAME = re.compile(r"[A-Za-z_]+")
"""With any other name in front, a text file could be taken for something else, or its beginning for a mark."""


def open_writer(form: Format, out: IO[bytes], title: str) -> RowWriter:
    """A writer for a file of this format; `title` names the worksheet of a workbook."""
    if form is Format.XLSX:
        return WorkbookWriter(out, title)
    if form is Format.JSON:
        return ObjectWriter(out)
    if form is Format.JSONL:
        return LineWriter(out)
    return SeparatedWriter(out, "\t" if form is Format.TSV else ",")


class _Encoded:
    """A file of bytes that takes texts."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out

    def write(self, text: str) -> int:
        return self.out.write(text.encode())


class SeparatedWriter:
    """CSV and TSV: UTF-8, minimal quotes, LF; cells that a spreadsheet would run get an apostrophe."""

    def __init__(self, out: IO[bytes], delimiter: str) -> None:
        self.out, self.delimiter = _Encoded(out), delimiter
        self.writer = csv.writer(self.out, delimiter=delimiter, lineterminator="\n")

    def header(self, names: Sequence[str]) -> None:
        quoting = csv.writer(self.out, delimiter=self.delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
        (self.writer if names and NAME.fullmatch(names[0]) else quoting).writerow(names)

    def row(self, cells: Sequence[Value]) -> None:
        self.writer.writerow([guard(text_of(cell)) for cell in cells])

    def close(self) -> None:
        """A text file ends with its last row."""


class ObjectWriter:
    """JSON: a list of objects, one a line, whose values are texts, lists of texts, true, false and null."""

    def __init__(self, out: IO[bytes]) -> None:
        self.out = out
        self.names: Sequence[str] = ()
        self.before = "[\n"

    def header(self, names: Sequence[str]) -> None:
        self.names = names

    def row(self, cells: Sequence[Value]) -> None:
        self.out.write((self.before + self.spelt(cells)).encode())
        self.before = ",\n"

    def spelt(self, cells: Sequence[Value]) -> str:
        """A row as an object, on one line."""
        values = dict(zip(self.names, map(_with_line_ends, cells), strict=True))
        return json.dumps(values, ensure_ascii=False)

    def close(self) -> None:
        self.out.write(b"[]\n" if self.before == "[\n" else b"\n]\n")


class LineWriter(ObjectWriter):
    """JSON Lines: the same objects, one a line and nothing around them."""

    def row(self, cells: Sequence[Value]) -> None:
        self.out.write(f"{self.spelt(cells)}\n".encode())

    def close(self) -> None:
        """A file of lines ends with its last row."""


def _with_line_ends(value: Value) -> Value:
    if isinstance(value, list):
        return [line_ends(text) for text in value]
    return line_ends(value) if isinstance(value, str) else value

"""What a file is read as: grids of rows of cells, and how a file is refused that cannot be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Format(StrEnum):
    """The formats that are read and written, named as their files end."""

    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"
    JSON = "json"
    JSONL = "jsonl"


class FileRefused(Exception):
    """A file cannot be read; the message says what is wrong and the way out, `line` where (0: the file as a whole)."""

    def __init__(self, file: str, message: str, *, line: int = 0) -> None:
        self.file, self.line, self.message = file, line, message
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as people see it, and its cells.

    The number is the line of a text file on which the row starts, the row of a worksheet, or which object of a JSON
    list it is. Cells are named by their place in the row: those that Excel holds as dates, those that a JSON object
    does not have (which is not the same as an empty one), and those refused, with what is wrong.
    """

    number: int
    cells: list[str]
    dates: frozenset[int] = frozenset()
    absent: frozenset[int] = frozenset()
    refused: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Grid:
    """The rows of one sheet: of a text file, a worksheet, or a list in a JSON file.

    Its first row is its header; that of a JSON list has the number 0. Rows are read as they are asked for, once, and
    before the next grid is asked for. Reading them raises FileRefused where the file cannot be read on.
    """

    title: str
    file: str
    format: Format
    rows: Iterator[Row]

    @property
    def guarded(self) -> bool:
        """Whether a leading apostrophe may be a guard (see `cells.guard`): in text files only."""
        return self.format in (Format.CSV, Format.TSV)

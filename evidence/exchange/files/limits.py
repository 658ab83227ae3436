"""How much a file may hold and cost, and the sentences that say so."""

from collections.abc import Iterator
from dataclasses import dataclass

from evidence.exchange.files.grids import FileRefused, Row

KIB, MIB, GIB = 2**10, 2**20, 2**30
SMALL = MIB
"""What unpacks to no more than this may be packed as tightly as it likes."""
CELLS_A_ROW = 4
"""A row holds no more characters than this many of the longest cells."""


@dataclass(frozen=True)
class Limits:
    """The most that is read: bytes of the file, rows in all, columns, characters of a cell; and of an archive or a
    workbook (which is one) the bytes that it unpacks to, its entries, and how many bytes one packed byte becomes.
    """

    bytes: int
    rows: int
    columns: int
    cell: int
    unzipped: int
    entries: int
    ratio: int

    @property
    def row(self) -> int:
        """The most characters of a row, so that one row cannot fill the memory either."""
        return self.cell * CELLS_A_ROW


UPLOAD = Limits(
    bytes=64 * MIB,
    rows=100_000,
    columns=300,
    cell=MIB,
    unzipped=512 * MIB,
    entries=1000,
    ratio=200,
)
"""What anybody may send."""

COMMAND = Limits(
    bytes=4 * GIB,
    rows=10_000_000,
    columns=2000,
    cell=16 * MIB,
    unzipped=32 * GIB,
    entries=10_000,
    ratio=1000,
)
"""What somebody at the machine may read: bounded by what memory holds at a time only."""


def size(number: int) -> str:
    """Bytes as people say them."""
    for unit, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if number >= unit:
            return f"{number / unit:,.0f} {name}"
    return f"{number} bytes"


def check_size(found: int, file: str, limits: Limits) -> None:
    """Refuse a file that is larger than files may be."""
    if found > limits.bytes:
        raise FileRefused(
            file,
            f"The file has {size(found)}, more than the {size(limits.bytes)} that are read; split it into several.",
        )


def check_columns(found: int, file: str, limits: Limits, *, line: int) -> None:
    """Refuse a row with more cells than rows may have."""
    if found > limits.columns:
        raise FileRefused(
            file,
            f"The row has {found:,} cells, more than the {limits.columns:,} columns that are read; "
            "delete the columns that are not needed.",
            line=line,
        )


def check_cell(found: int, file: str, limits: Limits, *, line: int) -> None:
    """Refuse a cell that is longer than cells may be."""
    if found > limits.cell:
        raise FileRefused(
            file,
            f"A cell of this row has more than the {limits.cell:,} characters that are read; shorten it.",
            line=line,
        )


def too_long(file: str, limits: Limits, *, line: int) -> FileRefused:
    """What is wrong with a row that holds more characters than rows may."""
    return FileRefused(
        file,
        f"The row has more than the {limits.row:,} characters that are read; shorten its cells.",
        line=line,
    )


class Rows:
    """Counts the rows of a whole file, over all its grids."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.found = limits, 0

    def add(self, file: str, line: int) -> None:
        """One row more; refused where it is too many."""
        self.found += 1
        if self.found > self.limits.rows:
            raise FileRefused(
                file,
                f"The file has more than the {self.limits.rows:,} rows that are read at once; split it into several.",
                line=line,
            )

    def counted(self, rows: Iterator[Row], file: str) -> Iterator[Row]:
        """The same rows, all but the first (the header) counted."""
        for place, row in enumerate(rows):
            if place:
                self.add(file, row.number)
            yield row

"""The rows of a worksheet, read as they come, each cell as the text that Excel shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from evidence.exchange.files.archives import Archive
from evidence.exchange.files.grids import FileRefused, Row
from evidence.exchange.files.limits import check_cell, check_columns, too_long
from evidence.exchange.files.markup import MarkupRefused, Reader, read_markup
from evidence.exchange.files.places import LAST_ROW, column_letters, column_number
from evidence.exchange.files.shared import SharedTexts, unescaped
from evidence.exchange.files.shown import PLAIN, Calendar, Looks, NoDay, NumberFormat, number_format
from evidence.exchange.files.text import half_told, halves_spelt

BLANKS_A_ROW = 5
"""How many empty cells that have a format only may stand in a worksheet for each row that may be read."""
LONGEST_NUMBER = 400
LARGEST_EXPONENT = 310
FULL_DATE = number_format("yyyy-mm-dd h:mm:ss")
TRUTH = {"1": "true", "true": "true", "0": "false", "false": "false"}
RECALCULATE = "open the workbook in Excel or LibreOffice and save it there"


@dataclass(frozen=True)
class Book:
    """What the cells of all worksheets of a workbook refer to."""

    archive: Archive
    texts: SharedTexts
    formats: list[NumberFormat]
    calendar: Calendar


@dataclass(slots=True)
class Cell:
    """A cell as it is stored: its column from 0, what its value is, its style, and its value."""

    column: int
    kind: str
    style: str
    value: str | None = None
    computed: bool = False


class CellRefused(Exception):
    """A cell shows no value; the message says why."""


@dataclass
class _Stored:
    """A row as it is stored; of its cells those that hold something."""

    number: int
    cells: list[Cell] = field(default_factory=list)


def read_worksheet(book: Book, path: str, file: str) -> Iterator[Row]:
    """The rows of a worksheet that show something, each as wide as the first, which is the header, at least."""
    reader, width = _CellReader(book, file), 0
    for _ in read_markup(book.archive.chunks(path), reader):
        for stored in reader.taken():
            row = _row(book, stored, width, file)
            if row.refused or any(row.cells):
                width = width or len(row.cells)
                yield row


def _row(book: Book, stored: _Stored, width: int, file: str) -> Row:
    cells, dates, refused = [""] * width, set(), dict[int, str]()
    limits, room = book.archive.limits, book.archive.limits.row
    for cell in stored.cells:
        cells += [""] * (cell.column + 1 - len(cells))
        try:
            cells[cell.column] = shown(book, cell)
        except CellRefused as refusal:
            refused[cell.column] = f"{column_letters(cell.column)}{stored.number} {refusal}"
        if _moment(book, cell):
            dates.add(cell.column)
        if half := half_told(cells[cell.column]):
            refused[cell.column] = f"{column_letters(cell.column)}{stored.number} {half}"
            cells[cell.column] = halves_spelt(cells[cell.column])
        check_cell(len(cells[cell.column]), file, limits, line=stored.number)
        room -= len(cells[cell.column])
        if room < 0:
            raise too_long(file, limits, line=stored.number)
    while len(cells) > width and not cells[-1] and len(cells) - 1 not in refused:
        cells.pop()
    return Row(stored.number, cells, dates=frozenset(dates), refused=refused)


def shown(book: Book, cell: Cell) -> str:
    """What a cell shows. Raises CellRefused."""
    value = cell.value
    if cell.computed and not value and cell.kind != "str":
        raise CellRefused(f"holds a formula without its result; {RECALCULATE}.")
    if value is None:
        return ""
    if cell.kind == "s":
        return book.texts.find(int(value) if value.isdecimal() and len(value) < 10 else -1)
    if cell.kind in ("str", "inlineStr"):
        return unescaped(value)
    if cell.kind == "b":
        if value.strip() not in TRUTH:
            raise CellRefused(f"holds “{value[:40]}”, which is neither true nor false; write it anew.")
        return TRUTH[value.strip()]
    if cell.kind == "e":
        raise CellRefused(f"shows the error {value[:20]}; write the value, or empty the cell.")
    return _number(book, cell, value)


def _number(book: Book, cell: Cell, value: str) -> str:
    shows = _format(book, cell)
    try:
        if cell.kind == "d":
            past = datetime.fromisoformat(value.strip()).replace(tzinfo=None) - datetime.combine(
                book.calendar.value, datetime.min.time()
            )
            number = Decimal(past.days) + Decimal(past.seconds) / 86_400
            return (shows if shows.looks is Looks.MOMENT else FULL_DATE).shown(number, book.calendar)
        number = Decimal(value.strip() if len(value) < LONGEST_NUMBER else "none")
        if not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
            raise InvalidOperation
        return shows.shown(number, book.calendar)
    except NoDay as error:
        raise CellRefused(
            f"shows a date, but holds {value[:40]}, which is none; write the date anew."
        ) from error
    except (InvalidOperation, ValueError) as error:
        wanted = "date" if cell.kind == "d" else "number"
        raise CellRefused(f"holds “{value[:40]}”, which is no {wanted}; write it anew.") from error


def _format(book: Book, cell: Cell) -> NumberFormat:
    place = int(cell.style) if cell.style.isdecimal() and len(cell.style) < 10 else 0
    return book.formats[place] if place < len(book.formats) else PLAIN


def _moment(book: Book, cell: Cell) -> bool:
    """Whether Excel holds the cell as a date or a time of day."""
    return cell.kind == "d" or (cell.kind == "n" and _format(book, cell).looks is Looks.MOMENT)


class _CellReader(Reader):
    """Takes the rows from the document of a worksheet; of the cells those that hold something."""

    def __init__(self, book: Book, file: str) -> None:
        self.limits, self.file = book.archive.limits, file
        self.rows: list[_Stored] = []
        self.row = _Stored(0)
        self.cell: Cell | None = None
        self.column, self.room, self.blanks = -1, 0, 0
        self.last, self.filled = 0, set[int]()
        self.parts: list[str] = []
        self.collecting = self.reading = self.inside = False

    def taken(self) -> Iterator[_Stored]:
        """The rows that have ended since this was last asked."""
        rows, self.rows = self.rows, []
        yield from rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.cell is not None:
            self.collecting = name in ("v", "t") and not self.reading
            self.reading = self.reading or name == "rPh"
            self.cell.computed = self.cell.computed or name == "f"
        elif name == "c" and self.inside:
            self.start_cell(attributes.get("r", ""), attributes)
        elif name == "row" and self.inside:
            self.start_row(attributes.get("r", ""))
        elif name == "sheetData":
            self.inside = True

    def start_row(self, number: str) -> None:
        """A row begins, with its number or behind the last one."""
        told = int(number) if number.isdecimal() and len(number) < 8 else 0
        self.row = _Stored(told if number else self.row.number + 1)
        self.column, self.room = -1, self.limits.row
        self.filled = set()
        if not 0 < self.row.number <= LAST_ROW:
            raise MarkupRefused(f"a row is numbered “{number[:20]}”")

    def start_cell(self, place: str, attributes: dict[str, str]) -> None:
        """A cell begins, at its place or beside the last one."""
        try:
            self.column = column_number(place.rstrip("0123456789")) if place else self.column + 1
        except ValueError as error:
            raise MarkupRefused(f"a cell is named “{place[:20]}”") from error
        self.cell = Cell(self.column, attributes.get("t", "n"), attributes.get("s", "0"))
        self.parts = []

    def text(self, text: str) -> None:
        if self.collecting:
            self.room -= len(text)
            self.parts.append(text)
            if self.room < 0:
                raise too_long(self.file, self.limits, line=self.row.number)

    def end(self, name: str) -> None:
        self.collecting = False
        if name == "c" and self.cell is not None:
            self.end_cell(self.cell)
            self.cell = None
        elif name == "rPh":
            self.reading = False
        elif name == "row" and self.row.cells:
            if self.row.number <= self.last:
                raise MarkupRefused(f"row {self.row.number} stands behind row {self.last}")
            self.rows.append(self.row)
            self.last = self.row.number
        elif name == "sheetData":
            self.inside = False

    def end_cell(self, cell: Cell) -> None:
        """Keep a cell that holds something; count one that does not."""
        if self.parts or cell.computed:
            check_columns(cell.column + 1, self.file, self.limits, line=self.row.number)
            if cell.column in self.filled:
                raise MarkupRefused(f"{column_letters(cell.column)}{self.row.number} stands twice")
            self.filled.add(cell.column)
            cell.value = "".join(self.parts)
            self.row.cells.append(cell)
            return
        self.blanks += 1
        if self.blanks > BLANKS_A_ROW * self.limits.rows:
            raise FileRefused(
                self.file,
                f"The worksheet has more than {self.blanks - 1:,} empty cells with a format; delete the empty rows "
                "and columns around the table.",
                line=self.row.number,
            )

"""Sheets as files: which table a CSV file holds, its rows with their line numbers, and writing one."""

import marshal
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from slugify import slugify

from evidence.contract import Kind, Table
from evidence.domain.text import CONTROL_CHARACTER, TextRefused, tidy
from evidence.exchange.cells import CLEAR, advice, unguard
from evidence.exchange.files import COMMAND, FileRefused, Format, Grid, Limits, Row, read_grids
from evidence.services.spools import Spool

NUMBERED = re.compile(r"^\d+[_-]")
ROWS_AT_A_TIME = 500
SHEETS = (".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".zip")
"""How the files of a folder end that hold sheets."""

ABOUT = "about"
"""The worksheet that explains the others and holds no rows."""

REASONS = "reasons"
"""The column that says why rows were refused; it is left out when they come again, mended."""

DATED_BY_PREDICATE = frozenset({"value", "watch_value"})
"""Columns that hold a date or something else, as the predicate says."""

LONGEST_SLUG = 80
SHOWN = 80
"""How many characters of a cell a message repeats."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in a file: where, with which value, and the way out. Line 0 means the whole file.

    The code is a stable word for what sort of thing is wrong, for programs.
    """

    file: str
    line: int
    column: str
    value: str
    message: str
    code: str = "invalid"

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
    refused: dict[str, str] = field(default_factory=dict)
    """The cells that cannot be read, as they stand there."""

    faults: list[Fault] = field(default_factory=list)
    inline: bool = False
    """Whether it is a part that stood beside its record, and is the one at that place where there is one already."""


def _packed(line: Line) -> bytes:
    faults = [(one.file, one.line, one.column, one.value, one.message, one.code) for one in line.faults]
    return marshal.dumps((line.number, line.cells, line.cleared, line.refused, faults, line.inline))


def _unpacked(packed: bytes) -> Line:
    number, cells, cleared, refused, faults, inline = marshal.loads(packed)  # noqa: S302  # our own, of this process
    return Line(number, cells, cleared, refused, [Fault(*fault) for fault in faults], inline)


def spooled() -> Spool[Line]:
    """A place for the lines of a sheet, however many they are."""
    return Spool(pack=_packed, unpack=_unpacked)


@dataclass
class Sheet:
    """The rows of one table in one file."""

    file: str
    table: Table
    columns: list[str]
    lines: Spool[Line] = field(default_factory=spooled)
    unnamed: frozenset[int] = frozenset()
    """The places of columns without a name, in which nothing may stand."""

    header: list[Fault] = field(default_factory=list)
    """What is wrong with the names of its columns, so that it is not known which of them are missing."""

    @property
    def faults(self) -> list[Fault]:
        """What was seen to be wrong on reading, of the header and of rows."""
        return [*self.header, *(fault for line in self.lines for fault in line.faults)]


def table_name(path: Path) -> str:
    """The table that a file is named after: `15_claims.csv` holds claims."""
    return NUMBERED.sub("", path.stem).lower()


def sheet_files(paths: Iterable[Path]) -> list[Path]:
    """The files that these paths name: files themselves, and the sheets of folders in the order of their names."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(file for file in path.iterdir() if file.suffix.lower() in SHEETS)
        else:
            found.append(path)
    return found


def read_sheets(
    paths: Iterable[Path],
    tables: dict[str, Table],
    named: str = "",
    ignored: Collection[str] = (),
    limits: Limits = COMMAND,
) -> list[Sheet]:
    """Read files into sheets; `named` says the table where their names do not, or tell one that their columns fit less;
    `ignored` columns are left out.

    Raises SheetRefused with every file that cannot be read or names no table. A column that no table has is a fault of
    its sheet, so that it hides nothing of the others.
    """
    found = sheet_files(paths)
    if not found:
        raise SheetRefused(
            [Fault("import", 0, "", "", "There is no sheet here; name a file, or a folder of them.")]
        )
    reader = _Reader(tables, named, ignored)
    for path in found:
        reader.read(path, limits)
    if reader.faults:
        raise SheetRefused([*reader.faults, *(fault for sheet in reader.sheets for fault in sheet.faults)])
    return reader.sheets


def stands_inline(part: Table, columns: Collection[str]) -> bool:
    """Whether these columns are those of parts beside their records: they say what the part refers to."""
    parent = getattr(part.model, "PARENT", "")
    references = [
        name for name in part.of_kind(Kind.REFERENCE) if part.by_name[name].required and name != parent
    ]
    return any(name in columns for name in references)


def inline_columns(part: Sheet, whole: Sheet) -> list[str]:
    """Which column of the part each column of a sheet is; empty where it belongs to the record itself."""
    named = f"{part.table.model._meta.model_name}_slug"
    parent = getattr(part.table.model, "PARENT", "")
    return [
        "slug"
        if "_".join(own.lower().split()) == named
        else other
        if _is_of_part(own, other, part, whole, parent)
        else ""
        for own, other in zip(whole.columns, part.columns, strict=True)
    ]


def _is_of_part(own: str, other: str, part: Sheet, whole: Sheet, parent: str) -> bool:
    return own not in whole.table.by_name and other in part.table.by_name and other != parent


@dataclass
class Flat:
    """A sheet of records with a part a row: rows with one slug are one record, and agree in what they say of it."""

    whole: Sheet
    part: Sheet
    first: dict[str, int] = field(default_factory=dict)
    """Where among the lines of the whole the first one of each record stands."""

    def add(self, record: Line, part: Line) -> None:
        """Add one row, as what it says of the record and of its part."""
        slug = record.cells.get("slug", "") or proposed_slug(self.whole.table, record.cells)
        faults = [fault for fault in part.faults if fault.column]
        if slug not in self.first:
            self.first[slug] = self.whole.lines.append(record)
        else:
            faults += self._agree(self.first[slug], record)
        if any(part.cells.values()) or part.refused or faults:
            cells = {**part.cells, self._parent: slug}
            self.part.lines.append(replace(part, cells=cells, faults=faults, inline=True))

    @property
    def _parent(self) -> str:
        return str(getattr(self.part.table.model, "PARENT", ""))

    def _agree(self, place: int, record: Line) -> list[Fault]:
        """Where the row disagrees with the first of its record, which takes from it what it did not say."""
        known = self.whole.lines[place]
        faults, more = [], {}
        for column, cell in record.cells.items():
            before = known.cells.get(column, "")
            if cell and before and cell != before:
                message = f"Line {known.number} says “{before}” of the same record; make them agree."
                faults.append(Fault(self.whole.file, record.number, column, cell, message))
            elif column not in known.cells or (cell and not before):
                more[column] = cell
        if more:
            self.whole.lines[place] = replace(known, cells={**known.cells, **more})
        return faults


def proposed_slug(table: Table, cells: Mapping[str, str]) -> str:
    """The slug that a row gets which leaves it open, made from the columns that name its record."""
    named = " ".join(cells.get(column, "") for column in getattr(table.model, "SLUG_FROM", ()))
    return slugify(named, max_length=LONGEST_SLUG, word_boundary=True)


@dataclass
class _Reader:
    """Reads files one after the other, collecting their sheets and what is wrong with whole files."""

    tables: dict[str, Table]
    named: str
    ignored: Collection[str]
    sheets: list[Sheet] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def read(self, path: Path, limits: Limits) -> None:
        """Read one file, which may hold several sheets."""
        try:
            for grid in read_grids(path, name=path.name, known=self._known, limits=limits):
                self._add(grid)
        except FileRefused as refused:
            self._refuse(refused)

    def _known(self, header: Sequence[str]) -> int:
        chosen = [self.tables[self.named]] if self.named in self.tables else self.tables.values()
        return max(_known_columns(header, table) for table in chosen)

    def _tells_better(self, told: str, header: Row | None) -> bool:
        """Whether the name of a sheet tells its table better than what was chosen for all: by its columns it does."""
        if not (told and header and self.named in self.tables):
            return False
        fits = [_known_columns(header.cells, self.tables[name]) for name in (told, self.named)]
        return fits[0] > fits[1]

    def _add(self, grid: Grid) -> None:
        stem = Path(grid.file).stem
        own = (
            grid.title == stem or grid.format is not Format.JSON
        )  # a worksheet's name stands in that of its file
        file = grid.file if own else f"{grid.file} ({grid.title})"
        try:
            # What is empty above the names of the columns is no row.
            header = next((row for row in grid.rows if any(map(str.strip, row.cells))), None)
            names = map(table_name, (Path(grid.title), Path(stem)))
            told = next((name for name in names if name in self.tables), "")
            name = told if self._tells_better(told, header) else self.named or told
            if grid.title.lower() == ABOUT or (header is None and grid.title != stem and name != grid.title):
                return  # a worksheet that explains, or one that nobody has filled
            if name not in self.tables:
                unknown = name or table_name(Path(grid.title))
                message = f"No table is named “{unknown}”; {advice(unknown, self.tables)}"
                self.faults.append(Fault(file, 0, "", unknown, message))
                return
            self._fill(grid, file, self.tables[name], header)
        except FileRefused as refused:
            self._refuse(refused)

    def _fill(self, grid: Grid, file: str, table: Table, header: Row | None) -> None:
        names = [name.strip() for name in header.cells] if header else []
        if header is None or not any(names):
            message = "The file is empty; its first row has to name the columns."
            self.faults.append(Fault(file, 0, "", "", message))
            return
        part = self.tables.get(table.inline)
        if part is not None and stands_inline(part, [_column_named(name, part) for name in names]):
            self._split(grid, file, (table, part), header)
            return
        sheet = Sheet(file, table, [_column_named(name, table) for name in names], unnamed=_unnamed(names))
        sheet.header += _faults_of_columns(sheet, names, header.number or 1, self.ignored)
        for row in grid.rows:
            if any(cell.strip() for cell in row.cells) or row.refused:
                sheet.lines.append(_line(sheet, row, guarded=grid.guarded))
        self.sheets.append(sheet)

    def _split(self, grid: Grid, file: str, tables: tuple[Table, Table], header: Row) -> None:
        """Read a sheet whose rows carry a part each beside their record."""
        names = [name.strip() for name in header.cells]
        whole, part = (Sheet(file, table, [_column_named(name, table) for name in names]) for table in tables)
        part.columns, whole.unnamed = inline_columns(part, whole), _unnamed(names)
        own = [place for place, column in enumerate(part.columns) if not column]
        named = Sheet(file, whole.table, [whole.columns[place] for place in own])
        whole.header += _faults_of_columns(
            named, [names[place] for place in own], header.number or 1, self.ignored
        )
        flat = Flat(whole, part)
        for row in grid.rows:
            if any(cell.strip() for cell in row.cells) or row.refused:
                flat.add(*(_line(sheet, row, guarded=grid.guarded) for sheet in (whole, part)))
        self.sheets += [whole, part]

    def _refuse(self, refused: FileRefused) -> None:
        self.faults.append(Fault(refused.file, refused.line, "", "", refused.message))


def _unnamed(names: Sequence[str]) -> frozenset[int]:
    return frozenset(place for place, name in enumerate(names) if not name)


def _known_columns(header: Iterable[str], table: Table) -> int:
    """How many of these names are columns of the table."""
    return sum(_column_named(name.strip(), table) in table.by_name for name in header)


def _column_named(header: str, table: Table) -> str:
    """The column that a header means, by its name or as people see it: “Archived URL” is `archived_url`."""
    name = "_".join(header.lower().replace("-", " ").replace("_", " ").split())
    return name if name in table.by_name or name == REASONS else header


def _faults_of_columns(
    sheet: Sheet, headers: list[str], line: int, ignored: Collection[str]
) -> Iterator[Fault]:
    """What is wrong with the header; of columns that stand twice, the first counts."""
    told: set[str] = set()
    for header, column in zip(headers, sheet.columns, strict=True):
        if header in ignored or column == REASONS or not header:
            continue
        if column not in sheet.table.by_name:
            message = f"{sheet.table.name} has no such column; {advice(header, sheet.table.by_name)}"
            yield Fault(sheet.file, line, header[:SHOWN], header, message)
        elif column in told:
            yield Fault(sheet.file, line, header, header, "This column stands twice; take one out.")
        told.add(column)


def _line(sheet: Sheet, row: Row, *, guarded: bool) -> Line:
    """What a row says of each column, and what of it cannot be read."""
    line = Line(row.number, {})
    if len(row.cells) > len(sheet.columns) and any(row.cells[len(sheet.columns) :]):
        message = (
            f"The row has {len(row.cells)} cells, the header {len(sheet.columns)}; a comma may lack quotes."
        )
        line.faults.append(Fault(sheet.file, row.number, "", "", message))
    for place, (column, cell) in enumerate(zip(sheet.columns, row.cells, strict=False)):
        if place in sheet.unnamed and cell.strip():
            message = (
                f"Column {place + 1} has no name; name it in the first row, or take out what stands there."
            )
            line.faults.append(Fault(sheet.file, row.number, "", cell[:SHOWN], message))
        if column not in sheet.table.by_name or column in line.cells or place in row.absent:
            continue
        if message := row.refused.get(place) or _misheld(sheet.table, column, place in row.dates):
            line.faults.append(Fault(sheet.file, row.number, column, cell[:SHOWN], message))
            line.refused[column] = cell
            continue
        try:
            tidied = tidy(cell)
            line.cells[column] = "" if tidied == CLEAR else _meant(tidied, guarded=guarded)
            line.cleared.update([column] if tidied == CLEAR else [])
        except TextRefused as refusal:
            line.faults.append(
                Fault(sheet.file, row.number, column, cell[:SHOWN], str(refusal), CONTROL_CHARACTER)
            )
            line.refused[column] = cell
    return line


def _meant(cell: str, *, guarded: bool) -> str:
    """The text without its guard; where no texts are guarded, the word to clear is all the same."""
    if guarded:
        return unguard(cell)
    return cell[1:] if cell.startswith("'") and cell.lstrip("'") == CLEAR else cell


def _misheld(table: Table, column: str, held_as_date: bool) -> str:
    """Why a cell that Excel holds as a date is not taken for what this column holds."""
    if (
        not held_as_date
        or column in DATED_BY_PREDICATE
        or table.by_name[column].kind in (Kind.DATE, Kind.MOMENT)
    ):
        return ""
    return (
        "Excel holds this cell as a date, perhaps made of a number or a range such as 3-5; "
        "format the column as text and write it again."
    )

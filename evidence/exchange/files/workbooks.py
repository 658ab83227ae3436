"""Excel workbooks (.xlsx, .xlsm): their worksheets as grids.

A workbook is an archive of XML documents that name each other (ECMA-376, parts 1 and 2). Hidden worksheets are passed
over, as nobody who looks at the workbook sees them; hidden rows and columns are read. Macros are never looked at.
"""

import posixpath
import tempfile
from collections import Counter
from collections.abc import Iterator

from evidence.exchange.files.archives import MENDED, Archive
from evidence.exchange.files.grids import FileRefused, Format, Grid, Row
from evidence.exchange.files.markup import MarkupRefused, Reader, read_markup
from evidence.exchange.files.shared import SharedTexts, TextReader
from evidence.exchange.files.shown import BUILT_IN, Calendar, NumberFormat, number_format
from evidence.exchange.files.worksheets import Book, read_worksheet

PACKAGE = "[Content_Types].xml"
WORKBOOK, WORKSHEET, STYLES, TEXTS = "officeDocument", "worksheet", "styles", "sharedStrings"
MOST_FORMATS = 65_536
"""Excel itself holds 65,490 at most."""
OTHERS = (
    (b"ms-excel.sheet.binary", "a binary workbook (.xlsb)"),
    (b"wordprocessingml", "a Word document"),
    (b"presentationml", "a PowerPoint presentation"),
)
SHEETS = (b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main", b"spreadsheetml.template.main",
          b"ms-excel.template.macroEnabled.main")  # fmt: skip


def is_workbook(archive: Archive) -> bool:
    """Whether an archive is a workbook; raises FileRefused where it is another document of an Office program."""
    names = archive.members
    if "mimetype" in names and b"opendocument" in archive.beginning("mimetype", 100):
        raise _is(archive, "an OpenDocument file (such as .ods)")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise _is(archive, "a document of Numbers, Pages or Keynote")
    if PACKAGE not in names:
        return False
    types = archive.beginning(PACKAGE, 2**20)
    if any(word in types for word in SHEETS):
        return True
    found = next((name for word, name in OTHERS if word in types), "an Office document without worksheets")
    raise _is(archive, found)


def workbook_grids(archive: Archive) -> Iterator[Grid]:
    """The grids of a workbook's worksheets, in its order."""
    related = _related(archive, "")
    main = next((path for path, kind in related.values() if kind == WORKBOOK), "xl/workbook.xml")
    outline, parts = _Outline(), _related(archive, main)
    _read(archive, main, outline)
    sheets = [(name, *parts.get(key, ("", ""))) for name, key in outline.shown]
    if not any(kind == WORKSHEET for *_, kind in sheets):
        raise archive.refused("The workbook shows no worksheet; unhide the one that is to be read.")
    name, times = Counter(name.lower() for name, *_ in sheets).most_common(1)[0]
    if times > 1:
        raise archive.refused(f"The workbook has {times} worksheets of the name “{name}”; {MENDED}.")
    if len(sheets) > archive.limits.entries:
        raise archive.refused(f"The workbook names {len(sheets):,} worksheets; {MENDED}.")
    styles = _Styles()
    for path, kind in parts.values():
        if kind == STYLES:
            _read(archive, path, styles)
    with tempfile.TemporaryFile() as stream:
        texts = SharedTexts(archive, stream)
        for path, kind in parts.values():
            if kind == TEXTS:
                _read(archive, path, TextReader(texts))
        book = Book(archive, texts, styles.formats, outline.calendar)
        for name, path, kind in sheets:
            if kind == WORKSHEET:
                file = f"{archive.file} ({name})"
                yield Grid(name, file, Format.XLSX, _rows(book, _part(archive, path), file))


def _rows(book: Book, path: str, file: str) -> Iterator[Row]:
    try:
        yield from read_worksheet(book, path, file)
    except MarkupRefused as error:
        raise _malformed(book.archive, path, error) from error


def _related(archive: Archive, part: str) -> dict[str, tuple[str, str]]:
    """The parts that a part of the archive names (the archive itself: no name): path and kind by their keys."""
    folder, name = posixpath.split(part)
    relations = _Relations()
    _read(archive, posixpath.join(folder, "_rels", name + ".rels"), relations)
    return {
        key: (posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"), kind.rpartition("/")[2])
        for key, target, kind in relations.found
    }


def _read(archive: Archive, path: str, reader: Reader) -> None:
    path = _part(archive, path)
    try:
        for _ in read_markup(archive.chunks(path), reader):
            pass
    except MarkupRefused as error:
        raise _malformed(archive, path, error) from error


def _part(archive: Archive, path: str) -> str:
    """The member with this path; capital letters make no difference."""
    if path in archive.members:
        return path
    found = next((name for name in archive.members if name.lower() == path.lower()), "")
    if not found:
        raise archive.refused(f"The workbook is damaged (“{path}” is missing); {MENDED}.")
    return found


def _malformed(archive: Archive, path: str, error: MarkupRefused) -> FileRefused:
    return archive.refused(
        f"The workbook is damaged (in “{path}” {error}); {MENDED} with Excel or LibreOffice."
    )


def _is(archive: Archive, name: str) -> FileRefused:
    return archive.refused(
        f"This is {name}, which is not read; save the table as an Excel workbook (.xlsx) or as CSV in UTF-8."
    )


class _Relations(Reader):
    """Which parts a part names: key, target and kind."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.found.append(
                (attributes.get("Id", ""), attributes.get("Target", ""), attributes.get("Type", ""))
            )


class _Outline(Reader):
    """The worksheets that are shown, by name and key, and the calendar."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.calendar = Calendar.SINCE_1900

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self.calendar = Calendar.SINCE_1904
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            key = next((value for attribute, value in attributes.items() if attribute.endswith(":id")), "")
            self.shown.append((attributes.get("name", ""), key))


class _Styles(Reader):
    """The number format of each style that cells name by its place in the list."""

    def __init__(self) -> None:
        self.codes, self.formats, self.known = dict(BUILT_IN), list[NumberFormat](), dict[str, NumberFormat]()
        self.of_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        told = attributes.get("numFmtId", "0")
        number = int(told) if told.isdecimal() and len(told) < 10 else 0
        if name == "numFmt" and len(self.codes) < MOST_FORMATS:
            self.codes[number] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.of_cells = True
        elif name == "xf" and self.of_cells and len(self.formats) < MOST_FORMATS:
            code = self.codes.get(number, "")
            self.formats.append(self.known.setdefault(code, number_format(code)))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self.of_cells = False

"""An Excel workbook with one or more worksheets, written as their rows come.

Every cell is a text and nothing else: no formula, no number that loses digits, no date made of "3-4". The columns have
the format Text, so that what people type into them stays what they typed, and the cells the mark of a leading
apostrophe, so that editing "=1+1" makes no formula of it. ECMA-376 part 1, chapter 18.
"""

import re
import zipfile
from collections.abc import Sequence
from textwrap import wrap
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from evidence.exchange.files.places import LAST_COLUMN, LAST_ROW, column_letters
from evidence.exchange.files.values import FormatRefused, Value, text_of

LONGEST_CELL = 32_767
LONGEST_TITLE = 31
WIDTH = 20
"""Of a column, in characters."""
LINE = 15
"""The height of a line, in points."""
NO_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]|^'|'$")
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold, and what would be read as standing for it: Excel writes these as `_x000B_`."""
BODY, HEADER, COLUMN, PROSE = 1, 2, 3, 4
"""Styles of cells, by their places in STYLES."""

FIRST_OF_JANUARY = (1980, 1, 1, 0, 0, 0)
"""The time that every part of the archive bears, so that the same rows give the same bytes."""
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

TYPES = (
    f'{XML}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>{{worksheets}}'
    f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/></Types>'
)
WORKSHEET_TYPE = f'<Override PartName="/xl/{{part}}" ContentType="{TYPE}.worksheet+xml"/>'
RELATED = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
WORKBOOK_RELATED = (
    f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{{worksheets}}'
    f'<Relationship Id="styles" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
WORKSHEET_RELATED = f'<Relationship Id="rId{{number}}" Type="{OFFICE}/worksheet" Target="{{part}}"/>'
WORKBOOK = f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{{worksheets}}</sheets></workbook>'
WORKSHEET_NAMED = '<sheet name={title} sheetId="{number}" r:id="rId{number}"/>'
STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" '
    'applyFont="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" '
    'applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
BEFORE_ROWS = (
    f'{XML}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    "<cols>{columns}</cols><sheetData>"
)
COLUMNS = f'<col min="{{first}}" max="{{last}}" width="{{width}}" customWidth="1" style="{COLUMN}"/>'
BEHIND_ROWS = "</sheetData></worksheet>"


class _Archive(zipfile.ZipFile):
    """An archive that has an end only where it was closed: one that was given up must not look whole."""

    def __del__(self) -> None:
        pass


class WorkbookWriter:
    """Writes the parts of the workbook first, and its worksheets last, one after the other, row by row."""

    def __init__(self, out: IO[bytes], *titles: str) -> None:
        self.archive = _Archive(out, "w", zipfile.ZIP_DEFLATED)
        for name, text in _outline([worksheet_title(title) for title in titles]):
            self.archive.writestr(_part(name), text)
        self.begun = 0
        self._begin((), BODY)

    def next_worksheet(self, widths: Sequence[int]) -> None:
        """Go on to the next worksheet, which is there to be read: its columns have these widths, and its texts wrap."""
        self._end()
        self._begin(widths, PROSE)

    def header(self, names: Sequence[str]) -> None:
        if len(names) > LAST_COLUMN:
            raise FormatRefused(
                f"There are {len(names):,} columns; an Excel worksheet holds {LAST_COLUMN:,}. Export CSV or JSON."
            )
        self.names = names
        spans = [(place, place, width) for place, width in enumerate(self.widths, 1)]
        columns = "".join(
            COLUMNS.format(first=first, last=last, width=width)
            for first, last, width in spans or [(1, max(len(names), 1), WIDTH)]
        )
        self.sheet.write(BEFORE_ROWS.format(columns=columns).encode())
        self._write(names, HEADER)

    def row(self, cells: Sequence[Value]) -> None:
        self._write([text_of(cell) for cell in cells], self.body)

    def close(self) -> None:
        self._end()
        self.archive.close()

    def _begin(self, widths: Sequence[int], body: int) -> None:
        self.begun += 1
        self.number, self.names, self.widths, self.body = 0, (), widths, body
        self.sheet = self.archive.open(_part(f"xl/{_worksheet(self.begun)}"), "w", force_zip64=True)

    def _end(self) -> None:
        if not self.number:
            self.header(())
        self.sheet.write(BEHIND_ROWS.encode())
        self.sheet.close()

    def _write(self, texts: Sequence[str], style: int) -> None:
        self.number += 1
        if self.number > LAST_ROW:
            raise FormatRefused(
                f"There are more than the {LAST_ROW:,} rows of an Excel worksheet. Export CSV or JSON."
            )
        written = "".join(self._cell(place, text, style) for place, text in enumerate(texts) if text)
        self.sheet.write(f'<row r="{self.number}"{self._height(texts)}>{written}</row>'.encode())

    def _height(self, texts: Sequence[str]) -> str:
        """Room for texts that wrap, which LibreOffice does not make by itself."""
        cells = zip(texts, self.widths, strict=False)  # which is none where no texts wrap
        lines = max((len(wrap(text, width)) for text, width in cells), default=1)
        return f' ht="{lines * LINE}" customHeight="1"' if lines > 1 else ""

    def _cell(self, place: int, text: str, style: int) -> str:
        if len(text) > LONGEST_CELL // 2:
            self._check_length(place, text)
        escaped = escape(UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
        name = f"{column_letters(place)}{self.number}"
        return f'<c r="{name}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'

    def _check_length(self, place: int, text: str) -> None:
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2  # as Excel counts
        if length > LONGEST_CELL:
            raise FormatRefused(
                f"Row {self.number}, {self.names[place]}: the text has {length:,} characters, an Excel cell holds "
                f"{LONGEST_CELL:,}. Export CSV or JSON."
            )


def worksheet_title(title: str) -> str:
    """The title as a worksheet may bear it."""
    return NO_TITLE.sub("_", title[:LONGEST_TITLE]) or "Sheet1"


def _outline(titles: Sequence[str]) -> list[tuple[str, str]]:
    """The parts that say what the workbook holds, by their names: worksheets with these titles."""
    numbered = list(enumerate(titles, 1))
    types = "".join(WORKSHEET_TYPE.format(part=_worksheet(number)) for number, _ in numbered)
    related = "".join(
        WORKSHEET_RELATED.format(number=number, part=_worksheet(number)) for number, _ in numbered
    )
    named = "".join(
        WORKSHEET_NAMED.format(number=number, title=quoteattr(title)) for number, title in numbered
    )
    return [
        ("[Content_Types].xml", TYPES.format(worksheets=types)),
        ("_rels/.rels", RELATED),
        ("xl/workbook.xml", WORKBOOK.format(worksheets=named)),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATED.format(worksheets=related)),
        ("xl/styles.xml", STYLES),
    ]


def _worksheet(number: int) -> str:
    """The part that holds the worksheet with this number, by its place in the folder of the workbook."""
    return f"worksheets/sheet{number}.xml"


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, FIRST_OF_JANUARY)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part

"""Files as they are written: what is read back is what was written, whatever the text, in all four formats."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.exchange.cells import guard, unguard
from evidence.exchange.files import Format, FormatRefused, open_writer, read_grids
from evidence.exchange.files.workbook_writing import WorkbookWriter
from tests.files import NAMES, grids, known, written

AWKWARD = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'", "''=1", "'x", "#CLEAR", "'#CLEAR", " ", "  x  ", '"', '""', 'a"b',
    ' "a"', "a,b", "a;b", "a\tb", "a|b", "\\", "a\nb", "a\r\nb", "a\rb", "\n", "\r", "\ufeff", "\ufeffx", "x\ufeff",
    "\u200f(a)", "\u202eabc", "😀", "e\u0301", "\u2028", "\x85", "_x000D_", "_x005F_x000D_", "_x", "&amp;", "<t>",
    "]]>", "NULL", "nan", "001", "1e5", "3-4", "2020-08", "true", "#N/A", "{}", "[1]", '[{"', "sep=;", "PK\x03\x04",
    "%PDF-", "<html>", "ø", "–", "x" * 32_767,
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(AWKWARD),
    st.lists(st.sampled_from(AWKWARD[:-1]), max_size=3).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
)
ROWS = st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=6)
OF_ALL_FORMATS = pytest.mark.parametrize("form", list(Format))
OBJECTS = (Format.JSON, Format.JSONL)
"""Formats whose rows are objects, both read as JSON; without rows they name no columns."""


def line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_back(content: bytes, form: Format) -> list[list[str]]:
    """The cells of a file that was written in this format, without guards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"claims.{form}"
        path.write_bytes(content)
        (grid,) = [
            (grid, [row.cells for row in grid.rows]) for grid in read_grids(path, name=path.name, known=known)
        ]
    assert (grid[0].title, grid[0].format) == ("claims", Format.JSON if form in OBJECTS else form)
    return [[unguard(cell) if grid[0].guarded else cell for cell in row] for row in grid[1]]


def shown(rows: Sequence[Sequence[str]], form: Format) -> list[list[str]]:
    """The rows that come back: a worksheet keeps none that holds nothing."""
    kept = [[line_ends(cell) for cell in row] for row in rows]
    return [row for row in kept if any(row)] if form is Format.XLSX else kept


@OF_ALL_FORMATS
@given(rows=ROWS)
def test_what_is_read_back_is_what_was_written(form: Format, rows: list[list[str]]) -> None:
    if rows or form not in OBJECTS:
        assert read_back(written(form, NAMES, rows), form) == [list(NAMES), *shown(rows, form)]


@OF_ALL_FORMATS
@given(
    header=st.lists(TEXTS.filter(lambda text: len(text) < 100), min_size=1, max_size=4, unique_by=line_ends)
)
def test_a_header_is_read_back_too(form: Format, header: list[str]) -> None:
    names = [*(line_ends(name) for name in header), "slug"]
    assert unguarded_header(form, names) == names


def unguarded_header(form: Format, names: list[str]) -> list[str]:
    """The header as it is read back: it is not guarded."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims"
        path.write_bytes(written(form, names, [["x"] * len(names)]))
        (found,) = [next(grid.rows).cells for grid in read_grids(path, name="claims", known=known)]
        return found


@OF_ALL_FORMATS
def test_the_same_rows_give_the_same_bytes(form: Format) -> None:
    rows = [["a", "b", "ö"]] * 3
    assert written(form, NAMES, rows) == written(form, NAMES, rows)


@OF_ALL_FORMATS
def test_a_file_without_rows_is_whole(form: Format) -> None:
    content = written(form, NAMES, [])
    if form is Format.JSONL:
        assert content == b""
    else:
        assert read_back(content, form) == ([[]] if form is Format.JSON else [list(NAMES)])


@OF_ALL_FORMATS
def test_lists_and_truth_are_written_as_each_format_says_them(form: Format) -> None:
    content = written(form, NAMES, [[["a|b", "=1\r\n"], True, None]])
    assert read_back(content, form)[1] == ["a\\|b|=1\n", "true", ""]
    if form in OBJECTS:
        row = {"slug": ["a|b", "=1\n"], "name": True, "notes": None}
        assert json.loads(content) == ([row] if form is Format.JSON else row)


@given(rows=ROWS)
def test_csv_is_written_as_exports_write_it(rows: list[list[str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(NAMES)
    writer.writerows([guard(line_ends(cell)) for cell in row] for row in rows)
    assert written(Format.CSV, NAMES, rows) == out.getvalue().encode()


def test_tsv_has_tabs_and_no_mark() -> None:
    assert written(Format.TSV, ["slug", "name"], [["a,b", "c\td"]]) == b'slug\tname\na,b\t"c\td"\n'


def test_json_has_an_object_a_line() -> None:
    rows = [["dan", "Blöndal"], ["eve", "=1"]]
    content = '[\n{"slug": "dan", "name": "Blöndal"},\n{"slug": "eve", "name": "=1"}\n]\n'
    assert written(Format.JSON, ["slug", "name"], rows).decode() == content
    assert written(Format.JSON, ["slug", "name"], []) == b"[]\n"


@given(rows=ROWS)
def test_a_workbook_is_read_by_others_as_texts_and_nothing_else(rows: list[list[str]]) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written(Format.XLSX, NAMES, rows)))["claims"]
    found = [[cell for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert {cell.data_type for row in found for cell in row} == {"s"}
    assert all(cell.quotePrefix and cell.number_format == "@" for row in found for cell in row)
    plain = [[line_ends(cell) for cell in row if cell] for row in rows]
    if not any("_x" in cell or not cell.isprintable() for row in plain for cell in row):
        assert [[cell.value for cell in row] for row in found[1:] if row] == [row for row in plain if row]


def test_the_header_of_a_workbook_is_bold_and_stays_in_view() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written(Format.XLSX, NAMES, [["x", "y", "z"]])))["claims"]
    assert [cell.font.b for cell in sheet[1]] == [True] * 3
    assert [bool(cell.font.b) for cell in sheet[2]] == [False] * 3
    assert sheet.freeze_panes == "A2"


def test_what_is_typed_below_the_rows_of_a_workbook_stays_text() -> None:
    with zipfile.ZipFile(io.BytesIO(written(Format.XLSX, NAMES, []))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert '<col min="1" max="3" width="20" customWidth="1" style="3"/>' in sheet


def test_a_workbook_of_several_worksheets_is_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with path.open("wb") as out:
        writer = WorkbookWriter(out, "claims", "About", "people")
        writer.header(NAMES)
        writer.row(["=1", "b", "c"])
        writer.next_worksheet([10, 40])
        writer.header(["Column", "Explanation"])
        writer.row(["slug", "a\nb"])
        writer.next_worksheet([])
        writer.close()
    assert {title: [row.cells for row in rows] for title, rows in grids(path).items()} == {
        "claims": [list(NAMES), ["=1", "b", "c"]],
        "About": [["Column", "Explanation"], ["slug", "a\nb"]],
        "people": [],
    }
    assert openpyxl.load_workbook(path).sheetnames == ["claims", "About", "people"]


def test_a_worksheet_that_is_there_to_be_read_wraps_and_has_room_for_what_wraps() -> None:
    out = io.BytesIO()
    writer = WorkbookWriter(out, "claims", "About")
    writer.next_worksheet([10, 20])
    writer.header(["Column", "Explanation"])
    writer.row(["slug", "short"])
    writer.row(["name", "word " * 10])
    writer.close()
    book = openpyxl.load_workbook(out)
    sheet = book["About"]
    assert [sheet.column_dimensions[name].width for name in "AB"] == [10, 20]
    assert [sheet.row_dimensions[row].height for row in (1, 2, 3)] == [None, None, 45]
    assert sheet["B3"].alignment.wrap_text and not sheet["B1"].alignment.wrap_text
    assert (sheet["A1"].font.b, sheet.freeze_panes) == (True, "A2")
    assert not book["claims"]["A1"].value


@pytest.mark.parametrize(
    ("title", "named"),
    [("claims", "claims"), ("a/b:c*[d]?\\", "a_b_c__d___"), ("'x'", "_x_"), ("", "Sheet1"), ("é" * 40, "é" * 31),
     ('<"&', '<"&')],
)  # fmt: skip
def test_a_worksheet_bears_a_name_that_it_may_bear(title: str, named: str) -> None:
    content = written(Format.XLSX, NAMES, [], title=title)
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == [named]


@pytest.mark.parametrize(
    ("text", "length"), [("x" * 32_768, "32,768"), ("😀" * 16_384, "32,768")], ids=["x", "pairs"]
)
def test_a_text_too_long_for_excel_is_refused(text: str, length: str) -> None:
    writer = open_writer(Format.XLSX, io.BytesIO(), "claims")
    writer.header(NAMES)
    writer.row(["a", "b", text[:-1]])
    with pytest.raises(FormatRefused) as refused:
        writer.row(["a", "b", text])
    said = f"Row 3, notes: the text has {length} characters, an Excel cell holds 32,767. Export CSV or JSON."
    assert str(refused.value) == said


def test_more_rows_than_a_worksheet_holds_are_refused() -> None:
    writer = WorkbookWriter(io.BytesIO(), "claims")
    writer.header(NAMES)
    writer.number = 1_048_575
    writer.row(["the", "last", "row"])
    with pytest.raises(FormatRefused) as refused:
        writer.row(["one", "too", "many"])
    assert (
        str(refused.value)
        == "There are more than the 1,048,576 rows of an Excel worksheet. Export CSV or JSON."
    )


def test_more_columns_than_a_worksheet_holds_are_refused() -> None:
    with pytest.raises(FormatRefused) as refused:
        written(Format.XLSX, ["x"] * 16_385, [])
    said = "There are 16,385 columns; an Excel worksheet holds 16,384. Export CSV or JSON."
    assert str(refused.value) == said


class _Unseekable(io.RawIOBase):
    """Takes bytes one after the other, as an answer to a browser does."""

    def __init__(self) -> None:
        self.taken = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.taken += data
        return len(data)


@OF_ALL_FORMATS
def test_a_file_is_written_from_its_beginning_to_its_end(form: Format) -> None:
    out = _Unseekable()
    writer = open_writer(form, out, "claims")  # type: ignore[arg-type]
    writer.header(NAMES)
    writer.row(["dan", "Dan", ""])
    writer.close()
    assert read_back(bytes(out.taken), form) == [list(NAMES), ["dan", "Dan", ""]]

"""Excel workbooks: what their cells show, and what is refused with the name of the cell."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from evidence.exchange.files import Format, read_grids
from tests.files import archive, cells, grids, inline, parts, refusal, rows, sheet_xml, workbook


def of(*values: str) -> str:
    """The XML of the first row with these cells."""
    return "<row r='1'>" + "".join(values) + "</row>"


def test_a_workbook_as_openpyxl_writes_it_is_read_as_excel_shows_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "people"
    book.active.append(["slug", "name", "founded", "stake", "on", "at", "rich"])
    rich = CellRichText("one ", TextBlock(InlineFont(b=True), "pot"))
    book.active.append(["dan", 5.0, date(2020, 8, 1), 0.049, True, datetime(2020, 8, 1, 14, 30), rich])
    book.active["C2"].number_format = "mmm yyyy"
    book.active["D2"].number_format = "0.0%"
    book.create_sheet("claims").append(["slug"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    found = grids(path)
    assert list(found) == ["people", "claims"]
    assert [row.cells for row in found["people"]] == [
        ["slug", "name", "founded", "stake", "on", "at", "rich"],
        ["dan", "5", "Aug 2020", "4.9%", "true", "2020-08-01T14:30:00", "one pot"],
    ]
    assert found["people"][1].dates == {2, 5}


def test_texts_are_read_as_they_are(tmp_path: Path) -> None:
    texts = "<si><t>slug</t></si><si><r><t>a </t></r><r><t xml:space='preserve'> b</t></r><rPh><t>x</t></rPh></si>"
    path = workbook(
        tmp_path,
        of(
            '<c r="A1" t="s"><v>0</v></c>',
            '<c r="B1" t="s"><v>1</v></c>',
            inline("C1", "=1+1"),
            inline("D1", "'x"),
        )
        + '<row r="2"><c r="A2" t="str"><f>"a"</f><v>_x000D__x005F_x000D_\n</v></c></row>',
        texts=texts,
    )
    assert cells(path) == [["slug", "a  b", "=1+1", "'x"], ["\n_x000D_\n", "", "", ""]]


def test_a_row_bears_its_number_and_is_as_wide_as_the_header(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        f'<row r="3">{inline("B3", "slug")}{inline("C3", "name")}</row><row r="5"><c r="C5" s="1"/></row>'
        f'<row r="9">{inline("B9", "dan")}</row><row>{inline("E10", "far")}</row>',
    )
    assert [(row.number, row.cells) for row in rows(path)] == [
        (3, ["", "slug", "name"]),
        (9, ["", "dan", ""]),
        (10, ["", "", "", "", "far"]),
    ]


def test_cells_without_a_place_stand_beside_each_other(tmp_path: Path) -> None:
    path = workbook(tmp_path, "<row><c><v>1</v></c><c/><c><v>3</v></c></row><row><c><v>4</v></c></row>")
    assert [(row.number, row.cells) for row in rows(path)] == [(1, ["1", "", "3"]), (2, ["4", "", ""])]


def test_of_merged_cells_the_first_holds_the_value(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["slug", "name", "notes"])
    book.active.append(["dan", "over two"])
    book.active.merge_cells("B2:C2")
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert cells(path) == [["slug", "name", "notes"], ["dan", "over two", ""]]


def test_a_cell_that_excel_holds_as_a_date_is_pointed_out(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        of(inline("A1", "stake"))
        + '<row r="2"><c r="A2" s="1"><v>44258</v></c><c r="B2" t="d"><v>2020-08-01</v></c></row>',
        codes=["d-mmm"],
    )
    assert rows(path)[1].cells == ["3-Mar", "2020-08-01"]
    assert rows(path)[1].dates == {0, 1}


def test_formats_of_parts_of_a_table_are_not_taken_for_those_of_cells(tmp_path: Path) -> None:
    assert cells(workbook(tmp_path, of('<c s="0"><v>44044</v></c>'))) == [["44044"]]


def test_a_calendar_from_1904_counts(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        of('<c s="1"><v>42582</v></c>', '<c s="1" t="d"><v>2020-08-01T00:00:00Z</v></c>'),
        codes=["mmm yyyy"],
        book='<workbookPr date1904="1"/>',
    )
    assert cells(path) == [["Aug 2020", "Aug 2020"]]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('<c r="A2" t="e"><v>#N/A</v></c>', "A2 shows the error #N/A; write the value, or empty the cell."),
        (
            '<c r="A2" t="e"><f>B9</f><v>#REF!</v></c>',
            "A2 shows the error #REF!; write the value, or empty the cell.",
        ),
        (
            '<c r="A2"><f>B1+1</f></c>',
            "A2 holds a formula without its result; open the workbook in Excel or LibreOffice and save it there.",
        ),
        (
            '<c r="A2"><f>B1+1</f><v></v></c>',
            "A2 holds a formula without its result; open the workbook in Excel or LibreOffice and save it there.",
        ),
        (
            '<c r="A2" s="1"><v>60</v></c>',
            "A2 shows a date, but holds 60, which is none; write the date anew.",
        ),
        (
            '<c r="A2" s="1"><v>-5</v></c>',
            "A2 shows a date, but holds -5, which is none; write the date anew.",
        ),
        ('<c r="A2"><v>NaN</v></c>', "A2 holds “NaN”, which is no number; write it anew."),
        ('<c r="A2"><v>1E999999</v></c>', "A2 holds “1E999999”, which is no number; write it anew."),
        ('<c r="A2" t="d"><v>soon</v></c>', "A2 holds “soon”, which is no date; write it anew."),
        (
            '<c r="A2" t="b"><v>7</v></c>',
            "A2 holds “7”, which is neither true nor false; write it anew.",
        ),
        (
            '<c r="A2" t="str"><v>a_xD800_b</v></c>',
            "A2 holds half a character (U+D800); take it out.",
        ),
    ],
)
def test_a_cell_that_shows_no_value_is_refused_by_its_name(cell: str, said: str, tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        f'{of(inline("A1", "slug"))}<row r="2">{cell}{inline("B2", "kept")}</row>',
        codes=["yyyy-mm-dd"],
    )
    assert rows(path)[1].refused == {0: said}
    assert rows(path)[1].cells[1] == "kept"


def test_a_formula_is_read_as_its_result(tmp_path: Path) -> None:
    path = workbook(
        tmp_path,
        of("<c><f>1+1</f><v>2</v></c>", '<c t="str"><f>A1</f><v/></c>', '<c t="b"><f>1</f><v>0</v></c>'),
    )
    assert cells(path) == [["2", "", "false"]]


def test_hidden_worksheets_are_passed_over(tmp_path: Path) -> None:
    path = workbook(
        tmp_path, of(inline("A1", "x")), of(inline("A1", "y")), of(inline("A1", "z")), states="-h-"
    )
    assert list(grids(path)) == ["Sheet1", "Sheet3"]


def test_a_workbook_that_shows_no_worksheet_is_refused(tmp_path: Path) -> None:
    said = "The workbook shows no worksheet; unhide the one that is to be read."
    assert refusal(workbook(tmp_path, of(inline("A1", "x")), states="h")) == (0, said)


def test_two_halves_of_a_character_are_one(tmp_path: Path) -> None:
    assert cells(workbook(tmp_path, of(inline("A1", "a_xD83D__xDE00_b_x00e9_")))) == [["a😀bé"]]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "cp1252"])
def test_the_documents_of_a_workbook_may_name_their_encoding(encoding: str, tmp_path: Path) -> None:
    document = f'<?xml version="1.0" encoding="{encoding}"?>{sheet_xml(of(inline("A1", "Köln")))}'
    made = parts("") | {"xl/worksheets/sheet1.xml": document.encode(encoding)}
    assert cells(archive(tmp_path, "book.xlsx", made)) == [["Köln"]]  # type: ignore[arg-type]


def test_a_grid_says_of_which_worksheet_it_is(tmp_path: Path) -> None:
    path = workbook(tmp_path, of(inline("A1", "slug")), "")
    found = [
        (grid.title, grid.file, grid.format, grid.guarded)
        for grid in read_grids(path, name="b.xlsx", known=len)
    ]
    assert found == [
        ("Sheet1", "b.xlsx (Sheet1)", Format.XLSX, False),
        ("Sheet2", "b.xlsx (Sheet2)", Format.XLSX, False),
    ]


def test_names_of_elements_may_have_a_prefix(tmp_path: Path) -> None:
    data = '<x:worksheet xmlns:x="x"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    made = parts("") | {"xl/worksheets/sheet1.xml": data}
    assert cells(archive(tmp_path, "book.xlsx", made)) == [["1"]]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"xl/workbook.xml": "<workbook>"},
            "The workbook is damaged (in “xl/workbook.xml” no element found: line 1",
        ),
        (
            {"xl/worksheets/sheet1.xml": "no"},
            "The workbook is damaged (in “xl/worksheets/sheet1.xml” syntax error",
        ),
        (
            {"xl/worksheets/sheet1.xml": sheet_xml('<row><c r="XFE1"/></row>')},
            "The workbook is damaged (in “xl/worksheets/sheet1.xml” a cell is named “XFE1”)",
        ),
        (
            {"xl/worksheets/sheet1.xml": sheet_xml('<row r="1048577"/>')},
            "The workbook is damaged (in “xl/worksheets/sheet1.xml” a row is numbered “1048577”)",
        ),
        (
            {"xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="EBCDIC-XX"?><worksheet/>'},
            "The workbook is damaged (in “xl/worksheets/sheet1.xml” unknown encoding",
        ),
        (
            {"xl/worksheets/sheet1.xml": '<?xml version="1.0" encoding="shift_jis"?><worksheet/>'},
            "The workbook is damaged (in “xl/worksheets/sheet1.xml” multi-byte encodings are not supported",
        ),
        (
            {
                "xl/worksheets/sheet1.xml": sheet_xml(
                    '<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
                )
            },
            "The workbook is damaged (in “xl/worksheets/sheet1.xml” B1 stands twice)",
        ),
        (
            {"xl/worksheets/sheet1.xml": sheet_xml('<row r="2"><c><v>1</v></c></row>' * 2)},
            "The workbook is damaged (in “xl/worksheets/sheet1.xml” row 2 stands behind row 2)",
        ),
        (
            {"xl/worksheets/sheet1.xml": sheet_xml('<row><c t="s"><v>7</v></c></row>')},
            "The workbook is damaged (it has no text 7)",
        ),
        (
            {"xl/worksheets/sheet1.xml": sheet_xml('<row><c t="s"><v>x</v></c></row>')},
            "The workbook is damaged (it has no text -1)",
        ),
        (
            {
                "_rels/.rels": "<Relationships><Relationship Target='no.xml' Type='/officeDocument'/></Relationships>"
            },
            "The workbook is damaged (“_rels/no.xml.rels” is missing)",
        ),
        (
            {"xl/workbook.xml": parts("", "")["xl/workbook.xml"].replace("Sheet2", "sheet1")},
            "The workbook has 2 worksheets of the name “sheet1”",
        ),
    ],
    ids=[
        "book",
        "sheet",
        "column",
        "row",
        "encoding",
        "wide encoding",
        "cell twice",
        "row twice",
        "text",
        "no number",
        "missing",
        "two of a name",
    ],
)
def test_a_damaged_workbook_is_refused(changed: dict[str, str], said: str, tmp_path: Path) -> None:
    path = archive(tmp_path, "book.xlsx", parts(of(inline("A1", "x"))) | changed)
    assert refusal(path)[1].startswith(said)

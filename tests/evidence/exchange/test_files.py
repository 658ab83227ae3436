"""Sheets as files: encodings, quotes, headers and rows; what cannot be read is refused with its place."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from claims.contract import TABLES
from evidence.contract import by_name
from evidence.exchange.sheets import Sheet, SheetRefused, read_sheets
from tests.sheets import Told, sheet, told


def read(*paths: Path, named: str = "") -> list[Sheet]:
    return read_sheets(paths, by_name(TABLES), named)


def refusal(*paths: Path, named: str = "") -> list[Told]:
    try:
        found = read(*paths, named=named)
    except SheetRefused as refused:
        return told(refused.faults)
    faults = [fault for sheet_ in found for fault in sheet_.faults]
    assert faults
    return told(faults)


def rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    (found,) = read(path)
    assert found.faults == []
    return [(line.number, line.cells) for line in found.lines]


@pytest.mark.parametrize(
    ("name", "table"),
    [("people.csv", "people"), ("06_people.csv", "people"), ("6-People.CSV", "people")],
)
def test_a_file_is_named_after_its_table(name: str, table: str, tmp_path: Path) -> None:
    (found,) = read(sheet(tmp_path, name, "slug,name\n"))
    assert (found.table.name, found.file, list(found.lines)) == (table, name, [])


def test_a_file_with_another_name_needs_its_table(tmp_path: Path) -> None:
    path = sheet(tmp_path, "peopel.csv", "slug,name\n")
    assert refusal(path) == [
        ("peopel.csv", 0, "", "peopel", "No table is named “peopel”; did you mean “people”?")
    ]
    assert read(path, named="people")[0].table.name == "people"


def test_a_folder_stands_for_its_csv_files_in_order(tmp_path: Path) -> None:
    for name in ("02_publishers.csv", "01_investigations.csv", "06_people.CSV"):
        sheet(tmp_path, name, "slug\n")
    sheet(tmp_path, "README.md", "no sheet")
    assert [found.file for found in read(tmp_path)] == [
        "01_investigations.csv",
        "02_publishers.csv",
        "06_people.CSV",
    ]


def test_a_column_may_be_named_as_people_see_it(tmp_path: Path) -> None:
    path = sheet(
        tmp_path, "sources.csv", "Slug,Archived URL,PUBLISHED, sha256\nreport,https://a.example,2020,\n"
    )
    assert read(path)[0].columns == ["slug", "archived_url", "published", "sha256"]
    assert rows(path)[0][1]["archived_url"] == "https://a.example"


def test_a_column_is_left_out_by_choice(tmp_path: Path) -> None:
    path = sheet(tmp_path, "people.csv", "slug,Remarks of mine,name\nlee,x,Lee\n")
    (found,) = read_sheets([path], by_name(TABLES), ignored=["Remarks of mine"])
    assert (found.faults, found.lines[0].cells) == ([], {"slug": "lee", "name": "Lee"})


def test_every_file_that_cannot_be_read_is_named_at_once(tmp_path: Path) -> None:
    sheet(tmp_path, "claims.csv", b"")
    sheet(tmp_path, "nothing.csv", "slug\n")
    sheet(tmp_path, "people.csv", "slug,names,names\n")
    assert {(file, line) for file, line, *_ in refusal(tmp_path)} == {
        ("claims.csv", 0),
        ("nothing.csv", 0),
        ("people.csv", 1),
    }


@pytest.mark.parametrize("text", ["", "\n", ",,\n", "\ufeff"], ids=ascii)
def test_a_file_without_a_header_is_refused(text: str, tmp_path: Path) -> None:
    path = sheet(tmp_path, "people.csv", text)
    said = "The file is empty; its first row has to name the columns."
    assert refusal(path) == [("people.csv", 0, "", "", said)]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    said = "There is no such file; look at the path."
    assert refusal(tmp_path / "people.csv") == [("people.csv", 0, "", "", said)]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = sheet(tmp_path, "people.csv", "\ufeffslug,name\ndan,Dan\n")
    assert rows(path) == [(2, {"slug": "dan", "name": "Dan"})]


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=ascii)
def test_line_ends_inside_and_between_cells_are_taken_as_one_kind(end: str, tmp_path: Path) -> None:
    text = end.join(["slug,name,notes", 'dan,Dan,"one', "", 'two "" three"', "eve,Eve,", ""])
    assert rows(sheet(tmp_path, "people.csv", text)) == [
        (2, {"slug": "dan", "name": "Dan", "notes": 'one\n\ntwo " three'}),
        (5, {"slug": "eve", "name": "Eve", "notes": ""}),
    ]


def test_white_space_around_cells_and_names_is_taken_off(tmp_path: Path) -> None:
    path = sheet(tmp_path, "people.csv", "slug , name\n dan ,\u00a0Dan \n")
    assert rows(path) == [(2, {"slug": "dan", "name": "Dan"})]


def test_empty_rows_are_passed_over_and_the_others_keep_their_line_numbers(tmp_path: Path) -> None:
    path = sheet(tmp_path, "people.csv", "slug,name\n\n,\ndan,Dan\n , \neve,Eve")
    assert [number for number, _ in rows(path)] == [4, 6]


def test_a_short_row_says_nothing_of_its_last_columns(tmp_path: Path) -> None:
    path = sheet(tmp_path, "people.csv", "slug,name,notes\ndan,Dan\n")
    assert rows(path) == [(2, {"slug": "dan", "name": "Dan"})]


def test_empty_cells_beyond_the_header_are_passed_over(tmp_path: Path) -> None:
    assert rows(sheet(tmp_path, "people.csv", "slug,name\ndan,Dan,,\n")) == [
        (2, {"slug": "dan", "name": "Dan"})
    ]


def test_a_row_with_more_cells_than_the_header_is_refused(tmp_path: Path) -> None:
    (found,) = read(sheet(tmp_path, "people.csv", "slug,name\ndan,Dan, Dr\neve,Eve\n"))
    said = "The row has 3 cells, the header 2; a comma may lack quotes."
    assert told(found.faults) == [("people.csv", 2, "", "", said)]
    assert [line.number for line in found.lines] == [2, 3]


@pytest.mark.parametrize(
    "text", ['slug,name\ndan,"Dan\neve,Eve\n', 'slug,name\ndan,"Dan"x\n'], ids=["open", "after"]
)
def test_broken_quotes_are_refused_at_their_line(text: str, tmp_path: Path) -> None:
    ((file, line, column, _, said),) = refusal(sheet(tmp_path, "people.csv", text))
    assert (file, line, column) == ("people.csv", 2, "")
    assert said.startswith("This is not well-formed CSV (")
    assert said.endswith("); look at its quotes.")


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_a_file_in_another_encoding_is_read(encoding: str, tmp_path: Path) -> None:
    path = sheet(tmp_path, "people.csv", "slug,name\ndan,Dan Bl\u00f6ndal – Dr\n".encode(encoding))
    assert rows(path) == [(2, {"slug": "dan", "name": "Dan Bl\u00f6ndal – Dr"})]


def test_a_file_with_a_nul_is_refused_with_its_line(tmp_path: Path) -> None:
    ((file, line, *_, said),) = refusal(sheet(tmp_path, "people.csv", "slug,name\ndan,Da\x00n\n"))
    assert (file, line) == ("people.csv", 2)
    assert said.startswith("There is a NUL character here")


@pytest.mark.parametrize("character", ["\x07", "\x1b", "\x7f", "\x9f", "\ufdd0"], ids=ascii)
def test_a_control_character_is_refused_at_its_cell(character: str, tmp_path: Path) -> None:
    (found,) = read(sheet(tmp_path, "people.csv", f"slug,name,notes\ndan,Da{character}n,x\n"))
    code = f"U+{ord(character):04X}"
    said = f"Character 3 is the control character {code}; take it out."
    assert told(found.faults) == [("people.csv", 2, "name", f"Da{character}n", said)]


def test_unknown_and_doubled_columns_are_all_named(tmp_path: Path) -> None:
    path = sheet(tmp_path, "people.csv", "slug,nmae,name,name\n")
    assert refusal(path) == [
        ("people.csv", 1, "nmae", "nmae", "people has no such column; did you mean “name”?"),
        ("people.csv", 1, "name", "name", "This column stands twice; take one out."),
    ]


def test_a_long_text_is_read_whole(tmp_path: Path) -> None:
    text = "word " * 60_000
    ((_, cells),) = rows(sheet(tmp_path, "people.csv", f"slug,notes\ndan,{text}\n"))
    assert cells["notes"] == text.strip()


def workbook(folder: Path, name: str, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for title, cells in sheets.items():
        page = book.create_sheet(title)
        for row in cells:
            page.append(row)
    path = folder / name
    book.save(path)
    return path


def test_the_worksheets_of_a_workbook_are_sheets_and_what_explains_them_is_passed_over(
    tmp_path: Path,
) -> None:
    path = workbook(
        tmp_path,
        "ledger.xlsx",
        people=[["slug", "name"], ["lee", "Lee"]],
        About=[["column", "meaning"]],
        companies=[["Slug", "Founded"], ["lg", date(2020, 8, 1)]],
        Sheet3=[],
    )
    people, companies = read(path)
    assert (people.file, people.table.name, people.lines[0].cells) == (
        "ledger.xlsx (people)",
        "people",
        {"slug": "lee", "name": "Lee"},
    )
    assert companies.lines[0].cells == {"slug": "lg", "founded": "2020-08-01"}


def test_a_workbook_of_one_worksheet_is_named_by_its_file(tmp_path: Path) -> None:
    (found,) = read(workbook(tmp_path, "people.xlsx", Sheet1=[["slug", "name"], ["lee", "Lee"]], Sheet2=[]))
    assert (found.table.name, len(found.lines)) == ("people", 1)


def test_a_date_that_excel_made_of_something_else_is_pointed_out(tmp_path: Path) -> None:
    path = workbook(tmp_path, "plants.xlsx", plants=[["slug", "capacity"], ["candiac", date(2021, 5, 3)]])
    ((_, line, column, value, message),) = refusal(path)
    assert (line, column, value) == (2, "capacity", "2021-05-03")
    assert message.startswith(
        "Excel holds this cell as a date, perhaps made of a number or a range such as 3-5"
    )


def test_json_says_nothing_of_what_an_object_lacks(tmp_path: Path) -> None:
    path = sheet(
        tmp_path, "people.json", '[{"slug": "lee", "name": "Lee"}, {"slug": "ng", "aliases": ["A", "B"]}]'
    )
    assert rows(path) == [(1, {"slug": "lee", "name": "Lee"}), (2, {"slug": "ng", "aliases": "A|B"})]


def test_a_json_file_of_several_tables_is_several_sheets(tmp_path: Path) -> None:
    people, topics = read(
        sheet(tmp_path, "all.json", '{"people": [{"slug": "lee"}], "topics": [{"slug": "lfp"}]}')
    )
    assert (people.table.name, people.file) == ("people", "all.json (people)")
    assert (topics.table.name, topics.lines[0].cells) == ("topics", {"slug": "lfp"})


def test_a_chosen_table_is_that_of_files_whose_columns_fit_it(tmp_path: Path) -> None:
    same = sheet(tmp_path, "people.csv", "slug,name\n")
    assert read(same, named="companies")[0].table.name == "companies"
    other = sheet(tmp_path, "people.csv", "slug,name,aliases\n")
    assert read(other, named="publishers")[0].table.name == "people"
    folder = tmp_path / "several"
    folder.mkdir()
    sheet(folder, "companies.csv", "slug,name,tickers\n")
    sheet(folder, "sources.csv", "slug,title\n")
    assert [one.table.name for one in read(folder, named="companies")] == ["companies", "sources"]


def test_a_folder_is_read_with_its_json_lines(tmp_path: Path) -> None:
    sheet(tmp_path, "people.jsonl", '{"slug": "dan", "name": "Dan"}\n')
    (found,) = read(tmp_path)
    assert [line.cells for line in found.lines] == [{"slug": "dan", "name": "Dan"}]

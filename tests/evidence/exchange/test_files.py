"""Sheets as files: encodings, quotes, headers and rows; what cannot be read is refused with its place."""

from pathlib import Path

import pytest

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
    assert (found.table.name, found.file, found.lines) == (table, name, [])


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
    said = "There is no such file or folder; look at the path."
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


def test_a_file_that_is_not_utf8_is_refused_with_the_byte(tmp_path: Path) -> None:
    path = sheet(tmp_path, "people.csv", "slug,name\ndan,Dan Bl\u00f6ndal\n".encode("cp1252"))
    ((file, _, _, _, said),) = refusal(path)
    assert file == "people.csv"
    assert said == "Byte 21 is not UTF-8; save the sheet as CSV in UTF-8."


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x9f", "\ufdd0"], ids=ascii)
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

"""JSON: which shapes hold rows, what stands in a cell, and what is refused with its place."""

import json
from pathlib import Path

import pytest

from evidence.exchange.files import read_grids
from tests.files import cells, file, grids, refusal, rows


def shown(folder: Path, value: str) -> str:
    """What a cell shows of a value of JSON."""
    return cells(file(folder, "people.json", f'[{{"slug": {value}}}]'))[1][0]


def test_a_list_of_objects_is_a_grid_of_their_names_and_values(tmp_path: Path) -> None:
    path = file(tmp_path, "people.json", '[{"slug": "dan", "name": "Dan"}, {"notes": "x", "slug": "eve"}]')
    assert grids(path).keys() == {"people"}
    found = rows(path)
    assert [(row.number, row.cells) for row in found] == [
        (0, ["slug", "name", "notes"]),
        (1, ["dan", "Dan", ""]),
        (2, ["eve", "", "x"]),
    ]
    assert [row.absent for row in found] == [set(), {2}, {1}]


def test_an_object_of_lists_holds_a_grid_for_each(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "all.json",
        '{"none": [], "people": [{"slug": "dan"}], "claims": [{"name": "c"}, {"name": "d"}]}',
    )
    assert {title: [row.cells for row in found] for title, found in grids(path).items()} == {
        "none": [[]],
        "people": [["slug"], ["dan"]],
        "claims": [["name"], ["c"], ["d"]],
    }


@pytest.mark.parametrize("text", ['{"slug": "dan"}\n\n{"slug": "eve"}\n', '{"slug":\n"dan"} {"slug": "eve"}'])
def test_objects_one_after_the_other_are_rows(text: str, tmp_path: Path) -> None:
    assert cells(file(tmp_path, "people.jsonl", text)) == [["slug"], ["dan"], ["eve"]]


def test_an_object_a_line_is_numbered_by_its_line(tmp_path: Path) -> None:
    path = file(tmp_path, "people.jsonl", '{"slug": "dan"}\n\n{"slug": "eve"}\n')
    assert [row.number for row in rows(path)] == [0, 1, 3]


def test_an_object_whose_first_value_is_a_list_of_texts_is_a_row(tmp_path: Path) -> None:
    path = file(tmp_path, "people.jsonl", '{"notes": ["a", "b|c"], "slug": "dan"}\n{"notes": []}')
    assert cells(path) == [["notes", "slug"], ["a|b\\|c", "dan"], ["", ""]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("null", ""),
        ("true", "true"),
        ("false", "false"),
        ("0.10", "0.10"),
        ("-0", "-0"),
        ("1E5", "1E5"),
        ("12345678901234567890.5", "12345678901234567890.5"),
        ('["a", 1.50, true, "b|c"]', "a|1.50|true|b\\|c"),
        ("[]", ""),
        ('"\\u00e9\\ud83d\\ude00\\r\\n"', "é😀\n"),
        ('"=1+1"', "=1+1"),
    ],
)
def test_a_value_is_shown_as_it_is_printed(value: str, text: str, tmp_path: Path) -> None:
    assert shown(tmp_path, value) == text


@pytest.mark.parametrize("value", ['{"a": 1}', "[[1]]", '["a", {}]', "{}"])
def test_a_value_inside_a_value_is_refused_at_its_cell(value: str, tmp_path: Path) -> None:
    path = file(tmp_path, "people.json", f'[{{"slug": "dan"}}, {{"slug": "eve", "name": {value}}}]')
    said = (
        "“name” of object 2 holds more than one value in each other; "
        "write texts, numbers, true, false, null, or lists of them."
    )
    assert rows(path)[2].refused == {1: said}
    assert rows(path)[2].cells == ["eve", value]


def test_a_refused_value_is_shown_down_to_some_depth(tmp_path: Path) -> None:
    value = '{"a": [1.50, "1.50", true, null, "ö"]}'
    (_, row) = rows(file(tmp_path, "people.json", f'[{{"slug": {value}, "name": {"[" * 500}{"]" * 500}}}]'))
    assert row.cells == [value, f"{'[' * 9}…{']' * 9}"]


@pytest.mark.parametrize(
    ("value", "sign"),
    [(r"a\ud800b", "D800"), (r"\udc00\ud800", "DC00"), (r"\ud83d\ude00\udfff", "DFFF")],
)
def test_half_a_character_is_refused_at_its_cell_and_spelt_so_that_it_can_be_shown(
    value: str, sign: str, tmp_path: Path
) -> None:
    (_, row) = rows(file(tmp_path, "people.json", f'[{{"slug": "{value}", "name": [["{value}"]]}}]'))
    assert row.refused[0] == f"“slug” of object 1 holds half a character (U+{sign}); take it out."
    assert row.refused[1].startswith("“name” of object 1 holds ")
    assert row.cells[0] == value.replace(r"\ud83d\ude00", "😀")


def test_names_of_columns_and_tables_with_half_a_character_can_be_shown(tmp_path: Path) -> None:
    path = file(tmp_path, "all.json", r'{"\ud800": [{"a\udfff": "x"}]}')
    assert {title: found[0].cells for title, found in grids(path).items()} == {r"\ud800": [r"a\udfff"]}


def test_a_name_that_stands_twice_is_refused_at_its_cell(tmp_path: Path) -> None:
    path = file(tmp_path, "people.json", '[{"slug": "dan", "slug": "eve"}]')
    assert rows(path)[1].refused == {0: "“slug” stands twice in object 1; take one out."}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('[{"slug": "dan"}\n{"slug": "eve"}]', 2, "There is “{” where “,” or “]” is expected"),
        ('[{"slug": "dan"}', 1, "There is the end of the file where “,” or “]” is expected"),
        ('[{"slug": "dan"}]\n[]', 2, "Something stands behind the end"),
        ('[{"slug": "dan"},\n\n]', 3, "Item 2 of the list is no object"),
        ('[{"slug":\n dan}]', 2, "This is not well-formed JSON (Expecting value)"),
        ('[{"slug": "dan', 1, "This is not well-formed JSON (Unterminated string starting at)"),
        ('[{"slug": "d\nan"}]', 1, "This is not well-formed JSON (Invalid control character at)"),
        ('[{"slug": NaN}]', 1, "NaN is no number"),
        ('[{"slug": -Infinity}]', 1, "-Infinity is no number"),
        ('{"a": [{"slug": "dan"}], "a": []}', 1, "The table “a” stands twice"),
        ('{"a": [{"slug": "dan"}], "b": 5}', 1, "There is “5” where “[” is expected"),
        ('{"slug": "dan"}\n5', 2, "This is no object"),
        ('{"slug": "dan"}, {"slug": "eve"}', 1, "This is no object"),
        ('{"slug": "dan"} {"slug": "eve"}', 1, "Two objects start on this line"),
        ('{"slug": "dan"}\n{"slug": "eve"}{"slug": "fay"}', 2, "Two objects start on this line"),
    ],
)
def test_what_is_no_list_of_objects_is_refused_at_its_line(
    text: str, line: int, said: str, tmp_path: Path
) -> None:
    found = refusal(file(tmp_path, "people.json", text))
    assert found == (
        line,
        f"{said}. A JSON file holds a list of objects, an object of such lists by table, or an object a line.",
    )


def test_objects_are_read_across_the_pieces_in_which_a_file_is_read(tmp_path: Path) -> None:
    objects = [{"slug": f"s{n}", "notes": "ö" * (n * 37 % 500) + '"\\'} for n in range(2000)]
    path = file(tmp_path, "people.json", json.dumps(objects, ensure_ascii=False, indent=1))
    assert cells(path)[1:] == [[each["slug"], each["notes"]] for each in objects]


def test_a_long_text_is_read_whole(tmp_path: Path) -> None:
    text = "word " * 100_000
    assert shown(tmp_path, json.dumps(text)) == text


def test_a_list_that_the_reader_passes_over_does_not_hide_the_next(tmp_path: Path) -> None:
    path = file(tmp_path, "all.json", '{"a": [{"x": 1}, {"x": 2}], "b": [{"y": 3}]}')
    titles, last = [], []
    for grid in read_grids(path, name="all.json", known=len):
        titles.append(grid.title)
        if grid.title == "b":
            last = [row.cells for row in grid.rows]
    assert (titles, last) == (["a", "b"], [["y"], ["3"]])

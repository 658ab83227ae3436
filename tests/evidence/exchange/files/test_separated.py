"""Cells with commas between them: every specimen to the cells that its JSON states, what is malformed to its line."""

import json
import os
from pathlib import Path

import pytest

from evidence.exchange.files import Format, Grid, read_grids
from tests.files import cells, file, grids, known, refusal, rows

SPECIMENS = sorted((Path(__file__).parents[3] / "specimens/csv").glob("*.csv"))


def grid(path: Path, name: str = "") -> Grid:
    (found,) = read_grids(path, name=name or path.name, known=known)
    return found


@pytest.mark.parametrize("path", SPECIMENS, ids=lambda path: path.stem)
def test_a_specimen_is_read_to_its_cells(path: Path) -> None:
    assert cells(path) == json.loads(path.with_suffix(".json").read_text())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=ascii)
def test_a_row_bears_the_number_of_the_line_on_which_it_starts(end: str, tmp_path: Path) -> None:
    text = end.join(["slug,notes", 'dan,"one', "", 'two"', "", "eve,", ""])
    found = rows(file(tmp_path, "people.csv", text))
    assert [(row.number, row.cells) for row in found] == [
        (1, ["slug", "notes"]),
        (2, ["dan", "one\n\ntwo"]),
        (5, []),
        (6, ["eve", ""]),
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('slug\n"dan\neve\n', 2, "a quote is opened and never closed"),
        ('slug\n"dan"x\n', 2, "a cell goes on after its closing quote"),
        ('slug\n"dan" \n', 2, "a cell goes on after its closing quote"),
        ('slug\n"a\nb"\n"say \\"hi\\""\n', 4, "a cell goes on after its closing quote"),
        ('slug,name\ndan, "Blondal, Dan"\n', 2, "a quote stands behind a blank"),
        ('slug,name\nx,"1"\ndan,\t"Blondal"\n', 3, "a quote stands behind a blank"),
    ],
    ids=["never closed", "text behind", "blank behind", "backslashes", "blank before", "tab before"],
)
def test_a_malformed_quote_is_refused_at_its_line(text: str, line: int, said: str, tmp_path: Path) -> None:
    found = refusal(file(tmp_path, "people.csv", text))
    assert found[0] == line
    assert found[1].startswith(f"This is not well-formed CSV ({said}); ")


def test_a_quoted_cell_may_hold_a_blank_and_a_quote(tmp_path: Path) -> None:
    path = file(tmp_path, "people.csv", 'slug,name\ndan," ""a"", b"\n')
    assert cells(path)[1] == ["dan", ' "a", b']


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_under_which_the_names_are_known(delimiter: str, tmp_path: Path) -> None:
    path = file(
        tmp_path, "people.csv", f"{delimiter.join(['slug', 'name', 'x,y;z'])}\n".replace("x,y;z", '"x,y;z|"')
    )
    assert cells(path) == [["slug", "name", "x,y;z|"]]
    assert grid(path).format == (Format.TSV if delimiter == "\t" else Format.CSV)


def test_where_as_many_names_are_known_the_comma_is_taken(tmp_path: Path) -> None:
    assert cells(file(tmp_path, "people.csv", "a;b,c\n")) == [["a;b", "c"]]


def test_where_as_many_names_are_known_a_file_named_tsv_has_tabs(tmp_path: Path) -> None:
    assert cells(file(tmp_path, "people.tsv", "a,b\tc\n")) == [["a,b", "c"]]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_header_that_is_too_wide_is_refused_under_its_own_delimiter(delimiter: str, tmp_path: Path) -> None:
    header = delimiter.join(["slug", *(f"column {n}" for n in range(300))])
    assert refusal(file(tmp_path, "people.csv", header)) == (
        1,
        "The row has 301 cells, more than the 300 columns that are read; delete the columns that are not needed.",
    )


def test_a_quoted_header_may_go_over_several_lines(tmp_path: Path) -> None:
    path = file(tmp_path, "people.csv", 'slug;"na\nme";notes\n1;2;3\n')
    assert [(row.number, row.cells) for row in rows(path)] == [
        (1, ["slug", "na\nme", "notes"]),
        (3, ["1", "2", "3"]),
    ]


@pytest.mark.parametrize("mark", ["sep=;", "SEP=;", "\ufeffsep=;"], ids=ascii)
def test_the_delimiter_that_excel_names_is_honoured_and_its_line_counted(mark: str, tmp_path: Path) -> None:
    path = file(tmp_path, "people.csv", f"{mark}\r\nslug;a,b\r\n")
    assert [(row.number, row.cells) for row in rows(path)] == [(2, ["slug", "a,b"])]


def test_a_quoted_cell_names_no_delimiter(tmp_path: Path) -> None:
    assert cells(file(tmp_path, "people.csv", '"sep=;"\n')) == [["sep=;"]]


def test_an_empty_file_has_no_rows(tmp_path: Path) -> None:
    assert grids(file(tmp_path, "people.csv", "")) == {"people": []}


def test_a_grid_is_named_after_the_file_as_people_call_it(tmp_path: Path) -> None:
    found = grid(file(tmp_path, "tmpx81", "slug\n"), name="15_claims.csv")
    assert (found.title, found.file, found.guarded) == ("15_claims", "15_claims.csv", True)


def test_a_grid_that_is_not_read_does_no_harm(tmp_path: Path) -> None:
    for found in read_grids(file(tmp_path, "people.csv", "slug\n" * 100), name="people.csv", known=known):
        assert next(found.rows).cells == ["slug"]


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "people.csv") == (0, "There is no such file; look at the path.")
    assert refusal(tmp_path)[1] == "The file cannot be read: Is a directory."


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "people.csv"
    os.mkfifo(pipe)
    both_ends = os.open(pipe, os.O_RDWR)  # so that opening it waits for nobody
    said = "The file cannot be read: it can be read once only; save it as a file first."
    assert refusal(pipe) == (0, said)
    os.close(both_ends)

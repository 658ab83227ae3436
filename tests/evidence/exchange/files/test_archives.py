"""A ZIP archive of files is a folder of tables; nothing in it is believed, and nothing is written under its names."""

import zipfile
from pathlib import Path

import pytest

from evidence.exchange.files import FileRefused, Format, read_grids
from tests.files import archive, file, grids, inline, known, parts, refusal, written


def test_an_archive_holds_the_grids_of_its_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    book = archive(tmp_path, "inner.xlsx", parts(f"<row>{inline('A1', 'slug')}</row>")).read_bytes()
    path = archive(
        tmp_path,
        "tables.zip",
        {
            "06_people.csv": "slug\ndan\n",
            "02_publishers.tsv": "slug\tname\n",
            "03_sources.json": '[{"slug": "s"}]',
            "deep/05_book.xlsx": book,
            "README.md": "# no sheet",
            ".hidden.csv": "slug\n",
            "__MACOSX/._06_people.csv": "\0",
            ".git/claims.csv": "slug\n",
            "folder/": "",
        },
    )
    assert {title: [row.cells for row in rows] for title, rows in grids(path).items()} == {
        "02_publishers": [["slug", "name"]],
        "03_sources": [["slug"], ["s"]],
        "06_people": [["slug"], ["dan"]],
        "Sheet1": [["slug"]],
    }
    names = [grid.file for grid in read_grids(path, name="tables.zip", known=known)]
    assert names == [
        "tables.zip/02_publishers.tsv",
        "tables.zip/03_sources.json",
        "tables.zip/05_book.xlsx (Sheet1)",
        "tables.zip/06_people.csv",
    ]


def test_files_of_one_name_in_several_folders_are_told_apart(tmp_path: Path) -> None:
    members = {"a/people.csv": "slug\n", "b/People.csv": "slug\n", "b/claims.csv": "slug\n"}
    path = archive(tmp_path, "t.zip", members)  # type: ignore[arg-type]
    assert [(grid.title, grid.file) for grid in read_grids(path, name="t.zip", known=known)] == [
        ("People", "t.zip/b/People.csv"),
        ("claims", "t.zip/claims.csv"),
        ("people", "t.zip/a/people.csv"),
    ]


def test_a_file_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    path = archive(
        tmp_path, "t.zip", {"a.csv": b"\x81", "b.csv": "slug\n", "c.pdf.csv": "%PDF-", "d.xls": "slug\n"}
    )
    found: dict[str, object] = {}
    for grid in read_grids(path, name="t.zip", known=known):
        try:
            found[grid.file] = [row.cells for row in grid.rows]
        except FileRefused as refused:
            found[grid.file] = refused.message
    assert found == {
        "t.zip/a.csv": "Byte 1 is not Windows-1252; save the sheet as CSV in UTF-8.",
        "t.zip/b.csv": [["slug"]],
        "t.zip/c.pdf.csv": "This is a PDF document, which is not read; save the table as an Excel "
        "workbook (.xlsx) or as CSV in UTF-8.",
        "t.zip/d.xls": [["slug"]],
    }


def test_the_rows_of_all_files_count_together(tmp_path: Path) -> None:
    path = archive(tmp_path, "t.zip", {"a.csv": "slug\n" * 60_001, "b.csv": "slug\n" * 40_001})
    assert sum(map(len, grids(path).values())) == 100_002
    path = archive(tmp_path, "t.zip", {"a.csv": "slug\n" * 60_001, "b.csv": "slug\n" * 40_002})
    assert refusal(path) == (
        40_002,
        "The file has more than the 100,000 rows that are read at once; split it into several.",
    )


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/evil.csv", "a\\..\\evil.csv", "C:evil.csv"])
def test_a_name_that_leads_out_of_the_archive_leads_nowhere(name: str, tmp_path: Path) -> None:
    path = archive(tmp_path, "t.zip", {name: "slug\n"})
    before = sorted(tmp_path.iterdir())
    assert [rows[0].cells for rows in grids(path).values()] == [["slug"]]
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "members", [{}, {"README.md": "x"}, {".a.csv": "slug\n"}], ids=["none", "no sheet", "hidden"]
)
def test_an_archive_without_a_sheet_is_refused(members: dict[str, str | bytes], tmp_path: Path) -> None:
    said = "The archive holds no sheet; put CSV, TSV, JSON or Excel files (.xlsx) into it."
    assert refusal(archive(tmp_path, "t.zip", members)) == (0, said)


def test_an_archive_under_a_password_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path, "t.zip", {"a.csv": "slug\n"})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(file(tmp_path, "t.zip", bytes(data))) == (
        0,
        "The file is under a password; take the password off.",
    )


@pytest.mark.parametrize("how", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_an_archive_packed_in_an_unusual_way_is_refused(how: int, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w", how) as packed:
        packed.writestr("a.csv", "slug\n")
    said = "The file is packed in a way that is not read; pack or save it anew the usual way."
    assert refusal(tmp_path / "t.zip") == (0, said)


def test_a_member_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.csv", "slug\n")
        packed.writestr("A.csv", "slug\n")
    assert refusal(path) == (0, "The file holds “a.csv” 2 times; pack or save it anew.")


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("form", [Format.XLSX, "zip"])
def test_an_archive_that_was_cut_off_is_refused(form: str, keep: float, tmp_path: Path) -> None:
    whole = written(Format.XLSX, ["slug"], [[f"s{n}"] for n in range(500)])
    if form == "zip":
        whole = archive(tmp_path, "t.zip", {"a.csv": "slug\n" * 1000}).read_bytes()
    assert refusal(file(tmp_path, f"cut.{form}", whole[: int(len(whole) * keep)]))[1].startswith(
        "The file is damaged ("
    )


@pytest.mark.parametrize("seed", range(40))
def test_an_archive_with_a_wrong_byte_is_read_or_refused(seed: int, tmp_path: Path) -> None:
    whole = bytearray(written(Format.XLSX, ["slug", "name"], [[f"s{n}", "Dan"] for n in range(20)]))
    place = seed * len(whole) // 40
    whole[place] ^= 0x55
    try:
        found = grids(file(tmp_path, "t.xlsx", bytes(whole)))
    except FileRefused:
        return
    assert all(len(row.cells) == 2 for rows in found.values() for row in rows)

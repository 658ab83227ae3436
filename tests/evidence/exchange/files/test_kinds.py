"""What a file is, whatever it is called; what is no sheet is refused by its name."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from evidence.exchange.files import Format
from tests.files import archive, cells, file, refusal, written

ROWS: Sequence[Sequence[str]] = [["dan", "Dan"]]
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize("form", list(Format))
@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json", "pdf", ""])
def test_the_content_decides_and_not_the_name(form: Format, suffix: str, tmp_path: Path) -> None:
    path = file(tmp_path, f"people.{suffix}", written(form, ["slug", "name"], ROWS))
    assert cells(path) == [["slug", "name"], ["dan", "Dan"]]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (
            OLD + "Workbook".encode("utf-16-le"),
            "This is a workbook of an old Excel (.xls), which is not read; ",
        ),
        (
            OLD + "EncryptedPackage".encode("utf-16-le"),
            "This is a workbook under a password; take the password off, or ",
        ),
        (OLD + "WordDocument".encode("utf-16-le"), "This is a Word document, which is not read; "),
        (OLD, "This is a document of an old Office program, which is not read; "),
        (b"\x09\x08\x06\x00\x00\x05\x10\x00", "This is a workbook of an old Excel (.xls), which"),
        (b"%PDF-1.7\n", "This is a PDF document, which is not read; "),
        (b"\x89PNG\r\n\x1a\n", "This is a picture (PNG), which"),
        (b"\xff\xd8\xff\xe0", "This is a picture (JPEG), which"),
        (b"<!DOCTYPE html>\n<html>", "This is a web page, perhaps one that asks to sign in; download"),
        (b"\xef\xbb\xbf <!-- x -->\n<HTML lang=en>", "This is a web page"),
        (b"<table><tr><td>slug", "This is a web page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "This is a workbook in the XML of Excel 2003, which",
        ),
        (b'<?xml version="1.0"?><x/>', "This is an XML document, which"),
        (b"\x1f\x8b\x08\x00", "This is a gzip archive; unpack it first, then save"),
        (b"SQLite format 3\x00", "This is an SQLite database, which"),
    ],
    ids=lambda value: value[:30] if isinstance(value, bytes) else "",
)
def test_what_is_no_sheet_is_refused_by_name(content: bytes, name: str, tmp_path: Path) -> None:
    line, said = refusal(file(tmp_path, "people.csv", content))
    assert (line, said[: len(name)]) == (0, name)
    assert said.endswith("save the table as an Excel workbook (.xlsx) or as CSV in UTF-8.")


@pytest.mark.parametrize(
    ("members", "name"),
    [
        (
            {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"},
            "This is an OpenDocument file (such as .ods)",
        ),
        ({"Index/Document.iwa": "x"}, "This is a document of Numbers, Pages or Keynote"),
        (
            {"[Content_Types].xml": "application/vnd.ms-excel.sheet.binary"},
            "This is a binary workbook (.xlsb)",
        ),
        ({"[Content_Types].xml": "…wordprocessingml…"}, "This is a Word document"),
        ({"[Content_Types].xml": "…"}, "This is an Office document without worksheets"),
    ],
    ids=["ods", "numbers", "xlsb", "docx", "vsdx"],
)
def test_other_archives_of_office_programs_are_refused_by_name(
    members: dict[str, str | bytes], name: str, tmp_path: Path
) -> None:
    said = refusal(archive(tmp_path, "people.xlsx", members))[1]
    assert (
        said == f"{name}, which is not read; save the table as an Excel workbook (.xlsx) or as CSV in UTF-8."
    )


@pytest.mark.parametrize(
    "text", ["PAR1,BM,GIF\n", "MZ;II*\n", "<b>,x\n", "[slug],{name}\n", "{slug},x\n", "PK,x\n"]
)
def test_a_header_that_looks_like_something_else_is_still_a_header(text: str, tmp_path: Path) -> None:
    assert len(cells(file(tmp_path, "people.csv", text))) == 1


def test_a_name_with_json_decides_where_a_bracket_could_be_either(tmp_path: Path) -> None:
    assert cells(file(tmp_path, "people.csv", "[1,2]\n")) == [["[1", "2]"]]
    assert "Item 1 of the list is no object" in refusal(file(tmp_path, "people.json", "[1,2]\n"))[1]

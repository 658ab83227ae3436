"""In which encoding a text file is written: its marks, its bytes, and the place of those that mean nothing."""

from pathlib import Path

import pytest

from tests.files import cells, file, refusal

TEXT = "slug,name\ndan,Blöndal – “€5”\n"
CELLS = [["slug", "name"], ["dan", "Blöndal – “€5”"]]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
    ],
    ids=["UTF-8", "UTF-8 with a mark", "UTF-16 LE", "UTF-16 BE", "Windows-1252"],
)
def test_an_encoding_is_found_out(content: bytes, tmp_path: Path) -> None:
    assert cells(file(tmp_path, "people.csv", content)) == CELLS


@pytest.mark.parametrize("byte", [0x81, 0x8D, 0x8F, 0x90, 0x9D])
def test_a_byte_that_windows_does_not_have_is_refused_with_its_place(byte: int, tmp_path: Path) -> None:
    path = file(tmp_path, "people.csv", b"slug,name\r\ndan,\xf6 " + bytes([byte]))
    assert refusal(path) == (2, "Byte 18 is not Windows-1252; save the sheet as CSV in UTF-8.")


def test_a_file_that_is_utf_8_but_for_some_bytes_is_refused_rather_than_misread(tmp_path: Path) -> None:
    path = file(tmp_path, "people.csv", "slug,name\ndan,Blöndal – ö\n".encode() + b"eve,\xf6\n")
    assert refusal(path) == (3, "Byte 35 is not UTF-8; save the sheet as CSV in UTF-8.")


def test_a_file_cut_off_inside_a_character_is_refused(tmp_path: Path) -> None:
    path = file(tmp_path, "people.csv", "slug\nBlöndal – “".encode()[:-1])
    assert refusal(path)[1] == "Byte 19 is not UTF-8; save the sheet as CSV in UTF-8."


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"\xef\xbb\xbfslug\n\xf6\n", (2, "Byte 9 is not UTF-8; save the sheet as CSV in UTF-8.")),
        (
            b"\xff\xfe" + "slug\n".encode("utf-16-le") + b"\x00\xd8x\x00",
            (2, "Byte 13 is not UTF-16; save the sheet as CSV in UTF-8."),
        ),
        (
            b"\xff\xfe" + "slug\n".encode("utf-16-le") + b"x",
            (2, "Byte 13 is not UTF-16; save the sheet as CSV in UTF-8."),
        ),
    ],
    ids=["UTF-8", "half a pair", "half a character"],
)
def test_what_does_not_keep_to_its_mark_is_refused(
    content: bytes, place: tuple[int, str], tmp_path: Path
) -> None:
    assert refusal(file(tmp_path, "people.csv", content)) == place


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"slug\r\nd\0n\r\n", "UTF-8"),
        ("slug\r\nd\0n".encode("utf-16"), "UTF-16"),
        (b"slug\r\n\xf6\0n", "Windows-1252"),
    ],
    ids=["UTF-8", "UTF-16", "Windows-1252"],
)
def test_a_nul_is_refused_with_its_line(content: bytes, name: str, tmp_path: Path) -> None:
    said = f"There is a NUL character here, so this is no text in {name}; save the sheet as CSV in UTF-8."
    assert refusal(file(tmp_path, "people.csv", content)) == (2, said)


def test_places_far_into_a_file_are_told_too(tmp_path: Path) -> None:
    far = b"slug\r\n" + b"dan\r\n" * 500_000
    assert refusal(file(tmp_path, "people.csv", far + b"\xf6\n\x81"))[0] == 500_003
    assert refusal(file(tmp_path, "people.csv", far + b"\0"))[0] == 500_002


def test_utf_16_without_a_mark_is_refused(tmp_path: Path) -> None:
    assert refusal(file(tmp_path, "people.csv", "slug\n".encode("utf-16-le")))[0] == 1

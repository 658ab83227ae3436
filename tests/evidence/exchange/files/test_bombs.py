"""Files made to fill memory or time: each is refused before it costs anything, naming the limit and the way out."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.files import archive, file, inline, parts, refusal, rows, sheet_xml, workbook

MIB = 2**20
LONG_TEXT = f"<si><t>{'word ' * 200_000}</t></si>"
NUMBERS = " ".join(map(str, range(1_000_000)))
"""A text of 6.9 million characters that cannot be packed tightly."""
HEADER = "<row r='1'>" + inline("A1", "slug") + "</row>"


def laughs(levels: int) -> str:
    """A worksheet with a text of ten to this many words, by entities."""
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, levels + 1)
    )
    return f"<!DOCTYPE x [{entities}]>" + sheet_xml(f"<row>{inline('A1', 'X')}</row>").replace(
        "X", f"&a{levels};"
    )


def quadratic() -> str:
    """A worksheet that says one long entity many times."""
    return f'<!DOCTYPE x [<!ENTITY a "{"ha" * 20_000}">]>' + sheet_xml(
        f"<row>{inline('A1', 'X')}</row>"
    ).replace("X", "&a;" * 20_000)


def packed(folder: Path, member: str, size: int) -> Path:
    """An archive of one member of so many equal bytes."""
    path = folder / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb, bomb.open(member, "w") as out:
        for _ in range(size // MIB):
            out.write(b"a" * MIB)
    return path


def overlapping(folder: Path) -> Path:
    """An archive whose hundred entries are all the same bytes."""
    path = archive(folder, "bomb.zip", {"a.csv": "slug\n" * 100_000})
    data = path.read_bytes()
    place = data.index(b"PK\x01\x02")
    entry, end = data[place : data.index(b"PK\x05\x06")], data[data.index(b"PK\x05\x06") :]
    entries = b"".join(entry.replace(b"a.csv", b"%05d" % n) for n in range(100))
    path.write_bytes(
        data[:place] + entries + end[:8] + struct.pack("<HHL", 100, 100, len(entries)) + end[16:]
    )
    return path


def forged(folder: Path) -> Path:
    """An archive whose member unpacks to more than it says."""
    path = archive(folder, "bomb.zip", {"a.csv": "slug\n" * 1_000_000})
    path.write_bytes(path.read_bytes().replace(struct.pack("<L", 5_000_000), struct.pack("<L", 50)))
    return path


def many_entries(folder: Path) -> Path:
    """An archive that says in its directory that it holds 300,000 files."""
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"a"
    entries = entry * 300_000
    end = b"PK\x05\x06" + bytes(4) + struct.pack("<HHLLH", 0, 0, len(entries), 0, 0)
    return file(folder, "bomb.zip", b"PK\x03\x04" + entries + end)


def nested(folder: Path) -> Path:
    inner = archive(folder, "inner.zip", {"a.csv": "slug\n"}).read_bytes()
    return archive(folder, "bomb.zip", {"inner.csv": inner})


def formatted(count: int) -> str:
    """Rows of a worksheet that hold nothing but a format."""
    return "".join(f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(2, count))


BOMBS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "a member packed a thousandfold": (
        lambda folder: packed(folder, "a.csv", 300 * MIB),
        "“a.csv” unpacks to 300 MiB, more than 200 times of what it is packed into",
    ),
    "members that are too large together": (
        lambda folder: archive(folder, "a.zip", {f"{n}.csv": b"a" * MIB for n in range(513)}),
        "The file unpacks to more than the 512 MiB that are read",
    ),
    "a directory of 300,000 entries": (many_entries, "more than the 1,000 entries"),
    "a thousand and one entries": (
        lambda folder: archive(folder, "a.zip", {f"{n}.csv": b"" for n in range(1001)}),
        "more than the 1,000 entries",
    ),
    "an archive in an archive": (nested, "Archives inside of archives are not read"),
    "entries that lie across each other": (overlapping, "lies across others"),
    "a forged size": (forged, "The file is damaged"),
    "a billion laughs": (lambda folder: workbook(folder, laughs(9)), "it has a document type"),
    "one long entity many times": (lambda folder: workbook(folder, quadratic()), "it has a document type"),
    "entities in the shared strings": (
        lambda folder: archive(
            folder,
            "a.xlsx",
            parts(HEADER)
            | {"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a "a">]><sst><si><t>&a;</t></si></sst>'},
        ),
        "it has a document type",
    ),
    "an endless tag": (
        lambda folder: workbook(folder, sheet_xml('<row r="' + "".join(map(str, range(400_000))) + '"/>')),
        "a tag does not end",
    ),
    "elements nested without end": (
        lambda folder: workbook(folder, sheet_xml("<row>" + "<c>" * 100_000)),
        "elements are nested too deep",
    ),
    "a million formatted cells": (
        lambda folder: workbook(folder, HEADER + formatted(500_000)),
        "more than 500,000 empty cells with a format; delete the empty rows",
    ),
    "16,384 columns": (
        lambda folder: workbook(folder, f"<row>{'<c><v>1</v></c>' * 16_384}</row>"),
        "The row has 301 cells, more than the 300 columns",
    ),
    "a giant shared string": (
        lambda folder: workbook(folder, HEADER, texts=f"<si><t>{NUMBERS}</t></si>"),
        "more than the 1,048,576 characters",
    ),
    "a million shared strings": (
        lambda folder: workbook(
            folder, HEADER, texts="".join(f"<si><t>{n}</t></si>" for n in range(1_000_001))
        ),
        "more than 1,000,000 texts",
    ),
    "a long shared string said a million times": (
        lambda folder: workbook(
            folder,
            "".join(f'<row><c t="s"><v>0</v></c><c><v>{n}</v></c></row>' for n in range(100_000)),
            texts=LONG_TEXT,
        ),
        "The file unpacks to more than the 512 MiB",
    ),
    "a long shared string in every cell of a row": (
        lambda folder: workbook(folder, "<row>" + '<c t="s"><v>0</v></c>' * 300 + "</row>", texts=LONG_TEXT),
        "The row has more than the 4,194,304 characters that are read",
    ),
    "a giant cell in a worksheet": (
        lambda folder: workbook(folder, f"<row>{inline('A1', NUMBERS)}</row>"),
        "more than the 4,194,304 characters",
    ),
    "a giant cell in CSV": (
        lambda folder: file(folder, "a.csv", "slug\n" + "word " * 300_000),
        "more than the 1,048,576 characters that are read; shorten it",
    ),
    "a quote that is never closed": (
        lambda folder: file(folder, "a.csv", 'slug,name\ndan,"Dan\n' + "eve,Eve\n" * 4_000_000),
        "look for a quote that is not closed",
    ),
    "one line of many megabytes": (
        lambda folder: file(folder, "a.csv", "slug " * 12_000_000),
        "The row that starts here goes on for more than 4,194,304 characters",
    ),
    "a million commas": (
        lambda folder: file(folder, "a.csv", "slug\n" + "," * 1_000_000),
        "The row has 1,000,001 cells, more than the 300 columns",
    ),
    "sixty million line ends": (
        lambda folder: file(folder, "a.csv", "slug" + "\n" * 60_000_000),
        "more than the 100,000 rows",
    ),
    "lists in lists": (
        lambda folder: file(folder, "a.json", "[" * 1_000_000),
        "Item 1 of the list is no object",
    ),
    "objects in objects": (
        lambda folder: file(folder, "a.json", '[{"a":' + '{"a":' * 1_000_000),
        "Lists or objects are nested in each other",
    ),
    "a giant number": (
        lambda folder: file(folder, "a.json", '[{"a": ' + "1" * 3_000_000 + "}]"),
        "more than the 1,048,576 characters",
    ),
    "an object without end": (
        lambda folder: file(folder, "a.json", '[{"a": [' + '"a",' * 10_000_000),
        "more than 4,194,304 characters",
    ),
    "millions of empty objects": (
        lambda folder: file(folder, "a.json", "[" + "{}," * 20_000_000),
        "more than the 100,000 rows",
    ),
    "an object with a million names": (
        lambda folder: file(folder, "a.json", "[{" + ",".join(f'"{n}":0' for n in range(300_000)) + "}]"),
        "300,000 cells, more than the 300 columns",
    ),
    "a file of more than 64 MiB": (
        lambda folder: file(folder, "a.csv", b"slug\n" * 14_000_000),
        "The file has 67 MiB, more than the 64 MiB",
    ),
}


SLOW = {"members that are too large together", "a million formatted cells", "a million shared strings"}
"""Bombs that take seconds to make."""


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(*bomb, id=name, marks=pytest.mark.deep if name in SLOW else ())
        for name, bomb in BOMBS.items()
    ],
)
def test_a_bomb_is_refused(make: Callable[[Path], Path], said: str, tmp_path: Path) -> None:
    assert said in refusal(make(tmp_path))[1]


@pytest.mark.deep
def test_a_million_rows_without_cells_are_passed_over(tmp_path: Path) -> None:
    empty = "".join(f'<row r="{n}" ht="15"/>' for n in range(2, 1_048_576))
    last = f'<row r="1048576">{inline("A1048576", "dan")}</row>'
    data = (
        f'<worksheet><dimension ref="A1:XFD1048576"/><sheetData>{HEADER}{empty}{last}</sheetData></worksheet>'
    )
    assert [(row.number, row.cells) for row in rows(workbook(tmp_path, data))] == [
        (1, ["slug"]),
        (1048576, ["dan"]),
    ]

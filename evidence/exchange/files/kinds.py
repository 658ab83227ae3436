"""What a file is, by its first bytes; its name only decides between kinds that begin alike."""

import re
from enum import Enum, auto
from pathlib import PurePath
from typing import IO

from evidence.exchange.files.grids import FileRefused

LOOKED_AT = 4096
"""How many bytes at the beginning of a file tell what it is."""
TABS, OBJECTS = (".tsv", ".tab"), (".json", ".jsonl", ".ndjson")
AS_SHEET = "save the table as an Excel workbook (.xlsx) or as CSV in UTF-8"

FOREIGN: tuple[tuple[bytes, str], ...] = (
    (rb"%PDF-", "a PDF document"),
    (rb"\x89PNG\r\n", "a picture (PNG)"),
    (rb"\xff\xd8\xff", "a picture (JPEG)"),
    (rb"GIF8[79]a", "a picture (GIF)"),
    (rb"RIFF.{4}WEBP", "a picture (WebP)"),
    (rb"II\*\x00|MM\x00\*", "a picture (TIFF)"),
    (rb"BM.{4}\x00{4}", "a picture (BMP)"),
    (rb".{4}ftyp(?:heic|heix|mif1|avif)", "a picture (HEIC or AVIF)"),
    (rb"\{\\rtf", "a text document (RTF)"),
    (rb"\x1f\x8b", "a gzip archive; unpack it first, then"),
    (rb"BZh[1-9]1AY", "a bzip2 archive; unpack it first, then"),
    (rb"\xfd7zXZ\x00|\x28\xb5\x2f\xfd", "a packed file; unpack it first, then"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first, then"),
    (rb"Rar!\x1a\x07", "a RAR archive; unpack it first, then"),
    (rb".{257}ustar", "a tar archive; unpack it first, then"),
    (rb"SQLite format 3\x00", "an SQLite database"),
    (rb"PAR1[\x00-\x1f]", "a Parquet file"),
    (rb"\x7fELF|MZ.{2}\x00", "a program"),
    (rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00", "a workbook of an old Excel (.xls)"),
)
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of old Office programs begin, and Office files under a password."""
MARKUP = re.compile(
    rb"(?:<!--.*?-->|<\?xml[^>]*>|\s)*<(?:!doctype\s+html|html|head|body|table)\b", re.I | re.S
)
OLD_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
LIST_OF_OBJECTS = re.compile(r"\[\s*(?:\{|\]\s*\Z)")
OBJECT = re.compile(r'\{\s*"')


class Kind(Enum):
    """The kinds of file that are read."""

    SEPARATED = auto()
    OBJECTS = auto()
    ARCHIVE = auto()


def kind_of(stream: IO[bytes], file: str) -> Kind:
    """What a file is; raises FileRefused that says what it is, and what to save instead, where it is no sheet."""
    head = _head(stream)
    if head.startswith(COMPOUND):
        raise _is(file, _compound(stream))
    for pattern, name in FOREIGN:
        if re.match(pattern, head, re.S):
            raise _is(file, name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return Kind.ARCHIVE
    text = head.removeprefix(b"\xef\xbb\xbf")
    if MARKUP.match(text):
        raise _is(file, "a web page, perhaps one that asks to sign in; download the table itself, or")
    if text.lstrip().startswith(b"<?xml"):
        old = OLD_XML in text
        raise _is(file, "a workbook in the XML of Excel 2003" if old else "an XML document")
    return Kind.OBJECTS if _holds_objects(head, file) else Kind.SEPARATED


def _head(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    head = stream.read(LOOKED_AT)
    stream.seek(0)
    return head


def _holds_objects(head: bytes, file: str) -> bool:
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.decode("utf-16" if utf16 else "utf-8-sig", errors="replace").lstrip()
    named = PurePath(file).suffix.lower() in OBJECTS
    # A header of CSV may begin with a bracket, if hardly so: where the name says JSON, a bracket is enough.
    return bool(LIST_OF_OBJECTS.match(text) or OBJECT.match(text) or (named and text[:1] in ("[", "{")))


def _compound(stream: IO[bytes]) -> str:
    """What a file of old Office programs is: its directory names its parts in UTF-16."""
    stream.seek(0)
    beginning, end = stream.read(2**20), _end(stream)
    for part, name in (
        ("EncryptedPackage", "a workbook under a password; take the password off, or"),
        ("Workbook", "a workbook of an old Excel (.xls)"),
        ("Book", "a workbook of an old Excel (.xls)"),
        ("WordDocument", "a Word document"),
        ("PowerPoint Document", "a PowerPoint presentation"),
    ):
        if part.encode("utf-16-le") in beginning + end:
            return name
    return "a document of an old Office program"


def _end(stream: IO[bytes]) -> bytes:
    stream.seek(max(0, stream.seek(0, 2) - 2**20))
    return stream.read()


def _is(file: str, name: str) -> FileRefused:
    joined = (
        f"{name} {AS_SHEET}" if name.endswith((" then", " or")) else f"{name}, which is not read; {AS_SHEET}"
    )
    return FileRefused(file, f"This is {joined}.")

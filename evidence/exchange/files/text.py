"""Text files: in which encoding their bytes are written, and their lines.

UTF-8, with or without a byte order mark; UTF-16 where a mark says so; else Windows-1252, which is what Excel writes in
western Europe. Never Latin-1, under which every byte means something and dashes become control characters.
"""

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO

from evidence.exchange.files.grids import FileRefused

CHUNK = 2**20
UTF_8, UTF_8_MARKED, UTF_16, WINDOWS = "utf-8", "utf-8-sig", "utf-16", "cp1252"
NAMES = {UTF_8: "UTF-8", UTF_8_MARKED: "UTF-8", UTF_16: "UTF-16", WINDOWS: "Windows-1252"}
AS_UTF_8 = "save the sheet as CSV in UTF-8"
WELL_FORMED = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
NOT_ASCII = re.compile(rb"[\x80-\xff]+")
LINE_END = re.compile("\r\n?")
HALF = re.compile("[\ud800-\udfff]")
"""A surrogate without its other half, which some formats can spell and no encoding can write."""


class _NotDecoded(Exception):
    """A byte that means nothing in an encoding."""

    def __init__(self, place: int) -> None:
        self.place = place
        super().__init__(place)


def encoding_of(stream: IO[bytes], file: str) -> str:
    """The name of the codec that reads all of a file.

    Raises FileRefused, with the place, at a byte that the encoding does not have and at a NUL.
    """
    stream.seek(0)
    encoding = _marked(stream.read(3))
    try:
        _try(stream, encoding, file)
    except _NotDecoded as failure:
        if encoding != UTF_8 or _mostly_utf_8(stream):
            raise _undecoded(stream, encoding, failure.place, file) from failure
        encoding = WINDOWS
        try:
            _try(stream, encoding, file)
        except _NotDecoded as again:
            raise _undecoded(stream, encoding, again.place, file) from again
    return encoding


@contextmanager
def opened(stream: IO[bytes], encoding: str) -> Iterator[io.TextIOWrapper]:
    """The text of a file from its beginning, with its line ends as they are; the stream stays open."""
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        yield text
    finally:
        if not stream.closed:
            text.detach()


def line_ends(text: str) -> str:
    """The text of a cell with LF for every kind of line end."""
    return LINE_END.sub("\n", text) if "\r" in text else text


def half_told(text: str) -> str:
    """What is wrong with a text that holds half a character; empty where none does."""
    found = HALF.search(text)
    return f"holds half a character (U+{ord(found[0]):04X}); take it out." if found else ""


def halves_spelt(text: str) -> str:
    """The text with each half of a character as JSON spells it, so that it can be written and shown."""
    return HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def _marked(head: bytes) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return UTF_8_MARKED
    return UTF_16 if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else UTF_8


def _try(stream: IO[bytes], encoding: str, file: str) -> None:
    decoder, fed = codecs.getincrementaldecoder(encoding)(), 0
    for chunk in _chunks(stream):
        fed += len(chunk)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            # What the decoder was at ends where the chunk does, and may begin before it.
            raise _NotDecoded(fed - len(error.object) + error.start) from error
        if "\0" in text:
            raise _nul(stream, encoding, file)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a file from its beginning; the last chunk is empty."""
    stream.seek(0)
    yield from iter(partial(stream.read, CHUNK), b"")
    yield b""


def _mostly_utf_8(stream: IO[bytes]) -> bool:
    """Whether a file that is not UTF-8 is so for a few bytes only: then its other characters would be misread."""
    well = other = 0
    for chunk in _chunks(stream):
        rest, found = WELL_FORMED.subn(b" ", chunk)
        well += found
        other += len(NOT_ASCII.findall(rest))
    return well > other


def _nul(stream: IO[bytes], encoding: str, file: str) -> FileRefused:
    lines = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    line = 1
    for chunk in _chunks(stream):
        before, nul, _ = lines.decode(chunk).partition("\0")
        line += before.count("\n")
        if nul:
            break
    return FileRefused(
        file,
        f"There is a NUL character here, so this is no text in {NAMES[encoding]}; {AS_UTF_8}.",
        line=line,
    )


def _undecoded(stream: IO[bytes], encoding: str, place: int, file: str) -> FileRefused:
    lines = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)("replace"), translate=True)
    line, passed = 1, 0
    for chunk in _chunks(stream):
        line += lines.decode(chunk[: place - passed]).count("\n")
        passed += len(chunk)
        if passed >= place:
            break
    return FileRefused(file, f"Byte {place + 1:,} is not {NAMES[encoding]}; {AS_UTF_8}.", line=line)

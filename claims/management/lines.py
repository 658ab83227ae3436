"""Lines of a stream, whatever it holds."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

LONGEST_LINE = 10_000  # bytes that are kept of a line; what is longer is no value


class Line(NamedTuple):
    """A line without its end, and whether more than that is missing of it."""

    text: str
    cut: bool


def lines(stream: BinaryIO) -> Iterator[Line]:
    """The lines of UTF-8; bytes that are not become replacement characters, which no value has."""
    encoding = "utf-8-sig"  # the first line may bear a byte order mark
    while kept := stream.readline(LONGEST_LINE):
        cut, more = False, kept
        while not more.endswith(b"\n") and (more := stream.readline(LONGEST_LINE)):
            cut = cut or more.strip(b"\r\n") != b""
        yield Line(kept.decode(encoding, errors="replace").removesuffix("\n").removesuffix("\r"), cut)
        encoding = "utf-8"

"""The XML inside a workbook, read as it comes, by a parser that knows neither document types nor entities.

An entity is what lets a few bytes of XML become gigabytes, and nothing in a workbook needs one: a document type is
refused at sight. What the parser itself would keep in memory (an unfinished tag, the tags it is inside of) is bounded.
"""

from collections.abc import Callable, Iterator
from typing import Any
from xml.parsers import expat

LONGEST_TAG = 2**20
DEEPEST = 64


class MarkupRefused(Exception):
    """The XML is not what a workbook holds; the message says why."""


class Reader:
    """What takes the elements of a document, by their names without prefix; what it does not take, it passes over."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """A piece of text."""


def read_markup(chunks: Iterator[bytes], reader: Reader) -> Iterator[None]:
    """Feed a document to a reader, piece by piece; what the reader has gathered can be taken between them.

    Raises MarkupRefused.
    """
    parser, fed = _parser(reader), 0
    for chunk in chunks:
        _parse(parser.Parse, chunk, False)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > LONGEST_TAG:
            raise MarkupRefused("a tag does not end")
        yield
    _parse(parser.Parse, b"", True)
    yield


def _parse(parse: Callable[[bytes, bool], Any], chunk: bytes, final: bool) -> None:
    try:
        parse(chunk, final)
    except (expat.ExpatError, LookupError, ValueError) as error:  # the latter two: of an encoding it names
        raise MarkupRefused(str(error)) from error


def _parser(reader: Reader) -> expat.XMLParserType:
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise MarkupRefused("elements are nested too deep")
        reader.start(name.rpartition(":")[2] if ":" in name else name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        reader.end(name.rpartition(":")[2] if ":" in name else name)

    def doctype(*_: Any) -> None:
        raise MarkupRefused("it has a document type, which may hide entities")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = doctype
    return parser

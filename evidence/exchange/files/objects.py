"""Rows as JSON: a list of flat objects, an object of such lists by table, or an object a line.

The decoder is Python's; it is given a piece of the file at a time, so that memory holds one object and not the file.
Numbers stay as they are printed. The columns of a list are those of all its objects, in the order in which they are
first named: the file is read twice, once to find them.
"""

import io
import json
import re
from collections.abc import Iterator
from typing import IO, Any

from evidence.domain.text import join_list
from evidence.exchange.files.grids import FileRefused, Format, Grid, Row
from evidence.exchange.files.limits import Limits, Rows, check_cell, check_columns
from evidence.exchange.files.text import encoding_of, half_told, halves_spelt, line_ends, opened

PIECE = 2**16
NEAR_THE_END = 16
"""Within so many characters of the end of a piece, what looks broken may only be cut off."""
BLANKS = re.compile(r"[ \t\r\n]*")
EMPTY_LISTS = r'\{\s*(?:"(?:[^"\\]|\\.)*+"\s*:\s*\[\s*\]\s*,\s*)*+'
TABLES = re.compile(EMPTY_LISTS + r'"(?:[^"\\]|\\.)*+"\s*:\s*\[\s*(?:\{|\]\s*\})')
"""How an object begins whose values are lists of objects; one that is a row may hold lists of texts."""
DEEPEST_SHOWN = 8
"""How deep values in each other are shown that are refused for it."""
SHAPE = "A JSON file holds a list of objects, an object of such lists by table, or an object a line"
FLAT = "write texts, numbers, true, false, null, or lists of them"


class Pairs(list[tuple[str, Any]]):
    """The names and values of an object, in its order, doubled names too."""


class Number(str):
    """A number as it is printed."""

    __slots__ = ()


class NoNumber(ValueError):
    """NaN or an infinity, which Python reads and JSON does not have."""


def _no_number(word: str) -> Any:
    raise NoNumber(word)


DECODER = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=_no_number
)


def object_grids(stream: IO[bytes], title: str, file: str, limits: Limits) -> Iterator[Grid]:
    """The grids of a JSON file; `title` is that of a list that stands alone."""
    encoding = encoding_of(stream, file)
    with opened(stream, encoding) as text:
        headers = _headers(_Source(text, file, limits), title)
    with opened(stream, encoding) as text:
        for header, (name, objects) in zip(headers, _Source(text, file, limits).tables(title), strict=True):
            yield Grid(name, file, Format.JSON, _rows(header, objects, file, limits))


Objects = Iterator[tuple[int, Pairs]]
"""Objects with their numbers."""


class _Source:
    """What is left to read of a JSON file, and how far we are."""

    def __init__(self, text: io.TextIOWrapper, file: str, limits: Limits) -> None:
        self.text, self.file, self.limits = text, file, limits
        self.piece, self.place, self.line, self.ended = "", 0, 1, False

    def tables(self, title: str) -> Iterator[tuple[str, Objects]]:
        """The lists of objects in the file, each with its title; each is read to its end before the next."""
        if self.peek() == "{" and TABLES.match(self.piece, self.place):
            yield from self.by_table()
        else:
            yield from _to_the_end(title, self.listed() if self.peek() == "[" else self.by_line())
        if self.peek():
            raise self.refused("Something stands behind the end")

    def by_table(self) -> Iterator[tuple[str, Objects]]:
        """The lists of an object, by their names."""
        seen = set[str]()
        mark = self.take("{")
        while mark != "}":
            name = halves_spelt(self.value() if self.peek() == '"' else self.take('"'))
            if name in seen:
                raise self.refused(f"The table “{name}” stands twice")
            seen.add(name)
            self.take(":")
            yield from _to_the_end(name, self.listed())
            mark = self.take(",}")

    def listed(self) -> Objects:
        """The objects of a list, numbered from 1."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        number, mark = 1, ","
        while mark == ",":
            yield number, self.object(f"Item {number} of the list")
            number += 1
            mark = self.take(",]")

    def by_line(self) -> Objects:
        """Objects one after the other, numbered by the lines on which they start."""
        last = 0
        while mark := self.peek():
            if self.line == last and mark == "{":
                raise self.refused("Two objects start on this line")
            last = self.line
            yield self.line, self.object("This")

    def object(self, name: str) -> Pairs:
        """The object that comes next."""
        if self.peek() != "{":
            raise self.refused(f"{name} is no object")
        found = self.value()
        assert isinstance(found, Pairs)  # noqa: S101 - so the decoder makes what begins with a brace
        return found

    def peek(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            self.advance(BLANKS.match(self.piece, self.place).end())  # type: ignore[union-attr]
            if self.place < len(self.piece) or not self.more():
                return self.piece[self.place : self.place + 1]

    def take(self, marks: str) -> str:
        """The next character that is no blank, which has to be one of these."""
        if (mark := self.peek()) not in marks or not mark:
            found = f"“{mark}”" if mark else "the end of the file"
            raise self.refused(f"There is {found} where “{'” or “'.join(marks)}” is expected")
        self.advance(self.place + 1)
        return mark

    def value(self) -> Any:
        """The value that comes next, of whatever kind."""
        while True:
            try:
                found, end = DECODER.raw_decode(self.piece, self.place)
            except RecursionError as error:
                raise self.refused("Lists or objects are nested in each other") from error
            except NoNumber as error:
                raise self.refused(f"{error} is no number") from error
            except json.JSONDecodeError as error:
                if not self.cut_off(error):
                    self.advance(error.pos)
                    raise self.refused(f"This is not well-formed JSON ({error.msg})") from error
            else:
                self.advance(end)
                return found

    def cut_off(self, error: json.JSONDecodeError) -> bool:
        """Whether more of the file may mend what looks broken; then it has been read."""
        if error.pos < len(self.piece) - NEAR_THE_END and not error.msg.startswith("Unterminated string"):
            return False
        if len(self.piece) - self.place > self.limits.row:
            raise self.refused(f"The object that starts here has more than {self.limits.row:,} characters")
        return self.more()

    def more(self) -> bool:
        """Read a piece more, each time as much again; False at the end of the file."""
        more = self.text.read(max(PIECE, len(self.piece) - self.place))
        if more:
            self.piece, self.place = self.piece[self.place :] + more, 0
        return bool(more)

    def advance(self, place: int) -> None:
        """Go on to a place in the piece."""
        self.line += self.piece.count("\n", self.place, place)
        self.place = place

    def refused(self, message: str) -> FileRefused:
        """What is wrong at this place."""
        return FileRefused(self.file, f"{message}. {SHAPE}.", line=self.line)


def _to_the_end(title: str, objects: Objects) -> Iterator[tuple[str, Objects]]:
    """One list of objects; what its reader passed over is read when the next is asked for."""
    yield title, objects
    for _ in objects:
        pass


def _headers(source: _Source, title: str) -> list[dict[str, int]]:
    """The columns of each list, with their places."""
    headers, counted = [], Rows(source.limits)
    for _, objects in source.tables(title):
        names: dict[str, None] = {}
        for _, pairs in objects:
            counted.add(source.file, source.line)
            names.update(dict.fromkeys(halves_spelt(name) for name, _ in pairs))
            check_columns(len(names), source.file, source.limits, line=source.line)
        headers.append({name: place for place, name in enumerate(names)})
    return headers


def _rows(header: dict[str, int], objects: Objects, file: str, limits: Limits) -> Iterator[Row]:
    yield Row(0, list(header))
    for number, pairs in objects:
        row = _row(number, pairs, header)
        check_cell(max(map(len, row.cells), default=0), file, limits, line=number)
        yield row


def _row(number: int, pairs: Pairs, header: dict[str, int]) -> Row:
    cells, absent, refused = [""] * len(header), set(header.values()), dict[int, str]()
    for given, value in pairs:
        name, text = halves_spelt(given), _text(value)
        place = header[name]
        if place not in absent:
            refused[place] = f"“{name}” stands twice in object {number}; take one out."
        absent.discard(place)
        if text is None:
            refused[place] = f"“{name}” of object {number} holds more than one value in each other; {FLAT}."
            text = _printed(value)
        if half := half_told(text):
            refused[place] = f"“{name}” of object {number} {half}"
        cells[place] = halves_spelt(text)
    return Row(number, cells, absent=frozenset(absent), refused=refused)


def _text(value: Any) -> str | None:
    """The cell for a value; None where it is an object, or a list of anything but single values."""
    if not isinstance(value, list):
        return _single(value)
    if isinstance(value, Pairs) or any(isinstance(part, list) for part in value):
        return None
    return join_list([_single(part) for part in value])


def _single(value: str | bool | None) -> str:
    if value is None:
        return ""
    return line_ends(str(value)) if isinstance(value, str) else str(value).lower()


def _printed(value: Any, depth: int = 0) -> str:
    """A value as JSON, down to some depth."""
    if depth > DEEPEST_SHOWN:
        return "…"
    if isinstance(value, Pairs):
        members = (f"{json.dumps(name)}: {_printed(part, depth + 1)}" for name, part in value)
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join([_printed(part, depth + 1) for part in value])}]"
    return str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)

"""The texts that a workbook keeps once for all its cells; on disk, since there are as many as it has cells."""

import re
from array import array
from typing import IO

from evidence.exchange.files.archives import MENDED, Archive
from evidence.exchange.files.limits import check_cell
from evidence.exchange.files.markup import Reader
from evidence.exchange.files.text import line_ends

A_ROW = 10
"""How many texts there may be for each row that may be read; they are found by a number each, in memory."""
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """The text with what XML cannot hold, or line ends that it would change, in place of `_x000D_` and the like."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        # Two halves of a character beside each other are that character.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return line_ends(text)


class SharedTexts:
    """Texts kept in a file, found by their numbers."""

    def __init__(self, archive: Archive, stream: IO[bytes]) -> None:
        self.archive, self.stream = archive, stream
        self.ends = array("Q", [0])

    def add(self, text: str) -> None:
        """Keep one text more."""
        if len(self.ends) > A_ROW * self.archive.limits.rows:
            raise self.archive.refused(
                f"The workbook holds more than {len(self.ends) - 1:,} texts; split it."
            )
        written = text.encode("utf-8", "surrogatepass")
        self.stream.write(written)
        self.ends.append(self.ends[-1] + len(written))

    def find(self, number: int) -> str:
        """The text with this number. A text that many cells repeat counts each time: so much is read."""
        if not 0 <= number < len(self.ends) - 1:
            raise self.archive.refused(f"The workbook is damaged (it has no text {number}); {MENDED}.")
        start, end = self.ends[number], self.ends[number + 1]
        self.archive.spend(end - start)
        self.stream.seek(start)
        return self.stream.read(end - start).decode("utf-8", "surrogatepass")


class TextReader(Reader):
    """Takes the texts from their document: runs of one text joined, readings of Japanese characters left out."""

    def __init__(self, texts: SharedTexts) -> None:
        self.texts = texts
        self.parts: list[str] = []
        self.length = 0
        self.taken = self.reading = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self.parts, self.length = [], 0
        self.reading = self.reading or name == "rPh"
        self.taken = name == "t" and not self.reading

    def text(self, text: str) -> None:
        if self.taken:
            self.length += len(text)
            check_cell(self.length, self.texts.archive.file, self.texts.archive.limits, line=0)
            self.parts.append(text)

    def end(self, name: str) -> None:
        self.taken = False
        if name == "rPh":
            self.reading = False
        elif name == "si":
            self.texts.add(unescaped("".join(self.parts)))

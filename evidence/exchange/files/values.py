"""What a cell holds when it is written, and what all writers have in common."""

from collections.abc import Sequence
from typing import Protocol

from evidence.domain.text import join_list
from evidence.exchange.files.text import line_ends

Value = str | list[str] | bool | None
"""What a cell holds: a text, several, yes or no, or nothing."""


class FormatRefused(Exception):
    """A format cannot hold what is to be written; the message says what, and which format can."""


class RowWriter(Protocol):
    """Writes one grid into a file, which stays open: its header first, then its rows, then its end."""

    def header(self, names: Sequence[str]) -> None:
        """Write the names of the columns."""

    def row(self, cells: Sequence[Value]) -> None:
        """Write one row, with a cell for each column. Raises FormatRefused."""

    def close(self) -> None:
        """Write what belongs behind the last row."""


def text_of(value: Value) -> str:
    """The text of a cell for formats that hold texts only."""
    if isinstance(value, list):
        return join_list([line_ends(text) for text in value])
    if isinstance(value, bool):
        return str(value).lower()
    return line_ends(value or "")

"""A partial date: every day that a vaguely printed date may mean.

A date stands for the days from `earliest` to `latest`, both included; an end that is open is None, and no
number of years is put in its place. Of a date that was not understood ("soon"), or that has no year
("September"), the days are not known: `known` is False, both ends are None, and it sorts after all others.
"""

from dataclasses import dataclass
from datetime import date

SHOWN_LENGTH = 60  # characters of a refused text that its message repeats

SortKey = tuple[bool, bool, date, bool, date, str, str]


class DateRefused(ValueError):
    """A text that is no date here: why, the way out, and its readings where there are several.

    `impossible`: it is understood, but of days that do not exist or in the wrong order.
    """

    def __init__(
        self, text: str, reason: str, readings: tuple[str, ...] = (), *, impossible: bool = False
    ) -> None:
        super().__init__(text, reason, readings)
        self.text = text
        self.reason = reason
        self.readings = readings
        self.impossible = impossible

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= SHOWN_LENGTH else self.text[:SHOWN_LENGTH] + "…"
        return f"{shown!r}: {self.reason}"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """Days in canonical EDTF, with the words as printed where they say it differently."""

    edtf: str
    earliest: date | None
    latest: date | None
    known: bool
    printed: str = ""

    def __str__(self) -> str:
        if self.unread:
            return f"({self.printed})"
        return f"{self.edtf} ({self.printed})" if self.printed else self.edtf

    @property
    def unread(self) -> bool:
        """Kept as printed without being understood."""
        return not self.edtf

    @property
    def sort_key(self) -> SortKey:
        """By earliest day, then latest: an open start first, an open end last, unknown after everything."""
        return (
            not self.known,
            self.earliest is not None,
            self.earliest or date.min,
            self.latest is None,
            self.latest or date.max,
            self.edtf,
            self.printed,
        )


def surely_before(a: PartialDate, b: PartialDate) -> bool:
    """Whether every day that `a` may mean lies before every day that `b` may mean."""
    return a.latest is not None and b.earliest is not None and a.latest < b.earliest


def may_overlap(a: PartialDate, b: PartialDate) -> bool:
    """Whether some day may belong to both; a date whose days are not known may be any day."""
    return not surely_before(a, b) and not surely_before(b, a)

"""What is said of a printed value that is not read."""

from enum import StrEnum

SHOWN_LENGTH = 60  # characters of a refused text that its message repeats


class Refusal(StrEnum):
    """Why a text is not read: what is only not understood may be kept as printed, the others are mistakes."""

    UNREAD = "unread"  # no form that is known
    SEVERAL = "several"  # more than one reading
    OTHER = "other"  # a value, but of something else than is asked for
    IMPOSSIBLE = "impossible"  # a value that cannot be: a range that ends before it starts


class ValueRefused(ValueError):
    """A text that is no value here: why, the way out, and its readings where there are several."""

    def __init__(
        self, text: str, reason: str, readings: tuple[str, ...] = (), sort: Refusal = Refusal.UNREAD
    ) -> None:
        super().__init__(text, reason, readings, sort)
        self.text = text
        self.reason = reason
        self.readings = readings
        self.sort = sort

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= SHOWN_LENGTH else self.text[:SHOWN_LENGTH] + "…"
        return f"{shown!r}: {self.reason}"


def several(text: str, readings: tuple[str, ...]) -> ValueRefused:
    """The refusal of a text that may mean any of these."""
    listed = " or ".join((", ".join(readings[:-1]), readings[-1]))
    return ValueRefused(
        text, f"it may be read as {listed}; write the one that is meant", readings, Refusal.SEVERAL
    )

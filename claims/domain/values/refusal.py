"""What is said of a printed value that is not read."""

SHOWN_LENGTH = 60  # characters of a refused text that its message repeats


class ValueRefused(ValueError):
    """A text that is no value here: why, the way out, and its readings where there are several."""

    def __init__(self, text: str, reason: str, readings: tuple[str, ...] = ()) -> None:
        super().__init__(text, reason, readings)
        self.text = text
        self.reason = reason
        self.readings = readings

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= SHOWN_LENGTH else self.text[:SHOWN_LENGTH] + "…"
        return f"{shown!r}: {self.reason}"


def several(text: str, readings: tuple[str, ...]) -> ValueRefused:
    """The refusal of a text that may mean any of these."""
    listed = " or ".join((", ".join(readings[:-1]), readings[-1]))
    return ValueRefused(text, f"it may be read as {listed}; write the one that is meant", readings)

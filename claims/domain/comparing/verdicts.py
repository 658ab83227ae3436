"""How two claims of one subject and predicate stand to each other, and why, in one sentence."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Verdict(StrEnum):
    """Whether two values can both be true."""

    EQUAL = "equal"
    COMPATIBLE = "compatible"
    COMPATIBLE_IF = "compatible_if"
    CONFLICTING = "conflicting"
    SEPARATED = "separated"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict, its explanation, and what it rests on: the sets, the reading, the rate or the separator."""

    verdict: Verdict
    explanation: str
    sets: tuple[str, str] = ("", "")
    reading: str = ""
    conversion: str = ""
    separator: str = ""
    nearly: bool = False  # kept apart by scope or modality alone, and else conflicting

    def turned(self) -> "Comparison":
        """The same, seen from the other claim."""
        return replace(self, sets=(self.sets[1], self.sets[0]))

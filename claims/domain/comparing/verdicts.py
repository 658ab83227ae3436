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
    of_values: Verdict | None = None  # of the values alone, whatever sets the claims apart

    @property
    def agree(self) -> bool:
        """Whether the values alone can both be true."""
        return self.of_values in AGREEING

    def turned(self) -> "Comparison":
        """The same, seen from the other claim."""
        return replace(self, sets=(self.sets[1], self.sets[0]))


AGREEING = frozenset({Verdict.EQUAL, Verdict.COMPATIBLE, Verdict.COMPATIBLE_IF})
"""Verdicts under which two claims may stand in one position of a conflict."""

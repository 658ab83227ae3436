"""Whether two subjects have the same value of a predicate.

Claims of two subjects never conflict. Their values are compared by the same rules, as if the predicate had one value:
then they are the same, overlap, agree in a reading that is named, or differ. What a denial leaves open, and what
cannot be compared, cannot be told. Scope, object, modality and time do not make a value another one; where they differ
they stand beside the answer, and claims alike in them are held against each other first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

from claims.domain.comparing.pairs import compare_values
from claims.domain.comparing.separators import separators
from claims.domain.comparing.statements import ENTITY, TEXT, Rates, Statement, Terms
from claims.domain.comparing.verdicts import Comparison, Verdict


class Likeness(StrEnum):
    """How the values of two subjects lie to each other."""

    SAME = "same"
    OVERLAP = "overlap"
    SAME_IF = "same_if"
    IN_PART = "in_part"
    DIFFER = "differ"
    UNTOLD = "untold"


CLOSENESS = (Likeness.SAME, Likeness.OVERLAP, Likeness.SAME_IF, Likeness.DIFFER, Likeness.UNTOLD)
"""From the closest; of several claims the one counts to which a claim comes closest."""

AGREEING = frozenset({Likeness.SAME, Likeness.OVERLAP, Likeness.SAME_IF})


@dataclass(frozen=True, slots=True)
class Likened:
    """How two values lie to each other, why, on what that rests, and what else differs."""

    likeness: Likeness
    explanation: str
    comparison: Comparison
    separators: tuple[tuple[str, str], ...] = ()

    @property
    def distance(self) -> tuple[bool, int]:
        """Smaller for closer pairs: first those that nothing sets apart."""
        return bool(self.separators), CLOSENESS.index(self.likeness)


@dataclass(frozen=True, slots=True)
class Summary:
    """How all values of two subjects lie to each other; `apart` where no two claims are alike in their qualifiers."""

    likeness: Likeness
    apart: bool


def liken(a: Statement, b: Statement, terms: Terms, rates: Rates) -> Likened:
    """How the values of two claims lie to each other that have different subjects."""
    single = terms if terms.value_type == TEXT else replace(terms, single_valued=True)
    found = compare_values(_value_of(a, terms), _value_of(b, terms), single, rates)
    likeness = _likeness(found, a, b)
    apart = tuple(separators(a, b, terms).items())
    return Likened(likeness, _explanation(likeness, found, a, b), found, apart)


def _value_of(statement: Statement, terms: Terms) -> Statement:
    """The statement without an object that stands beside its value, and sets the claims apart if it differs."""
    return statement if terms.value_type == ENTITY else replace(statement, objects=frozenset())


def summary(first: Sequence[Statement], second: Sequence[Statement], pairs: Iterable[Likened]) -> Summary:
    """What the pairs of all claims of two subjects come to; `pairs` in the order of `product(first, second)`."""
    closest: dict[tuple[int, int], tuple[bool, int]] = {}
    for (a, b), pair in zip(product(range(len(first)), range(len(second))), pairs, strict=True):
        for claim in ((0, a), (1, b)):
            closest[claim] = min(pair.distance, closest.get(claim, pair.distance))
    apart = all(separated for separated, _ in closest.values())
    found = {CLOSENESS[place] for separated, place in closest.values() if apart or not separated}
    return Summary(_together(found), apart)


def _together(found: set[Likeness]) -> Likeness:
    if len(found) == 1:
        return next(iter(found))
    if not found & AGREEING:
        return Likeness.DIFFER
    return Likeness.OVERLAP if found <= {Likeness.SAME, Likeness.OVERLAP} else Likeness.IN_PART


def _likeness(found: Comparison, a: Statement, b: Statement) -> Likeness:
    if found.verdict is Verdict.EQUAL:
        return Likeness.SAME
    if found.verdict is Verdict.CONFLICTING:
        return Likeness.DIFFER
    if found.verdict is Verdict.NOT_COMPARABLE or a.negated or b.negated:
        return Likeness.UNTOLD
    return Likeness.SAME_IF if found.verdict is Verdict.COMPATIBLE_IF else Likeness.OVERLAP


def _explanation(likeness: Likeness, found: Comparison, a: Statement, b: Statement) -> str:
    rated = f", at {found.conversion}" if found.conversion else ""
    one, other = found.sets
    if likeness is Likeness.OVERLAP:
        return f"{one} and {other} have values in common{rated}."
    if likeness is Likeness.SAME_IF:
        return f"They agree if {found.reading} is meant{rated}."
    if likeness is Likeness.DIFFER and a.negated != b.negated:
        return f"What is said of one is denied of the other: {one}, and {other}{rated}."
    if likeness is Likeness.UNTOLD and found.verdict is not Verdict.NOT_COMPARABLE:
        return f"A denial leaves open what is so: {one}, and {other}{rated}."
    return found.explanation

"""Quantities and percentages: a number, a magnitude, and a unit or the noun of what is counted.

A whole number with a counted noun is a count and stands for itself, unless a magnitude rounds it ("10 million
people"). A number without a unit takes the one that its predicate names; if that has several, it has several
readings. A unit that lacks the "per year" of the predicate's is read with it. Where a letter may be a magnitude
or a unit ("5m"), the predicate decides: it is a unit if that measures what the predicate's does; without a
predicate's unit both stand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from claims.domain.values.counted import PERSON, THING, counted, describes_one
from claims.domain.values.magnitudes import magnitude
from claims.domain.values.numerals import Numeral, numerals
from claims.domain.values.phrases import Operand, Reading, readings, why_none
from claims.domain.values.refusal import Refusal, ValueRefused, several
from claims.domain.values.units import PERCENT, POINTS, comparable, named, per_unit, unit
from claims.domain.values.words import FOLD, fold

TIMES = ("x", "X", "×", "times", "-fold", "fold", " x", " ×", " times", "-times")
WHOLE = Decimal(100)  # percent
DECADES = range(1800, 2100, 10)  # 1990s are no seconds
_WORD_END = re.compile("[ -]")
UNKNOWN = "write a number with a unit that the ledger knows, such as 50 GWh"


@dataclass(frozen=True, slots=True)
class Quantities:
    """Numbers with units; `bare` are the units that a number without one may have."""

    bare: tuple[str, ...] = ()
    of_a_whole: bool = False  # a number without a unit is in percent, and a fraction one of a hundred of them

    def operands(self, text: str) -> tuple[Operand, ...]:
        """Every number with its unit that the whole text may be."""
        sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
        if sign == -1 and digits.startswith(" "):
            return ()  # a dash before a list's entry
        found = (*self._folds(digits), *self._numbers(digits.lstrip()))
        return found if sign == 1 else tuple(replace(operand, value=-operand.value) for operand in found)

    def joined(self, left: Operand, right: Operand) -> tuple[Operand, Operand] | None:
        """Both in the unit of the right one; a unit behind the left end alone belongs to no range."""
        if left.measure == right.measure or not left.measure:
            return replace(left, measure=right.measure), right
        if not right.measure or not comparable(left.measure[0], right.measure[0]):
            return None
        factor = unit(left.measure[0]).factor / unit(right.measure[0]).factor
        return replace(_converted(left, factor), measure=right.measure), right

    def _folds(self, text: str) -> Iterator[Operand]:
        if FOLD.fullmatch(text) and (times := fold(text)) is not None:
            yield Operand(Decimal(times), Decimal("0.5"), (THING,), closed=True)

    def _numbers(self, text: str) -> Iterator[Operand]:
        for numeral, rest in numerals(text):
            for scale, measure in _after(rest):
                if _says_otherwise(numeral, rest, measure):
                    continue
                counts = self._counts(measure) and rest not in TIMES and numeral.whole and scale == 1
                if self.of_a_whole and scale != 1 and not measure:
                    continue
                parts = numeral.value, numeral.half, numeral.slack
                percents = self.of_a_whole and numeral.fraction and not rest
                if percents:
                    value, half, slack = (WHOLE * part for part in parts)
                    yield Operand(value, half, ("%",), slack=slack, closed=True)
                if not percents or numeral.value > 1:  # "1½" may be one of a hundred, or of the whole
                    value, half, slack = (scale * part for part in parts)
                    yield Operand(value, half, measure, counts, scale, slack, closed=bool(measure))

    def _counts(self, measure: tuple[str, ...]) -> bool:
        counted_in = measure or self.bare
        return counted_in == (PERSON,) or measure == (THING,)


def read_quantity(text: str, units: tuple[str, ...] = ()) -> Reading:
    """The one set that the folded text stands for, in the unit printed."""
    meant = tuple(_canonical(name) for name in units)
    read = readings(text, Quantities(meant))
    found = [(placed, reading.measure) for reading in read for placed in _placed(reading, meant)]
    if found:
        with_unit = [placed for placed, printed in found if meant and printed]
        return _only(text, with_unit or [placed for placed, _ in found])
    if printed := readings(text, Quantities()):
        names = " or ".join(dict.fromkeys(reading.measure[0] for reading in printed if reading.measure))
        reason = f"{names} does not measure the same as {', '.join(meant)}; correct either"
        raise ValueRefused(text, reason, sort=Refusal.OTHER)
    raise why_none(text, "a quantity", UNKNOWN)


def read_percent(text: str, units: tuple[str, ...] = ()) -> Reading:
    """The set of percentages that the folded text stands for; a number without a sign is in percent."""
    meant = _canonical(units[0]) if units else "%"
    found = readings(text, Quantities(of_a_whole=True))
    if not found:
        raise why_none(text, "a percentage", "write a number such as 4.9%")
    placed = [reading if reading.measure else replace(reading, measure=(meant,)) for reading in found]
    kept = [reading for reading in placed if unit(reading.measure[0]).dimension in (PERCENT, POINTS)]
    if not kept:
        reason = f"it is not a percentage, but in {placed[0].measure[0]}; look at the predicate"
        raise ValueRefused(text, reason, sort=Refusal.OTHER)
    return _only(text, kept)


def _after(rest: str) -> Iterator[tuple[Decimal, tuple[str, ...]]]:
    """The magnitude and the unit, for every way of reading what follows a number."""
    if not rest:
        yield Decimal(1), ()
    elif rest in TIMES:
        yield Decimal(1), (THING,)
    else:
        words = rest.removeprefix("-").lstrip()
        yield from ((Decimal(1), measure) for measure in _measures(words, one_word=rest.startswith("-")))
        word = _WORD_END.split(words, maxsplit=1)[0]
        if (scale := magnitude(word)) is not None:
            behind = words[len(word) :]
            further = behind.lstrip(" -")
            yield from ((scale, measure) for measure in (_measures(further) if behind else [()]))


def _says_otherwise(numeral: Numeral, rest: str, measure: tuple[str, ...]) -> bool:
    """Whether the words behind a number make something else of it: "3 step process", "2/3 plants", "1990s"."""
    if rest == "s":
        return numeral.whole and numeral.value in DECADES
    if measure not in ((THING,), (PERSON,)) or rest in TIMES:
        return False
    share = numeral.fraction and numeral.value < 1
    return share or (numeral.value != 1 and describes_one(rest.strip(" -")))


def _measures(words: str, one_word: bool = False) -> list[tuple[str, ...]]:
    """The units that the words name, or that of a counted noun ("46-person", but not "3-stage process")."""
    noun = None if one_word and " " in words else counted(words)
    return [(found.name,) for found in named(words)] or ([(noun,)] if noun else [])


def _placed(reading: Reading, meant: tuple[str, ...]) -> Iterator[Reading]:
    """The reading in the light of the predicate's units; nothing where it measures something else."""
    if not reading.measure:
        yield from (replace(reading, measure=(name,)) for name in meant or (THING,))
        return
    printed = reading.measure[0]
    if not meant or any(comparable(printed, name) for name in meant):
        yield reading
        return
    fuller = dict.fromkeys(per_unit(printed, name) for name in meant)
    yield from (replace(reading, measure=(name,)) for name in fuller if name)


def _canonical(name: str) -> str:
    found = named(name)
    if len(found) != 1:
        why = "may be " + " or ".join(one.name for one in found) if found else "is not known"
        raise ValueRefused(name, f"the unit {name} {why}; name one that the ledger knows")
    return found[0].name


def _only(text: str, found: list[Reading]) -> Reading:
    distinct = tuple(dict.fromkeys(found))
    if len(distinct) > 1:
        raise several(text, tuple(_shown(one) for one in distinct))
    return distinct[0]


def _shown(reading: Reading) -> str:
    name = reading.measure[0]
    return reading.interval.worded("" if name == THING else name)


def _converted(operand: Operand, factor: Fraction) -> Operand:
    value, half = (Fraction(number) * factor for number in (operand.value, operand.half))
    return replace(
        operand,
        value=Decimal(value.numerator) / value.denominator,
        half=Decimal(half.numerator) / half.denominator,
    )

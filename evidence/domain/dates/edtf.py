"""The Extended Date/Time Format of ISO 8601-2:2019, levels 0 to 2, and the days that its expressions mean.

Read are dates to the day, month, year or part of a year, times of day (dropped: a day is our finest unit, the
one that was written, whatever its zone), unspecified digits (`X`), the qualifiers `?`, `~` and `%`, and
intervals with open (`..`) or unknown (empty) ends. Each expression means the days from its earliest to its
latest, in the years 0001 to 9999.

The standard leaves some of the days to its readers, who differ. Here `~` and `%` widen by one unit of the
component they stand at (2020-08~ is July to September), where others widen nothing, or by two units for
`%`, or by a unit of every component; `?` widens nothing; winter (24) runs into February of the next year,
where others end it with December; an unknown end is as open as `..`, where others make it ten years long; a
date of any year (XXXX-XX-23) has no known days, where others give it those of all centuries. Refused are
years below 0001, above 9999, with `Y`, an exponent or significant digits, days beyond those years (1XXX~),
sets in brackets or braces, and seasons of one hemisphere (25 to 32), which look like a range of years
(2027-28).
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache
from itertools import product

from evidence.domain.dates.partial import DateRefused, PartialDate

OPEN_ENDS = ("..", "")
ANY_YEAR = "XXXX"
UNKNOWN_DAYS = (None, None)
ONE_DAY = timedelta(days=1)
MONTHS_OF_A_YEAR = 12
LONGEST_MONTH = 31
PATTERNS_REMEMBERED = 512  # digits of years, months and days; nearly all are XX or of a year of ours
A_LEAP_YEAR = 2000  # 29 February exists in some year

# Code of a part of a year: its first month and its number of months. The standard ties seasons 21-24 to no
# place and no months; these are the meteorological ones of the northern hemisphere, so that winter is
# December of the year named with January and February of the next.
PARTS_OF_A_YEAR: dict[str, tuple[int, int]] = {
    "21": (3, 3),
    "22": (6, 3),
    "23": (9, 3),
    "24": (12, 3),
    "33": (1, 3),
    "34": (4, 3),
    "35": (7, 3),
    "36": (10, 3),
    "37": (1, 4),
    "38": (5, 4),
    "39": (9, 4),
    "40": (1, 6),
    "41": (7, 6),
}
# Spring to winter of the north (25-28) and of the south (29-32): the first of their three months.
SEASONS_OF_ONE_HEMISPHERE = {"25": 3, "26": 6, "27": 9, "28": 12, "29": 9, "30": 12, "31": 3, "32": 6}

MARKS = "?~%"
# `?` is not among them: it doubts whether the date is right, not how far it may be off.
WIDENING_MARKS = "~%"

_TIME = (
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3])(?::?[0-5][0-9])?)?"
)
_YEAR = r"(?P<year>[?~%]?[0-9X]{4}|[0-9X]{4}[?~%])"
_MONTH = r"(?P<month>[?~%]?[0-9X]{2}|[0-9X]{2}[?~%])"
_DAY = r"(?P<day>[?~%]?[0-9X]{2}|[0-9X]{2}[?~%])"
_DATE = re.compile(f"(?P<date>{_YEAR}(?:-{_MONTH}(?:-{_DAY})?)?)(?:(?<=-[0-9]{{2}}-[0-9]{{2}}){_TIME})?")

_BEYOND = f"its days reach beyond the years {MINYEAR:04} to {MAXYEAR}, and only those are kept"
_NOT_KEPT = (
    (r"[\[{].*[\]}]", "sets of dates are not kept; write the interval that holds them, such as 1667/1672"),
    (r"Y-?[0-9].*", f"years are written with four digits, {MINYEAR:04} to {MAXYEAR}"),
    (r"-[0-9].*", f"years before {MINYEAR:04} are not kept; keep the words unread, in parentheses"),
    (r"[0-9]{4}S[0-9]+", "significant digits are not kept; write the unspecified digits as X, such as 19XX"),
)


def interpret(text: str) -> PartialDate | None:
    """The days of an EDTF expression; None if `text` is not of its form, refused if it means no day."""
    start, slash, end = text.upper().partition("/")
    if slash:
        return _interval(start.strip(), end.strip())
    if (match := _DATE.fullmatch(start)) is None:
        return None
    earliest, latest = _days(match)
    return PartialDate(match["date"], earliest, latest, known=earliest is not None)


def why_not_kept(text: str) -> str | None:
    """The reason to give for an expression of the standard that is outside what is read here."""
    return next((why for form, why in _NOT_KEPT if re.fullmatch(form, text.upper())), None)


def _interval(start: str, end: str) -> PartialDate | None:
    dates = {side: _DATE.fullmatch(side) for side in (start, end) if side not in OPEN_ENDS}
    if None in dates.values():
        return None
    text = "/".join(found["date"] if (found := dates.get(side)) else side for side in (start, end))
    if not dates:
        raise DateRefused(text, "it is open at both ends, which says nothing; leave it empty instead")
    days = {side: _days(match) for side, match in dates.items() if match}
    if UNKNOWN_DAYS in days.values():
        raise DateRefused(text, "the ends of an interval need a year; give it, or keep the words unread")
    earliest = days.get(start, UNKNOWN_DAYS)[0]
    latest = days.get(end, UNKNOWN_DAYS)[1]
    if earliest and latest and latest < earliest:
        raise DateRefused(text, "it ends before it starts; write the earlier date first", impossible=True)
    return PartialDate(text, earliest, latest, known=True)


def _days(match: re.Match[str]) -> tuple[date, date] | tuple[None, None]:
    """First and last day of one date, which need not lie in a known year."""
    year, month, day = ((match[name] or "").strip(MARKS) for name in ("year", "month", "day"))
    try:
        is_part = month in PARTS_OF_A_YEAR and not day
        days = _part_of_year(year, month) if is_part else _outer_days(year, month, day)
        if days is None:
            raise _no_day(match["date"], year, month)
        return UNKNOWN_DAYS if year == ANY_YEAR else _widened(*days, match)
    except (ValueError, OverflowError) as error:
        if isinstance(error, DateRefused):
            raise
        raise DateRefused(match["date"], _BEYOND) from error


def _outer_days(year: str, month: str, day: str) -> tuple[date, date] | None:
    """The first and the last day that exists and that the digits can stand for."""
    years = _years(year)
    months = _numbers(month or "XX", 1, MONTHS_OF_A_YEAR)
    days = _numbers(day or "XX", 1, LONGEST_MONTH)
    first = _first_that_exists(product(years, months, days))
    last = _first_that_exists(product(reversed(years), reversed(months), reversed(days)))
    return (first, last) if first and last else None


def _part_of_year(year: str, code: str) -> tuple[date, date] | None:
    years = _years(year)
    if not years:
        return None
    month, length = PARTS_OF_A_YEAR[code]
    return date(years[0], month, 1), _month_end(_months_later(date(years[-1], month, 1), length - 1))


def _years(pattern: str) -> tuple[int, ...]:
    return (A_LEAP_YEAR,) if pattern == ANY_YEAR else _numbers(pattern, MINYEAR, MAXYEAR)


@lru_cache(PATTERNS_REMEMBERED)
def _numbers(pattern: str, low: int, high: int) -> tuple[int, ...]:
    """The numbers from `low` to `high` that digits with `X` for any digit can stand for, in order."""
    digits = product(*("0123456789" if digit == "X" else digit for digit in pattern))
    return tuple(number for number in map(int, map("".join, digits)) if low <= number <= high)


def _first_that_exists(days: Iterable[tuple[int, int, int]]) -> date | None:
    return next((date(y, m, d) for y, m, d in days if d <= monthrange(y, m)[1]), None)


def _widened(first: date, last: date, match: re.Match[str]) -> tuple[date, date]:
    """One unit more at both ends for every component that is marked approximate."""
    for name in ("year", "month", "day"):
        component = match[name] or ""
        if not any(mark in component for mark in WIDENING_MARKS):
            continue
        if name == "day":
            first, last = first - ONE_DAY, last + ONE_DAY
        else:
            months = _unit_in_months(component.strip(MARKS))
            shifted = _months_later(last, months)
            first = _months_later(first, -months)
            last = _month_end(shifted) if last == _month_end(last) else shifted
    return first, last


def _unit_in_months(component: str) -> int:
    """Months of a year, decade (199X), century (19XX) or millennium; of a month or another part of a year."""
    if len(component) == len(ANY_YEAR):
        trailing = len(component) - len(component.rstrip("X"))
        return int(MONTHS_OF_A_YEAR * 10**trailing)
    return PARTS_OF_A_YEAR.get(component, (0, 1))[1]


def _months_later(day: date, months: int) -> date:
    """The same day of another month, or that month's last day if it is shorter."""
    year, month = divmod(day.year * MONTHS_OF_A_YEAR + day.month - 1 + months, MONTHS_OF_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _no_day(text: str, year: str, month: str) -> DateRefused:
    if month in SEASONS_OF_ONE_HEMISPHERE and _years(year):
        reason = "seasons of one hemisphere are not kept; write 21 to 24, or the months as an interval"
        return DateRefused(text, reason)
    return DateRefused(text, _why_no_day(year, month), impossible=True)


def _why_no_day(year: str, month: str) -> str:
    if not _years(year):
        return f"years run from {MINYEAR:04} to {MAXYEAR}"
    if not _numbers(month or "XX", 1, MONTHS_OF_A_YEAR):
        return "there is no such month or part of a year; write a month as 01 to 12, a quarter as 33 to 36"
    return "the calendar has no such day; look at the source again, or keep the words unread, in parentheses"

"""What Excel shows of a number in a cell: the number format decides whether it is a day, a month or a percentage.

A cell that shows "Aug 2020" holds a full date, 1 August 2020, and means the month. Dates that show year, month and day,
in whatever order, become ISO 8601; any other is written as its format shows it, month names in English. Percentages are
written as shown. Every other number is written to the 15 digits that Excel itself keeps, whatever its format: grouping,
colour and currency belong to the looks.

Format codes: ECMA-376 part 1, 18.8.30 (built in numbers) and 18.8.31 (codes).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import Enum, auto

DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
LONGEST_PLAIN = 30
"""Digits before or behind the point, beyond which a number is written with an exponent."""
LONGEST_DOUBLE = 400
"""More digits than the largest number of a cell has before and behind its point as a percentage."""
BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    32: "h:mm", 33: "h:mm:ss", **dict.fromkeys((27, 28, 29, 30, 31, 34, 35, 36, *range(50, 59)), "yyyy-mm-dd"),
}  # fmt: skip
"""Formats that have a number and no code, as far as they show more than a number (27 to 36, 50 to 58: East Asian)."""

TOKEN = re.compile(
    r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?|General|AM/PM|A/P|E[+-]|\.0+|y+|e+|m+|d+|h+|s+|.',
    re.IGNORECASE | re.DOTALL,
)
ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
LONGEST_CODE = 1000
A_DAY = 86_400_000
"""In milliseconds."""
LAST_DAY = 2958465
"""31 December 9999, the last day that Excel knows."""
FEBRUARY_29TH_1900 = 60
"""A day that never was, and that Excel counts."""
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class NoDay(ValueError):
    """A number that is no day of Excel's calendar, in a cell that shows days."""


class Calendar(Enum):
    """The two calendars of Excel, by their day 0."""

    SINCE_1900 = date(1899, 12, 30)
    SINCE_1904 = date(1904, 1, 1)

    def day(self, number: int) -> date:
        """The day with this number. Raises NoDay."""
        if self is Calendar.SINCE_1904:
            return self.value + timedelta(days=number)
        if number in (0, FEBRUARY_29TH_1900):
            raise NoDay
        return self.value + timedelta(days=number + (number < FEBRUARY_29TH_1900))


class Looks(Enum):
    """What a number format makes of a number."""

    NUMBER = auto()
    PERCENT = auto()
    MOMENT = auto()


@dataclass(frozen=True)
class NumberFormat:
    """A number format: what it makes of a number, and the parts of its first section."""

    looks: Looks
    parts: tuple[str, ...] = ()

    def shown(self, number: Decimal, calendar: Calendar) -> str:
        """The number as it is shown in a workbook with this calendar. Raises NoDay."""
        if self.looks is Looks.PERCENT:
            return _percentage(number, self.parts)
        return _moment(number, self.parts, calendar) if self.looks is Looks.MOMENT else plain(number)


PLAIN = NumberFormat(Looks.NUMBER)


def number_format(code: str) -> NumberFormat:
    """What a format code says."""
    parts = []
    for part in TOKEN.findall(code[:LONGEST_CODE]):
        if part == ";":
            break
        parts.append(_part(part))
    kinds = {part[:1] for part in parts}
    if kinds & set("ymdhs["):
        return NumberFormat(Looks.MOMENT, _with_minutes(parts))
    return NumberFormat(Looks.PERCENT, tuple(parts)) if "%" in kinds else PLAIN


def plain(number: Decimal) -> str:
    """The number without noise behind its 15 digits, and without an exponent where people would write none."""
    rounded = DIGITS.create_decimal(number).normalize(DIGITS)
    if not rounded:
        return "0"
    exponent = rounded.as_tuple().exponent
    short = (
        abs(rounded.adjusted()) < LONGEST_PLAIN and isinstance(exponent, int) and -exponent < LONGEST_PLAIN
    )
    return f"{rounded:f}" if short else f"{rounded:E}"


def _part(part: str) -> str:
    """A part of a code in one spelling: literals behind a quote, letters small, what shows nothing empty."""
    if part[0] in '"\\':
        return '"' + part[1:].rstrip('"')
    if part[0] in "_*":
        return ""
    if part[0] == "[":
        return part.lower() if ELAPSED.fullmatch(part) else ""
    if part.upper() in ("E+", "E-") or part.lower() == "general":
        return '"' + part
    return "yyyy" if part.lower().startswith("e") else part.lower()


def _with_minutes(parts: list[str]) -> tuple[str, ...]:
    """The parts with `n` for minutes: an `m` behind hours or before seconds."""
    told = [place for place, part in enumerate(parts) if part[:1] in tuple("ymdhs[")]
    changed = list(parts)
    for before, place, after in zip([None, *told], told, [*told[1:], None], strict=False):
        behind_hours = before is not None and parts[before].strip("[]")[0] == "h"
        before_seconds = after is not None and parts[after].strip("[]")[0] == "s"
        if parts[place] in ("[m]", "[mm]") or (
            parts[place] in ("m", "mm") and (behind_hours or before_seconds)
        ):
            changed[place] = parts[place].replace("m", "n")
    return tuple(changed)


def _percentage(number: Decimal, parts: tuple[str, ...]) -> str:
    mask = "".join(part for part in parts if part[:1] in tuple("0#?.")).partition(".")[2]
    wide = Context(prec=LONGEST_DOUBLE, rounding=ROUND_HALF_UP)
    hundreds = wide.multiply(DIGITS.create_decimal(number), Decimal(100))
    text = f"{hundreds.quantize(Decimal(1).scaleb(-len(mask)), context=wide):f}"
    for _ in range(len(mask) - mask.count("0")):
        text = text.removesuffix("0")
    text = text.removesuffix(".")
    return (text.lstrip("-") if not Decimal(text) else text) + "%"


@dataclass(frozen=True)
class _Moment:
    """A day and a time, and how many milliseconds have passed since day 0."""

    at: datetime
    passed: int
    halves: bool
    """Whether hours are counted to twelve, twice a day."""

    @property
    def hour(self) -> int:
        return (self.at.hour - 1) % 12 + 1 if self.halves else self.at.hour


SHOWN: dict[str, Callable[[_Moment, int], str]] = {
    "y": lambda moment, length: f"{moment.at.year:04}" if length > 2 else f"{moment.at.year % 100:02}",
    "m": lambda moment, length: _name(MONTHS[moment.at.month - 1], moment.at.month, length),
    "d": lambda moment, length: _name(WEEKDAYS[moment.at.weekday()], moment.at.day, length),
    "h": lambda moment, length: f"{moment.hour:0{min(length, 2)}}",
    "n": lambda moment, length: f"{moment.at.minute:0{min(length, 2)}}",
    "s": lambda moment, length: f"{moment.at.second:0{min(length, 2)}}",
    ".": lambda moment, length: f".{moment.at.microsecond:06}"[:length],
    "[h": lambda moment, length: f"{moment.passed // 3_600_000:0{length - 2}}",
    "[n": lambda moment, length: f"{moment.passed // 60_000:0{length - 2}}",
    "[s": lambda moment, length: f"{moment.passed // 1000:0{length - 2}}",
    "am": lambda moment, _: "AM" if moment.at.hour < 12 else "PM",
    "a/": lambda moment, _: "A" if moment.at.hour < 12 else "P",
}


def _name(name: str, number: int, length: int) -> str:
    if length < 3:
        return f"{number:0{length}}"
    return {3: name[:3], 4: name}.get(length, name[0])


def _moment(number: Decimal, parts: tuple[str, ...], calendar: Calendar) -> str:
    shows = {part[0] for part in parts if part[:1] in tuple("ymhns") or part in ("d", "dd")}
    fractions = any(part.startswith(".0") for part in parts)
    halves = any(part in ("am/pm", "a/p") for part in parts)
    moment = _moment_of(
        number, 1 if fractions else 1000, calendar, halves=halves, dated=bool(shows & set("ymd"))
    )
    if shows >= set("ymd"):
        timed = "h" in shows and moment.at.time() != time()
        return moment.at.isoformat() if timed else moment.at.date().isoformat()
    return "".join(_written(part, moment) for part in parts)


def _moment_of(number: Decimal, step: int, calendar: Calendar, *, halves: bool, dated: bool) -> _Moment:
    """The moment to the next second, or to the millisecond where the format shows fractions."""
    passed = int((number * A_DAY / step).to_integral_value(ROUND_HALF_UP)) * step
    days, rest = divmod(passed, A_DAY)
    if days < 0 or days > LAST_DAY:
        raise NoDay
    day = calendar.day(days) if dated else calendar.value
    return _Moment(datetime.combine(day, time()) + timedelta(milliseconds=rest), passed, halves)


def _written(part: str, moment: _Moment) -> str:
    if part.startswith('"'):
        return part[1:]
    show = SHOWN.get(part[:2]) or SHOWN.get(part[:1])
    return show(moment, len(part)) if show and part != "." else part

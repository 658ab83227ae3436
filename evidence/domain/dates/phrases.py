"""Wordings around a period, or between two: by 2026, since 2012, circa 2020, June to July 2021.

The readings of a text are those it has as a period, as a period with words around it and as a range, each
once. As with periods nothing is preferred: whether a text is no date, a date or ambiguous is their number.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from evidence.domain.dates import edtf
from evidence.domain.dates.partial import DateRefused, PartialDate
from evidence.domain.dates.periods import DASH, FISCAL, MONTH, SHORT_YEAR, THIRDS, YEAR, month_number, periods
from evidence.domain.dates.wordings import Wordings

ONE_DAY = timedelta(days=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SIGNS_OF_A_RANGE = ("-", "\u2013")
OUTSIDE = "0000"  # for the day before the first and after the last of the calendar: EDTF refuses it
ABBREVIATIONS = r"jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|ca?|approx"  # what is printed with a dot

_THE_END = r"(?:(?:the )?end(?: of)?|(?:the )?year[ -]end)"
_PERIOD = r"(?P<period>.+)"
_ABBREVIATION = re.compile(rf"\b({ABBREVIATIONS})\.(?!\.) ?")
_COMMA_BEFORE_NUMBER = re.compile(r"(?<=[0-9a-z]) ?, ?(?=['0-9])")
_RANGE_SIGN = re.compile(rf"-? to -?|-to-| (?:until|till|through) | ?{DASH} ?| ?[~\uff5e\u301c] ?")
_PART_OF_A_YEAR = re.compile(r"(.+[ -])[0-9]{4}")
_SHARED_ENDS = (re.compile(f".+[ -](?P<shared>{MONTH}[ -]{YEAR})"), re.compile(r".+[ -](?P<shared>[0-9]{4})"))

_PHRASES = Wordings()
_form = _PHRASES.form


def readings(text: str) -> tuple[PartialDate, ...]:
    """Every date that the wording may mean; refused if it only means days that do not exist."""
    plain = _COMMA_BEFORE_NUMBER.sub(" ", _ABBREVIATION.sub(r"\1 ", text)).strip()
    found: list[PartialDate] = []
    refusals: list[DateRefused] = []
    whole = tuple(periods(plain))
    for reading in (*whole, *_PHRASES.readings(plain), *(() if whole else _ranges(plain))):
        try:
            if (meant := edtf.interpret(reading)) and meant not in found:
                found.append(meant)
        except DateRefused as refusal:
            refusals.append(refusal)
    if refusals and not found:
        raise refusals[0]
    return tuple(found)


def _exists(period: str) -> bool:
    try:
        return edtf.interpret(period) is not None
    except DateRefused:
        return False


def _each(text: str, worded: Callable[[str], str]) -> Iterator[str]:
    """The phrase for each reading of its period; one that does not exist as it is, for EDTF to refuse."""
    for period in periods(text):
        yield worded(period) if _exists(period) else period


def _start(period: str) -> str:
    return period.partition("/")[0]


def _end(period: str) -> str:
    return period.rpartition("/")[-1]


@_form(f"(?:in|on|during|as at) {_PERIOD}")
def _within(match: re.Match[str]) -> Iterator[str]:
    """In August 2020."""
    yield from periods(match["period"])


@_form(f"(?P<name>mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?[.]?,? {_PERIOD}")
def _on_weekday(match: re.Match[str]) -> Iterator[str]:
    """Monday, 10 August 2020: a day of that name, if there is one among the readings."""
    days = [day for day in periods(match["period"]) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", day)]
    yield from [day for day in days if _exists(day) and _weekday(day) == match["name"]]


def _weekday(day: str) -> str:
    return WEEKDAYS[date.fromisoformat(day).weekday()]


@_form(f"(?:by|until|till|through|up to|no later than|not later than|on or before) (?:{_THE_END} )?{_PERIOD}")
@_form(f"{_PERIOD} (?:(?:or|and) (?:earlier|before)|at the latest)")
@_form(f"before {_THE_END} {_PERIOD}")
def _up_to(match: re.Match[str]) -> Iterator[str]:
    """By 2026, until the end of 2026."""
    yield from _each(match["period"], lambda period: f"../{_end(period)}")


@_form(f"(?:before|prior to|earlier than) (?!{_THE_END} ){_PERIOD}")
def _before(match: re.Match[str]) -> Iterator[str]:
    """Before 2026: up to the day before it starts."""
    yield from _each(match["period"], lambda period: f"../{_beside(period, -ONE_DAY)}")


@_form(f"(?:after|later than) {_PERIOD}")
def _after(match: re.Match[str]) -> Iterator[str]:
    """After 2028: from the day after it ends."""
    yield from _each(match["period"], lambda period: f"{_beside(period, ONE_DAY)}/..")


def _beside(period: str, step: timedelta) -> str:
    """The day before or after a period; of one without known days the period, which no interval takes."""
    days = edtf.interpret(period)
    backwards = step < timedelta()
    edge = days and (days.earliest if backwards else days.latest)
    if not edge:
        return period
    return OUTSIDE if edge == (date.min if backwards else date.max) else (edge + step).isoformat()


@_form(r"(?P<period>.+?)(?: ?\+| onwards?| (?:or|and) (?:later|after|beyond)| at the earliest)")
@_form(r"(?:no earlier than|not earlier than|not before|on or after) (?P<period>.+)")
@_form(r"(?:from|since|starting(?: in| from)?|beginning in) (?P<period>.+?)(?: onwards?| on)?")
def _onwards(match: re.Match[str]) -> Iterator[str]:
    """From 2028, since 2012, 2026+, 2026 onwards."""
    yield from _each(match["period"], lambda period: f"{_start(period)}/..")


@_form(rf"(?:(?:circa|ca?|about|around|approximately|approx|roughly) |~ ?){_PERIOD}")
def _circa(match: re.Match[str]) -> Iterator[str]:
    """Circa 2020."""
    yield from _each(match["period"], lambda period: f"{period.replace('/', '~/')}~")


@_form(f"{MONTH}[ -]'?{SHORT_YEAR}")
def _month_and_two_digits(match: re.Match[str]) -> Iterator[str]:
    """Aug-20: a day or a year; Aug-85: a year of one of two centuries. Never a single reading."""
    month, digits = month_number(match), match["short"]
    if 1 <= int(digits) <= monthrange(edtf.A_LEAP_YEAR, month)[1]:
        yield from (f"20{digits}-{month:02}", f"{edtf.ANY_YEAR}-{month:02}-{digits}")
    else:
        yield from (f"19{digits}-{month:02}", f"20{digits}-{month:02}")


@_form(f"from {YEAR}(?:/|{DASH}){SHORT_YEAR}")
def _from_to(match: re.Match[str]) -> Iterator[str]:
    """From 2027-28, which may have ended with 2028, or not."""
    yield f"{match['year']}/{match['year'][:2]}{match['short']}"


def _ranges(text: str) -> Iterator[str]:
    """The text cut in two at each sign that may mean "to"."""
    if between := re.fullmatch("between (?P<start>.+?) and (?P<end>.+)", text):
        yield from _range(between["start"], between["end"])
        yield from _both_fiscal(between["start"], between["end"])
    whole = text.removeprefix("from ")
    for sign in _RANGE_SIGN.finditer(whole):
        left, right = whole[: sign.start()], whole[sign.end() :]
        yield from _range(left, right)
        yield from _both_fiscal(left, right)
        if sign[0].strip() in SIGNS_OF_A_RANGE and re.fullmatch(YEAR, right):
            yield from _part_of_each(left, right)


def _both_fiscal(left: str, right: str) -> Iterator[str]:
    """The other reading of "FY2024–2026": that the year printed alone is one of the fiscal years too."""
    if re.fullmatch(f"(?:{FISCAL}){YEAR}", left) and re.fullmatch(YEAR, right):
        yield from _range(left, f"fy{right}")
    if re.fullmatch(YEAR, left) and re.fullmatch(f"(?:{FISCAL}){YEAR}", right):
        yield from _range(f"fy{left}", right)


def _part_of_each(left: str, year: str) -> Iterator[str]:
    """The other reading of "Q4 2019–2020": up to the fourth quarter of 2020."""
    if part := _PART_OF_A_YEAR.fullmatch(left):
        yield from _range(left, f"{part[1]}{year}")


def _range(left: str, right: str) -> Iterator[str]:
    if left in THIRDS and not right.startswith(tuple(THIRDS)):
        return  # mid-August 2020 is no stretch from the middle of the year on
    for end in periods(right):
        for start in _sharing_end(left, right, end) or periods(left):
            missing = [period for period in (start, end) if not _exists(period)]
            yield missing[0] if missing else f"{_start(start)}/{_end(end)}"


def _sharing_end(left: str, right: str, end: str) -> list[str]:
    """Readings of the left of "June-July 2021" and "10-12 August 2020" with what it shares with the right.

    Only as fine as the end: in "Jan 10 to Feb 2020", 10 may be a year.
    """
    tails = [match["shared"] for form in _SHARED_ENDS if (match := form.fullmatch(right))]
    return [start for tail in tails for start in periods(f"{left} {tail}") if len(start) == len(end)]

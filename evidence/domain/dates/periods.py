"""Wordings of a single stretch of time in English documents, and the EDTF that each of them means.

Each production is the form of a wording and the EDTF it stands for. A text may fit several, and a
production may give several readings: 03/04/2021 has two orders of day and month, 2010/12 is a range or
December, and 2Q76 is of one of two centuries. All of them are given, nothing is preferred, and whoever asks
refuses what has more than one. A reading may also be of a day that does not exist; EDTF says so.

Texts are expected in lower case, with single spaces, without dots after abbreviations or commas before
numbers, with `-` for every hyphen and an en dash for every longer one.
"""

import re
from collections.abc import Iterator

from evidence.domain.dates import edtf
from evidence.domain.dates.wordings import Wordings

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
THIRDS = {"early": 37, "mid": 38, "late": 39}  # the standard's quadrimesters
DECADE_THIRDS = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}  # by the last digit of the year
CENTURY_THIRDS = {"early": (0, 33), "mid": (34, 66), "late": (67, 99)}  # by the last two
PARTS = {"q": (33, 4), "h": (40, 2)}  # quarters and halves: the standard's first code, and how many there are
ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
FIRST_DOUBTFUL_SHORT_YEAR = 50  # 2Q26 is a notation of our day; from '50 on, the last century is as likely

YEAR = r"(?P<year>[0-9]{4})"
SHORT_YEAR = r"(?P<short>[0-9]{2})"
DASH = r"[\u2013-]"
MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ORDINAL_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)"
_DAY = f"{_ORDINAL_DAY}?[.]?"
_OF = r"(?: of |[ /-])"
_THE = r"(?:the )?"
_SLASH_OR_DASH = r"[/\u2013-]"
_SIGN = r"[/.\u2013-]"
_THIRD = r"(?P<third>early|mid|late)[ -]"
FISCAL = rf"fy ?|{_THE}(?:fiscal(?:[ -]year)?|financial[ -]year) "
_ANY_YEAR = f"'?(?:{YEAR}|{SHORT_YEAR})"

_NEN, _GETSU, _NICHI = "[\u5e74\ub144]", "[\u6708\uc6d4]", "[\u65e5\uc77c]"  # year, month, day

_PERIODS = Wordings()
_form = _PERIODS.form
periods = _PERIODS.readings


def month_number(match: re.Match[str]) -> int:
    """1 to 12, of the month that the match names."""
    return MONTHS.index(match["month"][:3]) + 1


def _day(year: str, month: int | str, day: int | str) -> str:
    return f"{year}-{int(month):02}-{int(day):02}"


@_form(r"[0-9x]{4}(?:-[0-9x]{2}){0,2}")
def _standard(match: re.Match[str]) -> Iterator[str]:
    """2020-08 within a phrase."""
    yield match[0].upper()


@_form(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}) (?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
)
def _day_with_time(match: re.Match[str]) -> Iterator[str]:
    """2020-08-10 00:00:00, as spreadsheets write a day."""
    yield match["date"]


@_form(f"{_THE}{_DAY}{_OF}{MONTH}{_OF}{YEAR}")
@_form(f"{MONTH}[ -]{_DAY}[ -]{YEAR}")
@_form(f"{YEAR}[ -]{MONTH}[ -]{_DAY}")
def _day_month_year(match: re.Match[str]) -> Iterator[str]:
    """10 August 2020, 10th of August 2020, Aug 10 2020, 2020-Aug-10."""
    yield _day(match["year"], month_number(match), match["day"])


@_form(f"{_THE}{_DAY}{_OF}{MONTH}")
@_form(f"{MONTH}[ -]{_THE}{_ORDINAL_DAY}")
def _day_of_no_year(match: re.Match[str]) -> Iterator[str]:
    """10 August, August 10th."""
    yield _day(edtf.ANY_YEAR, month_number(match), match["day"])


@_form(f"{MONTH} (?P<first>[0-9]{{1,2}})(?: ?{DASH} ?| to )(?P<last>[0-9]{{1,2}}) {YEAR}")
def _days_after_month(match: re.Match[str]) -> Iterator[str]:
    """August 10-12, 2020."""
    yield "/".join(_day(match["year"], month_number(match), match[end]) for end in ("first", "last"))


@_form(f"{MONTH}{_OF}{YEAR}")
@_form(f"{YEAR}[ -]{MONTH}")
def _month_year(match: re.Match[str]) -> Iterator[str]:
    """August 2020, Aug-2020, 2020 Aug."""
    yield f"{match['year']}-{month_number(match):02}"


@_form(MONTH)
def _month_of_no_year(match: re.Match[str]) -> Iterator[str]:
    """September."""
    yield f"{edtf.ANY_YEAR}-{month_number(match):02}"


@_form(f"(?P<a>[0-9]{{1,2}})(?P<sign>{_SIGN})(?P<b>[0-9]{{1,2}})(?P=sign){YEAR}")
def _numbers_year_last(match: re.Match[str]) -> Iterator[str]:
    """31.12.2021; 03/04/2021 is read both ways."""
    yield _day(match["year"], match["b"], match["a"])
    yield _day(match["year"], match["a"], match["b"])


@_form(f"{YEAR}(?P<sign>{_SIGN})(?P<b>[0-9]{{1,2}})(?P=sign)(?P<a>[0-9]{{1,2}})")
def _numbers_year_first(match: re.Match[str]) -> Iterator[str]:
    """2021/04/03, 2021-4-3: with the year first, the order is one."""
    yield _day(match["year"], match["b"], match["a"])


@_form(rf"{YEAR}[.](?: (?P<month>[0-9]{{1,2}})|(?P<two>[0-9]{{2}}))(?:[.] ?(?P<day>[0-9]{{1,2}}))?[.]?")
@_form(f"{YEAR}{_NEN}(?: ?(?P<two>)(?P<month>[0-9]{{1,2}}){_GETSU}(?: ?(?P<day>[0-9]{{1,2}}){_NICHI})?)?")
def _east_asian(match: re.Match[str]) -> Iterator[str]:
    """2020. 8. 10., 2020.08, and the signs for year, month and day of Chinese, Japanese and Korean."""
    parts = (
        match["year"],
        *(f"{int(part):02}" for part in (match["month"] or match["two"], match["day"]) if part),
    )
    yield "-".join(parts)


@_form(f"(?P<number>[0-9]{{1,2}})[/.-]{YEAR}")
@_form(f"{YEAR}{_SLASH_OR_DASH}(?P<number>[0-9]{{2}})")
def _month_as_number(match: re.Match[str]) -> Iterator[str]:
    """4/2021, 2020/08."""
    if 1 <= int(match["number"]) <= len(MONTHS):
        yield f"{match['year']}-{int(match['number']):02}"


@_form(f"{YEAR}(?P<sign>{_SLASH_OR_DASH}){SHORT_YEAR}")
def _two_years(match: re.Match[str]) -> Iterator[str]:
    """2027/28; with a hyphen, 28 may as well be the standard's code of a season."""
    year, digits = match["year"], match["short"]
    yield f"{year}/{year[:2]}{digits}"
    if match["sign"] == "-" and digits >= year[2:] and (first := edtf.SEASONS_OF_ONE_HEMISPHERE.get(digits)):
        last_year, last = divmod(int(year) * 12 + first + 1, 12)
        yield f"{year}-{first:02}/{last_year:04}-{last + 1:02}"


@_form(f"(?P<kind>q)(?P<number>[1-4])(?:{_OF}|(?=')){_ANY_YEAR}")
@_form(f"(?P<kind>h)(?P<number>[12])(?:{_OF}|(?=')){_ANY_YEAR}")
@_form(f"(?P<number>[1-4])(?P<kind>q){_OF}?{_ANY_YEAR}")
@_form(f"(?P<number>[12])(?P<kind>h){_OF}?{_ANY_YEAR}")
@_form(f"{_ANY_YEAR}[ /.-]?(?P<kind>q)(?P<number>[1-4])")
@_form(f"{_ANY_YEAR}[ /.-]?(?P<kind>h)(?P<number>[12])")
def _quarter_or_half(match: re.Match[str]) -> Iterator[str]:
    """Q2 2026, 2Q26, 2026Q2, H1 2027, 1H27, 2024H1."""
    code = PARTS[match["kind"]][0] + int(match["number"]) - 1
    for year in [match["year"]] if match["year"] else _centuries(match["short"]):
        yield f"{year}-{code}"


def _centuries(short: str) -> list[str]:
    return [f"20{short}"] if int(short) < FIRST_DOUBTFUL_SHORT_YEAR else [f"19{short}", f"20{short}"]


@_form(f"{_THE}(?P<nth>{'|'.join(ORDINALS)}|last|final|latter)[ -](?P<kind>quarter|half)(?: of| in|) {YEAR}")
def _named_quarter_or_half(match: re.Match[str]) -> Iterator[str]:
    """Second quarter of 2026, last half of 2027."""
    code, count = PARTS[match["kind"][0]]
    number = ORDINALS.get(match["nth"], count)
    if number <= count:
        yield f"{match['year']}-{code + number - 1}"


@_form(f"{_THIRD}{YEAR}")
def _third_of_year(match: re.Match[str]) -> Iterator[str]:
    """Early 2021, mid-2021."""
    yield f"{match['year']}-{THIRDS[match['third']]}"


@_form(f"{_THE}(?P<season>{'|'.join(SEASONS)})(?: of)?[ -]{YEAR}")
def _season(match: re.Match[str]) -> Iterator[str]:
    """Summer 2025."""
    yield f"{match['year']}-{SEASONS[match['season']]}"


@_form(f"{_THE}winter(?: of)? {YEAR}{_SLASH_OR_DASH}(?P<next>[0-9]{{2}}|[0-9]{{4}})")
def _winter_of_two_years(match: re.Match[str]) -> Iterator[str]:
    """Winter 2025/26, winter 2025–2026."""
    if f"{int(match['year']) + 1:04}".endswith(match["next"]):
        yield f"{match['year']}-{SEASONS['winter']}"


@_form(f"(?:at )?{_THE}(?:end|year[ -]end|end of (?:the )?year)(?: of)?[ -]{YEAR}")
def _end_of_year(match: re.Match[str]) -> Iterator[str]:
    """End of 2026, year-end 2026."""
    yield f"{match['year']}-12"


@_form(f"(?:at )?{_THE}(?:start|beginning) of {YEAR}")
def _start_of_year(match: re.Match[str]) -> Iterator[str]:
    """Beginning of 2026."""
    yield f"{match['year']}-01"


@_form(f"(?:cy ?|{_THE}(?:calendar )?year |calendar ){YEAR}")
def _calendar_year(match: re.Match[str]) -> Iterator[str]:
    """CY2024, calendar year 2024, the year 2024."""
    yield match["year"]


@_form(f"(?:{FISCAL}){YEAR}")
def _fiscal_year(match: re.Match[str]) -> Iterator[str]:
    """FY2030: from the April before (India's) to the March after (Japan's), whosever year it is."""
    yield f"{int(match['year']) - 1:04}-04/{int(match['year']) + 1:04}-03"


@_form(f"{_THE}(?:{_THIRD})?(?P<decade>[0-9]{{3}})0'?s")
def _decade(match: re.Match[str]) -> Iterator[str]:
    """1990s, late 1990s; 1900s may be the decade or the century."""
    decade, third = match["decade"], match["third"]
    yield _span(decade, *DECADE_THIRDS[third]) if third else f"{decade}X"
    if decade.endswith("0"):
        yield _span(decade[:2], *CENTURY_THIRDS[third]) if third else f"{decade[:2]}XX"


def _span(digits: str, first: int, last: int) -> str:
    width = len(edtf.ANY_YEAR) - len(digits)
    return f"{digits}{first:0{width}}/{digits}{last:0{width}}"

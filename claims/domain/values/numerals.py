"""Numbers at the start of a text: digits with their grouping, fractions, and number words.

Documents are English: "1,500" is grouped. A point before three digits is a decimal point or the grouping of
other countries, and both readings are given. Spelt numbers are read as if written in digits ("five" is 5,
"two dozen" 24), and a magnitude at their end is left for whoever reads magnitudes. A fraction is read as its
decimal with two places, or three for eighths: "a quarter" as 0.25, "two thirds" as 0.67.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from claims.domain.values.words import FRACTION, SPELT, fraction_of, spelt_number

MOST_DIGITS = 24  # so that all sums of it stay exact in the 28 digits that Decimal keeps
GROUPING = " .,'"
FRACTION_PLACES = 2
LARGEST_DENOMINATOR = 10  # of a fraction in digits; what has more, as 12/24, is more likely none

_DIGITS = re.compile(r"[0-9]+(?:[ .,'][0-9]+)*|\.[0-9]+")
_GLYPHS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_GLYPH = re.compile(rf"(?P<whole>[0-9]{{1,9}})? ?(?P<glyph>[{_GLYPHS}])")
_SLASHED = re.compile(
    r"(?:(?P<whole>[1-9][0-9]{0,8})[ -])?(?P<top>[0-9]{1,2})/(?P<bottom>[0-9]{1,2})(?![0-9/.,])"
)

_HEAD = r"[1-9][0-9]{0,2}"
_POINT = re.compile(r"(?:0|[1-9][0-9]*)?\.[0-9]+")
# Each form with the signs to drop and the sign of its decimals.
_FORMS = (
    (re.compile(r"0|[1-9][0-9]*"), "", "."),
    (_POINT, "", "."),
    (re.compile(rf"{_HEAD}(?:,[0-9]{{3}})+(?:\.[0-9]+)?"), ",", "."),
    (re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?"), ",", "."),  # as in India
    (re.compile(rf"{_HEAD}(?:[ ][0-9]{{3}})+(?:\.[0-9]+)?"), " ", "."),
    (re.compile(rf"{_HEAD}(?:[ ][0-9]{{3}})+,[0-9]{{1,2}}"), " ", ","),
    (re.compile(rf"{_HEAD}(?:'[0-9]{{3}})+(?:[.][0-9]+)?"), "'", "."),
    (re.compile(rf"{_HEAD}(?:\.[0-9]{{3}})+"), ".", ","),
    (re.compile(rf"{_HEAD}(?:\.[0-9]{{3}})+,[0-9]+"), ".", ","),
    (re.compile(r"(?:0|[1-9][0-9]*),[0-9]{1,2}|0,[0-9]{3,}"), "", ","),
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as printed: its value, half a unit of its last digit, and how it was printed."""

    value: Decimal
    half: Decimal
    whole: bool
    fraction: bool = False
    slack: Decimal = Decimal(0)  # how far the value may lie from the fraction that it rounds


def numerals(text: str) -> Iterator[tuple[Numeral, str]]:
    """Every number that the text may start with, and what follows it."""
    for pattern, reader in ((_GLYPH, _glyph), (_SLASHED, _slashed)):
        if (match := pattern.match(text)) and (numeral := reader(match)):
            yield numeral, text[match.end() :]
            return
    if match := _DIGITS.match(text):
        for numeral in _in_digits(match[0]):
            yield numeral, text[match.end() :]
        return
    yield from _in_words(text)


def _in_digits(token: str) -> list[Numeral]:
    if sum(map(str.isdigit, token)) > MOST_DIGITS:
        return []
    return [
        _decimal(token.replace(grouping, "") if grouping else token, sign)
        for form, grouping, sign in _FORMS
        if form.fullmatch(token)
    ]


def _decimal(token: str, sign: str) -> Numeral:
    whole, _, places = token.partition(sign)
    value = Decimal(f"{whole or 0}.{places}" if places else whole)
    return Numeral(value, _half(len(places)), whole=not places)


def _half(places: int) -> Decimal:
    return Decimal(5).scaleb(-places - 1)


def _fraction(fraction: Fraction) -> Numeral:
    places = FRACTION_PLACES
    if (1000 * fraction).denominator == 1 and (100 * fraction).denominator != 1:
        places += 1
    exact = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    value = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    slack = Decimal(0) if value == exact else _half(places)
    return Numeral(value, _half(places), whole=False, fraction=True, slack=slack)


def _glyph(match: re.Match[str]) -> Numeral | None:
    top, bottom = unicodedata.normalize("NFKC", match["glyph"]).split("\u2044")
    return _fraction(int(match["whole"] or 0) + Fraction(int(top), int(bottom)))


def _slashed(match: re.Match[str]) -> Numeral | None:
    top, bottom = int(match["top"]), int(match["bottom"])
    if not 0 < top < bottom <= LARGEST_DENOMINATOR or Fraction(top, bottom).denominator != bottom:
        return None
    return _fraction(int(match["whole"] or 0) + Fraction(top, bottom))


def _in_words(text: str) -> Iterator[tuple[Numeral, str]]:
    if match := FRACTION.match(text):
        if (fraction := fraction_of(match)) is not None:
            yield _fraction(fraction), re.sub(r"^ (?:of )?an? ", " ", text[match.end() :])
    elif (match := SPELT.match(text)) and (spelt := spelt_number(match[0])) is not None:
        number, magnitude = spelt
        yield Numeral(Decimal(number), _half(0), whole=True), f"{magnitude}{text[match.end() :]}"

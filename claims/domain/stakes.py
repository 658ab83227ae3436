"""Shares of ownership: what a printed percentage says at least, and who owns whom by more than half.

A printed share is read as any percentage is, and kept where it is not understood. What must hold of any reading is
checked here: no share lies above 100 %, the shares of one thing do not add up to more, and nothing is its own parent.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from claims.domain.reading import misfit, read_value
from claims.domain.values.understanding import PERCENT

WHOLE = Decimal(100)
MAJORITY = Decimal(50)
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
PRINTED = re.compile(rf"({NUMBER})\s*(%|per\s?cent)?")
PLAIN = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(?:%|percent|per cent)?")


NOW = date.max - timedelta(days=1)
"""The day on which everything is held that has not ended; later than any day that is written down."""


class StakeRefused(ValueError):
    """A printed share cannot be one; the message says why."""


def check_stake(printed: str) -> None:
    """Raise StakeRefused where the printed share is refused as a percentage, is above 100 % or negative."""
    if wrong := misfit(PERCENT, printed):
        raise StakeRefused(wrong.message)
    found, understood = PRINTED.findall(printed), read_value(PERCENT, printed).refused is None
    # Where some numbers are marked as percentages, the others count something else: shares, dollars, years.
    numbers = [_read(number) for number, sign in found if sign]
    if understood and not numbers:
        numbers = [_read(number) for number, _ in found]
    if understood and printed.lstrip().startswith(("-", "−")):
        raise StakeRefused(f"“{printed}” is negative; a share lies between 0 and 100 %.")
    if max(numbers, default=WHOLE) > WHOLE:
        raise StakeRefused(f"“{printed}” is above 100 %; a share lies between 0 and 100 %.")


def _read(number: str) -> Decimal:
    thousands = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", number)
    return Decimal(number.replace(",", "" if thousands else "."))


def plain_stake(printed: str) -> Decimal | None:
    """The share where it is printed as one plain number; None for approximations, ranges and bounds."""
    match = PLAIN.fullmatch(printed.strip())
    return Decimal(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class Holding:
    """One share: `percent` is None where it is not a plain number or not stated.

    `since` and `until` are the days between which it is certainly held: the latest day on which it may have
    started, NOW where that is not known, and the earliest on which it may have ended, the last day of the calendar
    where it has not.
    """

    owner: str
    owned: str
    percent: Decimal | None
    stated: bool
    since: date = NOW
    until: date = date.max

    @property
    def controls(self) -> bool:
        """Whether the owner is a parent: more than half is held, or ownership is stated without a share."""
        return self.percent > MAJORITY if self.percent is not None else not self.stated


def held_together(holdings: Iterable[Holding]) -> list[list[Holding]]:
    """The shares that are certainly held on one day, for every day on which one of them starts."""
    listed = list(holdings)
    days = sorted({holding.since for holding in listed})
    return [[holding for holding in listed if holding.since <= day < holding.until] for day in days]


def total(holdings: Iterable[Holding]) -> Decimal:
    """The sum of the plain shares."""
    return sum((holding.percent for holding in holdings if holding.percent is not None), Decimal(0))

"""Printed values as documents vary them: wordings of one value that agree, and of another that does not."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

DOLLARS = ("US${}M", "US${} million", "USD {}.0 million", "${} million")
CURRENCIES: tuple[tuple[str, ...], ...] = (
    DOLLARS,
    DOLLARS,
    ("CAD {}M", "CAD {} million", "C${} million", "about CAD {} million"),
    ("€{} million", "EUR {} million", "EUR {}.0M", "about €{} million"),
    ("KRW {} million", "KRW {}.0 million", "about KRW {} million"),
)
NUMBERS = ("{}{}", "{}.0{}", "about {}{}")
SMALLEST = 11  # the first number of which "about" and the last printed digit leave no doubt
MOST, MOST_PERCENT = 900, 31
FIRST_DAY, DAYS = date(2005, 1, 1), 7500
FAR = 3
"""By how many times, or years, a value differs that does not agree."""


def some_day(random: Random) -> date:
    """A day of the last decades."""
    return FIRST_DAY + timedelta(days=random.randrange(DAYS))


def vague(day: date, random: Random) -> str:
    """The day as a document prints it: whole, its month or its year."""
    return random.choice((day.isoformat(), day.isoformat(), f"{day:%B %Y}", str(day.year)))


class Wording:
    """A value of some type, and the ways in which documents may print it."""

    def __init__(self, value_type: str, units: Sequence[str], codes: Sequence[str], random: Random) -> None:
        self.value_type = value_type
        self.random = random
        self.codes = codes
        self.unit = f" {units[0]}" if units and units[0] != "1" else ""
        self.number = random.randrange(SMALLEST, MOST_PERCENT if value_type == "percent" else MOST)
        self.forms = random.choice(CURRENCIES)
        self.day = some_day(random)

    def same(self) -> str:
        """The value, in one of its wordings."""
        return self._worded(0)

    def other(self) -> str:
        """A value that does not agree with it."""
        return self._worded(1)

    def _worded(self, other: int) -> str:
        number = self.number * (FAR if other else 1)
        match self.value_type:
            case "quantity":
                return self.random.choice(NUMBERS).format(number, self.unit)
            case "percent":
                return self.random.choice(NUMBERS).format(number, "%")
            case "money":
                # Nine times as many euros are another amount, whatever the currency and the day.
                forms = CURRENCIES[3] if other else self.forms
                return self.random.choice(forms).format(number * FAR if other else number)
            case "date":
                day = self.day.replace(day=1, year=self.day.year + FAR) if other else self.day
                return vague(day, self.random)
            case "code":
                return self.codes[(self.number + other) % len(self.codes)]
            case "text":
                return f"one of the {self.random.randrange(10_000)} things that documents say"
        return ""

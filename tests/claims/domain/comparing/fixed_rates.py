"""Exchange rates to compare at."""

from datetime import date
from decimal import Decimal

from claims.domain.comparing import Rate


class FixedRates:
    """The same rates on every day, through the US dollar, and none for any other currency."""

    def between(self, bought: str, paid: str, first: date, last: date) -> Rate | None:
        if (bought, paid) == ("CAD", "USD"):
            return Rate(Decimal("0.714"), Decimal("0.770"), f"{first}/{last}", "test bank")
        if (bought, paid) == ("EUR", "USD"):
            return Rate(Decimal("1.05"), Decimal("1.12"), f"{first}/{last}", "test bank")
        return None


class OneRate:
    """The same rate between any two currencies, from the one that comes first in the alphabet."""

    def __init__(self, rate: Decimal) -> None:
        self.rate = rate

    def between(self, bought: str, paid: str, first: date, last: date) -> Rate:
        assert bought < paid
        return Rate(self.rate, self.rate, f"{first}/{last}", "test bank")

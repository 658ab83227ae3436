"""What is compared: the value that a claim states of its subject, with the qualifiers that may set it apart."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from claims.domain.values import Understood
from evidence.domain.dates import PartialDate

TIMELESS, LASTING, MOMENTARY = "timeless", "lasting", "momentary"
QUANTITY, MONEY, PERCENT, DATE = "quantity", "money", "percent", "date"
CODE, ENTITY, TEXT, NONE = "code", "entity", "text", "none"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a predicate says of its values: `tolerance` is a share ("2%") or a quantity ("30 days", "1 GWh")."""

    value_type: str
    single_valued: bool
    persistence: str
    tolerance: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim's value and qualifiers.

    `value` is the number as understood; `days` the value of a date; `code` a code or a text; `objects` the entities
    that the object may be (several where its name is ambiguous). `when` is the claim's own, `published` the days on
    which its sources came out, and `rated` the days over which its money is converted.
    """

    value: Understood | None = None
    days: PartialDate | None = None
    code: str = ""
    objects: frozenset[str] = frozenset()
    negated: bool = False
    scope: frozenset[str] = frozenset()
    modality: str = "actual"
    when: PartialDate | None = None
    published: tuple[PartialDate, ...] = ()
    rated: PartialDate | None = None
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rate:
    """The lowest and highest price of one unit of a currency in another, over some days, and who published it."""

    lowest: Decimal
    highest: Decimal
    days: str
    published_by: str


class Rates(Protocol):
    """Exchange rates of the past."""

    def between(self, bought: str, paid: str, first: date, last: date) -> Rate | None:
        """What one unit of `bought` cost in `paid` on these days; None where no rate is known."""

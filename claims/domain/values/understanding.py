"""What a printed value of a type means: the one entry to reading values, which refuses but never guesses.

`low` and `high` are in the unit printed, its magnitude applied: "10M" is 9,500,000 to 10,500,000, and "50 GWh" stays
in GWh. An open end is None. A date gives its days and its EDTF instead.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from claims.domain.values.counted import PERSON, THING, counted
from claims.domain.values.folding import folded
from claims.domain.values.intervals import Interval, plain
from claims.domain.values.money import read_money
from claims.domain.values.phrases import Reading
from claims.domain.values.quantities import read_percent, read_quantity
from claims.domain.values.refusal import Refusal, ValueRefused
from claims.domain.values.units import named
from evidence.domain import dates

QUANTITY, MONEY, PERCENT, DATE = TYPES = ("quantity", "money", "percent", "date")
NOUNS = {THING: "items", PERSON: "people"}  # any of what is counted, in the plural
SEVERAL_UNITS = "|"  # joins the units of a predicate that has more than one


@dataclass(frozen=True, slots=True)
class Understood:
    """A printed value as it was understood, or why it was refused."""

    input: str
    low: str | None = None
    high: str | None = None
    unit: str = ""
    currencies: tuple[str, ...] = ()
    edtf: str = ""
    refused: str | None = None
    readings: tuple[str, ...] = ()
    interval: Interval | None = field(default=None)
    refusal: Refusal | None = None

    @property
    def unread(self) -> bool:
        """Whether it is only not understood, so that it may be kept as printed."""
        return self.refusal is Refusal.UNREAD


def understand(value_type: str, text: str, *, unit: str = "") -> Understood:
    """The set that the text stands for; `unit` is what the predicate or the sheet says where the text does not."""
    try:
        if value_type == DATE:
            return _date(text)
        return _number(
            value_type, text, tuple(name.strip() for name in unit.split(SEVERAL_UNITS) if name.strip())
        )
    except ValueRefused as refusal:
        return Understood(text, refused=refusal.reason, readings=refusal.readings, refusal=refusal.sort)
    except dates.DateRefused as refusal:
        sort = Refusal.SEVERAL if refusal.readings else Refusal.UNREAD
        sort = Refusal.IMPOSSIBLE if refusal.impossible else sort
        return Understood(text, refused=refusal.reason, readings=refusal.readings, refusal=sort)


def _number(value_type: str, text: str, units: tuple[str, ...]) -> Understood:
    plain_text = folded(text)
    if value_type == MONEY:
        reading = read_money(plain_text, units)
        return _understood(text, reading.interval, currencies=reading.measure)
    if value_type == PERCENT:
        reading = read_percent(plain_text, units)
    elif value_type == QUANTITY:
        reading = _quantity(plain_text, units)
    else:
        raise ValueRefused(
            value_type, f"values of type {value_type} have no numbers; write {', '.join(TYPES)}"
        )
    return _understood(text, reading.interval, unit=reading.measure[0])


def _quantity(text: str, units: tuple[str, ...]) -> Reading:
    """A quantity; where it is asked for in things that are counted, such as patents, a number is a count of them."""
    nouns = [name for name in units if counted(name) and not named(name)]
    measures = tuple(counted(name) or name if name in nouns else name for name in units)
    if nouns and len(nouns) == len(units):
        # Only with its noun is a number a count, which stands for itself.
        try:
            return read_quantity(f"{text} {NOUNS[measures[0]]}", measures)
        except ValueRefused:
            alone = read_quantity(text, measures)
            if (
                alone.interval.low != alone.interval.high
            ):  # no count of its own: two thirds of a patent is none
                raise
            return alone
    return read_quantity(text, measures)


def _understood(
    text: str, interval: Interval, *, unit: str = "", currencies: tuple[str, ...] = ()
) -> Understood:
    low, high = (_shown(end) for end in (interval.low, interval.high))
    return Understood(text, low, high, unit, currencies, interval=interval)


def _shown(end: Decimal | None) -> str | None:
    return None if end is None else plain(end)


def _date(text: str) -> Understood:
    read = dates.read(text)
    if read.unread:
        raise ValueRefused(text, "it is kept unread: no date is given before the parentheses")
    low, high = (day.isoformat() if day else None for day in (read.earliest, read.latest))
    return Understood(text, low, high, edtf=read.edtf)

"""How far two values may differ and still agree: by a share of them ("2%"), or by an amount ("30 days", "1 GWh").

A share is of each value; between dates it would be one of the calendar, and is refused. Amounts of money differ by
a share only, because an amount would be of one currency. Percentages differ by points.
"""

from fractions import Fraction

from claims.domain.values.folding import folded
from claims.domain.values.intervals import NO_TOLERANCE, Tolerance
from claims.domain.values.phrases import Reading
from claims.domain.values.quantities import read_quantity
from claims.domain.values.refusal import Refusal, ValueRefused
from claims.domain.values.units import PERCENT, unit

DAY, POINT = "day", "pp"
NO_UNIT, OF_DATES = "", "date"  # in place of a unit, for money and for dates


def read_tolerance(text: str, unit_name: str) -> Tolerance:
    """What the text allows between values in this unit, an amount in base units of its dimension.

    Raises ValueRefused where it does not fit them.
    """
    if not text:
        return NO_TOLERANCE
    share = _share(text)
    if share is not None and unit_name == OF_DATES:
        raise ValueRefused(text, "dates have no shares; write a time, such as 30 days", sort=Refusal.OTHER)
    if share is not None:
        return Tolerance(share=share)
    if unit_name == NO_UNIT:
        raise ValueRefused(
            text, "amounts of money differ by a share; write one, such as 2%", sort=Refusal.OTHER
        )
    return Tolerance(absolute=_amount(_exact(text, DAY if unit_name == OF_DATES else unit_name), text))


def _share(text: str) -> Fraction | None:
    """The share that the text prints; None where it prints none."""
    try:
        reading = read_quantity(folded(f"exactly {text}"))
    except ValueRefused:
        return None
    if unit(reading.measure[0]).dimension != PERCENT:
        return None
    return _amount(reading, text) / 100


def _exact(text: str, unit_name: str) -> Reading:
    exact = folded(f"exactly {text}")
    try:
        return read_quantity(exact, (unit_name,))
    except ValueRefused as refusal:
        if refusal.sort is Refusal.OTHER and unit(unit_name).dimension == PERCENT:
            return read_quantity(exact, (POINT,))
        raise


def _amount(reading: Reading, text: str) -> Fraction:
    number = reading.interval.high
    if number is None or number < 0:
        raise ValueRefused(text, "it is negative; write how far values may differ, such as 2% or 30 days")
    return Fraction(number) * unit(reading.measure[0]).factor

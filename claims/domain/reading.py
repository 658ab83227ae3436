"""What a record's printed value means, given the type and the units of what it is a value of, and its own unit.

The unit stated beside a value stands where the printed text omits one, and lacks the "per year" as the text may:
"50" with GWh is 50 GWh/year of a predicate in GWh/year. What is only not understood is kept as printed, and compares
with nothing; what has two readings, measures something else or cannot be is refused with the way out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from claims.domain.values import TYPES, Refusal, Understood, ValueRefused, understand
from claims.domain.values.counted import counted
from claims.domain.values.currency_table import currencies
from claims.domain.values.refusal import SHOWN_LENGTH
from claims.domain.values.tolerances import NO_UNIT, OF_DATES, read_tolerance
from claims.domain.values.understanding import DATE, MONEY, PERCENT, QUANTITY, SEVERAL_UNITS
from claims.domain.values.units import PERCENT as SHARES
from claims.domain.values.units import POINTS, comparable, named, per_unit
from claims.domain.values.units import unit as unit_named

MEASURED = (QUANTITY, MONEY, PERCENT)
"""Types of value that come in units or currencies."""

READ, UNREAD, NOTHING_TO_READ = "read", "unread", ""


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is wrong with a printed value, or with the unit beside it."""

    of_unit: bool
    message: str


def read_value(value_type: str, printed: str, *, unit: str = "", units: Sequence[str] = ()) -> Understood:
    """The set that a printed value stands for; `unit` is stated beside it, `units` are those of its predicate.

    A value of a type that has no sets (code, text, entity, none) is given back as it is.
    """
    if value_type not in TYPES:
        return Understood(printed)
    try:
        asked = _asked(value_type, unit, units)
    except ValueRefused as refusal:
        return Understood(printed, refused=refusal.reason, readings=refusal.readings, refusal=refusal.sort)
    if value_type == QUANTITY and unit and not named(unit):
        asked = (unit,)  # a counted noun, of which the number is a count
    return understand(value_type, printed, unit=SEVERAL_UNITS.join(asked))


def state(value_type: str, printed: str, *, unit: str = "", units: Sequence[str] = ()) -> str:
    """Whether the printed value is understood: READ, UNREAD, or NOTHING_TO_READ where it is no set."""
    if value_type not in TYPES or not printed:
        return NOTHING_TO_READ
    return UNREAD if read_value(value_type, printed, unit=unit, units=units).refused else READ


def misfit(value_type: str, printed: str, *, unit: str = "", units: Sequence[str] = ()) -> Misfit | None:
    """Why a printed value or its unit is refused; None where the value is read, or kept unread."""
    if unit and value_type in MEASURED:
        try:
            _asked(value_type, unit, units)
        except ValueRefused as refusal:
            return Misfit(True, f"{_quoted(unit)}: {refusal.reason}.")
    understood = read_value(value_type, printed, unit=unit, units=units) if printed else None
    if understood is None or understood.refused is None or understood.unread:
        return None
    alone = read_value(value_type, printed, units=units) if unit else understood
    if alone.refused:
        return Misfit(False, f"{_quoted(printed)}: {understood.refused}.")
    return Misfit(True, f"{_quoted(unit)} does not fit {_quoted(printed)}: {understood.refused}.")


def units_misfit(value_type: str, units: Iterable[str]) -> str:
    """Why these cannot be the units of a predicate of this type; empty where they can."""
    for name in units:
        if value_type not in MEASURED:
            return f"Values of type {value_type} have no unit; leave it empty."
        try:
            _asked(value_type, name, ())
        except ValueRefused as refusal:
            return f"{_quoted(name)}: {refusal.reason}."
    return ""


def tolerance_misfit(value_type: str, units: Sequence[str], tolerance: str) -> str:
    """Why values of this type and these units cannot differ by the tolerance; empty where they can."""
    if not tolerance:
        return ""
    if value_type not in TYPES:
        return f"Values of type {value_type} have no tolerance; leave it empty."
    own = read_value(QUANTITY, tolerance).unit or "1"  # a quantity without units may be of anything
    usual = {DATE: (OF_DATES,), MONEY: (NO_UNIT,), PERCENT: ("%",)}.get(value_type, tuple(units) or (own,))
    reasons = []
    for name in usual:
        try:
            read_tolerance(tolerance, name)
        except ValueRefused as refusal:
            reasons.append(refusal.reason)
        else:
            return ""
    return f"{_quoted(tolerance)}: {reasons[0]}."


def _asked(value_type: str, unit: str, units: Sequence[str]) -> tuple[str, ...]:
    """The units that a number without one may be in: the stated one as the predicate's complete it, or those."""
    if not unit:
        return tuple(units)
    if value_type == MONEY:
        return _currencies(unit, units)
    own = _unit(unit)
    if value_type == PERCENT:
        if unit_named(own).dimension not in (SHARES, POINTS):
            raise _other(unit, f"{own} is no share; write % or pp, or leave it empty")
        return (own,)
    meant = [_unit(name) for name in units]
    if not meant or any(comparable(own, name) for name in meant):
        return (own,)
    if fuller := tuple(dict.fromkeys(full for name in meant if (full := per_unit(own, name)))):
        return fuller
    raise _other(unit, f"{own} does not measure the same as {', '.join(meant)}; write one of these")


def _currencies(unit: str, units: Sequence[str]) -> tuple[str, ...]:
    if not (own := currencies(unit)):
        raise ValueRefused(unit, f"{unit} is no currency that the ledger knows; write its ISO 4217 code")
    allowed = {code for name in units for code in currencies(name)}
    if shared := tuple(code for code in own if code in allowed or not units):
        return shared
    raise _other(unit, f"the values come in {', '.join(units)}; write one of these")


def _unit(spelling: str) -> str:
    """The canonical name of the one unit, or counted thing, that the spelling means."""
    found = named(spelling)
    names = [one.name for one in found] or [noun for noun in [counted(spelling)] if noun]
    if not names:
        raise ValueRefused(spelling, f"{spelling} is no unit that the ledger knows; write one such as t/year")
    if len(names) > 1:
        listed = " or ".join(names)
        raise ValueRefused(
            spelling,
            f"{spelling} may be {listed}; write the one that is meant",
            tuple(names),
            Refusal.SEVERAL,
        )
    return names[0]


def _other(text: str, reason: str) -> ValueRefused:
    return ValueRefused(text, reason, sort=Refusal.OTHER)


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= SHOWN_LENGTH else text[:SHOWN_LENGTH] + '…'}”"

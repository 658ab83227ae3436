"""What a printed value was understood as, in words, for people who are about to save it."""

from claims.domain.values import Understood
from claims.domain.values.counted import THING
from evidence.domain import dates

FEW = 3  # currencies that are named one by one


def told(understood: Understood) -> str:
    """The set that the value stands for, or why it is not read; empty where it is no set."""
    if understood.refused is not None:
        return f"{understood.refused}."
    if understood.edtf:
        return dates.told(dates.read(understood.input))
    if understood.interval is None:
        return ""
    if understood.unit:
        return f"{understood.interval} {understood.unit}".removesuffix(f" {THING}")
    return f"{understood.interval} {_currencies(understood.currencies)}"


def _currencies(codes: tuple[str, ...]) -> str:
    if not codes:
        return "in no currency"
    named = codes if len(codes) <= FEW + 1 else codes[:FEW]
    rest = len(codes) - len(named)
    if rest:
        return f"in {', '.join(named)} or one of {rest} other currencies"
    return f"in {', '.join(named[:-1])} or {named[-1]}" if named[1:] else named[0]

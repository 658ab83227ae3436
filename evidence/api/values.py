"""The values of columns as JSON: those that the API tells are those that it takes, as the cells of a sheet."""

from decimal import Decimal
from typing import Any

from evidence.contract import Column, Kind
from evidence.domain.text import CONTROL_CHARACTER, TextRefused, join_list, tidy
from evidence.exchange.cells import CodeWidget, advice
from evidence.exchange.files.objects import Number, Pairs
from evidence.exchange.readings import EMPTY, UNKNOWN
from evidence.exchange.resources import SheetField

SEVERAL = (Kind.LIST, Kind.REFERENCES)
HOLDS = {
    Kind.BOOL: "true or false",
    Kind.NUMBER: "a number",
    Kind.CODE: "a code",
    Kind.REFERENCE: "a slug",
    Kind.LIST: "a list of texts",
    Kind.REFERENCES: "a list of slugs",
}
"""What a value of each kind is; of all others, a text."""

LONGEST_WHOLE = 18
"""Up to how many digits a number is compared as a whole one."""

ENOUGH = 20
"""After how many errors the rest of a list is not read."""

WRONG_TYPE, REPEATED = "wrong_type", "repeated"


class ValueRefused(ValueError):
    """A value is not what its column holds; `found` has the place in it, the message and the code of each error."""

    def __init__(self, *found: tuple[str, str, str]) -> None:
        self.found = found
        super().__init__("; ".join(message for _, message, _ in found))


def nullable(column: Column) -> bool:
    """Whether it may be null, which says that it is not stated; lists are empty instead, and some have a default."""
    return bool(column.field.blank) and column.kind not in SEVERAL


def cell_of(column: Column, value: Any) -> str:
    """The cell that says the same. Raises ValueRefused."""
    if value is None and nullable(column):
        return ""
    if column.kind in SEVERAL:
        return _listed(column, value)
    if column.kind is Kind.BOOL:
        if not isinstance(value, bool):
            raise _mistyped(column, value)
        return str(value).lower()
    if not isinstance(value, str) or (isinstance(value, Number) and column.kind is not Kind.NUMBER):
        raise _mistyped(column, value)
    return _single(column, value)


def cell_of_new(column: Column) -> str:
    """The cell of a new record that says nothing of the column."""
    if column.kind is Kind.REFERENCES or not column.field.has_default():
        return ""
    return str(SheetField(column).widget.render(column.field.get_default()))


def plain(value: Any) -> Any:
    """A value as Python has it, to be compared with what is told."""
    if isinstance(value, Number):
        return _whole(value)
    return [plain(one) for one in value] if isinstance(value, list) else value


def _whole(number: Number) -> int | str:
    """A number as it is printed, or the whole one that it is, however that is printed: `7`, `7.0`, `70e-1`."""
    exact = Decimal(number)
    if exact.adjusted() < LONGEST_WHOLE and exact == exact.to_integral_value():
        return int(exact)
    return str(number)


def _single(column: Column, value: str) -> str:
    if column.kind is Kind.CODE:
        _known(column, value, "")
        return value
    text = _tidied(value, "")
    if column.kind is Kind.REFERENCE and not text:
        raise ValueRefused(("", "It is empty; write a slug, or null for none.", UNKNOWN[Kind.REFERENCE]))
    return text


def _listed(column: Column, value: Any) -> str:
    if isinstance(value, Pairs) or not isinstance(value, list):
        raise _mistyped(column, value)
    texts: dict[str, None] = {}
    found: list[tuple[str, str, str]] = []
    for number, one in enumerate(value):
        try:
            text = _member(column, one, f"/{number}")
            if text in texts:
                raise ValueRefused((f"/{number}", "It stands in this list already; take one out.", REPEATED))
            texts[text] = None
        except ValueRefused as refused:
            found += refused.found
            if len(found) >= ENOUGH:
                break
    if found:
        raise ValueRefused(*found)
    return join_list([*texts])


def _member(column: Column, value: Any, place: str) -> str:
    if not isinstance(value, str) or isinstance(value, Number):
        raise ValueRefused(
            (place, f"This is {_named(value)}; “{column.name}” holds {_held(column)}.", WRONG_TYPE)
        )
    if column.words:
        _known(column, value, place)
        return value
    text = _tidied(value, place)
    if not text:
        raise ValueRefused((place, "It is empty; leave it out.", EMPTY))
    return text


def _known(column: Column, word: str, place: str) -> None:
    """That a word stands in the list of codes, with the message of sheets where it does not."""
    try:
        if not word:
            raise ValueError(f"“” is not a code of this column; {advice(word, column.words)}")
        CodeWidget(column.words).clean(word)
    except ValueError as error:
        raise ValueRefused((place, str(error), UNKNOWN[Kind.CODE])) from error


def _tidied(text: str, place: str) -> str:
    try:
        return tidy(text)
    except TextRefused as refusal:
        raise ValueRefused((place, str(refusal), CONTROL_CHARACTER)) from refusal


def _mistyped(column: Column, value: Any) -> ValueRefused:
    wanted = _held(column) + (" or null" if nullable(column) else "")
    return ValueRefused(("", f"This is {_named(value)}; “{column.name}” holds {wanted}.", WRONG_TYPE))


def _held(column: Column) -> str:
    return HOLDS.get(column.kind, "a text")


def _named(value: Any) -> str:
    """What sort of JSON value it is."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Number):
        return f"the number {value[:40]}"
    if isinstance(value, str):
        return "a text"
    return "an object" if isinstance(value, Pairs) else "a list"

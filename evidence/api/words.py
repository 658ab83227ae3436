"""What stands in a query parameter, read strictly: what is not understood is refused with the nearest that is."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.core.exceptions import ValidationError

from evidence.api.parameters import MOST_VALUES
from evidence.api.problems import AskedWrongly, Error, wrong
from evidence.contract import Column, Kind
from evidence.domain import dates
from evidence.domain.text import UNWANTED
from evidence.exchange.cells import BoolWidget, MomentWidget, NumberWidget, advice

COMMA = re.compile(r"(?<!\\),")
SHOWN = 80
"""How many characters of a refused value its message repeats."""


def split(text: str) -> list[str]:
    r"""The values of a parameter, separated by commas; a comma inside of one is written `\,`."""
    return [value.replace("\\,", ",") for value in COMMA.split(text)]


def several(parameter: str, texts: Sequence[str]) -> list[str]:
    """The values of a parameter, however often it is given. Raises AskedWrongly where there are too many."""
    values = [value for text in texts for value in split(text)]
    if len(values) > MOST_VALUES:
        told = f"It has {len(values)} values; ask for {MOST_VALUES} at most, and again for the others."
        raise wrong(parameter, told, "too_many_values")
    return values


def unwanted(asked: Mapping[str, Sequence[str]]) -> Iterator[Error]:
    """Where a parameter holds characters that no text of the ledger may hold, and that databases stumble over."""
    for parameter, texts in asked.items():
        for text in texts:
            if found := UNWANTED.search(text):
                told = f"Character {found.start() + 1} is the control character U+{ord(found[0]):04X}; take it out."
                yield Error(told, "control_character", parameter[:SHOWN])


def one_of(parameter: str, word: str, words: Iterable[str], noun: str, code: str) -> str:
    """The word, which has to be one of these. Raises AskedWrongly with the nearest."""
    known = list(words)
    if word not in known:
        raise wrong(parameter, f"“{word[:SHOWN]}” is no {noun}; {advice(word[:SHOWN], known)}", code)
    return word


def names(parameter: str, texts: Sequence[str], known: Iterable[str], noun: str) -> list[str]:
    """The names in a parameter, each once and each known."""
    listed = [name.strip() for name in several(parameter, texts)]
    known = list(known)
    return [one_of(parameter, name, known, noun, "unknown_name") for name in dict.fromkeys(listed)]


def truth(parameter: str, text: str) -> bool:
    """Whether a switch is on. Raises AskedWrongly."""
    found: bool | None = _by_widget(BoolWidget(), parameter, text)
    if found is None:
        raise wrong(parameter, "It is empty; write true or false.")
    return found


def value(column: Column, parameter: str, text: str) -> Any:
    """What a column would hold of this text. Raises AskedWrongly."""
    if column.words:
        return one_of(parameter, text, column.words, "code of this column", "unknown_code")
    if column.kind is Kind.BOOL:
        return truth(parameter, text)
    if column.kind is Kind.NUMBER:
        return _checked(
            column,
            parameter,
            _by_widget(NumberWidget(getattr(column.field, "decimal_places", 0)), parameter, text),
        )
    if column.kind is Kind.MOMENT:
        return moment(parameter, text)
    if column.kind is Kind.LIST:
        return next(iter(_checked(column, parameter, [text])), "")
    if column.kind is Kind.STANDARD:
        _checked(column, parameter, text, validators=column.field.validate)
    return _checked(column, parameter, text)


def moment(parameter: str, text: str) -> datetime:
    """A moment in UTC. In an address a plus sign means a blank unless it is escaped, so a blank is taken for one."""
    spelt = re.sub(r" (\d\d:\d\d)\Z", r"+\1", text)
    found: datetime = _by_widget(MomentWidget(), parameter, spelt)
    return found


def partial_date(parameter: str, text: str) -> dates.PartialDate:
    """A date, as vague as it may be. Raises AskedWrongly where its days are not known."""
    try:
        found = dates.read(text)
    except dates.DateRefused as refusal:
        raise wrong(parameter, str(refusal)) from refusal
    if not found.known:
        raise wrong(
            parameter, f"“{text[:SHOWN]}” says no day; write a date such as 2020-08-10, 2020-08 or 2020."
        )
    return found


def first_moment(parameter: str, text: str) -> datetime:
    """The moment, or the first one of the day, month or year that is given."""
    return _end_of(parameter, text, "first", time.min)


def last_moment(parameter: str, text: str) -> datetime:
    """The moment, or the last one of the day, month or year that is given."""
    return _end_of(parameter, text, "last", time.max)


def _end_of(parameter: str, text: str, end: str, at: time) -> datetime:
    if ":" in text:
        return moment(parameter, text)
    date = partial_date(parameter, text)
    day = date.earliest if end == "first" else date.latest
    if day is None:
        raise wrong(parameter, f"“{text[:SHOWN]}” has no {end} day; write one.")
    return datetime.combine(day, at, UTC)


def whole_number(parameter: str, text: str, *, most: int) -> int:
    """A whole number from 1 on. Raises AskedWrongly."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise wrong(parameter, f"“{text[:SHOWN]}” is no whole number from 1 to {most}.")
    return int(text)


def single(parameter: str, texts: Sequence[str]) -> str:
    """The text of a parameter that may be given once."""
    if len(texts) > 1:
        raise wrong(parameter, f"{parameter} is given {len(texts)} times; give it once.", "repeated")
    return texts[0]


def filled(parameter: str, texts: Sequence[str]) -> str:
    """The same, which has to say something."""
    text = single(parameter, texts)
    if not text.strip():
        raise wrong(parameter, "It is empty; give it a value, or leave it out.")
    return text


def _by_widget(widget: Any, parameter: str, text: str) -> Any:
    try:
        return widget.clean(text)
    except ValueError as error:
        raise wrong(parameter, str(error)) from error


def _checked(column: Column, parameter: str, text: Any, validators: Any = None) -> Any:
    """The text as the column takes it, tidied and of a size that it can hold."""
    try:
        found = column.field.to_python(text)
        if column.kind is Kind.NUMBER or column.name == "slug":
            column.field.run_validators(found)
        if validators is not None:
            validators(found, None)
    except ValidationError as error:
        raise wrong(parameter, " ".join(error.messages)) from error
    return found


def collect(steps: Iterable[Callable[[], Any]]) -> list[Any]:
    """The outcomes of all steps; where some are refused, all of their errors at once."""
    done: list[Any] = []
    errors: list[Error] = []
    for step in steps:
        try:
            done.append(step())
        except AskedWrongly as refused:
            errors += refused.errors
    if errors:
        raise AskedWrongly(*errors)
    return done

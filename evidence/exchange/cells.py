"""What one cell of a sheet means, column by column, and how it is written.

The widgets are those of django-import-export; ours say what is wrong with a cell in the curator's words, resolve
references by slug against the file's own rows too, and render the same text that they read.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from import_export.widgets import Widget

from evidence.contract import Column, Kind
from evidence.domain.text import join_list, split_list
from evidence.models import Slugged

CLEAR = "#CLEAR"
"""The cell that empties a field, whatever empty cells do."""

TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0")
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "'")
DIGITS = 30
"""How many digits a number may have before or behind its point; what is beyond is no number that a column holds."""
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
"""A number as programs print it; what Python takes besides (`1_0`, digits of other scripts) may mean something else."""
PLAIN_NUMBER = re.compile(r"[+-]?\d[\d.,]*%?")


class Directory(Protocol):
    """Where a cell looks up what it refers to."""

    def find(self, model: type[Slugged], slug: str) -> Slugged | None:
        """The record with this slug, stored or among the rows being read."""

    def near(self, model: type[Slugged], slug: str) -> str:
        """The slug most like this one; empty where none is."""


def guard(text: str) -> str:
    """The cell, with a leading apostrophe where a spreadsheet would run it, or an import would take it for CLEAR."""
    runs = text.startswith(RUN_BY_SPREADSHEETS) and not PLAIN_NUMBER.fullmatch(text)
    return "'" + text if runs or text == CLEAR else text


def unguard(cell: str) -> str:
    """What the cell means: the inverse of `guard`."""
    guarded = cell[1:].startswith(RUN_BY_SPREADSHEETS) or cell[1:] == CLEAR
    return cell[1:] if cell.startswith("'") and guarded else cell


def nearest(word: str, words: Iterable[str]) -> str:
    """The most similar of the words; empty where none comes near."""
    return next(iter(get_close_matches(word.lower(), list(words), n=1, cutoff=0.6)), "")


def advice(word: str, words: Iterable[str]) -> str:
    """A sentence that names the nearest of the words, or all of them where there are few."""
    known = list(words)
    if near := nearest(word, known):
        return f"did you mean “{near}”?"
    return f"it is one of {', '.join(known)}." if known and len(known) <= 30 else "none comes near it."


class TextWidget(Widget):
    """A text, as it is."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return value

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class CodeWidget(TextWidget):
    """A word of a code list."""

    def __init__(self, words: tuple[str, ...]) -> None:
        self.words = words
        super().__init__()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        if value and value not in self.words:
            raise ValueError(f"“{value}” is not a code of this column; {advice(value, self.words)}")
        return str(value)


class BoolWidget(TextWidget):
    """True or false."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool | None:
        if not value:
            return None
        word = str(value).lower()
        if word not in TRUE + FALSE:
            raise ValueError(f"“{value}” is neither true nor false; write one of these.")
        return word in TRUE

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(bool(value)).lower()


class NumberWidget(TextWidget):
    """A decimal number with a point, with so many places behind it at most."""

    def __init__(self, places: int) -> None:
        self.places = places
        super().__init__()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Decimal | None:
        try:
            number = Decimal(value) if NUMBER.fullmatch(value or "") else None
        except InvalidOperation:
            number = None
        if value and (number is None or abs(number.adjusted()) >= DIGITS):
            raise ValueError(f"“{value}” is no number; write it with a decimal point, such as 45.37.")
        if number is not None and -int(number.as_tuple().exponent) > self.places:
            rounded = f"{number:.{self.places}f}"
            raise ValueError(
                f"“{value}” has more than the {self.places} decimal places that are kept; write {rounded}."
            )
        return number

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else f"{Decimal(value).normalize():f}"


class MomentWidget(TextWidget):
    """A moment in UTC, in ISO 8601."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime | None:
        try:
            moment = datetime.fromisoformat(value) if value else None
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment else None
        except (ValueError, OverflowError):
            raise ValueError(f"“{value}” is no moment; write it as 2026-05-04T12:30:00+00:00.") from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.astimezone(UTC).isoformat() if value else ""


class ListWidget(TextWidget):
    """Several texts, separated by `|`."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        return split_list(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return join_list(list(value or ()))


class ReferenceWidget(TextWidget):
    """The slug of a record of another table."""

    def __init__(self, target: type[Slugged]) -> None:
        self.target = target
        super().__init__()

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return self.find(value, kwargs["directory"]) if value else None

    def find(self, slug: str, directory: Directory) -> Slugged:
        """The record with this slug; raises ValueError that names the nearest where there is none."""
        if (found := directory.find(self.target, slug)) is not None:
            return found
        plural, near = self.target._meta.verbose_name_plural, directory.near(self.target, slug)
        hint = f"did you mean “{near}”?" if near else "add it first, or put it into the same import."
        raise ValueError(f"No record of {plural} has the slug “{slug}”; {hint}")

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value.slug if value is not None else ""


class ReferencesWidget(ReferenceWidget):
    """The slugs of several records of another table, separated by `|`, in the order of the alphabet."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found, missing = [], []
        for slug in dict.fromkeys(split_list(value)):
            try:
                found.append(self.find(slug, kwargs["directory"]))
            except ValueError as error:
                missing.append(ValidationError(str(error), "unknown_slug"))
        if missing:
            raise ValidationError(missing)
        return list({record.slug: record for record in found}.values())

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return join_list(slugs_of(value))


def slugs_of(value: Any) -> list[str]:
    """The slugs of the records that a column of several references holds, in the order of the alphabet."""
    rows = value.all() if hasattr(value, "all") else value or ()
    return sorted(row.slug for row in rows)


def widget_for(column: Column) -> Widget:
    """The widget that reads and writes the cells of a column."""
    if column.kind is Kind.CODE:
        return CodeWidget(column.words)
    if column.kind is Kind.REFERENCE:
        return ReferenceWidget(column.field.related_model)
    if column.kind is Kind.REFERENCES:
        return ReferencesWidget(column.field.related_model)
    if column.kind is Kind.NUMBER:
        return NumberWidget(getattr(column.field, "decimal_places", 0))
    return PLAIN_WIDGETS.get(column.kind, TextWidget)()


PLAIN_WIDGETS: dict[Kind, type[Widget]] = {
    Kind.BOOL: BoolWidget,
    Kind.MOMENT: MomentWidget,
    Kind.LIST: ListWidget,
}

"""Columns that hold a value as printed: how each is read, and what is refused of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from claims.domain.reading import Misfit, misfit, read_value
from claims.domain.values import Understood


@dataclass(frozen=True)
class Printed:
    """A column that holds a value as printed: its type, the column of its unit, and the units it comes in."""

    name: str
    value_type: str
    unit: str = ""
    units: tuple[str, ...] = ()

    def read(self, record: Any) -> Understood:
        """What the column of this record means."""
        return read_value(
            self.value_type, getattr(record, self.name), unit=self._unit(record), units=self.units
        )

    def misfit(self, record: Any) -> Misfit | None:
        """Why the column of this record is refused, if it is."""
        return misfit(self.value_type, getattr(record, self.name), unit=self._unit(record), units=self.units)

    def _unit(self, record: Any) -> str:
        return getattr(record, self.unit) if self.unit else ""


def readings(record: Any, columns: Iterable[Printed]) -> dict[str, Understood]:
    """What the filled columns of a record mean, by name."""
    return {column.name: column.read(record) for column in columns if getattr(record, column.name)}


def clean_printed(record: Any, columns: Iterable[Printed]) -> None:
    """Raise ValidationError where a printed column, or the unit beside it, is refused."""
    found = {
        column.unit if wrong.of_unit else column.name: wrong.message
        for column in columns
        if (wrong := column.misfit(record))
    }
    if found:
        raise ValidationError(found)

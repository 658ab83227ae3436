"""Rules over several rows, which no constraint can hold: they are run once, at the end of a change.

A rule is a function from the unit of work to findings. Each floor registers its own; no door has any.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from evidence.services.changes import Unit


@dataclass(frozen=True)
class Finding:
    """What is wrong with a record, at which field, and the way out. An empty field means the whole record."""

    record: models.Model
    field: str
    message: str

    def __str__(self) -> str:
        name = self.record._meta.verbose_name
        place = f"{name} “{getattr(self.record, 'key', self.record)}”"
        return f"{place}, {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class ChangeRefused(Exception):
    """A change broke rules; nothing of it was written. `findings` says what, record by record."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


Rule = Callable[["Unit"], Iterable[Finding]]

RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Register a rule to be run at the end of every change."""
    RULES.append(function)
    return function

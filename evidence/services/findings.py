"""What is wrong with a change, record by record."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True)
class Finding:
    """What is wrong with a record, at which field, and the way out. An empty field means the whole record.

    The code is a stable word for what sort of thing is wrong, for programs.
    """

    record: models.Model
    field: str
    message: str
    code: str = "refused"

    def __str__(self) -> str:
        name = self.record._meta.verbose_name
        place = f"{name} “{getattr(self.record, 'key', self.record)}”"
        return f"{place}, {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class ChangeRefused(Exception):
    """A change broke rules; nothing of it was written. `findings` says what, record by record."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))

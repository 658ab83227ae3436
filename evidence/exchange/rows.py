"""What becomes of the rows of an import, as it is put away until they are written."""

import json
from dataclasses import dataclass, field
from enum import StrEnum

from evidence.exchange.directory import Key
from evidence.exchange.sheets import Fault
from evidence.services.bulk import Columns
from evidence.services.spools import Spool

Place = tuple[str, int]
"""The file and the line of a row."""


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


OUTCOMES = {outcome.value: outcome for outcome in Outcome}


@dataclass(slots=True)
class Row:
    """What becomes of one row of an import, and what is to be written."""

    table: str
    file: str
    line: int
    key: Key
    outcome: Outcome
    changes: dict[str, tuple[str, str]]
    """The cells that differ, by column: before and after."""
    faults: list[Fault]
    former: str = ""
    """The slug under which the row names its record, where that was merged and the slug leads to another."""
    pk: int | None = None
    """The row id of the stored record."""
    version: int = 0
    number: int = 0
    """Of a new record: which of the new ones that share its row ids it is, from 0."""
    columns: Columns = field(default_factory=dict)
    """What is to be written (see `services.bulk`)."""
    news: dict[str, int] = field(default_factory=dict)
    """The columns that refer to new records of the same import, with their numbers."""
    many: dict[str, list[int]] = field(default_factory=dict)
    """The many-to-many fields that change: row ids of what they hold from now on; of new records −1 − their number."""

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.file, self.line

    @property
    def name(self) -> str:
        """Its key as people see it, after the former one where the row names its record by that."""
        key = "+".join(self.key) if any(self.key) else ""
        return f"{self.former} → {key}" if self.former else key

    def reject(self, column: str, value: str, message: str, code: str = "invalid") -> None:
        """Note what is wrong with a cell; an empty column means the whole row."""
        self.faults.append(Fault(self.file, self.line, column, value, message, code))
        self.outcome = Outcome.REJECTED


def packed(row: Row) -> bytes:
    """A row as one line of JSON."""
    faults = [(one.column, one.value, one.message, one.code) for one in row.faults]
    told = (row.table, row.file, row.line, row.key, row.outcome.value, row.changes, faults, row.former)
    return json.dumps((*told, row.pk, row.version, row.number, row.columns, row.news, row.many)).encode()


def unpacked(line: bytes) -> Row:
    """The row that such a line tells."""
    table, file, number, key, outcome, changes, faults, *rest = json.loads(line.decode())
    told = [Fault(file, number, *fault) for fault in faults]
    cells = {name: (before, after) for name, (before, after) in changes.items()}
    return Row(table, file, number, tuple(key), OUTCOMES[outcome], cells, told, *rest)


def spooled() -> Spool[Row]:
    """A place for rows, however many they are."""
    return Spool(pack=packed, unpack=unpacked)

"""What an import would do, shown before anything is written: every row accounted for, every reason at once.

A plan finds what is wrong with cells and rows; rehearsing it finds what rules over several rows refuse. Rows that
name a new record whose own row is refused are refused with it, so that what is left can be written as it is shown.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from evidence.contract import Table
from evidence.exchange.plans import Empty, Outcome, Place, Plan, Row, make_plan
from evidence.exchange.sheets import Fault, Sheet
from evidence.exchange.writing import ImportRefused, write_plan
from evidence.services.rehearsing import rehearsal

ROWS_SHOWN = 200
"""How many rows a preview tells of, beside those that are refused."""

REHEARSALS = 5
"""How often what is left is rehearsed again after rules refused some of it."""


@dataclass
class Told:
    """One row of a preview: where it stands, what it is about, what becomes of it, and what that changes."""

    table: str
    file: str
    line: int
    key: str
    outcome: str
    version: int = 0
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


@dataclass
class Preview:
    """What an import would do: counts by table, the faults of the file, the first rows, and each row in brief."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    stopped: bool = False
    """Whether something is wrong with the files as a whole, so that none of it can be written."""

    rows: list[Told] = field(default_factory=list)
    states: list[tuple[str, str, int, str, int]] = field(default_factory=list)
    """Of every row: table, file, line, outcome and the version of the record it changes."""

    unknown: list[str] = field(default_factory=list)
    """Columns that no table has."""

    def total(self, outcome: Outcome) -> int:
        """How many rows have this outcome."""
        return sum(counts.get(outcome.value, 0) for counts in self.counts.values())

    @property
    def writable(self) -> int:
        """How many rows would be written."""
        return self.total(Outcome.CREATE) + self.total(Outcome.UPDATE)

    @property
    def rejected(self) -> list[Place]:
        """Where the rows stand that are refused."""
        return [
            (file, line) for _, file, line, outcome, _ in self.states if outcome == Outcome.REJECTED.value
        ]


def make_preview(
    sheets: list[Sheet], tables: list[Table], *, empty: Empty, actor: Any, reason: str = ""
) -> Preview:
    """What importing these sheets would do, done by the actor; reads the database, and leaves it as it is."""
    plan = make_plan(sheets, tables, empty=empty)
    _refuse_dependent(plan)
    stopped = any(sheet.header for sheet in plan.sheets)
    for _ in range(0 if stopped else REHEARSALS):
        refused = {row.place for row in plan.rows if row.faults}
        sound = make_plan(sheets, tables, empty=empty, without=refused)
        found = rehearse(sound, actor=actor, reason=reason)
        _note(plan, found)
        _refuse_dependent(plan)
        if not found or plan.general:
            break
    return _told(plan, sheets)


def rehearse(plan: Plan, *, actor: Any, reason: str = "") -> Collection[Fault]:
    """What the rules refuse of a plan, its own faults first. The plan is used up: make another to write."""
    if plan.faults:
        return plan.faults
    try:
        with rehearsal():
            write_plan(plan, actor=actor, reason=reason)
    except ImportRefused as refused:
        return refused.faults
    return ()


def _note(plan: Plan, faults: Collection[Fault]) -> None:
    """Refuse the rows that these faults speak of; those of no row speak of the whole import."""
    by_place = {
        row.place: row for row in reversed(plan.rows)
    }  # where a part stands beside its record, the record
    for fault in faults:
        row = by_place.get((fault.file, fault.line))
        (row.faults if row is not None else plan.general).append(fault)


def _refuse_dependent(plan: Plan) -> None:
    """Refuse the new rows that name a new record whose own row is refused, and those that name them in turn."""
    row_of = {id(row.record): row for row in plan.rows if row.is_new}
    waiting = True
    while waiting:
        waiting = False
        for row in plan.rows:
            if row.faults:
                continue
            for column, record in _named(row):
                named = row_of.get(id(record))
                if named is not None and named.faults:
                    row.reject(
                        column,
                        f"“{record.key}” stands in {named.sheet.file}:{named.line.number}, which is refused.",
                    )
                    waiting = True
                    break


def _named(row: Row) -> Iterator[tuple[str, Any]]:
    """The records that a row names, with the column of each."""
    yield from (
        (name, record) for name, record in row.record._state.fields_cache.items() if record is not None
    )
    yield from ((name, record) for name, records in row.many.items() for record in records)


def _told(plan: Plan, sheets: list[Sheet]) -> Preview:
    counts: dict[str, Counter[str]] = {}
    for row in plan.rows:
        counts.setdefault(row.sheet.table.name, Counter())[row.outcome.value] += 1
    shown = plan.rows[:ROWS_SHOWN]
    return Preview(
        counts={table: dict(found) for table, found in counts.items()},
        faults=plan.faults,
        stopped=bool(plan.general) or any(sheet.header for sheet in plan.sheets),
        rows=[_row_told(row) for row in shown],
        states=[(row.sheet.table.name, *row.place, row.outcome.value, row.version) for row in plan.rows],
        unknown=[
            fault.column
            for sheet in sheets
            for fault in sheet.header
            if fault.column not in sheet.table.by_name
        ],
    )


def _row_told(row: Row) -> Told:
    key = row.record.key if row.record.pk or getattr(row.record, "slug", "") else ""
    key = f"{row.former} → {key}" if row.former else key
    return Told(
        row.sheet.table.name, *row.place, key, row.outcome.value, row.version, row.changes, list(row.faults)
    )

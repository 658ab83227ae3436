"""What an import would do, shown before anything is written: every row accounted for, every reason at once.

A plan finds what is wrong with cells and rows; rehearsing it finds what rules over several rows refuse. Rows that
name a new record whose own row is refused are refused with it, so that what is left can be written as it is shown.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import islice
from typing import Any, TypeVar

from evidence.contract import Table
from evidence.exchange.plans import Plan, make_plan
from evidence.exchange.readings import Empty
from evidence.exchange.rows import Outcome, Row
from evidence.exchange.sheets import Fault, Sheet
from evidence.exchange.writing import ImportRefused, write_plan
from evidence.services.rehearsing import rehearsal

T = TypeVar("T")

ROWS_SHOWN = 200
"""How many rows a preview tells of, beside those that are refused."""

FAULTS_SHOWN = 500
"""How many reasons it tells; all of them stand in the file of refused rows."""

ROOM = 80_000
"""In characters, for the reasons on a page, and as many for the rows."""

LENGTHS = (300, 100, 40, 15)
"""To how many characters of a text are shortened, until all of them have room."""

NAME_SHOWN, NAMES_SHOWN = 200, 50
"""Of columns that no table has: how long a name may be, and how many are offered to be left out."""

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
    """What an import would do: counts by table, the first faults and how many there are, and the first rows."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    faults_found: int = 0
    stopped: bool = False
    """Whether something is wrong with the files as a whole, so that none of it can be written."""

    rows: list[Told] = field(default_factory=list)

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
    def rows_found(self) -> int:
        """How many rows there are."""
        return sum(sum(counts.values()) for counts in self.counts.values())


def rehearsed_plan(
    sheets: Iterable[Sheet], tables: Iterable[Table], *, empty: Empty, actor: Any, reason: str = ""
) -> Plan:
    """What importing these sheets would do, done by the actor, with all that is refused; leaves the database as it is.

    What is not rejected in it was rehearsed and can be written.
    """
    plan = make_plan(sheets, tables, empty=empty)
    _refuse_dependent(plan)
    for _ in range(0 if plan.stopped else REHEARSALS):
        found = rehearse(plan, actor=actor, reason=reason)
        _note(plan, found)
        _refuse_dependent(plan)
        if not found or plan.stopped:
            break
    return plan


def rehearse(plan: Plan, *, actor: Any, reason: str = "") -> Collection[Fault]:
    """What the rules refuse of the rows of a plan that are not rejected."""
    try:
        with rehearsal():
            write_plan(plan, actor=actor, reason=reason, partly=True)
    except ImportRefused as refused:
        return refused.faults
    return ()


def preview_of(plan: Plan) -> Preview:
    """What is shown of a plan: bounded, however long it is and whatever its cells hold."""
    faults = list(islice(plan.each_fault(), FAULTS_SHOWN))
    found = len(faults) if len(faults) < FAULTS_SHOWN else sum(1 for _ in plan.each_fault())
    rows = plan.rows[:ROWS_SHOWN]
    return Preview(
        counts={
            table: {outcome.value: number for outcome, number in counted.items()}
            for table, counted in plan.counts().items()
        },
        faults=shortened(faults),
        faults_found=found,
        stopped=plan.stopped,
        rows=_fitting(lambda longest: [_told(row, longest) for row in rows]),
        unknown=[name for name in plan.unknown if len(name) <= NAME_SHOWN][:NAMES_SHOWN],
    )


def shortened(faults: Sequence[Fault]) -> list[Fault]:
    """The faults with no more of their texts than a page has room for."""
    return _fitting(lambda longest: [_cut_fault(fault, longest) for fault in faults])


def _fitting(cut: Callable[[int], list[T]]) -> list[T]:
    """Texts cut to lengths at which all of them have room; `cut` gives them with texts of a length."""
    for longest in LENGTHS:
        found = cut(longest)
        if len(escape(repr(found))) <= ROOM:
            break
    return found


def _cut_fault(fault: Fault, longest: int) -> Fault:
    return Fault(
        cut(fault.file, longest),
        fault.line,
        cut(fault.column, longest),
        cut(fault.value, longest),
        cut(fault.message, 2 * longest),
        fault.code,
    )


def cut(text: str, longest: int) -> str:
    """The beginning of a text, with a sign that it goes on."""
    return text if len(text) <= longest else text[:longest] + "…"


def _note(plan: Plan, faults: Collection[Fault]) -> None:
    """Refuse the rows that these faults speak of; those of no row speak of the whole import."""
    by_place: dict[tuple[str, int], list[Fault]] = {}
    for fault in faults:
        by_place.setdefault((fault.file, fault.line), []).append(fault)
    for at, row in enumerate(plan.rows) if faults else ():
        # Where a part stands beside its record, the record comes first and is meant.
        if here := by_place.pop(row.place, ()):
            plan.reject(at, ((fault.column, fault.value, fault.message) for fault in here))
    plan.general += [fault for rest in by_place.values() for fault in rest]


def _refuse_dependent(plan: Plan) -> None:
    """Refuse the rows that name a new record whose own row is refused, and those that name them in turn."""
    waiting: dict[int, list[int]] = {}
    pairs = iter(plan.links if plan.rejected else ())
    for at, named in zip(pairs, pairs, strict=True):
        waiting.setdefault(named, []).append(at)
    refused = sorted(plan.rejected)
    while refused:
        named = refused.pop()
        for at in waiting.get(named, ()):
            if at not in plan.rejected:
                other = plan.rows[named]
                said = f"“{'+'.join(other.key)}” stands in {other.file}:{other.line}, which is refused."
                plan.reject(at, [(*_naming(plan, plan.rows[at], other), said)])
                refused.append(at)


def _naming(plan: Plan, row: Row, other: Row) -> tuple[str, str]:
    """The column of a row that names another new one, and its cell."""
    named = other.key[0]
    for name, (_, after) in row.changes.items():
        column = plan.tables[row.table].by_name[name]
        target = column.target
        fits = target is not None and issubclass(plan.tables[other.table].model, target)
        if fits and named in after.split("|"):
            return name, after
    return "", ""


def _told(row: Row, longest: int) -> Told:
    changes = {
        name: (cut(before, longest), cut(after, longest)) for name, (before, after) in row.changes.items()
    }
    faults = [_cut_fault(fault, longest) for fault in row.faults]
    return Told(row.table, *row.place, row.name, row.outcome.value, row.version, changes, faults)

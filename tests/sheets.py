"""Sheets to test with: written from text, planned, imported and exported in one call each."""

from collections.abc import Iterable
from pathlib import Path

from django.contrib.auth.models import User
from django.core.management import call_command

from claims.contract import TABLES
from evidence.contract import by_name
from evidence.exchange.plans import Plan, make_plan
from evidence.exchange.readings import Empty
from evidence.exchange.rows import Outcome
from evidence.exchange.sheets import Fault, read_sheets
from evidence.exchange.writing import write_plan
from evidence.models import Change

Told = tuple[str, int, str, str, str]
"""File, line, column, value and message of a fault."""


def sheet(folder: Path, name: str, text: str | bytes) -> Path:
    """A file of this name with this text."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def plan_of(*paths: Path, empty: Empty = Empty.KEEP) -> Plan:
    """What importing these files or folders would do."""
    return make_plan(read_sheets(paths, by_name(TABLES)), TABLES, empty=empty)


def bring_in(*paths: Path, actor: User, empty: Empty = Empty.KEEP) -> Change | None:
    """Import these files or folders."""
    return write_plan(plan_of(*paths, empty=empty), actor=actor)


def take_out(folder: Path, *tables: str) -> dict[str, bytes]:
    """Export tables, by default all that have rows, into a new folder; the bytes of its files by their names."""
    call_command("export_data", str(folder), *tables, verbosity=0)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def outcomes(plan: Plan) -> list[Outcome]:
    """What becomes of each row."""
    return [row.outcome for row in plan.rows]


def told(faults: Iterable[Fault]) -> list[Told]:
    """The faults as plain tuples."""
    return [(fault.file, fault.line, fault.column, fault.value, fault.message) for fault in faults]

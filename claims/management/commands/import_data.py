"""Bring sheets in: `import_data FILE_OR_FOLDER… [--commit]`."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from claims.contract import TABLES
from claims.models import Conflict
from claims.services.conflicts.deciding import DECISION, not_taken
from claims.services.readings import unread
from evidence.contract import by_name
from evidence.domain.text import counted
from evidence.exchange.batches import write_recorded
from evidence.exchange.plans import Plan, make_plan
from evidence.exchange.previews import cut, rehearse
from evidence.exchange.readings import Empty, Reading
from evidence.exchange.rows import Outcome, Row
from evidence.exchange.sheets import Fault, SheetRefused, read_sheets
from evidence.exchange.writing import ImportRefused, summary
from evidence.services.roles import SYSTEM

SHOWN = 50
"""How many updates, and how many unread values, are listed."""

STEP = 100
"""After how many rows the terminal is told how far it is."""


@dataclass
class Noted:
    """What is told of rows besides what becomes of them; a bounded part of it."""

    unread: list[str] = field(default_factory=list)
    """Values that are kept although they are not understood."""
    more_unread: int = 0
    decided: dict[str, tuple[str, str, Conflict]] = field(default_factory=dict)
    """Decisions about conflicts by their slugs: where the row stands, its status, and the record as it says."""

    def look(self, row: Reading) -> None:
        """Look at a row."""
        place = f"{row.sheet.file}:{row.line.number}"
        for column, reason in unread(row.record):
            if column in row.line.cells and len(self.unread) < SHOWN:
                self.unread.append(f"{place} {column}: “{row.line.cells[column]}”: {reason}")
            elif column in row.line.cells:
                self.more_unread += 1
        if isinstance(row.record, Conflict) and row.changes.keys() & set(DECISION):
            self.decided[row.record.slug] = place, row.line.cells.get("status", ""), row.record


class Command(BaseCommand):
    """Shows what importing the sheets would do; with --commit, does it, wholly or not at all."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", type=Path, help="CSV files named after their table, or folders of them"
        )
        parser.add_argument(
            "--table", default="", help="the table of the files, where their names do not tell it"
        )
        parser.add_argument("--commit", action="store_true", help="write; without it nothing is written")
        parser.add_argument("--as", dest="actor", metavar="USER", help="the user who answers for the import")
        parser.add_argument("--reason", default="", help="why, for the history of every record")
        parser.add_argument(
            "--empty", type=Empty, choices=list(Empty), default=Empty.KEEP, help="what an empty cell does"
        )

    def handle(self, *_: Any, **options: Any) -> str:
        actor = self._actor(options["actor"], commit=options["commit"])
        noted = Noted()
        try:
            sheets = read_sheets(options["paths"], by_name(TABLES), options["table"])
            plan = make_plan(sheets, TABLES, empty=options["empty"], watch=[noted.look])
            self._refuse(plan.faults)
            if options["commit"]:
                self._write(plan, actor, options)
            else:
                system = User.objects.get(username=SYSTEM)
                self._refuse(rehearse(plan, actor=actor or system, reason=options["reason"]))
        except (SheetRefused, ImportRefused) as refused:
            self._refuse(refused.faults)
        self._count(plan)
        if not options["commit"]:
            self._preview(plan)
        self._tell_former(plan)
        self._tell_unread(noted)
        if options["commit"]:
            self._tell_not_taken(noted)
        elif actor is None:
            self.stdout.write("Whether somebody may do this, and review it, is seen with --as USER.")
        done = "written" if options["commit"] else "nothing written; add --commit --as USER to write"
        return f"{counted(len(plan.rows), 'row')}: {summary(plan)} ({done})."

    def _write(self, plan: Plan, actor: User | None, options: dict[str, Any]) -> None:
        write_recorded(
            plan,
            paths=options["paths"],
            actor=actor,
            reason=options["reason"],
            empty=options["empty"],
            progress=self._progress(len(plan.rows)),
        )

    def _actor(self, name: str | None, *, commit: bool) -> User | None:
        if name is None and commit:
            raise CommandError("Say who answers for the import: --commit --as USER.")
        if name is None:
            return None
        try:
            return User.objects.get(username=name)
        except User.DoesNotExist:
            raise CommandError(f"There is no user “{name}”; add one with `./run manage add_user`.") from None

    def _count(self, plan: Plan) -> None:
        for table, counts in plan.counts().items():
            self.stdout.write(
                f"{table}: " + ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
            )

    def _preview(self, plan: Plan) -> None:
        """What would differ, row by row, and what only writing finds out."""
        updates = (row for row in plan.rows if row.outcome is Outcome.UPDATE)
        for row in islice(updates, SHOWN):
            changes = "; ".join(f"{name}: “{old}” → “{new}”" for name, (old, new) in row.changes.items())
            self.stdout.write(f"{row.file}:{row.line} {'+'.join(row.key)}: {changes}")
        if more := sum(1 for _ in updates):
            self.stdout.write(f"and {more} more updates")

    def _tell_former(self, plan: Plan) -> None:
        """Which rows speak of a record with which theirs was merged."""
        led = (row for row in plan.rows if row.former)
        for row in islice(led, SHOWN):
            told = f"“{row.former}” leads to “{'+'.join(row.key)}”, with which its record was merged"
            self.stdout.write(f"{row.file}:{row.line} slug: {told}")
        if more := sum(1 for _ in led):
            self.stdout.write(f"and {more} more former slugs")

    def _progress(self, total: int) -> Callable[[Iterable[Row]], Iterable[Row]]:
        """Gives rows on, with a line on a terminal that tells how far it is."""

        def told(rows: Iterable[Row]) -> Iterable[Row]:
            if not sys.stderr.isatty():
                yield from rows
                return
            for number, row in enumerate(rows, start=1):
                yield row
                if number % STEP == 0 or number == total:
                    sys.stderr.write(f"\r{number:,} of {total:,} rows")
                    sys.stderr.flush()
            sys.stderr.write("\n")

        return told

    def _tell_unread(self, noted: Noted) -> None:
        """Which values of the sheets are kept although they are not understood."""
        if number := len(noted.unread) + noted.more_unread:
            verb = "is" if number == 1 else "are"
            self.stdout.write(f"{counted(number, 'value')} {verb} kept unread, to compare with nothing:")
        for line in noted.unread:
            self.stdout.write(line)
        if noted.more_unread:
            self.stdout.write(f"and {noted.more_unread} more unread values")

    def _tell_not_taken(self, noted: Noted) -> None:
        """Which decisions are about other claims than now conflict, so that these conflicts stay as they were."""
        for slug in sorted(not_taken(record for _, _, record in noted.decided.values())):
            place, status, _ = noted.decided[slug]
            self.stdout.write(
                f"{place} status: “{status}” was not taken "
                f"over: it was decided about other claims than “{slug}” has now, or about other values of them; "
                "decide about it anew."
            )

    def _refuse(self, faults: Collection[Fault]) -> None:
        """End the command where there are faults, after telling all of them."""
        if not faults:
            return
        for fault in faults:
            said = not fault.value or fault.value in fault.message or fault.value == fault.column
            self.stderr.write(str(fault) if said else f"{fault} (here: “{cut(fault.value, SHOWN)}”)")
        self.stderr.write(f"{counted(len(faults), 'fault')}; nothing was written.")
        sys.exit(1)

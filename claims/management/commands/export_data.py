"""Take sheets out: `export_data FOLDER [TABLE…]`, or one table to standard output with `-`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError

from claims.contract import TABLES
from evidence.contract import Table, by_name
from evidence.domain.text import counted
from evidence.exchange.cells import advice
from evidence.exchange.sheets import write_sheet

STANDARD_OUTPUT = "-"


class Command(BaseCommand):
    """Writes tables as numbered CSV files, in the order in which they are loaded."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="where to write; `-` writes one table to standard output")
        parser.add_argument(
            "tables", nargs="*", metavar="TABLE", help="which tables; all that have rows by default"
        )

    def handle(self, *_: Any, **options: Any) -> str | None:
        chosen = [self._table(name) for name in options["tables"]]
        if options["folder"] == STANDARD_OUTPUT:
            if len(chosen) != 1:
                raise CommandError("Standard output takes one table: `export_data - claims`.")
            write_sheet(chosen[0], cast("IO[str]", self.stdout._out))
            return None
        tables = chosen or [table for table in TABLES if table.model._base_manager.exists()]
        return self._write(Path(options["folder"]), tables)

    def _write(self, folder: Path, tables: list[Table]) -> str:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(
                f"{folder} cannot be written to ({error.strerror}); name another folder."
            ) from error
        rows = 0
        for table in tables:
            path = folder / f"{TABLES.index(table) + 1:02}_{table.name}.csv"
            with path.open("w", encoding="utf-8", newline="") as out:
                count = write_sheet(table, out)
            self.stdout.write(f"{path.name}: {counted(count, 'row')}")
            rows += count
        return f"{counted(rows, 'row')} of {counted(len(tables), 'table')} written to {folder}."

    def _table(self, name: str) -> Table:
        known = by_name(TABLES)
        if name not in known:
            raise CommandError(f"No table is named “{name}”; {advice(name, known)}")
        return known[name]

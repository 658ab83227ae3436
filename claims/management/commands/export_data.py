"""Take sheets out: `export_data FOLDER [TABLE…]`, `export_data ALL.zip`, or one table to standard output with `-`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError

from claims.contract import TABLES
from evidence.contract import Table, by_name
from evidence.domain.text import counted
from evidence.exchange.cells import advice
from evidence.exchange.exports import ColumnUnknown, Export, archive
from evidence.exchange.files import Format, FormatRefused

STANDARD_OUTPUT = "-"
ARCHIVE = ".zip"


class Command(BaseCommand):
    """Writes tables as numbered files, in the order in which they are loaded."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", help="where to write; a name that ends in .zip for one file, `-` for standard output"
        )
        parser.add_argument(
            "tables", nargs="*", metavar="TABLE", help="which tables; all that have rows by default"
        )
        parser.add_argument(
            "--format",
            dest="form",
            type=Format,
            choices=list(Format),
            default=Format.CSV,
            help="csv by default",
        )
        parser.add_argument(
            "--columns", default="", help="of one table, which columns besides its key, joined by commas"
        )

    def handle(self, *_: Any, **options: Any) -> str | None:
        tables = [self._table(name) for name in options["tables"]]
        columns = tuple(name for name in options["columns"].split(",") if name)
        if columns and len(tables) != 1:
            raise CommandError("--columns chooses those of one table; name it.")
        chosen = tables or [table for table in TABLES if table.model._base_manager.exists()]
        try:
            exports = [Export(table, options["form"], columns=columns) for table in chosen]
            return self._write(options["folder"], exports)
        except (ColumnUnknown, FormatRefused) as refused:
            raise CommandError(str(refused)) from refused

    def _write(self, place: str, exports: list[Export]) -> str | None:
        if place == STANDARD_OUTPUT:
            if len(exports) != 1:
                raise CommandError("Standard output takes one table: `export_data - claims`.")
            exports[0].write(self._standard_output())
            return None
        path = Path(place)
        try:
            rows = (
                self._into_archive(path, exports)
                if path.suffix == ARCHIVE
                else self._into_folder(path, exports)
            )
        except OSError as error:
            raise CommandError(
                f"{path} cannot be written to ({error.strerror}); name another folder."
            ) from error
        return f"{counted(rows, 'row')} of {counted(len(exports), 'table')} written to {path}."

    def _into_folder(self, folder: Path, exports: list[Export]) -> int:
        folder.mkdir(parents=True, exist_ok=True)
        rows = 0
        for export in exports:
            path = folder / f"{TABLES.index(export.table) + 1:02}_{export.file}"
            with path.open("wb") as out:
                count = export.write(out)
            self.stdout.write(f"{path.name}: {counted(count, 'row')}")
            rows += count
        return rows

    def _into_archive(self, path: Path, exports: list[Export]) -> int:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            return archive(exports, out)

    def _standard_output(self) -> IO[bytes]:
        out: Any = self.stdout._out
        return cast("IO[bytes]", getattr(out, "buffer", None) or _Decoding(out))

    def _table(self, name: str) -> Table:
        known = by_name(TABLES)
        if name not in known:
            raise CommandError(f"No table is named “{name}”; {advice(name, known)}")
        return known[name]


class _Decoding:
    """Takes bytes for an output of texts, such as the one that captures what a command says."""

    def __init__(self, out: IO[str]) -> None:
        self.out = out

    def write(self, some: bytes) -> int:
        """Write bytes of UTF-8."""
        self.out.write(some.decode())
        return len(some)

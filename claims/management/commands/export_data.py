"""Take sheets out: `export_data FOLDER [TABLE…]`, `export_data ALL.zip`, or one table to standard output with `-`.

With `--templates` what is written has no rows: it is there to be filled in and imported.
"""

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from django.core.management.base import BaseCommand, CommandError

from claims.contract import TABLES
from claims.exchange.templates import TEMPLATES
from evidence.contract import by_name
from evidence.domain.text import counted
from evidence.exchange.cells import advice
from evidence.exchange.exports import ColumnUnknown, Export, archive
from evidence.exchange.files import Format, FormatRefused
from evidence.exchange.templates import Template

STANDARD_OUTPUT = "-"
ARCHIVE = ".zip"
Named = TypeVar("Named")


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
            help="csv by default, xlsx of templates",
        )
        parser.add_argument(
            "--columns", default="", help="of one table, which columns besides its key, joined by commas"
        )
        parser.add_argument(
            "--templates",
            action="store_true",
            help="no rows, but sheets to fill in, of all tables by default; in workbooks with what each column holds. "
            "claims+citations is one of claims with the columns of citations beside",
        )

    def handle(self, *_: Any, **options: Any) -> str | None:
        try:
            sheets = self._templates(options) if options["templates"] else self._exports(options)
            return self._write(options["folder"], sheets, "column" if options["templates"] else "row")
        except (ColumnUnknown, FormatRefused) as refused:
            raise CommandError(str(refused)) from refused

    def _exports(self, options: dict[str, Any]) -> list[Export]:
        tables = [_named(name, by_name(TABLES)) for name in options["tables"]]
        columns = tuple(name for name in options["columns"].split(",") if name)
        if columns and len(tables) != 1:
            raise CommandError("--columns chooses those of one table; name it.")
        chosen = tables or [table for table in TABLES if table.model._base_manager.exists()]
        return [Export(table, options["form"] or Format.CSV, columns=columns) for table in chosen]

    def _templates(self, options: dict[str, Any]) -> list[Template]:
        if options["columns"]:
            raise CommandError("--columns chooses those of an export; a template has all that are read.")
        names = options["tables"] or list(by_name(TABLES))
        chosen = [_named(name, TEMPLATES) for name in names]
        if len({template.table for template in chosen}) < len(chosen):
            raise CommandError("Two templates of one table have one name as files; write one at a time.")
        return [replace(template, form=options["form"] or Format.XLSX) for template in chosen]

    def _write(self, place: str, sheets: Sequence[Export | Template], noun: str) -> str | None:
        if place == STANDARD_OUTPUT:
            if len(sheets) != 1:
                raise CommandError("Standard output takes one table: `export_data - claims`.")
            sheets[0].write(self._standard_output())
            return None
        path = Path(place)
        try:
            written = (
                self._into_archive(path, sheets)
                if path.suffix == ARCHIVE
                else self._into_folder(path, sheets, noun)
            )
        except OSError as error:
            raise CommandError(
                f"{path} cannot be written to ({error.strerror}); name another folder."
            ) from error
        return f"{counted(written, noun)} of {counted(len(sheets), 'table')} written to {path}."

    def _into_folder(self, folder: Path, sheets: Sequence[Export | Template], noun: str) -> int:
        folder.mkdir(parents=True, exist_ok=True)
        written = 0
        for sheet in sheets:
            path = folder / f"{TABLES.index(sheet.table) + 1:02}_{sheet.file}"
            with path.open("wb") as out:
                count = sheet.write(out)
            self.stdout.write(f"{path.name}: {counted(count, noun)}")
            written += count
        return written

    def _into_archive(self, path: Path, sheets: Sequence[Export | Template]) -> int:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            return archive(sheets, out)

    def _standard_output(self) -> IO[bytes]:
        out: Any = self.stdout._out
        return cast("IO[bytes]", getattr(out, "buffer", None) or _Decoding(out))


def _named(name: str, known: Mapping[str, Named]) -> Named:
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

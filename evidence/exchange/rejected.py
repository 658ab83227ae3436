"""The rejected rows of an import, given back as a file to be mended and imported: each with its reasons behind it."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

from evidence.contract import Table
from evidence.exchange.batches import refused_rows
from evidence.exchange.cells import guard
from evidence.exchange.exports import TYPES
from evidence.exchange.files import Format
from evidence.exchange.sheets import REASONS, Sheet, SheetRefused
from evidence.models import ImportBatch

NONE_LEFT = "There are no rejected rows here to be given back."


@dataclass(frozen=True, slots=True)
class RejectedFile:
    """The rejected rows of an import: one sheet as CSV, several as an archive of them."""

    name: str
    media_type: str
    content: bytes


def rejected_file(batch: ImportBatch, tables: Iterable[Table]) -> RejectedFile | None:
    """The file; None where no row was rejected, the upload could not be read, or was cleared away."""
    try:
        files = [(sheet.table.name, _as_csv(sheet, rows)) for sheet, rows in refused_rows(batch, tables)]
    except (SheetRefused, FileNotFoundError):
        return None
    if not files:
        return None
    if len(files) == 1:
        ((name, content),) = files
        return RejectedFile(f"{name}.csv", TYPES[Format.CSV], content)
    return RejectedFile("rejected.zip", "application/zip", _archived(files))


def _archived(files: Sequence[tuple[str, bytes]]) -> bytes:
    out = BytesIO()
    twice = len({name for name, _ in files}) < len(files)  # two sheets of one table
    with ZipFile(out, "w", ZIP_DEFLATED) as folder:
        for number, (name, content) in enumerate(files, 1):
            folder.writestr(f"{number:02}_{name}.csv" if twice else f"{name}.csv", content)
    return out.getvalue()


def _as_csv(sheet: Sheet, rows: Iterable[Sequence[str]]) -> bytes:
    """The rejected rows of one sheet, with their reasons in the last column."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*(guard(name) for name in sheet.columns if name != REASONS), REASONS])
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return out.getvalue().encode()

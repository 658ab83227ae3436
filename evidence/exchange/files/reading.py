"""Which reader a file goes to, and the archives that hold several files."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from evidence.exchange.files.archives import Archive
from evidence.exchange.files.grids import FileRefused, Format, Grid, Row
from evidence.exchange.files.kinds import OBJECTS, TABS, Kind, kind_of
from evidence.exchange.files.limits import UPLOAD, Limits, Rows, check_size
from evidence.exchange.files.objects import object_grids
from evidence.exchange.files.separated import Known, separated_grid
from evidence.exchange.files.workbooks import is_workbook, workbook_grids

SHEETS = (".csv", *TABS, ".txt", *OBJECTS, ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".zip")
"""How the files in an archive end that are read, or refused with the reason; a README is passed over."""
HIDDEN = "__MACOSX"


def read_grids(path: Path, *, name: str, known: Known, limits: Limits = UPLOAD) -> Iterator[Grid]:
    """The grids of a file, one after the other; `name` is what people call the file.

    `known` says how many names of a header are known, by which the delimiter of a text file is chosen.
    Raises FileRefused, as reading the rows of a grid does, with what is wrong, where, and the way out. A file in an
    archive that cannot be read is a grid without rows that raises it when it is read, so that the others can be.
    """
    try:
        with path.open("rb") as stream:
            check_size(path.stat().st_size, name, limits)
            rows = Rows(limits)
            for grid in _Reader(known, limits).grids(stream, Path(name).stem, name):
                yield Grid(grid.title, grid.file, grid.format, rows.counted(grid.rows, grid.file))
    except FileNotFoundError as error:
        raise FileRefused(name, "There is no such file; look at the path.") from error
    except OSError as error:
        told = error.strerror or "it can be read once only; save it as a file first"  # such as a pipe
        raise FileRefused(name, f"The file cannot be read: {told}.") from error


class _Reader:
    """Reads the grids of files as some header is known, within limits."""

    def __init__(self, known: Known, limits: Limits) -> None:
        self.known, self.limits = known, limits

    def grids(self, stream: IO[bytes], title: str, file: str) -> Iterator[Grid]:
        """The grids of a file of whatever kind."""
        kind = kind_of(stream, file)
        if kind is Kind.ARCHIVE:
            archive = Archive(stream, file, self.limits)
            yield from workbook_grids(archive) if is_workbook(archive) else self.members(archive)
        else:
            yield from self.texts(kind, stream, title, file)

    def texts(self, kind: Kind, stream: IO[bytes], title: str, file: str) -> Iterator[Grid]:
        """The grids of a text file."""
        if kind is Kind.OBJECTS:
            yield from object_grids(stream, title, file, self.limits)
        else:
            yield separated_grid(stream, title, file, self.known, self.limits)

    def members(self, archive: Archive) -> Iterator[Grid]:
        """The grids of the files in an archive, in the order of their names."""
        names = sorted(filter(_is_sheet, archive.members), key=lambda name: (PurePosixPath(name).name, name))
        if not names:
            raise archive.refused(
                "The archive holds no sheet; put CSV, TSV, JSON or Excel files (.xlsx) into it."
            )
        alike = Counter(PurePosixPath(name).name.lower() for name in names)
        for name in names:
            path = PurePosixPath(name)
            # Rows are known by file and line, so that no two files may be told by one name.
            told = path.name if alike[path.name.lower()] == 1 else name
            title, file = path.stem, f"{archive.file}/{told}"
            with archive.unpacked(name) as stream:
                try:
                    yield from self.member(archive, stream, title, file)
                except FileRefused as refused:
                    yield Grid(title, file, Format.CSV, _refusing(refused))

    def member(self, archive: Archive, stream: IO[bytes], title: str, file: str) -> Iterator[Grid]:
        """The grids of a file in an archive, which may be a workbook but no archive of files again."""
        kind = kind_of(stream, file)
        if kind is not Kind.ARCHIVE:
            yield from self.texts(kind, stream, title, file)
            return
        inner = Archive(stream, file, self.limits, inside=archive)
        if not is_workbook(inner):
            raise inner.refused("Archives inside of archives are not read; unpack this one first.")
        yield from workbook_grids(inner)


def _is_sheet(name: str) -> bool:
    path = PurePosixPath(name)
    seen = not any((part.startswith(".") and part.strip(".")) or part == HIDDEN for part in path.parts)
    return seen and path.suffix.lower() in SHEETS


def _refusing(refused: FileRefused) -> Iterator[Row]:
    raise refused
    yield  # so that it is raised when the rows are read

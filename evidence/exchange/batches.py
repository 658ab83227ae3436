"""Imports in two steps: somebody uploads sheets and sees what they would do, then confirms that and nothing else.

What was uploaded lies in a folder of its own, bound by its SHA-256 to a batch and its owner. The preview is a plan,
rehearsed with every rule and without keeping other writers waiting, and is kept beside it. Confirming writes that very
plan: if any record that it is about was changed, added or deleted meanwhile, nothing is written and these rows are
named; else all of it is written as one change, together with the note that it was, so that a second confirmation finds
it done.
"""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evidence.choices import BatchState, Door
from evidence.contract import Table, by_name
from evidence.exchange.cells import CLEAR
from evidence.exchange.files import UPLOAD as UPLOAD_LIMITS
from evidence.exchange.plans import Plan
from evidence.exchange.previews import FAULTS_SHOWN, Preview, Told, rehearsed_plan, shortened
from evidence.exchange.previews import preview_of as shown
from evidence.exchange.readings import Empty
from evidence.exchange.rows import Outcome, Place, Row, packed, unpacked
from evidence.exchange.sheets import REASONS, Fault, Line, Sheet, SheetRefused, read_sheets, sheet_files
from evidence.exchange.writing import ImportRefused, Progress, write_plan
from evidence.models import Change, ImportBatch
from evidence.services.spools import Spool

KEPT_FOR = timedelta(hours=24)
"""How long an upload waits for its confirmation."""

NAME_SHOWN = 200
NAME_LENGTH = 60
"""In characters, of which each takes up to four of the 255 bytes that a name may have."""

UPLOAD, PREVIEW = "upload", "preview.json"
READ_AT_ONCE = 1 << 20


@dataclass(frozen=True)
class Options:
    """How sheets are to be read: the table (empty: told by the files' names), what empty cells do, what is left out."""

    table: str = ""
    empty: Empty = Empty.KEEP
    ignored: tuple[str, ...] = ()


class BatchRefused(Exception):
    """An import cannot be opened or confirmed; the message says why."""


def open_batch(
    *, owner: Any, upload: BinaryIO, name: str, tables: Iterable[Table], options: Options, reason: str = ""
) -> ImportBatch:
    """Keep what was uploaded and find out what it would do; writes no record."""
    clear_away()
    batch = ImportBatch(
        owner=owner,
        door=Door.IMPORT,
        name=_file_name(name),
        table=options.table,
        empty=options.empty.value,
        ignored=list(options.ignored),
        reason=reason,
    )
    batch.folder.mkdir(parents=True, mode=0o700)
    batch.sha256 = _keep(upload, batch.folder / UPLOAD)
    look(batch, tables)
    return batch


@dataclass
class Looked:
    """What was found out about an import, as it is kept: what is shown of it, and where the rows lie to be written."""

    preview: Preview
    rows: str = ""
    """The file of the rows; empty where there are none."""
    numbered: dict[str, int] = field(default_factory=dict)
    """How many new records there are (see `plans.Plan`)."""
    program: str = ""
    """What tells the program that found it out from another version of it."""


def look(batch: ImportBatch, tables: Iterable[Table]) -> Preview:
    """Find out, and keep, what the import would do as things now stand."""
    tables = list(tables)
    try:
        sheets = _sheets(batch, tables)
    except SheetRefused as refused:
        faults = shortened(refused.faults[:FAULTS_SHOWN])
        looked = Looked(Preview(faults=faults, faults_found=len(refused.faults), stopped=True))
    else:
        empty, reason = Empty(batch.empty), _reason(batch)
        plan = rehearsed_plan(sheets, tables, empty=empty, actor=batch.owner, reason=reason)
        looked = Looked(shown(plan), f"rows-{uuid4().hex}.jsonl", dict(plan.numbered), _program(tables))
        plan.rows.save(batch.folder / looked.rows)
    for column, outcome in COUNTED.items():
        setattr(batch, column, looked.preview.total(outcome))
    batch.save()
    _keep_looked(batch, looked)
    return looked.preview


def _keep_looked(batch: ImportBatch, looked: Looked) -> None:
    """Put it in the place of what was found out before, at once, so that whoever reads it reads one or the other."""
    beside = batch.folder / f"{PREVIEW}-{uuid4().hex}"
    beside.write_text(json.dumps(asdict(looked)), encoding="utf-8")
    beside.replace(batch.folder / PREVIEW)
    for former in batch.folder.glob("rows-*.jsonl"):
        if former.name != looked.rows:
            former.unlink(missing_ok=True)


COUNTED = {
    "created": Outcome.CREATE,
    "updated": Outcome.UPDATE,
    "unchanged": Outcome.UNCHANGED,
    "rejected": Outcome.REJECTED,
}


def preview_of(batch: ImportBatch) -> Preview | None:
    """What was found out about the import; None where it was cleared away."""
    looked = _looked(batch)
    return looked.preview if looked else None


def _looked(batch: ImportBatch) -> Looked | None:
    try:
        kept = json.loads((batch.folder / PREVIEW).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    if "preview" not in kept:  # an earlier version of the program kept it otherwise
        return None
    preview = kept.pop("preview")
    faults = [Fault(**fault) for fault in preview.pop("faults")]
    rows = [_row_kept(row) for row in preview.pop("rows")]
    return Looked(Preview(faults=faults, rows=rows, **preview), **kept)


def _program(tables: Iterable[Table]) -> str:
    """What tells one version of the program from another, as far as rows that were looked at depend on it."""
    columns = [[field.attname for field in table.model._meta.concrete_fields] for table in tables]
    return hashlib.sha256(json.dumps(columns).encode()).hexdigest()


def _row_kept(row: dict[str, Any]) -> Told:
    changes = {name: (before, after) for name, (before, after) in row["changes"].items()}
    return Told(**{**row, "changes": changes, "faults": [Fault(**fault) for fault in row["faults"]]})


def confirm(batch: ImportBatch, *, user: Any, tables: Iterable[Table]) -> ImportBatch:
    """Write what the preview showed, leaving out the rows that it refused; once, however often it is asked for.

    Raises BatchRefused where somebody else uploaded it or it was cleared away, and ImportRefused, with nothing written,
    where any row would do something else than was shown; then it is looked at anew, for another confirmation.
    """
    if batch.owner_id != user.pk:
        raise BatchRefused("Only who uploaded an import may confirm it; upload the file yourself.")
    tables = list(tables)
    if batch.state == BatchState.PREVIEWED and (plan := _plan_as_shown(batch, tables)) is not None:
        try:
            _write(batch, plan, user)
        except ImportRefused:
            batch.refresh_from_db()
            if batch.state != BatchState.WRITTEN:  # by another confirmation, which this one then finds done
                look(batch, tables)
                raise
    batch.refresh_from_db()
    if batch.state != BatchState.WRITTEN:
        raise BatchRefused("This upload was cleared away; upload the file again.")
    return batch


def _plan_as_shown(batch: ImportBatch, tables: list[Table]) -> Plan | None:
    """The plan of what was shown; None where it was cleared away."""
    looked = _looked(batch)
    if looked is None:
        return None
    if looked.preview.stopped:
        raise ImportRefused(looked.preview.faults)
    if looked.program != _program(tables):
        raise BatchRefused("The program was changed since this was looked at; upload the file again.")
    try:
        rows = Spool.opened(batch.folder / looked.rows, pack=packed, unpack=unpacked)
    except FileNotFoundError as gone:
        raise BatchRefused("It was looked at anew meanwhile; look at the new preview.") from gone
    return Plan(by_name(tables), rows=rows, numbered=Counter(looked.numbered))


def _write(batch: ImportBatch, plan: Plan, user: Any) -> None:
    """Write the plan, together with the note that it was, which only one confirmation can make."""
    with transaction.atomic():
        mine = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PREVIEWED)
        if mine.update(state=BatchState.WRITTEN, written=timezone.now()):
            change = write_plan(plan, actor=user, reason=_reason(batch), partly=True)
            ImportBatch.objects.filter(pk=batch.pk).update(change=change)


def write_recorded(
    plan: Plan, *, paths: Sequence[Path], actor: Any, reason: str, empty: Empty, progress: Progress = iter
) -> Change | None:
    """Write a plan of files of this machine, and put on record what they were; returns the change."""
    counts = plan.outcomes()
    files = sheet_files(paths)
    with transaction.atomic():
        change = write_plan(plan, actor=actor, reason=reason, progress=progress)
        ImportBatch.objects.create(
            owner=actor,
            written=timezone.now(),
            door=Door.COMMAND,
            name=", ".join(path.name for path in paths)[:NAME_SHOWN],
            sha256=_sum_of(files),
            empty=empty.value,
            reason=reason,
            state=BatchState.WRITTEN,
            change=change,
            **{column: counts[outcome] for column, outcome in COUNTED.items()},
        )
    return change


def _sum_of(files: Sequence[Path]) -> str:
    """SHA-256 of a file; of several, of a list of their sums and names as `sha256sum` prints it."""
    sums = [(_sum(path), path.name) for path in files]
    if len(sums) == 1:
        return sums[0][0]
    return hashlib.sha256("".join(f"{found}  {name}\n" for found, name in sums).encode()).hexdigest()


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def refused_rows(batch: ImportBatch, tables: Iterable[Table]) -> Iterator[tuple[Sheet, list[list[str]]]]:
    """The rows that were refused, sheet by sheet as they stand in the file, each with its reasons behind it."""
    reasons: dict[Place, list[str]] = {}
    for row in _rows(batch):
        for fault in row.faults if row.outcome is Outcome.REJECTED else ():
            told = f"{fault.column}: {fault.message}" if fault.column else fault.message
            reasons.setdefault(row.place, []).append(told)
    for sheet in _sheets(batch, list(tables)) if reasons else ():
        lines = [line for line in sheet.lines if (sheet.file, line.number) in reasons]
        rows = [
            [
                *_as_given(line, [name for name in sheet.columns if name != REASONS]),
                " ".join(reasons[sheet.file, line.number]),
            ]
            for line in lines
        ]
        if rows:
            yield sheet, rows


def _rows(batch: ImportBatch) -> Iterable[Row]:
    """The rows of an import as they were looked at; none where it was cleared away."""
    looked = _looked(batch)
    try:
        return (
            Spool.opened(batch.folder / looked.rows, pack=packed, unpack=unpacked)
            if looked and looked.rows
            else ()
        )
    except FileNotFoundError:
        return ()


def _as_given(line: Line, columns: Iterable[str]) -> Iterator[str]:
    """The cells of a row as they stand in the file."""
    for name in columns:
        yield CLEAR if name in line.cleared else line.refused.get(name, line.cells.get(name, ""))


def clear_away() -> None:
    """Let go of uploads that nobody confirmed in time, and of folders that belong to no batch."""
    late = ImportBatch.objects.filter(state=BatchState.PREVIEWED, opened__lt=timezone.now() - KEPT_FOR)
    for batch in late:
        shutil.rmtree(batch.folder, ignore_errors=True)
    late.update(state=BatchState.EXPIRED)
    for stray in Path(settings.DATA_DIR).glob("rehearsal-*"):  # of a process that was killed
        if stray.stat().st_mtime < (timezone.now() - KEPT_FOR).timestamp():
            shutil.rmtree(stray, ignore_errors=True)


def _file_name(given: str) -> str:
    """The name that somebody's file has, as far as it can be one here: its end, which tells what it is."""
    name = Path(given).name[-NAME_LENGTH:]
    return name if name.strip(". ") else UPLOAD


def _keep(upload: BinaryIO, place: Path) -> str:
    """Copy the bytes, and return their SHA-256; of more than is read of any upload, as many as show that it is more."""
    digest, room = hashlib.sha256(), UPLOAD_LIMITS.bytes + 1
    with place.open("xb") as out:
        while some := upload.read(min(READ_AT_ONCE, room)):
            digest.update(some)
            out.write(some)
            room -= len(some)
    return digest.hexdigest()


def _sheets(batch: ImportBatch, tables: list[Table]) -> list[Sheet]:
    # The file is read under the name it came with, which tells its table and stands in every message.
    named = batch.folder / "named" / (batch.name or "upload")
    if not named.exists():
        named.parent.mkdir(exist_ok=True)
        named.hardlink_to(batch.folder / UPLOAD)
    return read_sheets([named], by_name(tables), batch.table, batch.ignored, UPLOAD_LIMITS)


def _reason(batch: ImportBatch) -> str:
    return batch.reason or f"Import of {batch.name}"

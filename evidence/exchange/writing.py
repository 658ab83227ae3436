"""Writing a plan: one short transaction, everything or nothing, and only what was planned."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError

from evidence.choices import Door
from evidence.contract import Kind
from evidence.exchange.directory import key_of, stored_rows
from evidence.exchange.plans import Outcome, Plan, Row
from evidence.exchange.sheets import Fault
from evidence.models import Change, Record, Slugged
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused, Finding
from evidence.services.history import chunked

DATABASE_REFUSED = "The database refused it, for what somebody else wrote meanwhile; import again."

Progress = Callable[[Iterable[Row]], Iterable[Row]]


class ImportRefused(Exception):
    """An import was not written; `faults` says why, by file, line and column."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def write_plan(
    plan: Plan, *, actor: Any, reason: str = "", door: str = Door.IMPORT, progress: Progress = iter
) -> Change | None:
    """Write all rows of a plan as one change by the actor; returns it, or None where nothing was to be done.

    Raises ImportRefused, with nothing written, where rows are rejected, a rule over several rows is broken, or a
    record was changed, added or deleted since the plan was made.
    """
    if plan.faults:
        raise ImportRefused(plan.faults)
    rows = [row for row in plan.rows if row.outcome in (Outcome.CREATE, Outcome.UPDATE)]
    last: Row | None = None
    try:
        with change(actor=actor, door=door, reason=reason) as unit:
            _refuse_stale(rows)
            for last in progress(_references_first(rows)):
                last.record.save(force_insert=last.is_new)
            for row in rows:
                for name, targets in row.many.items():
                    if name in row.changes:
                        getattr(row.record, name).set(targets)
    except ChangeRefused as refused:
        raise ImportRefused(_faults(refused.findings, plan.rows)) from refused
    except IntegrityError as error:
        raise ImportRefused(_broken_by(last)) from error
    return unit.change


def summary(plan: Plan) -> str:
    """The counts of a plan in one line."""
    total = plan.outcomes()
    return ", ".join(f"{total[outcome]} {outcome}" for outcome in Outcome)


def _refuse_stale(rows: list[Row]) -> None:
    """Refuse to write over what somebody else wrote since the plan was made."""
    stale: list[Finding] = []
    for model, lot in _by_model(rows).items():
        versions: dict[int, int] = {}
        for some in chunked(row.record.pk for row in lot if not row.is_new):
            versions |= dict(model._base_manager.filter(pk__in=some).values_list("pk", "version"))
        for row in lot:
            if not row.is_new and versions.get(row.record.pk) != row.version:
                message = (
                    "Somebody changed this record since the import was read; look at it and import again."
                )
                stale.append(Finding(row.record, "", message))
        stale += _made_meanwhile(model, [row for row in lot if row.is_new])
    stale += _deleted_meanwhile(rows)
    if stale:
        raise ChangeRefused(stale)


def _made_meanwhile(model: type[Record], rows: list[Row]) -> Iterator[Finding]:
    if not issubclass(model, Slugged):
        yield from _keys_made_meanwhile(model, rows)
        return
    for some in chunked(rows):
        slugs = {row.record.slug: row.record for row in some}
        for slug in model.key_space()._base_manager.filter(slug__in=slugs).values_list("slug", flat=True):
            yield Finding(
                slugs[slug], "slug", "Somebody added this slug since the import was read; import again."
            )


def _keys_made_meanwhile(model: type[Record], rows: list[Row]) -> Iterator[Finding]:
    keys = {key_of(row.sheet, row.line.cells): row.record for row in rows}
    stored = stored_rows(rows[0].sheet.table, keys) if rows else {}
    for key in keys.keys() & stored.keys():
        message = "Somebody added this row since the import was read; import again."
        yield Finding(keys[key], model.KEY[-1], message)


def _deleted_meanwhile(rows: list[Row]) -> Iterator[Finding]:
    wanted: dict[type[Record], dict[int, list[tuple[Row, str]]]] = {}
    for row in rows:
        for name, target in _named(row):
            if target.pk is not None:
                wanted.setdefault(type(target), {}).setdefault(target.pk, []).append((row, name))
    for model, naming in wanted.items():
        for some in chunked(naming):
            there = set(model._base_manager.filter(pk__in=some).values_list("pk", flat=True))
            for row, name in (found for key in some if key not in there for found in naming[key]):
                message = "What it names was deleted since the import was read; import again."
                yield Finding(row.record, name, message)


def _named(row: Row) -> Iterator[tuple[str, Any]]:
    """The records that the cells of a row name, with the column of each."""
    for name in row.changes:
        column = row.sheet.table.by_name[name]
        if column.kind is Kind.REFERENCE and (target := getattr(row.record, name)) is not None:
            yield name, target
        yield from ((name, target) for target in row.many.get(name, ()))


def _references_first(rows: list[Row]) -> list[Row]:
    """The rows so that each comes after those of its own table that it refers to; tables keep their order."""
    by_record = {id(row.record): row for row in rows}
    ordered: list[Row] = []
    placed: set[int] = set()

    def place(row: Row) -> None:
        chain = [row]
        while chain:
            following = [by_record[key] for key in _needs(chain[-1], by_record) if key not in placed]
            if following and any(link is following[0] for link in chain):
                _refuse_circle(chain, following[0])
            if following:
                chain.append(following[0])
                continue
            done = chain.pop()
            if id(done.record) not in placed:
                placed.add(id(done.record))
                ordered.append(done)

    for row in rows:
        place(row)
    return ordered


def _refuse_circle(chain: list[Row], first: Row) -> None:
    start = next(place for place, link in enumerate(chain) if link is first)
    path = " → ".join(link.record.key for link in [*chain[start:], first])
    message = f"These new rows refer to each other in a circle: {path}; leave one of these links out."
    raise ChangeRefused([Finding(chain[-1].record, "", message)])


def _broken_by(row: Row | None) -> list[Fault]:
    """What of a row the database refused; constraints between rows of one import show only there."""
    if row is None:
        return [Fault("(the import)", 0, "", "", DATABASE_REFUSED)]
    try:
        row.record.validate_constraints()
    except ValidationError as error:
        findings = [
            Finding(row.record, "" if name == NON_FIELD_ERRORS else name, message)
            for name, messages in error.message_dict.items()
            for message in messages
        ]
        return _faults(findings, [row])
    return [Fault(row.sheet.file, row.line.number, "", "", DATABASE_REFUSED)]


def _needs(row: Row, by_record: dict[int, Row]) -> list[int]:
    targets = (row.record._state.fields_cache.get(field.name) for field in row.record._meta.fields)
    return [id(target) for target in targets if target is not None and id(target) in by_record]


def _by_model(rows: list[Row]) -> dict[type[Record], list[Row]]:
    lots: dict[type[Record], list[Row]] = {}
    for row in rows:
        lots.setdefault(type(row.record), []).append(row)
    return lots


def _faults(findings: Iterable[Finding], rows: list[Row]) -> list[Fault]:
    """The findings at the lines of the file that brought the records."""
    known = {(type(row.record), row.record.pk): row for row in rows if row.record.pk}
    own = {id(row.record): row for row in rows}
    faults = []
    for finding in findings:
        row = own.get(id(finding.record)) or known.get((type(finding.record), finding.record.pk))
        if row is None:
            faults.append(Fault("(not in the import)", 0, "", "", str(finding)))
            continue
        value = row.line.cells.get(finding.field, "")
        faults.append(Fault(row.sheet.file, row.line.number, finding.field, value, finding.message))
    return faults

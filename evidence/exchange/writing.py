"""Writing a plan: one short transaction, everything or nothing, and only what was planned."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby, islice
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from evidence.choices import Door
from evidence.contract import Kind, Table
from evidence.exchange.directory import stored_rows
from evidence.exchange.plans import Plan, space_of
from evidence.exchange.readings import TAKEN, code_of, message_of
from evidence.exchange.rows import Outcome, Row
from evidence.exchange.sheets import Fault
from evidence.models import Change, Record, Slugged
from evidence.services import bulk
from evidence.services.bulk import Columns, restored
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused, Finding
from evidence.services.history import chunked
from evidence.services.units import BOOKS, Unit

STALE, COLLIDING = "stale", "conflict"
"""The codes of rows whose records somebody changed meanwhile, and of those that collide with what somebody wrote."""

DATABASE_REFUSED = "The database refused it, for what somebody else wrote meanwhile; import again."
CHANGED = "Somebody changed this record since the import was read; look at it and import again."
ADDED = "Somebody added this {} since the import was read; import again."
DELETED = "What it names was deleted since the import was read; import again."

LOT = 1000
"""Rows that are written together."""

Progress = Callable[[Iterable[Row]], Iterable[Row]]


class ImportRefused(Exception):
    """An import was not written; `faults` says why, by file, line and column."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def write_plan(
    plan: Plan,
    *,
    actor: Any,
    reason: str = "",
    door: str = Door.IMPORT,
    progress: Progress = iter,
    partly: bool = False,
) -> Change | None:
    """Write all rows of a plan as one change by the actor; returns it, or None where nothing was to be done.

    Raises ImportRefused, with nothing written, where rows are rejected (unless it is to be written `partly`, without
    them), a rule over several rows is broken, or a record was changed, added or deleted since the plan was made.
    """
    if plan.stopped or (plan.rejected and not partly):
        raise ImportRefused(plan.each_fault())
    writing = _Writing(plan)
    try:
        with change(actor=actor, door=door, reason=reason) as unit:
            writing.write(unit, progress)
    except ChangeRefused as refused:
        raise ImportRefused(writing.told(refused.findings)) from refused
    except IntegrityError as error:
        unforeseen = Fault("(the import)", 0, "", "", DATABASE_REFUSED, COLLIDING)
        raise ImportRefused(writing.broken or [unforeseen]) from error
    return unit.change


def summary(plan: Plan) -> str:
    """The counts of a plan in one line."""
    total = plan.outcomes()
    return ", ".join(f"{total[outcome]} {outcome}" for outcome in Outcome)


class _Writing:
    """Writes the rows of a plan that are not rejected, a lot at a time."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.keys: dict[str, Sequence[int]] = {}
        """The row ids of new records by their numbers, by the table that gives them out."""
        self.broken: list[Fault] = []
        """What the database refused."""

    def write(self, unit: Unit, progress: Progress) -> None:
        """Write all rows; raises ImportRefused that names every row over which somebody else wrote meanwhile."""
        giving = {space_of(table.model): table.model for table in self.plan.tables.values()}
        for space, number in self.plan.numbered.items():
            self.keys[space] = bulk.next_keys(giving[space], number)
        stale: list[Fault] = []
        for table, rows in self._lots(progress(self.plan.accepted())):
            stale += _stale(table, rows)
            if stale:  # nothing is to be written any more, but every row that is late is to be named
                stale += _made_meanwhile(table, [row for row in rows if row.pk is None])
                continue
            try:
                self._write(unit, table, [row for row in rows if row.outcome is not Outcome.UNCHANGED])
            except IntegrityError:
                stale += _made_meanwhile(table, [row for row in rows if row.pk is None])
                if not stale:
                    raise
        if stale:
            raise ImportRefused(stale)

    def told(self, findings: Iterable[Finding]) -> list[Fault]:
        """The findings at the lines of the file that brought the records."""
        listed = list(findings)
        places = self._places({_row_of(finding.record) for finding in listed})
        faults = []
        for finding in listed:
            row = places.get(_row_of(finding.record))
            if row is None:
                faults.append(Fault("(not in the import)", 0, "", "", str(finding), finding.code))
            else:
                cell = _cell(row, finding.field)
                faults.append(Fault(*row.place, finding.field, cell, finding.message, finding.code))
        return faults

    def _lots(self, rows: Iterable[Row]) -> Iterator[tuple[Table, list[Row]]]:
        for name, of_table in groupby(rows, key=lambda row: row.table):
            while lot := list(islice(of_table, LOT)):
                yield self.plan.tables[name], lot

    def _write(self, unit: Unit, table: Table, rows: list[Row]) -> None:
        try:
            with transaction.atomic():
                self._write_lot(unit, table, rows)
        except IntegrityError:
            for row in rows:  # one of them it was; the others are undone with the rest
                try:
                    with transaction.atomic():
                        self._write_lot(unit, table, [row])
                except IntegrityError:
                    self.broken = _broken_by(table.model, row, self._complete(table.model, row, unit))
                    raise
            raise

    def _write_lot(self, unit: Unit, table: Table, rows: list[Row]) -> None:
        lots: dict[bool, list[tuple[int, Columns]]] = {True: [], False: []}
        for row in rows:
            is_new = row.outcome is Outcome.CREATE
            lots[is_new].append((self._key(table.model, row), self._complete(table.model, row, unit)))
        bulk.insert(table.model, [columns for _, columns in lots[True]])
        bulk.update(table.model, lots[False])
        for is_new, lot in lots.items():
            unit.wrote_many(table.model, [key for key, _ in lot], new=is_new)
        self._set_many(table, [row for row in rows if row.many])

    def _complete(self, model: type[Record], row: Row, unit: Unit) -> Columns:
        """The columns of a row with the row ids of new records."""
        spaces, own, moments = _shape(model)
        for name, number in row.news.items():
            row.columns[name] = self.keys[spaces[name]][number]
        if row.outcome is Outcome.CREATE:
            row.columns |= dict.fromkeys(own, self._key(model, row))
            row.columns |= dict.fromkeys(moments, bulk.moment(unit.at))
            if "edited_by_id" in row.columns:
                row.columns["edited_by_id"] = unit.actor.pk
            return row.columns
        return {name: value for name, value in row.columns.items() if name not in own and name not in BOOKS}

    def _key(self, model: type[Record], row: Row) -> int:
        return self.keys[space_of(model)][row.number] if row.pk is None else row.pk

    def _set_many(self, table: Table, rows: list[Row]) -> None:
        for name in table.of_kind(Kind.REFERENCES) if rows else ():
            many = table.by_name[name].field
            keys = self.keys.get(space_of(many.related_model), ())
            held = {
                self._key(table.model, row): [one if one >= 0 else keys[-1 - one] for one in row.many[name]]
                for row in rows
                if name in row.many
            }
            bulk.set_many(many, held)

    def _places(self, wanted: set[tuple[str, int]]) -> Mapping[tuple[str, int], Row]:
        """The rows that brought these records, by table and row id."""
        found: dict[tuple[str, int], Row] = {}
        for row in self.plan.accepted() if wanted else ():
            model = self.plan.tables[row.table].model
            written = row.pk is not None or space_of(model) in self.keys
            key = model._meta.db_table, self._key(model, row) if written else 0
            if key in wanted:
                found[key] = row
        return found


def _row_of(record: models.Model) -> tuple[str, int]:
    return type(record)._meta.db_table, record.pk or 0


@cache
def _shape(model: type[Record]) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
    """Of a model, the tables that give out the row ids in its references, by column, the columns of its own row id,
    and those of the moment when it was written.
    """
    fields: list[Any] = list(model._meta.concrete_fields)
    references = {field.attname: space_of(field.related_model) for field in fields if _names_record(field)}
    return references, tuple(field.attname for field in fields if field.primary_key), ("created", "updated")


def _names_record(field: Any) -> bool:
    return bool(field.is_relation) and issubclass(field.related_model, Record)


def _cell(row: Row, column: str) -> str:
    """The cell of a row as it would be, as far as it is known still."""
    return row.changes[column][1] if column in row.changes else str(row.columns.get(column) or "")


def _stale(table: Table, rows: list[Row]) -> Iterator[Fault]:
    """Which of these rows would write over what somebody else wrote, or name what is no more."""
    versions = _versions(table, rows)
    for row in rows:
        if row.pk is not None and versions.get(row.pk) != row.version:
            yield Fault(*row.place, "", "", CHANGED, STALE)
    yield from _deleted_meanwhile(table, rows)


def _versions(table: Table, rows: list[Row]) -> dict[int, int]:
    """The versions of the stored records of these rows; from now on nobody else writes to those that change."""
    keys: dict[bool, list[int]] = {True: [], False: []}
    for row in rows:
        if row.pk is not None:
            keys[row.outcome is Outcome.UPDATE].append(row.pk)
    stored = table.model._base_manager.order_by("pk")
    changing = stored.filter(pk__in=keys[True]).select_for_update(no_key=True)
    others = stored.filter(pk__in=keys[False])
    return dict([*changing.values_list("pk", "version"), *others.values_list("pk", "version")])


def _made_meanwhile(table: Table, rows: list[Row]) -> Iterator[Fault]:
    """Which of these new rows somebody else wrote, which the database finds out by itself."""
    model = table.model
    by_key = {row.key: row for row in rows}
    if issubclass(model, Slugged):
        space = model.key_space()._base_manager
        slugs = [slug for (slug,) in by_key]
        for slug in space.filter(slug__in=slugs).values_list("slug", flat=True):
            yield Fault(*by_key[(slug,)].place, "slug", slug, ADDED.format("slug"), TAKEN)
        return
    for key in stored_rows(table, by_key):
        column = model.KEY[-1]
        yield Fault(*by_key[key].place, column, _cell(by_key[key], column), ADDED.format("row"), TAKEN)


def _deleted_meanwhile(table: Table, rows: list[Row]) -> Iterator[Fault]:
    wanted: dict[Any, dict[int, list[tuple[Row, str]]]] = {}
    for row in rows:
        for field, key in _named(table, row):
            wanted.setdefault(field.related_model, {}).setdefault(key, []).append((row, field.name))
    for model, naming in wanted.items():
        for some in chunked(naming):
            there = set(model._base_manager.filter(pk__in=some).values_list("pk", flat=True))
            for row, name in (found for key in some if key not in there for found in naming[key]):
                yield Fault(*row.place, name, _cell(row, name), DELETED, "unknown_slug")


def _named(table: Table, row: Row) -> Iterator[tuple[Any, int]]:
    """The stored records that the changed cells of a row name: the field and the row id."""
    for field in _references(table):
        if field.name in row.changes and (key := row.columns.get(field.attname)) is not None:
            yield field, key
    for name, keys in row.many.items():
        yield from ((table.by_name[name].field, key) for key in keys if key >= 0)


@cache
def _references(table: Table) -> tuple[Any, ...]:
    return tuple(table.by_name[name].field for name in table.of_kind(Kind.REFERENCE))


def _broken_by(model: type[Record], row: Row, columns: Columns) -> list[Fault]:
    """What of a row the database refused; constraints between rows of one import show only there."""
    try:
        restored(model, row.columns | columns).validate_constraints()
    except ValidationError as error:
        return [
            Fault(*row.place, name, _cell(row, name), message_of(one), code_of(one))
            for field, errors in error.error_dict.items()
            for one in errors
            for name in ("" if field == NON_FIELD_ERRORS else field,)
        ]
    return [Fault(*row.place, "", "", DATABASE_REFUSED, COLLIDING)]

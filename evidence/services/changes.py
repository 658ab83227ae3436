"""The one unit of work. Every door opens a change; leaving it runs the rules, or nothing is written.

    with change(actor=user, door=Door.ADMIN, reason="typing error") as unit:
        claim.save()

While it is open, every write is announced to it (`models.changes.History`). On leaving it
1. reads what the touched records said before and say now,
2. runs the rules over several rows (`services.findings`) and the rules of review (`domain.review`),
3. raises ChangeRefused with all findings, so that the transaction is rolled back, or
4. sends changed accepted records back to their reviewers, counts versions, and writes one row of history a record.
A change that changes nothing leaves no trace.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db import connection, models, transaction
from django.utils import timezone

from evidence.choices import Review
from evidence.domain import review as reviewing
from evidence.domain.text import tidy
from evidence.models import Change, Part, Record, Reviewed
from evidence.models.changes import witnessed_by
from evidence.services import history
from evidence.services.findings import RULES, ChangeRefused, Finding
from evidence.services.history import Content
from evidence.services.references import by_model, holders, leaf_of, referring, unaccepted_references
from evidence.services.roles import is_reviewer, is_system, may

WRITERS_LOCK = 0x1ED6E5
"""Key of the PostgreSQL advisory lock that lets one change settle at a time, as SQLite does by itself."""

BOOKS = ("created", "updated", "version", "edited_by_id")
"""Columns that a change writes by itself."""


@dataclass
class Touched:
    """One record in a change: as it stands now (or stood when it was deleted), what it said before and says now."""

    record: Record
    before: Content | None
    after: Content | None
    parts_changed: bool = False

    @property
    def fields(self) -> set[str]:
        """The names of the fields that differ."""
        if self.before is None or self.after is None:
            return set((self.after or self.before or Content({}, {})).columns)
        return self.after.differing(self.before)

    @property
    def content_changed(self) -> bool:
        """Whether the record or its parts say something else than before; its standing in review aside."""
        return self.parts_changed or bool(self.fields - {"review"})

    @property
    def changed(self) -> bool:
        """Whether there is anything to be written down."""
        return self.parts_changed or bool(self.fields)

    @property
    def step(self) -> tuple[str, str]:
        """The states in review before and after."""
        before = self.before.columns.get("review", "") if self.before else reviewing.NEW
        return before, self.after.columns.get("review", "") if self.after else ""


@dataclass
class Unit:
    """What one change touches. Its actor answers for it; its reason stands in the history of every record."""

    actor: Any
    door: str
    reason: str = ""
    at: datetime = field(default_factory=timezone.now)
    change: Change | None = None
    closed: bool = False
    _written: dict[tuple[type[Record], int], None] = field(default_factory=dict)
    _deleted: dict[tuple[type[Record], int], Record] = field(default_factory=dict)
    _touched: dict[tuple[type[Record], int], Touched] = field(default_factory=dict)

    def wrote(self, record: models.Model) -> None:
        """A record was saved, or one of its many-to-many fields was set."""
        self._refuse_when_closed()
        if isinstance(record, Record):
            self._written[type(record), record.pk] = None

    def deleting(self, record: models.Model) -> None:
        """A record is about to be deleted; refused where others name it in fields that would be emptied unseen."""
        if isinstance(record, Record) and (found := holders(record)):
            listed = ", ".join(f"{row._meta.verbose_name} “{row.key}”" for row in found[:10])
            message = f"It is still named by {listed}; take it out there first."
            raise ChangeRefused([Finding(record, "", message)])

    def deleted(self, record: models.Model) -> None:
        """A record was deleted."""
        self._refuse_when_closed()
        if isinstance(record, Record):
            self._deleted[type(record), record.pk] = record
            self._written.pop((type(record), record.pk), None)

    def touched(self, *kinds: type) -> Iterator[Touched]:
        """The records of these kinds that this change changed, deleted ones included."""
        for (model, _), touched in self._touched.items():
            if issubclass(model, kinds) and touched.changed:
                yield touched

    def kept(self, *kinds: type) -> Iterator[Touched]:
        """As `touched`, without those that were deleted."""
        return (touched for touched in self.touched(*kinds) if touched.after is not None)

    def close(self) -> None:
        """Run the rules and write the history; raises ChangeRefused where a rule is broken.

        Leaving the change does this; a door that has to know earlier may do it itself, once all is written.
        """
        if self.closed:
            return
        self.closed = True
        _lock_writers()
        self._read()
        self._mark_wholes()
        if findings := [*self._permissions(), *_rule_findings(self), *self._reviews()]:
            raise ChangeRefused(findings)
        self._settle_review()
        self._write()

    def _refuse_when_closed(self) -> None:
        if self.closed:
            raise RuntimeError("This change is closed; what is written now belongs to another.")

    def _read(self) -> None:
        lots: dict[type[Record], list[int]] = {}
        for model, key in (*self._written, *self._deleted):
            lots.setdefault(model, []).append(key)
        for model, keys in lots.items():
            self._read_model(model, keys)

    def _read_model(self, model: type[Record], keys: list[int]) -> None:
        records = history.stored(model, keys)
        now, past = history.contents(model, records), history.last_contents(model, keys)
        for key in keys:
            record = records.get(key) or self._deleted.get((model, key))
            if record is not None and (key in now or key in past):
                self._touched[model, key] = Touched(record, past.get(key), now.get(key))
                self._keep_books(model, key)

    def _keep_books(self, model: type[Record], key: int) -> None:
        """Put right what a record in memory, older than the row, wrote over columns that only changes count."""
        before, after = self._touched[model, key].before, self._touched[model, key].after
        if before is None or after is None:
            return
        kept = {name: before.columns[name] for name in BOOKS if name in before.columns}
        if wrong := {name: value for name, value in kept.items() if after.columns[name] != value}:
            _table_with(model, "version")._base_manager.filter(pk=key).update(**wrong)
            after.columns.update(wrong)

    def _mark_wholes(self) -> None:
        gone = {(table, key) for model, key in self._deleted for table in (model, *model._meta.all_parents)}
        touched_parts = (cast("Part", touched.record) for touched in self.touched(Part))
        parts = [part for part in touched_parts if _place(part) not in gone]
        for lot in by_model(parts).values():
            _fetch_wholes(lot)
        for part in parts:
            owner = part.whole
            whole = self._touched.get((type(owner), owner.pk)) or self._join(owner)
            whole.parts_changed = whole.parts_changed or whole.before is not None

    def _join(self, record: Record) -> Touched:
        model = type(record)
        self._read_model(model, [record.pk])
        return self._touched[model, record.pk]

    def _permissions(self) -> Iterator[Finding]:
        for (model, _), touched in self._touched.items():
            action = "add" if touched.before is None else "delete" if touched.after is None else "change"
            if touched.changed and not may(self.actor, action, model):
                plural = model._meta.verbose_name_plural
                yield Finding(
                    touched.record, "", f"{self.actor} may not {action} {plural}; ask an administrator."
                )

    def _reviews(self) -> Iterator[Finding]:
        accepted: dict[type[Record], dict[int, Touched]] = {}
        for touched in self.touched(Reviewed):
            if touched.after is None:
                yield from self._deletion(touched)
            elif message := self._objection(touched):
                yield Finding(touched.record, "review", message)
            elif touched.step[1] == Review.ACCEPTED != touched.step[0]:
                accepted.setdefault(type(touched.record), {})[touched.record.pk] = touched
        for model, lot in accepted.items():
            yield from _not_yet_accepted(model, lot)

    def _deletion(self, touched: Touched) -> Iterator[Finding]:
        if touched.step[0] == Review.ACCEPTED and not is_system(self.actor):
            yield Finding(touched.record, "", "An accepted record is not deleted; a reviewer can retract it.")

    def _objection(self, touched: Touched) -> str:
        if is_system(self.actor):
            return ""
        before, after = touched.step
        own = touched.before is not None and touched.before.columns.get("edited_by_id") == self.actor.pk
        step = reviewing.Step(before, after, touched.content_changed, own)
        return reviewing.objection(step, reviewer=is_reviewer(self.actor), reason=self.reason)

    def _settle_review(self) -> None:
        reopened: list[Touched] = []
        for touched in list(self.kept(Reviewed)):
            before, after = touched.step
            step = reviewing.Step(before, after, touched.content_changed, own=False)
            if not is_system(self.actor) and reviewing.settled(step) != after:
                reopened.append(touched)
            if after == Review.RETRACTED != before:
                reopened += self._resting_on(touched.record)
        for touched in reopened:
            self._reopen(touched)

    def _resting_on(self, retracted: Record) -> Iterator[Touched]:
        for row in referring(retracted):
            whole = leaf_of(row.whole if isinstance(row, Part) else row)
            if isinstance(whole, Reviewed) and whole.review == Review.ACCEPTED and whole != retracted:
                yield self._touched.get((type(whole), whole.pk)) or self._join(whole)

    def _reopen(self, touched: Touched) -> None:
        model = _table_with(type(touched.record), "review")
        model._base_manager.filter(pk=touched.record.pk).update(review=Review.SUBMITTED)
        if touched.after is not None:
            touched.after.columns["review"] = Review.SUBMITTED.value

    def _write(self) -> None:
        lots: dict[tuple[type[Record], str], dict[int, Content]] = {}
        for (model, key), touched in self._touched.items():
            if touched.changed:
                sort, content = _sort(touched)
                lots.setdefault((model, sort), {})[key] = content
        if not lots:
            return
        self.change = Change.objects.create(at=self.at, actor=self.actor, door=self.door, reason=self.reason)
        for (model, sort), entries in lots.items():
            if sort != history.DELETED:
                self._count(model, sort, entries)
            history.write(self.change, model, sort, entries)

    def _count(self, model: type[Record], sort: str, entries: dict[int, Content]) -> None:
        edited = [key for key in entries if self._touched[model, key].content_changed]
        table = _table_with(model, "version")
        for some in history.chunked(entries):
            rows = table._base_manager.filter(pk__in=some)
            step = 0 if sort == history.CREATED else 1
            rows.update(updated=self.at, version=models.F("version") + step)
        for content in entries.values():
            content.columns["updated"] = self.at
            content.columns["version"] += 0 if sort == history.CREATED else 1
        if issubclass(model, Reviewed):
            for some in history.chunked(edited):
                table._base_manager.filter(pk__in=some).update(edited_by=self.actor)
            for key in edited:
                entries[key].columns["edited_by_id"] = self.actor.pk


@contextmanager
def change(*, actor: Any, door: str, reason: str = "") -> Iterator[Unit]:
    """Open a unit of work by this user through this door; on leaving it, its rules are run and it is written.

    Raises ChangeRefused with every finding where a rule is broken, after undoing all of it; RuntimeError where a
    change is open already.
    """
    unit = Unit(actor=actor, door=door, reason=tidy(reason))
    with transaction.atomic(), witnessed_by(unit):
        yield unit
        unit.close()


def _place(part: Part) -> tuple[Any, int]:
    """The table and row id of what a part belongs to, whether that still exists or not."""
    return part._meta.get_field(part.PARENT).related_model, getattr(part, f"{part.PARENT}_id")


def _fetch_wholes(parts: list[Part]) -> None:
    """Fetch what parts of one model belong to, a query a lot; Django's prefetch fails on SQLite from 1,000 on."""
    field: Any = parts[0]._meta.get_field(parts[0].PARENT)
    for some in history.chunked(parts):
        wholes = field.related_model._base_manager.in_bulk({getattr(part, field.attname) for part in some})
        for part in some:
            setattr(part, field.name, wholes[getattr(part, field.attname)])


def _lock_writers() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])


def _rule_findings(unit: Unit) -> Iterator[Finding]:
    for rule in RULES:
        yield from rule(unit)


def _not_yet_accepted(model: type[Record], lot: dict[int, Touched]) -> Iterator[Finding]:
    missing: dict[int, list[str]] = {}
    for reference in unaccepted_references(model, lot):
        missing.setdefault(reference.row, []).append(
            f"{reference.field} {reference.slug} ({reference.review})"
        )
    for key, names in missing.items():
        advice = "It refers to records that are not accepted yet; have these accepted first: "
        yield Finding(lot[key].record, "review", advice + ", ".join(dict.fromkeys(names)) + ".")


def _sort(touched: Touched) -> tuple[str, Content]:
    if touched.after is None:
        return history.DELETED, touched.before or Content({}, {})
    return (history.CREATED if touched.before is None else history.CHANGED), touched.after


def _table_with(model: type[Record], column: str) -> type[Any]:
    """The model whose table holds the column: a leaf's own, or that of its parent."""
    return model._meta.get_field(column).model

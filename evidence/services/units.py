"""What a change touches: collected while it is open, read when it is closed, and what rules are given to look at."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django.db import models
from django.utils import timezone

from evidence.domain import review
from evidence.models import Change, Part, Record
from evidence.services import history
from evidence.services.findings import ChangeRefused, Finding
from evidence.services.history import Content
from evidence.services.references import by_model, holders

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
    def submitted_again(self) -> bool:
        """Whether it was accepted and went back to its reviewers because it changed."""
        return self.step == (review.ACCEPTED, review.SUBMITTED)

    @property
    def step(self) -> tuple[str, str]:
        """The states in review before and after."""
        before = self.before.columns.get("review", "") if self.before else review.NEW
        return before, self.after.columns.get("review", "") if self.after else ""


@dataclass
class Unit:
    """What one change touches. Its actor answers for it; its reason stands in the history of every record."""

    actor: Any
    door: str
    reason: str = ""
    at: datetime = field(default_factory=timezone.now)
    undoes: Change | None = None
    change: Change | None = None
    closed: bool = False
    found: dict[tuple[type[Record], int], Touched] = field(default_factory=dict)
    restored: set[tuple[type[Record], int]] = field(default_factory=set)
    """What is put back as it stood before, so that its standing in review comes back with it."""
    due: dict["Derivation", Iterable[Any]] = field(default_factory=dict)
    """What derivations are to look at besides what was touched."""
    _written: dict[tuple[type[Record], int], None] = field(default_factory=dict)
    _deleted: dict[tuple[type[Record], int], Record] = field(default_factory=dict)

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
        for (model, _), touched in self.found.items():
            if issubclass(model, kinds) and touched.changed:
                yield touched

    def kept(self, *kinds: type) -> Iterator[Touched]:
        """As `touched`, without those that were deleted."""
        return (touched for touched in self.touched(*kinds) if touched.after is not None)

    def read(self) -> None:
        """Read what the touched records said before and say now; a changed part counts as a change of its whole."""
        self.closed = True
        lots: dict[type[Record], list[int]] = {}
        for model, key in (*self._written, *self._deleted):
            lots.setdefault(model, []).append(key)
        for model, keys in lots.items():
            self._read_model(model, keys)
        self._mark_wholes()

    def join(self, record: Record) -> Touched:
        """The record as a part of this change, which touches it by a rule and not by hand."""
        if (type(record), record.pk) not in self.found:
            self._read_model(type(record), [record.pk])
        return self.found[type(record), record.pk]

    def derived(self, model: type[Record], keys: Iterable[int], gone: Iterable[Record] = ()) -> None:
        """Rows of a model that a derivation wrote, and records that it deleted, are a part of this change."""
        deleted = {record.pk: record for record in gone}
        self._deleted |= {(model, key): record for key, record in deleted.items()}
        listed = [*keys, *deleted]
        for key in listed:
            self.found.pop((model, key), None)
        self._read_model(model, listed)

    def _refuse_when_closed(self) -> None:
        if self.closed:
            raise RuntimeError("This change is closed; what is written now belongs to another.")

    def _read_model(self, model: type[Record], keys: list[int]) -> None:
        records = history.stored(model, keys)
        now, past = history.contents(model, records), history.last_contents(model, keys)
        for key in keys:
            record = records.get(key) or self._deleted.get((model, key))
            if record is not None and (key in now or key in past):
                self.found[model, key] = Touched(record, past.get(key), now.get(key))
                self._keep_books(model, key)

    def _keep_books(self, model: type[Record], key: int) -> None:
        """Put right what a record in memory, older than the row, wrote over columns that only changes count."""
        before, after = self.found[model, key].before, self.found[model, key].after
        if before is None or after is None:
            return
        kept = {name: before.columns[name] for name in BOOKS if name in before.columns}
        if wrong := {name: value for name, value in kept.items() if after.columns[name] != value}:
            table_with(model, "version")._base_manager.filter(pk=key).update(**wrong)
            after.columns.update(wrong)

    def _mark_wholes(self) -> None:
        gone = {(table, key) for model, key in self._deleted for table in (model, *model._meta.all_parents)}
        touched_parts = (cast("Part", touched.record) for touched in self.touched(Part))
        parts = [part for part in touched_parts if _place(part) not in gone]
        for lot in by_model(parts).values():
            _load_parents(lot)
        for part in parts:
            whole = self.join(part.whole)
            whole.parts_changed = whole.parts_changed or whole.before is not None


def table_with(model: type[Record], column: str) -> type[Any]:
    """The model whose table holds the column: a leaf's own, or that of its parent."""
    return model._meta.get_field(column).model


def _place(part: Part) -> tuple[Any, int]:
    """The table and row id of what a part belongs to, whether that still exists or not."""
    return part._meta.get_field(part.PARENT).related_model, getattr(part, f"{part.PARENT}_id")


def _load_parents(parts: list[Part]) -> None:
    """Load what the parts of one model belong to, a query a thousand."""
    name = parts[0].PARENT
    model = cast("type[Record]", parts[0]._meta.get_field(name).related_model)
    owners = history.stored(model, {getattr(part, f"{name}_id") for part in parts})
    for part in parts:
        setattr(part, name, owners[getattr(part, f"{name}_id")])


Rule = Callable[[Unit], Iterable[Finding]]

RULES: list[Rule] = []
"""The rules over several rows, which no constraint can hold. Each floor adds its own; no door has any."""


Derivation = Callable[[Unit], None]

DERIVATIONS: list[Derivation] = []
"""What brings derived rows and columns up to date with what a change touched, once its rules are kept."""


def derivation(function: Derivation) -> Derivation:
    """Register what is to be derived at the end of every change."""
    DERIVATIONS.append(function)
    return function


def rule(function: Rule) -> Rule:
    """Register a rule to be run at the end of every change."""
    RULES.append(function)
    return function

"""What a change touches: collected while it is open, read when it is closed, and what rules are given to look at."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, cast

from django.db import models
from django.utils import timezone

from evidence.models import Change, Part, Record
from evidence.models.changes import open_witness
from evidence.services import history
from evidence.services.bulk import tell_sizes
from evidence.services.findings import ChangeRefused, Finding
from evidence.services.found import HELD, PAGE, Found
from evidence.services.history import chunked
from evidence.services.references import by_model, holders, leaf_of
from evidence.services.touched import Touched, follows_merge

BOOKS = ("created", "updated", "version", "edited_by_id")
"""Columns that a change writes by itself."""


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
    found: Found[Touched] = field(init=False)
    restored: set[tuple[type[Record], int]] = field(default_factory=set)
    """What is put back as it stood before, so that its standing in review comes back with it."""
    merged: dict[tuple[type[Record], int], int] = field(default_factory=dict)
    """The row that stands from now on for one that goes, by the table of its key and its row id."""
    due: dict["Derivation", Iterable[Any]] = field(default_factory=dict)
    """What derivations are to look at besides what was touched."""
    stirred: dict[type[Record], set[int]] = field(default_factory=dict)
    """Rows of which something computed was brought up to date, by model: what they say themselves is as it was."""
    _written: dict[type[Record], dict[int, bool]] = field(default_factory=dict)
    """The rows written of each model, by row id: whether it is known that they are new."""
    _deleted: dict[tuple[type[Record], int], Record | None] = field(default_factory=dict)
    """The records deleted, as they stood; those of which only history tells are none."""

    def __post_init__(self) -> None:
        self.found = Found(self._read)

    def wrote(self, record: models.Model) -> None:
        """A record was saved, or one of its many-to-many fields was set."""
        self._refuse_when_closed()
        if isinstance(record, Record):
            self._written.setdefault(type(record), {}).setdefault(record.pk, False)

    def wrote_many(self, model: type[Record], keys: Iterable[int], *, new: bool) -> None:
        """Rows of a model were written past its `save`: as new ones, which bear the moment and the actor of this
        change already, or not.
        """
        self._refuse_when_closed()
        rows = self._written.setdefault(model, {})
        for key in keys:
            rows.setdefault(key, new)

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
            self._deleted[type(record), record.pk] = copy(
                record
            )  # Django takes the row id off what it deleted
            self._written.get(type(record), {}).pop(record.pk, None)

    def deleted_many(self, model: type[Record], keys: Iterable[int]) -> None:
        """Rows of a model were deleted past its `delete`."""
        self._refuse_when_closed()
        for key in keys:
            self._deleted[model, key] = None
            self._written.get(model, {}).pop(key, None)

    def merging(self, gone: Record, kept: Record) -> None:
        """Take two records for one: what names the one that goes says the same when it names the other."""
        self.merged[type(gone).key_space(), gone.pk] = kept.pk

    def standing_for(self, gone: Record) -> Record | None:
        """The record that stands on for one that goes because the two were merged; None where it simply goes."""
        table = type(gone).key_space()
        kept = self.merged.get((table, gone.pk))
        return None if kept is None else table._base_manager.filter(pk=kept).first()

    def standing(self, *kinds: type) -> Iterator[Record]:
        """The records of these kinds that others were merged into."""
        for table, row in dict.fromkeys((table, kept) for (table, _), kept in self.merged.items()):
            if issubclass(table, kinds):
                yield from table._base_manager.filter(pk=row)

    def touched(self, *kinds: type, new: bool = True) -> Iterator[Touched]:
        """The records of these kinds that this change changed, deleted ones included; `new_keys` gives the others
        where those known to be `new` are not wanted.
        """
        for _, touched in self.found.items(*kinds, new=new):
            if touched.changed:
                yield touched

    def new_keys(self, kind: type) -> Iterator[Sequence[int]]:
        """The row ids of the records of a kind that are known to be new, in lots."""
        return (keys for model, keys in self.found.new_keys() if issubclass(model, kind) and keys)

    def kept(self, *kinds: type) -> Iterator[Touched]:
        """As `touched`, without those that were deleted."""
        return (touched for touched in self.touched(*kinds) if touched.after is not None)

    def altered(self, *kinds: type) -> Iterator[Touched]:
        """As `kept`, without those that are new."""
        for _, touched in self.found.items(*kinds, altered=True):
            if touched.changed and touched.before is not None and touched.after is not None:
                yield touched

    def read(self) -> None:
        """Read what the touched records said before and say now; a changed part counts as a change of its whole."""
        self.closed = True
        lots: dict[type[Record], list[int]] = {model: list(rows) for model, rows in self._written.items()}
        for model, key in self._deleted:
            lots.setdefault(model, []).append(key)
        large = sum(map(len, lots.values())) > HELD
        if large:
            tell_sizes(lots)
        for model, keys in lots.items():
            new = [key for key in keys if large and self._written.get(model, {}).get(key)]
            for some in chunked(new, PAGE):
                self.found.note_new(model, some)
            apart = set(new)
            others = [key for key in keys if key not in apart]
            for some in chunked(others, PAGE) if large else [others]:
                self._find(model, some, away=large)
        self._mark_wholes(away=large)

    def lots(self, *, altered: bool = False) -> Iterator["Unit"]:
        """The same change over some of its records at a time, so many as memory may hold; all, or the altered ones."""
        for lot in self.found.lots(Record, altered=altered):
            part = copy(self)
            part.found = self.found.part(lot)
            yield part

    def join(self, record: Record) -> Touched:
        """The record as a part of this change, which touches it by a rule and not by hand."""
        if (joined := self.found.get((type(record), record.pk))) is not None:
            self.found[type(record), record.pk] = joined
        else:
            self._find(type(record), [record.pk])
        return self.found[type(record), record.pk]

    def derived(self, model: type[Record], keys: Iterable[int], gone: Iterable[Record] = ()) -> None:
        """Rows of a model that a derivation wrote, and records that it deleted, are a part of this change."""
        deleted = {record.pk: record for record in gone}
        self._deleted |= {(model, key): record for key, record in deleted.items()}
        listed = [*keys, *deleted]
        self.found.drop((model, key) for key in listed)
        self._find(model, listed)

    def _refuse_when_closed(self) -> None:
        if self.closed:
            raise RuntimeError("This change is closed; what is written now belongs to another.")

    def _find(self, model: type[Record], keys: Sequence[int], *, away: bool = False) -> None:
        """Read records of a model, and keep what is found: in memory, or put away."""
        lot = self._read(model, keys)
        if away:
            altered = any(
                touched.before is not None and touched.after is not None for touched in lot.values()
            )
            self.found.put_away(model, lot, altered=altered)
            return
        for key, touched in lot.items():
            self.found[model, key] = touched

    def _read(self, model: type[Record], keys: Sequence[int]) -> dict[int, Touched]:
        known = self._written.get(model, {})
        records = history.stored(model, keys)
        now = history.contents(model, records)
        past = history.last_contents(model, [key for key in keys if not known.get(key)])
        lot: dict[int, Touched] = {}
        for key in keys:
            record = records.get(key) or self._deleted.get((model, key))
            if record is None and key in past and (model, key) in self._deleted:
                record = model(**past[key].columns)
            if record is not None and (key in now or key in past):
                lot[key] = Touched(record, past.get(key), now.get(key))
                lot[key].follows_merge = follows_merge(self.merged, lot[key])
                _keep_books(model, key, lot[key])
        return lot

    def _mark_wholes(self, *, away: bool) -> None:
        gone: set[tuple[Any, int]] | None = None
        for lot in chain(self.found.lots(Part, new=False), self._new_parts_of_others()):
            marks: dict[tuple[type[Record], int], bool] = {}
            touched_parts = [
                (touched, touched.record)
                for touched in lot.values()
                if touched.changed and isinstance(touched.record, Part)
            ]
            if touched_parts and gone is None:
                gone = {(table, key) for model, key in self._deleted for table in _tables(model)}
            parts = [(touched, part) for touched, part in touched_parts if _place(part) not in (gone or ())]
            for some in by_model([part for _, part in parts]).values():
                _load_parents(some)
            for touched, part in parts:
                _mark(marks, part.whole, edited=self._edits_whole(touched, part))
                if (left := _left(touched, part)) is not None:
                    _mark(marks, left, edited=True)
            self._note(marks, away=away)

    def _new_parts_of_others(self) -> Iterator[dict[tuple[type[Record], int], Touched]]:
        """Of the parts that are known to be new, those of records that were there before, in lots."""
        for model, keys in self.found.new_keys():
            if issubclass(model, Part):
                parent = f"{model.PARENT}_id"
                owners = dict(model._base_manager.filter(pk__in=keys).values_list("pk", parent))
                table = cast("type[Record]", model._meta.get_field(model.PARENT).related_model)
                new = [rows for owner, rows in self._written.items() if issubclass(owner, table)]
                old = [key for key in keys if not any(rows.get(owners[key]) for rows in new)]
                yield {(model, key): touched for key, touched in self._read(model, old).items()}

    def _note(self, marks: Mapping[tuple[type[Record], int], bool], *, away: bool) -> None:
        """Note on records that parts of them were changed, and whether they say something else by that."""
        for model in dict.fromkeys(model for model, _ in marks):
            keys = [key for of, key in marks if of is model]
            there = self.found.among(model, keys)
            if more := [key for key in keys if key not in there]:
                self._find(model, more, away=away)
                there |= self.found.among(model, more)
            marked = {key: whole for key, whole in there.items() if whole.before is not None}
            for key, whole in marked.items():
                whole.parts_changed = True
                whole.parts_edited = whole.parts_edited or marks[model, key]
            self.found.put_back(model, marked)

    def _edits_whole(self, touched: Touched, part: Part) -> bool:
        """Whether its whole says something else with this part; one that has come from another record is new to it."""
        if touched.before is None or touched.after is None:
            return not self._is_merged(part)
        return f"{part.PARENT}_id" in touched.fields or not touched.follows_merge

    def _is_merged(self, record: Record) -> bool:
        return (type(record).key_space(), record.pk) in self.merged

    def is_gone(self, table: type[models.Model], key: int) -> bool:
        """Whether this change deleted the row of this table, be it a leaf's own or that of its parent."""
        return any(row == key and issubclass(model, table) for model, row in self._deleted)

    def is_new(self, table: type[models.Model], key: int) -> bool:
        """Whether this change made the row of this table."""
        leaves = [
            model for model in self._written if issubclass(model, table) and key in self._written[model]
        ]
        return any(not history.last_contents(model, [key]) for model in leaves)


def _keep_books(model: type[Record], key: int, touched: Touched) -> None:
    """Put right what a record in memory, older than the row, wrote over columns that only changes count."""
    before, after = touched.before, touched.after
    if before is None or after is None:
        return
    kept = {name: before.columns[name] for name in BOOKS if name in before.columns}
    if wrong := {name: value for name, value in kept.items() if after.columns[name] != value}:
        table_with(model, "version")._base_manager.filter(pk=key).update(**wrong)
        after.columns.update(wrong)


def _tables(model: type[Record]) -> tuple[Any, ...]:
    """The models whose tables hold a record of this one."""
    return model, *model._meta.all_parents


def _mark(marks: dict[tuple[type[Record], int], bool], record: Record, *, edited: bool) -> None:
    key = type(record), record.pk
    marks[key] = marks.get(key, False) or edited


def open_unit() -> Unit:
    """The change that is open; raises RuntimeError where none is."""
    unit = open_witness()
    if not isinstance(unit, Unit):
        raise RuntimeError("No change is open: wrap the work in `with change(actor=…, door=…):`.")
    return unit


def table_with(model: type[Record], column: str) -> type[Any]:
    """The model whose table holds the column: a leaf's own, or that of its parent."""
    return model._meta.get_field(column).model


def _place(part: Part) -> tuple[Any, int]:
    """The table and row id of what a part belongs to, whether that still exists or not."""
    return part._meta.get_field(part.PARENT).related_model, getattr(part, f"{part.PARENT}_id")


def _left(touched: Touched, part: Part) -> Record | None:
    """The record that a part was moved away from, if it is still there."""
    name = f"{part.PARENT}_id"
    if touched.before is None or touched.after is None or name not in touched.fields:
        return None
    table = cast("type[Record]", part._meta.get_field(part.PARENT).related_model)
    former = table._base_manager.filter(pk=touched.before.columns[name]).first()
    return leaf_of(former) if former is not None else None


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

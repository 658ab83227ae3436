"""What an import would do, worked out without writing and without a lock.

Every row of every sheet ends as create, update, unchanged or rejected; a rejected row says which cell is wrong
and what would be right. Rows may refer to rows further down or in other files of the same import. Sheets and plans of
any length take a bounded memory: rows are read in lots, and what became of each is put away.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError

from evidence.contract import Table, by_name
from evidence.exchange.directory import (
    Key,
    RecordDirectory,
    key_of,
    led_keys,
    place_of,
    stored_keys,
    stored_rows,
    taken_slugs,
)
from evidence.exchange.readings import REQUIRED, TAKEN, UNNAMED, Empty, Reading, fill, is_readable
from evidence.exchange.rows import Outcome, Row, spooled
from evidence.exchange.sheets import Fault, Line, Sheet, proposed_slug
from evidence.models import Record, Slugged
from evidence.services.bulk import Columns, prepared, restored
from evidence.services.spools import Spool

LOT = 500
"""Rows that are read together."""

Watch = Callable[[Reading], None]
"""Who looks at every row once it is read, while its record is at hand."""


@dataclass
class Plan:
    """What becomes of the rows of an import, sheet by sheet in the contract's order."""

    tables: dict[str, Table]
    header: list[Fault] = field(default_factory=list)
    """What is wrong with the columns of sheets, so that none of the import can be written."""
    unknown: list[str] = field(default_factory=list)
    """The columns that no table has."""
    rows: Spool[Row] = field(default_factory=spooled)
    general: list[Fault] = field(default_factory=list)
    """What is wrong with the import as a whole."""
    totals: dict[str, Counter[Outcome]] = field(default_factory=dict)
    """How many rows of each table have which outcome."""
    rejected: set[int] = field(default_factory=set)
    """The places among the rows of those that are rejected."""
    numbered: Counter[str] = field(default_factory=Counter)
    """How many new records there are that share row ids, by the name of their space."""
    links: array = field(default_factory=lambda: array("L"))
    """Which row names which new one, as pairs of places among the rows."""

    @property
    def stopped(self) -> bool:
        """Whether something is wrong with the files as a whole, so that none of it can be written."""
        return bool(self.header or self.general)

    @property
    def faults(self) -> list[Fault]:
        """Everything that is wrong, in the order of files and lines."""
        return list(self.each_fault())

    def each_fault(self) -> Iterator[Fault]:
        """The same, one after the other."""
        yield from self.header
        yield from self.general
        for place in sorted(self.rejected):
            yield from self.rows[place].faults

    def add(self, row: Row) -> int:
        """Put a row away; returns its place among the rows."""
        place = self.rows.append(row)
        self.totals.setdefault(row.table, Counter())[row.outcome] += 1
        if row.faults:
            self.rejected.add(place)
        return place

    def reject(self, place: int, faults: Iterable[tuple[str, str, str]]) -> None:
        """Refuse a row; `faults` gives column, value and message of each that was found."""
        row = self.rows[place]
        self.totals[row.table][row.outcome] -= 1
        for column, value, message in faults:
            row.reject(column, value, message)
        self.totals[row.table][row.outcome] += 1
        self.rows[place] = row
        self.rejected.add(place)

    def outcomes(self) -> Counter[Outcome]:
        """How many rows have which outcome."""
        return sum(self.totals.values(), Counter())

    def counts(self) -> dict[str, Counter[Outcome]]:
        """How many rows of each table have which outcome."""
        return {table: +counted for table, counted in self.totals.items()}

    def accepted(self) -> Iterator[Row]:
        """The rows that are not rejected."""
        return (row for row in self.rows if row.outcome is not Outcome.REJECTED)


def space_of(model: type[Record]) -> str:
    """The name of the table that numbers the rows of this model."""
    return str(model.key_space()._meta.db_table if issubclass(model, Slugged) else model._meta.db_table)


def make_plan(
    sheets: Iterable[Sheet],
    tables: Iterable[Table],
    *,
    empty: Empty = Empty.KEEP,
    watch: Collection[Watch] = (),
) -> Plan:
    """Work out what importing the sheets would do.

    Reads the database, writes nothing.
    """
    tables = list(tables)
    order = [table.name for table in tables]
    planner = _Planner(Plan(by_name(tables)), empty, watch)
    ordered = sorted(sheets, key=lambda sheet: order.index(sheet.table.name))
    for sheet in ordered:
        planner.expect(sheet)
    for sheet in ordered:
        planner.read(sheet)
    return planner.plan


class _Planner:
    """Reads sheets row by row into a plan."""

    def __init__(self, plan: Plan, empty: Empty, watch: Collection[Watch]) -> None:
        self.plan, self.empty, self.watch = plan, empty, watch
        self.directory = RecordDirectory(self._record, lambda place: self.numbers[place] >= 0)
        self.numbers = array("q")
        """Of each row, the number of its new record, or −1 − the row id of the stored one."""
        self.seen: dict[type[Record], dict[Key, int]] = {}
        """Of the tables without slugs, the row that is about each key."""

    def expect(self, sheet: Sheet) -> None:
        """Learn which records the rows of a sheet are about, so that others may name them."""
        model = sheet.table.model
        for lines in _lots(sheet.lines):
            named = [_full_key(sheet.table, line, key_of(sheet, line.cells)) for line in lines]
            stored: dict[str, int] = {}
            if issubclass(model, Slugged):
                led = led_keys(sheet.table, named)
                named = [led.get(key, key) for key in named]
                stored = stored_keys(model, {slug for (slug,) in named})
            for key in named:
                if issubclass(model, Slugged):
                    self.directory.expect(model, key[0], len(self.numbers))
                self.numbers.append(-1 - stored[key[0]] if key[0] in stored else self._next(model))

    def _next(self, model: type[Record]) -> int:
        space = space_of(model)
        self.plan.numbered[space] += 1
        return self.plan.numbered[space] - 1

    def read(self, sheet: Sheet) -> None:
        """Read the rows of a sheet."""
        self.plan.header += sheet.header
        self.plan.unknown += [one.column for one in sheet.header if one.column not in sheet.table.by_name]
        for lines in _lots(sheet.lines):
            self.directory.prepare(sheet, lines)
            for reading in self._readings(sheet, lines):
                place = len(self.plan.rows)
                if is_readable(reading):
                    fill(reading, self.directory, self.empty)
                self.directory.add(place, reading.record)
                for look in self.watch:
                    look(reading)
                self.plan.add(self._settled(reading, place))

    def _readings(self, sheet: Sheet, lines: list[Line]) -> Iterator[Reading]:
        table = sheet.table
        stated = [key_of(sheet, line.cells) for line in lines]
        named = [_full_key(table, line, key) for line, key in zip(lines, stated, strict=True)]
        led = led_keys(table, named)
        keys = [led.get(key, key) for key in named]
        stored, taken = stored_rows(table, keys), taken_slugs(table, keys)
        for line, key, name, given in zip(lines, keys, named, stated, strict=True):
            known = stored.get(key)
            reading = Reading(sheet, line, key, known or table.model(), known is None)
            reading.former = name[0] if name in led else ""
            reading.faults += line.faults
            self._check_key(reading, proposed=name != given)
            if key[0] in taken:
                reading.reject("slug", f"“{key[0]}” is {taken[key[0]]}; choose another.", TAKEN)
            if issubclass(table.model, Slugged):
                reading.record.slug = key[0]
            yield reading

    def _check_key(self, row: Reading, *, proposed: bool) -> None:
        model, key = row.sheet.table.model, row.key
        first = self._first(model, key)
        missing = [
            name
            for name, part in zip(model.KEY, key, strict=True)
            if not (part or row.sheet.table.by_name[name].field.blank)
        ]
        if missing and missing[0] not in row.line.refused:
            named_by_others = missing[0] == "slug" and bool(getattr(model, "SLUG_FROM", ()))
            code = UNNAMED if named_by_others else REQUIRED
            row.reject(missing[0], f"A row needs its {missing[0]}; fill it in.", code)
        elif missing:
            return  # what is wrong with it has been told
        elif first < len(self.plan.rows):
            other = self.plan.rows[first]
            told = (
                "it is proposed for this row too; write the slugs of both"
                if proposed
                else "a row is told once"
            )
            led = f"“{row.former}” leads to " if row.former and not proposed else ""
            which = ", which" if led else ""
            stands = f"stands already in {other.file}:{other.line}"
            row.reject(model.KEY[0], f"{led}“{'+'.join(key)}”{which} {stands}; {told}.", "repeated")
        elif proposed and not row.is_new and not _is_at_its_place(row):
            message = f"“{key[0]}”, proposed from the name, is taken; write it to change that row, or choose another."
            row.reject("slug", message, TAKEN)

    def _first(self, model: type[Record], key: Key) -> int:
        """The place of the first row with this key."""
        if issubclass(model, Slugged):
            return self.directory.first(model, key[0])
        return self.seen.setdefault(model, {}).setdefault(key, len(self.plan.rows))

    def _settled(self, reading: Reading, place: int) -> Row:
        """The row as it is put away."""
        record, outcome = reading.record, reading.outcome
        row = Row(
            reading.sheet.table.name,
            *reading.place,
            reading.key,
            outcome,
            reading.changes,
            reading.faults,
            reading.former,
            None if reading.is_new else record.pk,
            getattr(record, "version", 0) if not reading.is_new else 0,
            max(self.numbers[place], 0),
        )
        if outcome in (Outcome.CREATE, Outcome.UPDATE):
            row.columns = prepared(record)
            self._link(row, reading, place)
        elif outcome is Outcome.REJECTED:
            row.columns = _as_far_as_it_goes(record)
        return row

    def _link(self, row: Row, reading: Reading, place: int) -> None:
        """Note which of the records that it names are new themselves."""
        new = {
            field.attname: target
            for field in reading.record._meta.concrete_fields
            if (target := reading.record._state.fields_cache.get(field.name)) is not None
            and target.pk is None
        }
        places = {name: place_of(target) for name, target in new.items()}
        row.news = {name: self.numbers[at] for name, at in places.items()}
        self._join(place, places.values())
        for name, targets in reading.many.items():
            if name in reading.changes:
                added = [place_of(one) for one in targets if one.pk is None]
                row.many[name] = [one.pk for one in targets if one.pk is not None]
                row.many[name] += [-1 - self.numbers[at] for at in added]
                self._join(place, added)

    def _join(self, place: int, named: Iterable[int]) -> None:
        for other in named:
            self.plan.links.extend((place, other))

    def _record(self, place: int) -> Record | None:
        """The record of a row as the import would have it; None where it is as it is stored, or not read yet."""
        row = self.plan.rows[place] if place < len(self.plan.rows) else None
        return (
            restored(self.plan.tables[row.table].model, row.columns)
            if row is not None and row.columns
            else None
        )


def _lots(lines: Iterable[Line]) -> Iterator[list[Line]]:
    rest = iter(lines)
    while lot := list(islice(rest, LOT)):
        yield lot


def _as_far_as_it_goes(record: Any) -> Columns:
    """What a rejected row says, for the rows that name it; nothing where it cannot be told."""
    try:
        return prepared(record)
    except (ValidationError, ValueError):
        return {}


def _full_key(table: Table, line: Line, key: Key) -> Key:
    """The key of a row; where it leaves its slug open, one made from the columns that name it."""
    if not issubclass(table.model, Slugged) or key[0]:
        return key
    return (proposed_slug(table, line.cells),)


def _is_at_its_place(row: Reading) -> bool:
    """Whether a part that stood beside its record is the one that this record has there already."""
    return row.line.inline and row.record.whole.slug == row.line.cells.get(row.record.PARENT)

"""What a body says of records: each of its objects is one row of a sheet, given as JSON.

Values are those that the API tells. What they say goes into the same cells as those of a sheet, so that all that comes
after, from looking up what is named to the rules of review, is the same at both doors. What is wrong with the JSON as
such is a fault of its row, and hides nothing of the others.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from evidence.api.problems import Error, Refused
from evidence.api.resources import Api, Resource
from evidence.api.values import WRONG_TYPE, ValueRefused, cell_of, cell_of_new
from evidence.contract import Column
from evidence.exchange.cells import advice
from evidence.exchange.directory import spelt
from evidence.exchange.files.objects import Pairs
from evidence.exchange.files.text import halves_spelt
from evidence.exchange.readings import EMPTY, REQUIRED, not_stated
from evidence.exchange.rows import Place
from evidence.exchange.sheets import Fault, Line, Sheet, proposed_slug

ITEM = "item"
"""The name of the sheet that holds the records of a body; their parts stand in others."""

MOST = 1000
"""How many records a body may hold."""

NAMES = 100
"""How many names an object may have."""

ENOUGH = 500
"""After how many errors the rest of a list is not read."""

SHOWN = 80
"""How many characters of a name that is not known its message repeats."""

KEPT = ("review",)
"""What a record that is replaced keeps where nothing is said of it: it goes from state to state by steps."""


class How(Enum):
    """What a body is to do: make records, say all of what there is anew, or change some of it."""

    MAKE = "make"
    REPLACE = "replace"
    CHANGE = "change"


@dataclass
class Item:
    """One record of a body: where it stands, the row that it is, and what it says besides."""

    resource: Resource
    how: How
    pointer: str | None
    """Where it stands in the body; None where there is no body, and the address says all."""
    cells: dict[str, str] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    faults: list[tuple[str, str, str]] = field(default_factory=list)
    """The place in the object, what is wrong there, and the code of that."""
    besides: dict[str, Any] = field(default_factory=dict)
    """What it says of columns that are not written."""
    version: int | None = None
    """The version that its record has to have still; None where there is none yet."""
    parts: list["Item"] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, ...]:
        """Its key, moments in their one spelling; parts of it may be empty."""
        by_name = self.resource.table.by_name
        return tuple(spelt(by_name[name], self.cells.get(name, "")) for name in self.resource.model.KEY)

    def say(self, name: str, cell: str) -> None:
        """Let it say this of a column; an empty cell empties it."""
        self.cells[name] = cell
        self.cleared |= set() if cell else {name}

    def reject(self, place: str, message: str, code: str) -> None:
        """Note what is wrong at a place in it."""
        self.faults.append((place, message, code))

    @property
    def wrong(self) -> int:
        """How much is wrong with it and its parts."""
        return len(self.faults) + sum(part.wrong for part in self.parts)

    def line(self, file: str, number: int) -> Line:
        """It, as a row of a sheet."""
        faults = [Fault(file, number, place, "", message, code) for place, message, code in self.faults]
        return Line(number, self.cells, self.cleared, dict.fromkeys(self.refused, ""), faults)


class Body:
    """The records of a body as sheets, and where in it each row stands."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = list(items)
        self.sheets: dict[str, Sheet] = {}
        self._by_place: dict[Place, Item] = {}
        for item in self.items:
            self._add(item, ITEM)
            for part in item.parts:
                self._add(part, part.resource.name)

    def item(self, place: Place) -> Item | None:
        """What stands at the place of a row."""
        return self._by_place.get(place)

    def _add(self, item: Item, file: str) -> None:
        table = item.resource.table
        sheet = self.sheets.setdefault(file, Sheet(file, table, [*table.by_name]))
        number = len(sheet.lines)
        sheet.lines.append(item.line(file, number))
        self._by_place[file, number] = item


@dataclass(frozen=True)
class ItemReader:
    """Reads the objects of a body that are records of one table.

    Of parts that stand inside of their record, `within` is the column that names it, which the record itself fills.
    """

    api: Api
    resource: Resource
    how: How
    within: str = ""

    @cached_property
    def parts(self) -> dict[str, Resource]:
        """The tables of the parts that may stand inside of these records, by name."""
        return self.api.parts(self.resource)

    def single(self, given: Any, key: Mapping[str, str] | None = None) -> Item:
        """The one record that a body is; where it has an address, its key is that of the address."""
        return self._item(given, "", key or {})

    def several(self, given: list[Any], pointer: str = "") -> list[Item]:
        """The records of a list. Raises Refused where there are too many."""
        if len(given) > MOST:
            message = f"The list has {len(given):,} records, and may have {MOST:,}; send them in several."
            raise Refused(400, Error(message, "too_many", pointer=pointer))
        items: list[Item] = []
        wrong = 0
        for number, one in enumerate(given):
            items.append(self._item(one, f"{pointer}/{number}", {}))
            wrong += items[-1].wrong
            if wrong > ENOUGH:
                break  # nothing of it will be written, and what is wrong with the rest would be read by nobody
        return items

    def _item(self, given: Any, pointer: str, key: Mapping[str, str]) -> Item:
        if not isinstance(given, Pairs):
            message = f"Send an object here: one of the {self.resource.table.label}."
            raise Refused(400, Error(message, WRONG_TYPE, pointer=pointer))
        if len(given) > NAMES:
            message = f"This object has {len(given):,} names, and may have {NAMES}."
            raise Refused(400, Error(message, "too_many", pointer=pointer))
        item = Item(self.resource, self.how, pointer)
        for name, value in _once(item, given):
            self._take(item, name, value)
        self._place(item, key)
        self._complete(item)
        self._propose(item)
        return item

    def _take(self, item: Item, name: str, value: Any) -> None:
        """Take one name of an object, with what is said of it."""
        columns, parts = self.resource.columns, self.parts
        if name == self.within:
            item.reject(name, "It belongs to the record around it; leave this out.", "read_only")
        elif name in columns and columns[name].computed:
            item.besides[name] = value
        elif name in columns:
            self._take_cell(item, columns[name], value)
        elif name in parts and self.how is How.MAKE:
            self._take_parts(item, parts[name], value)
        elif name in parts:
            item.reject(name, f"These are records of their own; write them at /{name}/.", "unknown_key")
        else:
            shown = halves_spelt(name[:SHOWN])
            written = [*(name for name in columns if not columns[name].computed), *parts]
            message = f"{self.resource.name} has no column “{shown}”; {advice(shown, written)}"
            item.reject(token(name), message, "unknown_key")

    def _take_cell(self, item: Item, column: Column, value: Any) -> None:
        name = column.name
        try:
            cell = self._cell(column, value)
        except ValueRefused as refused:
            item.refused.add(name)
            for place, message, code in refused.found:
                item.reject(name + place, message, code)
            return
        if cell or self.how is not How.MAKE:
            item.say(name, cell)

    def _cell(self, column: Column, value: Any) -> str:
        if value is None and column.required:
            raise ValueRefused(("", not_stated(column.name, self.resource.table), REQUIRED))
        cell = cell_of(column, value)
        if column.required and not cell:
            raise ValueRefused(("", f"“{column.name}” cannot be empty.", EMPTY))
        return cell

    def _take_parts(self, item: Item, part: Resource, value: Any) -> None:
        if isinstance(value, Pairs) or not isinstance(value, list):
            item.reject(part.name, f"“{part.name}” holds a list of objects.", WRONG_TYPE)
            return
        model: Any = part.model
        reader = ItemReader(self.api, part, How.MAKE, within=model.PARENT)
        item.parts += reader.several(value, f"{item.pointer}/{part.name}")

    def _place(self, item: Item, key: Mapping[str, str]) -> None:
        """Give it the key of its address, with which what it says of its key has to agree."""
        for name, part in key.items():
            column = self.resource.table.by_name[name]
            said = item.cells.get(name)
            self._take_cell(item, column, part or None)
            if said is not None and spelt(column, said) != spelt(column, item.cells.get(name, "")):
                message = f"This is the record of “{part[:SHOWN]}”, and its key stays; leave this out."
                item.reject(name, message, "read_only")

    def _complete(self, item: Item) -> None:
        """Note what it leaves open and has to state, and empty what else a record that is replaced leaves open."""
        model = self.resource.model
        for name, column in self.resource.table.by_name.items():
            is_open = not (
                column.computed or name in item.cells or name in item.refused or name == self.within
            )
            if not is_open or (self.how is How.CHANGE and name not in model.KEY):
                continue
            if column.required and not (name == "slug" and self.how is How.MAKE):
                item.refused.add(name)
                item.reject(name, not_stated(name, self.resource.table), REQUIRED)
            elif self.how is How.REPLACE and name not in (*model.KEY, *KEPT):
                item.say(name, cell_of_new(column))

    def _propose(self, item: Item) -> None:
        """Let the slug that it has, or is going to get, stand in its parts."""
        model: Any = self.resource.model
        slug = item.cells.get("slug") or proposed_slug(self.resource.table, item.cells)
        if not slug and item.refused.intersection(getattr(model, "SLUG_FROM", ())):
            item.refused.add("slug")  # that nothing names it is told at what would name it
        for part in item.parts:
            parent: Any = part.resource.model
            if slug:
                part.cells[parent.PARENT] = slug
            else:
                part.refused.add(parent.PARENT)


def token(name: str) -> str:
    """The name as a step of a JSON pointer (RFC 6901)."""
    return halves_spelt(name).replace("~", "~0").replace("/", "~1")


def _once(item: Item, given: Pairs) -> Iterator[tuple[str, Any]]:
    """The names of an object with their values; one that stands twice is told once, and refused."""
    said: dict[str, Any] = {}
    for name, value in given:
        if name in said:
            shown = halves_spelt(name[:SHOWN])
            item.reject(token(name), f"“{shown}” stands twice in this object; take one out.", "repeated_key")
        said[name] = value
    yield from said.items()

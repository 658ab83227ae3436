"""Looking records up by slug or key, among the rows being read and in the database, a query a thousand."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db.models import Q

from evidence.contract import Column, Kind, Table
from evidence.domain.text import split_list
from evidence.exchange.cells import MomentWidget
from evidence.exchange.sheets import Line, Sheet
from evidence.models import Record, Slugged
from evidence.services.history import chunked
from evidence.services.slugs import nearest_slug

Key = tuple[str, ...]

AT_HAND = 2000
"""Records that are kept in memory: those of the rows read last, and as many stored ones."""


LOOKED_FOR = 500
"""For how many wrong slugs of an import the one that was meant is looked for; beyond, it is the sheet that is wrong."""

PLACE = "place_in_import"
"""Under which attribute a record bears the place of its row."""


def key_of(sheet: Sheet, cells: dict[str, str]) -> Key:
    """The key that a row's cells state, moments in their one spelling; parts of it may be empty."""
    return tuple(spelt(sheet.table.by_name[name], cells.get(name, "")) for name in sheet.table.model.KEY)


class RecordDirectory:
    """The records that an import's cells name: those of its own rows first, then the stored ones."""

    def __init__(self, read: Callable[[int], Record | None], is_new: Callable[[int], bool]) -> None:
        """By the place of a row, `read` gives its record, or None where it is as it is stored or not read yet, and
        `is_new` says whether it is about a new one.
        """
        self._read, self._is_new = read, is_new
        self._own: dict[type[Slugged], dict[str, int]] = {}
        self._spaces: dict[type[Slugged], list[dict[str, int]]] = {}
        self._recent: OrderedDict[int, Record] = OrderedDict()
        self._stored: dict[tuple[type[Slugged], str], Slugged] = {}
        self._near: dict[tuple[type[Slugged], str], str] = {}

    def expect(self, model: type[Slugged], slug: str, place: int) -> None:
        """Let rows refer to the record of a row, whether it is read already or not."""
        if model not in self._own:
            self._own[model] = {}
            self._spaces.setdefault(model.key_space(), []).append(self._own[model])
        self._own[model].setdefault(slug, place)

    def first(self, model: type[Slugged], slug: str) -> int:
        """The place of the first row of the import that is about this slug, in the space that the model shares."""
        return min(slugs[slug] for slugs in self._spaces[model.key_space()] if slug in slugs)

    def add(self, place: int, record: Record) -> None:
        """Keep the record of a row at hand."""
        vars(record)[PLACE] = place
        self._recent[place] = record
        if len(self._recent) > AT_HAND:
            self._recent.popitem(last=False)

    def prepare(self, sheet: Sheet, lines: Iterable[Line]) -> None:
        """Load what the cells of these lines name, a query a table."""
        lines = list(lines)
        if len(self._stored) > AT_HAND:
            self._stored.clear()
        for name in sheet.table.of_kind(Kind.REFERENCE, Kind.REFERENCES):
            model = sheet.table.by_name[name].field.related_model
            wanted: dict[type[Slugged], list[str]] = {}
            for slug in {slug for line in lines for slug in split_list(line.cells.get(name, ""))}:
                kind, place = self._row(model, slug) or (model, None)
                if (kind, slug) not in self._stored and place not in self._recent:
                    wanted.setdefault(kind, []).append(slug)
            for kind, slugs in wanted.items():
                self._load(kind, slugs)

    def find(self, model: type[Slugged], slug: str) -> Slugged | None:
        """The record with this slug, or to which it leads, stored or among the rows being read."""
        own = self._row(model, slug)
        if own is None:
            return self._stored.get((model, slug))
        kind, place = own
        record: Any = self._recent.get(place) or self._read(place) or self._stored.get((kind, slug))
        if record is None:
            record = kind(slug=slug) if self._is_new(place) else kind._base_manager.filter(slug=slug).first()
        if record is not None:
            self.add(place, record)
        return record

    def near(self, model: type[Slugged], slug: str) -> str:
        """The slug most like this one; empty where none is, or where too many were looked for to look for another."""
        if (model, slug) not in self._near and len(self._near) < LOOKED_FOR:
            self._near[model, slug] = nearest_slug(model, slug, self._own.get(model, ()))
        return self._near.get((model, slug), "")

    def _row(self, model: type[Slugged], slug: str) -> tuple[type[Slugged], int] | None:
        for own, slugs in self._own.items():
            if issubclass(own, model) and slug in slugs:
                return own, slugs[slug]
        return None

    def _load(self, model: type[Slugged], slugs: Collection[str]) -> None:
        for some in chunked(slugs):
            found = {record.slug: record for record in model._base_manager.filter(slug__in=some)}
            found |= model.find_former([slug for slug in some if slug not in found])
            self._stored |= {(model, slug): record for slug, record in found.items()}


def place_of(record: Record) -> int:
    """The place of the row of an import that a record stands for."""
    return int(vars(record)[PLACE])


def stored_keys(model: type[Slugged], slugs: Iterable[str]) -> dict[str, int]:
    """The row ids of the stored records of a model with these slugs."""
    found: dict[str, int] = {}
    for some in chunked(slugs):
        found |= dict(model._base_manager.filter(slug__in=some).values_list("slug", "pk"))
    return found


def stored_rows(table: Table, keys: Iterable[Key]) -> dict[Key, Record]:
    """The stored records of a table with these keys, with what comparing their cells needs."""
    lookups = table.model.key_lookups()
    rows = table.model._base_manager.select_related(*table.of_kind(Kind.REFERENCE))
    rows = rows.prefetch_related(*table.of_kind(Kind.REFERENCES))
    found: dict[Key, Record] = {}
    wanted = {key for key in keys if key[0]}
    for some in chunked({key[0] for key in wanted}):
        # The rows of the first part of the key, of which the whole key picks its own.
        for record in rows.filter(Q(**{f"{lookups[0]}__in": some})).iterator(chunk_size=1000):
            if (key := record.natural_key()) in wanted:
                found[key] = record
    return found


def led_keys(table: Table, keys: Iterable[Key]) -> dict[Key, Key]:
    """Those of the keys that are former slugs, each with the key of the record of this table to which it leads."""
    model = table.model
    if not issubclass(model, Slugged):
        return {}
    found: dict[Key, Key] = {}
    for some in chunked(key[0] for key in keys if key[0]):
        found |= {(slug,): record.natural_key() for slug, record in model.find_former(some).items()}
    return found


def taken_slugs(table: Table, keys: Iterable[Key]) -> dict[str, str]:
    """Which of these slugs belong, or lead, to records of other tables in the same space, and what they are there."""
    space: Any = table.model.key_space()  # where tables share one, its rows say their type
    if space is table.model or not issubclass(table.model, Slugged):
        return {}
    found: dict[str, str] = {}
    for some in chunked(key[0] for key in keys):
        former = space.find_former(some).items()
        found |= {slug: f"a former slug of the {one.type} “{one.slug}”" for slug, one in former}
        rows = space._base_manager.filter(slug__in=some).values_list("slug", "type")
        found |= {slug: f"the slug of a {of} already" for slug, of in rows}
    own = stored_keys(table.model, found)
    return {slug: told for slug, told in found.items() if slug not in own}


def spelt(column: Column, cell: str) -> str:
    """The cell of a key in its one spelling, which differs from others for moments only."""
    if column.kind is not Kind.MOMENT:
        return cell
    widget = MomentWidget()
    try:
        return widget.render(widget.clean(cell))
    except ValueError:
        return cell

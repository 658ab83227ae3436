"""Looking records up by slug or key, among the rows being read and in the database, a query a thousand."""

from collections.abc import Iterable
from typing import Any, TypeGuard

from django.db.models import Q

from evidence.contract import Column, Kind, Table
from evidence.domain.text import split_list
from evidence.exchange.cells import MomentWidget
from evidence.exchange.sheets import Sheet
from evidence.models import Record, Slugged
from evidence.services.history import chunked
from evidence.services.slugs import nearest_slug

Key = tuple[str, ...]


def key_of(sheet: Sheet, cells: dict[str, str]) -> Key:
    """The key that a row's cells state, moments in their one spelling; parts of it may be empty."""
    return tuple(_spelt(sheet.table.by_name[name], cells.get(name, "")) for name in sheet.table.model.KEY)


class RecordDirectory:
    """The records that an import's cells name: those of its own rows first, then the stored ones."""

    def __init__(self, sheets: Iterable[Sheet]) -> None:
        self._pending: dict[tuple[type[Slugged], str], Slugged] = {}
        self._stored: dict[type[Slugged], dict[str, Slugged]] = {}
        self._wanted: dict[type[Slugged], set[str]] = {}
        for sheet in sheets:
            self._want(sheet)
        for model, slugs in self._wanted.items():
            self._load(model, slugs)

    def add(self, record: Slugged) -> None:
        """Let rows refer to a record that is not stored yet."""
        for model in (type(record), *(base for base in type(record).__mro__ if _is_table(base))):
            self._pending[model, record.slug] = record

    def find(self, model: type[Slugged], slug: str) -> Slugged | None:
        """The record with this slug, or to which it leads, stored or among the rows being read."""
        return self._pending.get((model, slug)) or self._stored.get(model, {}).get(slug)

    def near(self, model: type[Slugged], slug: str) -> str:
        """The slug most like this one; empty where none is."""
        own = [known for of, known in self._pending if of is model]
        return nearest_slug(model, slug, own)

    def _want(self, sheet: Sheet) -> None:
        for name in sheet.table.of_kind(Kind.REFERENCE, Kind.REFERENCES):
            wanted = self._wanted.setdefault(sheet.table.by_name[name].field.related_model, set())
            for line in sheet.lines:
                wanted.update(split_list(line.cells.get(name, "")))

    def _load(self, model: type[Slugged], slugs: set[str]) -> None:
        found = self._stored.setdefault(model, {})
        for some in chunked(slugs):
            found |= {record.slug: record for record in model._base_manager.filter(slug__in=some)}
            found |= model.find_former([slug for slug in some if slug not in found])


def stored_rows(table: Table, keys: Iterable[Key]) -> dict[Key, Record]:
    """The stored records of a table with these keys, with what comparing their cells needs."""
    lookups = table.model.key_lookups()
    rows = table.model._base_manager.select_related(*table.of_kind(Kind.REFERENCE))
    rows = rows.prefetch_related(*table.of_kind(Kind.REFERENCES))
    found: dict[Key, Record] = {}
    for some in chunked(key for key in keys if key[0]):
        # The rows of the first part of the key, of which the whole key picks its own.
        first = {key[0] for key in some}
        for record in rows.filter(Q(**{f"{lookups[0]}__in": first})):
            found[record.natural_key()] = record
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
    own = stored_slugs(table.model, found)
    return {slug: told for slug, told in found.items() if slug not in own}


def stored_slugs(model: type[Slugged], slugs: Iterable[str]) -> set[str]:
    """Those of the slugs that name stored records of the model."""
    found: set[str] = set()
    for some in chunked(slugs):
        found |= set(model._base_manager.filter(slug__in=some).values_list("slug", flat=True))
    return found


def _spelt(column: Column, cell: str) -> str:
    if column.kind is not Kind.MOMENT:
        return cell
    widget = MomentWidget()
    try:
        return widget.render(widget.clean(cell))
    except ValueError:
        return cell


def _is_table(base: type) -> TypeGuard[type[Slugged]]:
    return issubclass(base, Slugged) and not base._meta.abstract

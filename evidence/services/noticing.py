"""Notices for whoever keeps a copy: each record that a change lets somebody see otherwise is told once a change.

That is what was touched, and what tells otherwise because of it:
- what names a record by a slug that is another now, for everybody;
- what names, or has to name, a record that became public or is so no longer, for who sees what is public; and so on
  from one to the next, as long as visibility changes;
- the quotes of a source that became restricted or is so no longer;
- computed columns, along the references that are declared by `follows`, and what derivations `stirred`.

Rather too much is noticed than too little: who is told to look again without need finds the same. What was public
before is read from the last notice of a record, so that nothing is told to be gone that was never seen.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from evidence.choices import Review
from evidence.models import Change, Notice, Record, Reviewed, Source
from evidence.services.bulk import append
from evidence.services.history import chunked, many_fields, tracked_fields
from evidence.services.keys import among
from evidence.services.references import inward
from evidence.services.spools import Spool
from evidence.services.touched import Touched
from evidence.services.units import Unit

CREATED, CHANGED, DELETED, NOTHING = Notice.CREATED, Notice.CHANGED, Notice.DELETED, Notice.NOTHING

Rows = dict[type[Record], set[int]]
"""Row ids by model."""

FOLLOWED: list[tuple[type[Record], str]] = []
"""References along which computed columns follow, by the model that has them and their name."""


def follows(model: type[Record], field: str) -> None:
    """Declare that what a reference names tells otherwise once the record that names it does, or another of several."""
    FOLLOWED.append((model, field))


def notice(unit: Unit, change: Change) -> None:
    """Write the notices of a change that has been written down."""
    Noticing(unit, change).run()


@dataclass(frozen=True, slots=True)
class Told:
    """What the last notice of a record that is still there said: its key, and whether it was public."""

    key: str
    public: bool


@dataclass(frozen=True, slots=True)
class Stands:
    """A record as it stands now."""

    key: str
    version: int
    public: bool


Row = tuple[Any, ...]
"""A notice as the database takes it, in the order of COLUMNS."""

COLUMNS = ("change_id", "model", "row", "key", "version", "whole", "public", "differs")


class Noticing:
    """The notices of one change: those of what is gone are written first, so that its key is free for another."""

    def __init__(self, unit: Unit, change: Change) -> None:
        self.unit, self.change = unit, change
        self.seen: Rows = {}
        self.later: Spool[list[Row]] = Spool()

    def run(self) -> None:
        """Notice what was touched, then what follows from it for everybody, then for who sees what is public."""
        following: Rows = {model: set(rows) for model, rows in self.unit.stirred.items()}
        level: Rows = {}
        for model, sorts, touched in self._touched():
            _add(level, self._look(model, sorts, touched))
            for of, rows in self._following(model, sorts, touched):
                following.setdefault(of, set()).update(rows)
            for of, rows in _quoting(model, touched):
                level.setdefault(of, set()).update(rows)
        for model, rows in following.items():
            _add(level, self._look(model, dict.fromkeys(rows, CHANGED), {}))
        while level:
            below: Rows = {}
            for model, rows in level.items():
                _add(below, self._look(model, dict.fromkeys(rows, NOTHING), {}))
            level = below
        for notices in self.later:
            append(Notice, COLUMNS, notices)

    def _touched(self) -> Iterator[tuple[type[Record], dict[int, str], Mapping[int, Touched]]]:
        """What the change touched, by model in lots: the sort of each, and what differs where that is known."""
        for model, keys in self.unit.found.new_keys():
            yield model, dict.fromkeys(keys, CREATED), {}
        for lot in self.unit.found.lots(Record, new=False):
            by_model: dict[type[Record], dict[int, Touched]] = {}
            for (model, key), touched in lot.items():
                if touched.changed:
                    by_model.setdefault(model, {})[key] = touched
            for model, some in by_model.items():
                yield model, {key: _sort(touched) for key, touched in some.items()}, some

    def _look(
        self, model: type[Record], sorts: Mapping[int, str], touched: Mapping[int, Touched]
    ) -> Iterator[tuple[type[Record], Iterable[int]]]:
        """Notice records that were not looked at yet; yields what may look otherwise as some of them came or went."""
        seen = self.seen.setdefault(model, set())
        rows = [row for row in sorts if row not in seen]
        seen.update(rows)
        for some in chunked(rows):
            told = _told(model, [row for row in some if sorts[row] != CREATED])
            now = _standing(model, some)
            gone, here, moved = [], [], []
            for row in some:
                before, after = told.get(row), now.get(row)
                renamed = before is not None and after is not None and before.key != after.key
                if before is not None and (after is None or renamed):
                    gone.append(self._gone(model, row, before))
                if after is not None:
                    sort = CREATED if renamed else sorts[row]
                    was = None if renamed else before
                    here.append(self._here(model, row, sort, was, after, touched.get(row)))
                    if sorts[row] != CREATED and after.public is not (before is not None and before.public):
                        moved.append(row)
            append(Notice, COLUMNS, gone)
            self.later.append(here)
            yield from _naming(model, moved)
            yield from _along(model, moved)

    def _gone(self, model: type[Record], row: int, before: Told) -> Row:
        public = DELETED if before.public else NOTHING
        return (self.change.pk, model._meta.label_lower, row, before.key, None, DELETED, public, "")

    def _here(
        self,
        model: type[Record],
        row: int,
        sort: str,
        before: Told | None,
        after: Stands,
        touched: Touched | None,
    ) -> Row:
        was = before is not None and before.public
        public = {(True, True): CHANGED, (False, True): CREATED, (True, False): DELETED}.get(
            (was, after.public), NOTHING
        )
        differs = " ".join(_differing(model, touched)) if touched else ""
        label = model._meta.label_lower
        return (self.change.pk, label, row, after.key, after.version, sort, public, differs)

    def _following(
        self, model: type[Record], sorts: Mapping[int, str], touched: Mapping[int, Touched]
    ) -> Iterator[tuple[type[Record], Iterable[int]]]:
        """What looks otherwise to everybody because of what was touched."""
        new = [row for row in sorts if row not in touched]
        yield from _along(model, new)
        renamed = [row for row, one in touched.items() if one.before and one.after and "slug" in one.fields]
        yield from _naming(model, renamed)
        for of, name in FOLLOWED:
            field: Any = of._meta.get_field(name)
            if of is model:
                yield field.related_model, {row for one in touched.values() for row in _named(field, one)}
            if field.many_to_many and issubclass(model, field.related_model):
                judged = [row for row, one in touched.items() if len(set(one.step)) > 1]
                for some in chunked(judged):
                    holders = of._base_manager.filter(**{f"{name}__in": some}).order_by().values("pk")
                    beside = of._base_manager.filter(pk__in=holders).order_by()
                    yield field.related_model, set(beside.values_list(name, flat=True))


def _sort(touched: Touched) -> str:
    if touched.after is None:
        return DELETED
    return CREATED if touched.before is None else CHANGED


def _add(rows: Rows, more: Iterable[tuple[type[Record], Iterable[int]]]) -> None:
    for model, some in more:
        rows.setdefault(model, set()).update(some)


def _told(model: type[Record], rows: list[int]) -> dict[int, Told]:
    """What was told last of those of these records that were there then."""
    if not rows:
        return {}
    notices = Notice.objects.filter(among("row", rows), model=model._meta.label_lower).order_by()
    last = notices.values("row").annotate(last=Max("pk")).values("last")
    found = Notice.objects.filter(pk__in=last).exclude(whole=DELETED)
    return {
        row: Told(key, public in (CREATED, CHANGED))
        for row, key, public in found.values_list("row", "key", "public")
    }


def _standing(model: type[Record], rows: Collection[int]) -> dict[int, Stands]:
    """These records as they stand now; those that are gone are missing."""
    chosen = model._base_manager.filter(among("pk", rows)).order_by()
    reviewed = ("review",) if issubclass(model, Reviewed) else ()
    told = list(chosen.values_list("pk", "version", *reviewed, *model.key_lookups()))
    maybe = [row for row, _, *rest in told if not reviewed or rest[0] == Review.ACCEPTED]
    public = model._default_manager.public().filter(among("pk", maybe)).order_by()
    seen = set(public.values_list("pk", flat=True) if maybe else ())
    return {
        row: Stands("+".join(map(_spelt, rest[len(reviewed) :])), version, row in seen)
        for row, version, *rest in told
    }


def _spelt(part: Any) -> str:
    return part if isinstance(part, str) else str(part.isoformat())


def _differing(model: type[Record], touched: Touched) -> Iterator[str]:
    """The names of the columns that differ, in their order."""
    if touched.before is not None and touched.after is not None:
        for field in (*tracked_fields(model), *many_fields(model)):
            if field.editable and {field.name, getattr(field, "attname", field.name)} & touched.fields:
                yield field.name


def _naming(model: type[Record], rows: list[int]) -> Iterator[tuple[type[Record], Iterable[int]]]:
    """The records that name these."""
    for some in chunked(rows):
        for relation in inward(model):
            naming = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": some})
            yield relation.related_model, set(naming.order_by().values_list("pk", flat=True))


def _along(model: type[Record], rows: list[int]) -> Iterator[tuple[type[Record], Iterable[int]]]:
    """What these records name by references along which computed columns follow."""
    for of, name in FOLLOWED:
        for some in chunked(rows if of is model else ()):
            field: Any = of._meta.get_field(name)
            chosen = of._base_manager.filter(pk__in=some).order_by()
            yield field.related_model, set(chosen.values_list(name, flat=True)) - {None}


def _named(field: Any, touched: Touched) -> Iterator[int]:
    """What a record names by a reference now, and what it named before."""
    for content in (touched.before, touched.after):
        if content is not None:
            row = None if field.many_to_many else content.columns[field.attname]
            yield from content.many[field.name] if field.many_to_many else [] if row is None else [row]


def _quoting(
    model: type[Record], touched: Mapping[int, Touched]
) -> Iterator[tuple[type[Record], Iterable[int]]]:
    """The records whose words were kept from readers and are no longer, or the other way round."""
    if issubclass(model, Source):
        rows = [row for row, one in touched.items() if "access" in one.fields]
        for of, naming in _naming(model, rows):
            if of.QUOTING:
                yield of, naming

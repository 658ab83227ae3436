"""Undoing a change: everything it wrote is put back as it stood before, as a change of its own, wholly or not at all.

What stood before is read from history. Where a record was written again since, or something that is younger refers to a
record that the change made, nothing is undone, and every such place is named. What follows from other records (found
conflicts) is left to them, but for the decisions that people wrote.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Max

from evidence.models import Change, Record
from evidence.services import changes
from evidence.services.findings import ChangeRefused, Finding
from evidence.services.history import (
    BOOKKEEPING,
    CREATED,
    Content,
    chunked,
    has_history,
    history_model,
    last_contents,
    many_fields,
    past_key,
    stored,
    tracked_fields,
)
from evidence.services.references import inward
from evidence.services.units import Unit

SHOWN = 5
"""How many of the records that refer to one are named."""


@dataclass
class Past:
    """What a change wrote of one model: by row id the row of history and its sort, and what stood before each."""

    model: type[Record]
    entries: dict[int, tuple[int, str]]
    follows: bool
    """Whether these are rows that follow from others."""
    before: dict[int, Content] = field(default_factory=dict)

    def of_sort(self, *sorts: str) -> list[int]:
        """The row ids of what was created, changed or deleted."""
        return [key for key, (_, sort) in self.entries.items() if sort in sorts]

    def entry(self, key: int) -> Any:
        """The row of history that the change wrote of a record."""
        return history_model(self.model).objects.get(pk=self.entries[key][0])

    def record(self, key: int) -> Record:
        """A record as the change left it."""
        return _of(self.model, self.entry(key))


def undo(*, undone: Change, actor: Any, door: str, reason: str = "") -> Change | None:
    """Put back all that a change wrote; returns the change that did so, or None where it is all as it was.

    Raises ChangeRefused, with nothing written, that names what was written again since, what refers to records that
    would go, and what the actor may not do.
    """
    with changes.change(actor=actor, door=door, reason=reason) as unit:
        unit.undoes = undone
        pasts = list(_pasts(undone))
        own = [past for past in pasts if not past.follows]
        if findings := [*_written_since(own, undone), *_referred_to(own, undone)]:
            raise ChangeRefused(findings)
        for past in own:
            unit.restored |= {(past.model, key) for key in past.before}
            _put_back(past)
        for past in own:
            _take_away(unit, past)
        for past in pasts:
            if past.follows:
                _put_back_decisions(past)
    return unit.change


def _pasts(undone: Change) -> Iterator[Past]:
    """What the change wrote, model by model, what follows from other records apart from what does not."""
    for model in apps.get_models():
        if not (issubclass(model, Record) and has_history(model)):
            continue
        rows = history_model(model).objects.filter(change=undone).order_by("history_id")
        entries = {
            key: (entry, sort)
            for key, entry, sort in rows.values_list(past_key(model), "history_id", "history_type")
        }
        derived = _derived(model, rows)
        for follows in (False, True):
            lot = {key: entry for key, entry in entries.items() if (key in derived) is follows}
            if lot:
                stood = [key for key, (_, sort) in lot.items() if sort != CREATED]
                yield Past(model, lot, follows, last_contents(model, stood, before=undone))


def _derived(model: type[Record], entries: Iterable[Any]) -> set[int]:
    """Those of the records of these rows of history that follow from others."""
    if model.is_derived is Record.is_derived:
        return set()
    return {getattr(entry, past_key(model)) for entry in entries if _of(model, entry).is_derived}


def _of(model: type[Record], entry: Any) -> Record:
    """The record as a row of history tells it."""
    return model(**{one.attname: getattr(entry, one.attname) for one in tracked_fields(model)})


def _written_since(pasts: Iterable[Past], undone: Change) -> Iterator[Finding]:
    for past in pasts:
        rows, name = history_model(past.model).objects, past_key(past.model)
        for some in chunked(past.entries):
            newest = rows.filter(**{f"{name}__in": some}).order_by().values(name)
            last = [row["newest"] for row in newest.annotate(newest=Max("history_id"))]
            since = rows.filter(pk__in=last).exclude(change=undone).select_related("change__actor")
            for entry in since:
                message = f"It was written again by {entry.change} since (change {entry.change_id}); undo that first."
                yield Finding(_of(past.model, entry), "", message)


def _referred_to(pasts: Iterable[Past], undone: Change) -> Iterator[Finding]:
    """What refers to a record that would go, and would itself stay."""
    pasts = list(pasts)
    for past in pasts:
        named: dict[int, list[str]] = {}
        made = history_model(past.model).objects.filter(change=undone, history_type=CREATED)
        targets = made.order_by().values(past_key(past.model))
        for relation in inward(past.model):
            model = relation.related_model
            written = [
                one.entries for one in pasts if issubclass(one.model, model) or issubclass(model, one.model)
            ]
            for row, target in _rows_naming(relation, targets, written):
                named.setdefault(target, []).append(f"{row._meta.verbose_name} “{row.key}”")
        for target, names in named.items():
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            message = f"It is named since by {', '.join(names[:SHOWN])}{more}; take it out there first."
            yield Finding(past.record(target), "", message)


def _rows_naming(
    relation: Any, targets: models.QuerySet, written: Sequence[Mapping[int, Any]]
) -> Iterator[tuple[Any, int]]:
    """The records besides those written that name one of these in a field, with the row id that they name."""
    name, model = relation.field.name, relation.related_model
    naming = model._base_manager.filter(**{f"{name}__in": targets}).order_by().values_list("pk", name)
    named: dict[int, list[int]] = {}
    for key, target in naming.iterator():
        if not _is_in(written, key):
            named.setdefault(key, []).append(target)
    for row in stored(model, named).values():
        yield from ((row, target) for target in named[row.pk] if not row.is_derived)


def _is_in(written: Iterable[Mapping[int, Any]], key: int) -> bool:
    return any(key in entries for entries in written)


def _put_back(past: Past) -> None:
    """Give what was changed its former content, and make what was deleted anew, under its former row id."""
    there = stored(past.model, [key for key in past.before if key in past.entries])
    for key, content in past.before.items():
        record = there.get(key) or past.model()
        for name, value in content.columns.items():
            if key not in there or name not in BOOKKEEPING - {"quote_state", "value_state"}:
                setattr(record, name, value)
        record.save(force_insert=key not in there)
        for name, rows in content.many.items():
            getattr(record, name).set(sorted(rows))


def _take_away(unit: Unit, past: Past) -> None:
    """Delete what the change made. Whatever refers to it goes too, so that the order does not matter."""
    keys = [key for key in past.of_sort(CREATED) if key not in past.before]
    for some in chunked(keys):
        there = list(past.model._base_manager.filter(pk__in=some).values_list("pk", flat=True))
        for one in many_fields(past.model):
            held = one.remote_field.through._base_manager.filter(**{f"{one.m2m_column_name()}__in": some})
            held._raw_delete(held.db)
        for table in (past.model, *past.model._meta.all_parents):
            rows: models.QuerySet[Any] = models.QuerySet(table).filter(pk__in=some)
            rows._raw_delete(rows.db)
        unit.deleted_many(past.model, there)


def _put_back_decisions(past: Past) -> None:
    """Of rows that follow from others, what people wrote in them, where it is still what the change made of it."""
    there = stored(past.model, past.before)
    for key, record in there.items():
        names = _written_by_people(record)
        entry, before = past.entry(key), past.before[key].columns
        same = all(getattr(record, name) == getattr(entry, name) for name in names)
        if same and any(before[name] != getattr(entry, name) for name in names):
            for name in names:
                setattr(record, name, before[name])
            record.save()


def _written_by_people(record: Record) -> list[str]:
    own = (one for one in tracked_fields(type(record)) if one.editable and not one.primary_key)
    return [
        one.attname for one in own if one.name not in {*record.derived_columns, *BOOKKEEPING, "kind", "slug"}
    ]


def undone_by(change: Change) -> Change | None:
    """The change that undid this one, if it was not undone in turn."""
    last = change.undone_by.order_by("-pk").first()
    return last if last is not None and undone_by(last) is None else None

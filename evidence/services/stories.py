"""The life of a record as people read it: change by change, what differed, in its parts too."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from evidence.models import Change, Record
from evidence.services.history import (
    BOOKKEEPING,
    history_model,
    many_fields,
    past_key,
    past_rows,
    tracked_fields,
)
from evidence.services.references import part_models


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a record before and after a change, as people read it."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One change in the life of a record or a part: created, changed or deleted, and what then differed."""

    change: Change
    subject: str
    sort: str
    differences: tuple[Difference, ...]
    parts: tuple["Chapter", ...] = ()


def story(record: Record) -> Iterator[Chapter]:
    """The life of a record and its parts, the latest change first."""
    parts: dict[int, list[Chapter]] = {}
    for model in part_models(type(record)):
        for chapter in _chapters(model, {f"{model.PARENT}_id": record.pk}):
            parts.setdefault(chapter.change.pk, []).append(chapter)
    for chapter in reversed(list(_chapters(type(record), {past_key(type(record)): record.pk}))):
        found = tuple(parts.get(chapter.change.pk, ()))
        yield Chapter(chapter.change, chapter.subject, chapter.sort, chapter.differences, found)


def touched_by(
    change: Change, models_: Iterable[type[Record]]
) -> Iterator[tuple[type[Record], int, str, str]]:
    """What a change wrote, table by table: model, row id, whether created, changed or deleted, and its name then."""
    for model in models_:
        past = history_model(model)
        for entry in past.objects.filter(change=change).order_by("history_id"):
            name = str(getattr(entry, "slug", "") or entry.history_object)
            yield model, getattr(entry, past_key(model)), entry.get_history_type_display(), name


def _chapters(model: type[Record], which: dict[str, Any]) -> Iterator[Chapter]:
    """What the rows of history of some records of one model tell, in their order."""
    told = list(
        history_model(model).objects.filter(**which).select_related("change__actor").order_by("history_id")
    )
    many = {
        field.name: past_rows(field, {entry.history_id: entry for entry in told})
        for field in many_fields(model)
    }
    names = _names(model, told, many)
    before: dict[int, dict[str, str]] = {}
    for entry in told:
        key, after = getattr(entry, past_key(model)), _readable(model, entry, many, names)
        was = before.get(key, {})
        changed = [name for name in after if after[name] != was.get(name, "")]
        found = tuple(Difference(_label(model, name), was.get(name, ""), after[name]) for name in changed)
        subject = f"{model._meta.verbose_name} {getattr(entry, 'slug', '')}".strip()
        yield Chapter(entry.change, subject, entry.get_history_type_display(), found)
        before[key] = after


def _names(model: type[Record], entries: list[Any], many: dict[str, Any]) -> dict[str, dict[int, str]]:
    """What the record ever referred to, by field and row id: its slug now."""
    found: dict[str, dict[int, str]] = {}
    for field in (*tracked_fields(model), *many_fields(model)):
        target = field.related_model
        if not (isinstance(target, type) and issubclass(target, Record)):
            continue
        if field.many_to_many:
            rows = set().union(*many[field.name].values())
        else:
            rows = {getattr(entry, field.attname) for entry in entries}
        found[field.name] = {row.pk: row.key for row in target._base_manager.filter(pk__in=rows - {None})}
    return found


def _readable(model: type[Record], entry: Any, many: dict[str, Any], names: dict[str, Any]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for field in tracked_fields(model):
        if field.attname in BOOKKEEPING or not field.editable:
            continue
        value = getattr(entry, field.attname)
        if field.name in names:
            value = names[field.name].get(value, "" if value is None else f"(deleted, {value})")
        elif isinstance(value, list):
            value = " | ".join(value)
        display = getattr(entry, f"get_{field.name}_display", None)
        texts[field.name] = str(display() if display else "" if value is None else value)
    for name, rows in many.items():
        slugs = (names[name].get(row, f"(deleted, {row})") for row in rows.get(entry.history_id, ()))
        texts[name] = " | ".join(sorted(slugs))
    return texts


def _label(model: type[Record], name: str) -> str:
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # tracked fields have one

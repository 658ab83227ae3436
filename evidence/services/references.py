"""What records refer to, and what refers to them, over parts and many-to-many fields alike."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from evidence.choices import Review
from evidence.models import Part, Record, Reviewed
from evidence.services.history import chunked

R = TypeVar("R", bound=Record)

UNACCEPTED = [state for state in Review.values if state != Review.ACCEPTED]


@dataclass(frozen=True, slots=True)
class Reference:
    """One record referring to another: the row's id, the field, and what it refers to."""

    row: int
    field: str
    slug: str
    review: str


def leaf_of(record: Any) -> Any:
    """The record as the type that carries its history: an Entity as its Company, Plant, …"""
    return getattr(record, "leaf", record)


def part_models(model: type[Record]) -> Iterator[type[Part]]:
    """The models whose rows are parts of this model's: citations and premises of claims, …"""
    for relation in model._meta.related_objects:
        part = relation.related_model
        if isinstance(part, type) and issubclass(part, Part) and relation.field.name == part.PARENT:
            yield part


def unaccepted_references(model: type[Record], rows: Iterable[int]) -> Iterator[Reference]:
    """What these rows and their parts refer to that nobody has accepted."""
    listed = list(rows)
    for field in _reference_fields(model):
        yield from _unaccepted(model, field, "pk", listed)
    for part in part_models(model):
        for field in _reference_fields(part):
            if field not in (part.PARENT, *part.BACKLINKS):
                yield from _unaccepted(part, field, part.PARENT, listed)


def referring(record: Record) -> list[Record]:
    """The stored records that refer to this one, each once; parts stand for themselves."""
    found: dict[tuple[Any, int], Record] = {}
    for relation in inward(type(record)):
        for row in relation.related_model._base_manager.filter(**{relation.field.name: record.pk}):
            found[relation.related_model, row.pk] = row
    return list(found.values())


def holders(record: Record) -> list[Record]:
    """The other records that name this one in a many-to-many field, which deleting it would silently empty."""
    many = (relation for relation in inward(type(record)) if relation.many_to_many)
    return [
        row
        for relation in many
        for row in relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
        if row != record and not row.is_derived
    ]


def by_model(records: Iterable[R]) -> dict[type[R], list[R]]:
    """The records grouped by their model."""
    lots: dict[type[R], list[R]] = {}
    for record in records:
        lots.setdefault(type(record), []).append(record)
    return lots


def inward(referred: type[Record]) -> Iterator[Any]:
    """The relations by which records refer to those of this model."""
    for relation in referred._meta.related_objects:
        model = relation.related_model
        if isinstance(model, type) and issubclass(model, Record) and not relation.parent_link:
            yield relation


def _reference_fields(model: type[Record]) -> Iterator[str]:
    for field in model._meta.get_fields():
        target = field.related_model
        linked = field.concrete and isinstance(target, type) and issubclass(target, Reviewed)
        if linked and not getattr(field.remote_field, "parent_link", False):
            yield field.name


def _unaccepted(model: type[Record], field: str, by: str, rows: list[int]) -> Iterator[Reference]:
    label = field if by == "pk" else f"{model._meta.verbose_name} {field}"
    for some in chunked(rows):
        lookups = {f"{by}__in": some, f"{field}__review__in": UNACCEPTED}
        found = model._base_manager.filter(**lookups).order_by("pk")
        for row, slug, review in found.values_list(by, f"{field}__slug", f"{field}__review"):
            yield Reference(row, label, slug, review)

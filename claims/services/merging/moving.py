"""Making everything that names one record name another: foreign keys and many-to-many fields of every model.

- Rows that a constraint allows once, and parts of one record that then say the same, become one; of the parts, the
  claims that state them come together.
- Found conflicts follow from the claims; one is taken over where there is none of the same yet, so that what was
  decided in it is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from claims.models import Conflict, Entity
from evidence.fields import UniqueRule
from evidence.models import Part, Record
from evidence.services.findings import Finding
from evidence.services.history import BOOKKEEPING
from evidence.services.references import inward
from evidence.services.units import Unit


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows of a table name the record in a field."""

    table: str
    field: str
    rows: int


def moves(gone: Entity) -> list[Moved]:
    """What names the record, table by table and field by field; found conflicts follow by themselves."""
    counted = [
        Moved(
            str(relation.related_model._meta.verbose_name_plural),
            str(relation.field.verbose_name),
            _rows(relation, gone).count(),
        )
        for relation in inward(type(gone))
        if relation.related_model is not Conflict
    ]
    return [one for one in counted if one.rows]


def entangled(kept: Entity, gone: Entity) -> Iterator[Finding]:
    """What speaks against the two being one: each names the other, in a way that nothing can name itself."""
    for one, other in ((kept, gone), (gone, kept)):
        for field in one._meta.many_to_many:
            if getattr(one, field.name).filter(pk=other.pk).exists():
                message = f"It names “{other.key}”; if the two are one, take it out there first."
                yield Finding(one, field.name, message)
    for field, row in _linking(kept, gone):
        setattr(row, field.name, kept)
        try:
            row.validate_constraints()
        except ValidationError as error:
            told = " ".join(error.messages)
            message = (
                f"It is between “{kept.key}” and “{gone.key}”. {told} If the two are one, delete it first."
            )
            yield Finding(row, "", message)


def speaking_of_both(kept: Entity, gone: Entity) -> list[Any]:
    """The records that name both, each in a field of its own; once the two are one they name it twice."""
    return list(dict.fromkeys(row for _, row in _linking(kept, gone)))


def move(unit: Unit, gone: Entity, kept: Entity) -> None:
    """Make everything that names one record name the other."""
    for relation in inward(type(gone)):
        for row in _rows(relation, gone):
            if relation.many_to_many:
                names = getattr(row, relation.field.name)
                names.remove(gone.pk)
                names.add(kept.pk)
            elif isinstance(row, Conflict):
                _take_conflict(row, relation.field.name, kept)
            else:
                _repoint(unit, row, relation.field, kept)


def _rows(relation: Any, record: Entity) -> models.QuerySet:
    rows: models.QuerySet = relation.related_model._base_manager.filter(**{relation.field.name: record.pk})
    return rows.order_by("pk")


def _linking(kept: Entity, gone: Entity) -> Iterator[tuple[Any, Any]]:
    """The rows that name one of two records in one field and the other in another, with the field naming `gone`."""
    own = [one for one in inward(type(gone)) if not one.many_to_many and one.related_model is not Conflict]
    for relation in own:
        for other in own:
            if other.related_model is relation.related_model and other.field != relation.field:
                for row in _rows(relation, gone).filter(**{other.field.name: kept.pk}):
                    yield relation.field, row


def _repoint(unit: Unit, row: Record, field: Any, kept: Entity) -> None:
    setattr(row, field.name, kept)
    twin = _twin(row)
    if twin is not None:
        unit.merging(row, twin)
        for name in type(twin).BACKLINKS:
            getattr(twin, name).add(*getattr(row, name).all())
        _as_stored(row).delete()
    elif _stands_already(row):
        _as_stored(row).delete()
    else:
        row.save()


def _twin(row: Record) -> Any:
    """The part of the same record that says the same, but for its slug and the claims that state it."""
    if not isinstance(row, Part) or not getattr(row, "SLUG_FROM", ()):
        return None
    aside = {*BOOKKEEPING, "slug"}
    columns = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if one.editable}
    said = {name: value for name, value in columns.items() if name not in aside}
    own = [one.name for one in row._meta.many_to_many if one.name not in row.BACKLINKS]
    twins = type(row)._base_manager.filter(**said).exclude(pk=row.pk).order_by("pk")
    return next((twin for twin in twins if all(_held(twin, name) == _held(row, name) for name in own)), None)


def _held(row: Any, name: str) -> set[int]:
    return set(getattr(row, name).values_list("pk", flat=True))


def _stands_already(row: Record) -> bool:
    """Whether another row says the same of the other record already, and the table holds that once."""
    for rule in row._meta.constraints:
        if isinstance(rule, UniqueRule):
            try:
                rule.validate(type(row), row)
            except ValidationError:
                return True
    return False


def _as_stored(row: Record) -> Record:
    """The row as the history is to keep it when it goes."""
    return type(row)._base_manager.get(pk=row.pk)


def _take_conflict(row: Conflict, side: str, kept: Entity) -> None:
    place = {name: getattr(row, name) for name in ("subject", "predicate", "about")} | {side: kept}
    if not Conflict.objects.filter(kind=row.kind, **place).exists():
        setattr(row, side, kept)
        row.save()

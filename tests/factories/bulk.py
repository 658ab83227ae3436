"""Many rows like one, written without history: for tests of what grows with the number of rows."""

import copy
from datetime import timedelta
from typing import Any

from django.db import models

from evidence.models import Record


def multiply(record: Record, number: int) -> list[Any]:
    """Write `number` more rows like the stored record, each with a key of its own; returns them."""
    model = type(record)
    parent = next(iter(model._meta.parents), None)
    rows = [copy.copy(record) for _ in range(number)]
    for row in rows:
        row._state = copy.copy(record._state)
        row.pk = row.id = None
    _vary_key(record, rows)
    if parent is None:
        return model._base_manager.bulk_create(rows)
    return write_both_tables(model, parent, rows)


def _vary_key(record: Any, rows: list[Any]) -> None:
    name = record.KEY[-1]
    field, value = record._meta.get_field(name), getattr(record, name)
    others = multiply(value, len(rows)) if field.is_relation else [None] * len(rows)
    for number, (row, other) in enumerate(zip(rows, others, strict=True), 1):
        if field.is_relation:
            setattr(row, name, other)
        elif isinstance(field, models.DateTimeField):
            setattr(row, name, value + timedelta(minutes=number))
        else:
            setattr(row, name, f"{value}-again-{number}")


def write_both_tables(model: type[Record], parent: type[models.Model], rows: list[Any]) -> list[Any]:
    """What `bulk_create` does not do for a model with a parent table; row ids that are given are kept."""
    shared = [field.attname for field in parent._meta.concrete_fields]
    parents = parent._base_manager.bulk_create(
        parent(**{name: getattr(row, name) for name in shared}) for row in rows
    )
    for row, above in zip(rows, parents, strict=True):
        row.pk = row.id = above.pk
    fields = model._meta.local_concrete_fields
    model._base_manager.all()._batched_insert(rows, fields, batch_size=200)
    return rows

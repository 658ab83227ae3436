"""The words in which lists of records are asked for; admin, sheets, filters and views share them."""

from typing import Any, Protocol, Self, cast

from django.db import models
from django.db.models import Exists, OuterRef

from evidence.choices import Review


class Keyed(Protocol):
    """A model that says how its rows are found by their key."""

    @classmethod
    def key_lookups(cls) -> list[str]:
        """The lookups, one a part of the key."""


class UnwitnessedWrite(RuntimeError):
    """Records were about to be written past the open change, without check and history."""

    def __init__(self, method: str) -> None:
        super().__init__(f"{method}() would pass by the open change: save the records one by one.")


class RecordQuerySet(models.QuerySet):
    """Rows that people know by their key, and that are written one by one, so that each has its history."""

    def get_by_natural_key(self, *key: str) -> Any:
        """The row with this key, in the order of the model's `KEY`."""
        model = cast("type[Keyed]", self.model)
        return self.get(**dict(zip(model.key_lookups(), key, strict=True)))

    def public(self) -> Self:
        """The rows that everybody may read: accepted ones, of which all that they have to name is public too.

        Parts are reviewed with their wholes, which they have to name; so are the claims of a conflict.
        """
        rows = self
        options: Any = self.model._meta
        if any(field.name == "review" for field in options.concrete_fields):
            rows = rows.filter(review=Review.ACCEPTED)
        for field in options.concrete_fields:
            if _names_records(field) and not (field.null or field.remote_field.parent_link):
                rows = rows.filter(_public(field, field.attname))
        for field in options.many_to_many:
            if not field.blank:
                own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
                links = field.remote_field.through._base_manager.filter(**{own: OuterRef("pk")})
                rows = rows.exclude(Exists(links.exclude(_public(field, f"{other}_id"))))
        return rows

    def update(self, **_: Any) -> int:
        raise UnwitnessedWrite("update")

    def bulk_update(self, *_: Any, **__: Any) -> int:
        raise UnwitnessedWrite("bulk_update")

    def bulk_create(self, *_: Any, **__: Any) -> list[Any]:
        raise UnwitnessedWrite("bulk_create")


def _names_records(field: Any) -> bool:
    return field.is_relation and isinstance(field.related_model._default_manager.all(), RecordQuerySet)


def _public(field: Any, link: str) -> Exists:
    """Whether what a row names by this column is public."""
    return Exists(field.related_model._default_manager.public().filter(pk=OuterRef(link)))

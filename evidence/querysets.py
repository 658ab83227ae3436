"""The words in which lists of records are asked for; admin, sheets, filters and views share them."""

from typing import Any, Protocol, cast

from django.db import models


class Keyed(Protocol):
    """A model that says how its rows are found by their key."""

    @classmethod
    def key_lookups(cls) -> list[str]:
        """The lookups, one a part of the key."""


class RecordQuerySet(models.QuerySet):
    """Rows that people know by their key."""

    def get_by_natural_key(self, *key: str) -> Any:
        """The row with this key, in the order of the model's `KEY`."""
        model = cast("type[Keyed]", self.model)
        return self.get(**dict(zip(model.key_lookups(), key, strict=True)))

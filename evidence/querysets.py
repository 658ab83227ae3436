"""The words in which lists of records are asked for; admin, sheets, filters and views share them."""

from typing import Any

from django.db import models


class RecordQuerySet(models.QuerySet):
    """Rows that people know by their key."""

    def get_by_natural_key(self, *key: str) -> Any:
        """The row with this key, in the order of the model's `KEY`."""
        return self.get(**dict(zip(self.model.key_lookups(), key, strict=True)))

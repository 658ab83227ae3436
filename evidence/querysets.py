"""The words in which lists of records are asked for; admin, sheets, filters and views share them."""

from typing import Any, Protocol, cast

from django.db import models


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

    def update(self, **_: Any) -> int:
        raise UnwitnessedWrite("update")

    def bulk_update(self, *_: Any, **__: Any) -> int:
        raise UnwitnessedWrite("bulk_update")

    def bulk_create(self, *_: Any, **__: Any) -> list[Any]:
        raise UnwitnessedWrite("bulk_create")

"""Deleting one record as a change, unless others name it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import ProtectedError

from evidence.models import Record
from evidence.services.changes import change
from evidence.services.references import holders


class StillNamed(Exception):
    """A record is not deleted while others name it; `rows` are these."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows: list[Record] = sorted(rows, key=lambda row: (type(row)._meta.db_table, row.pk))
        super().__init__(", ".join(map(str, self.rows)))


class Outdated(Exception):
    """A record is not deleted because it is another by now: of this version, or gone (None)."""

    def __init__(self, version: int | None) -> None:
        self.version = version
        super().__init__(str(version))


def delete_record(
    *, model: type[Record], row: int, version: int | None, actor: Any, door: str, reason: str = ""
) -> None:
    """Delete the record with this row id, with its parts, if it has this version still.

    Raises Outdated, StillNamed, or ChangeRefused where a rule is broken; then nothing is deleted.
    """
    with change(actor=actor, door=door, reason=reason):
        record = model._base_manager.select_for_update().filter(pk=row).first()
        if record is None or record.version != version:
            raise Outdated(record.version if record else None)
        if named := holders(record):
            raise StillNamed(named)
        try:
            record.delete()
        except ProtectedError as protected:
            raise StillNamed(protected.protected_objects) from protected

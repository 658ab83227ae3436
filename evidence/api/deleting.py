"""Deleting over the API: what holds a record is named, with its address."""

from evidence.api import preconditions
from evidence.api.keys import encoded
from evidence.api.problems import Error, Refused
from evidence.api.resources import Api, Seen
from evidence.choices import Door
from evidence.models import Record
from evidence.services.changes import PERMISSION_DENIED
from evidence.services.deleting import Outdated, StillNamed, delete_record
from evidence.services.findings import ChangeRefused

SHOWN = 20
"""How many of the records that name one are told."""

HELD = "held"


def delete(api: Api, seen: Seen, *, row: int, version: int, home: str, reason: str) -> None:
    """Delete the record with this row id and version; `home` is the address under which the tables lie.

    Raises Refused: 412 where it is another by now, 409 with what names it or which rule keeps it, 403 by role.
    """
    try:
        delete_record(
            model=seen.resource.model,
            row=row,
            version=version,
            actor=seen.reader.user,
            door=Door.API,
            reason=reason,
        )
    except Outdated as outdated:
        raise preconditions.stale(outdated.version) from outdated
    except StillNamed as named:
        raise _held(api, named.rows, home) from named
    except ChangeRefused as refused:
        errors = [Error(str(finding), finding.code) for finding in refused.findings]
        denied = any(error.code == PERMISSION_DENIED for error in errors)
        raise Refused(403 if denied else 409, *errors) from refused


def _held(api: Api, rows: list[Record], home: str) -> Refused:
    errors = [_named(api, row, home) for row in rows[:SHOWN]]
    more = f", and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    listed = ", ".join(f"{row._meta.verbose_name} “{row.key}”" for row in rows[:SHOWN])
    return Refused(409, *errors, detail=f"It is still named by {listed}{more}; take it out there first.")


def _named(api: Api, row: Record, home: str) -> Error:
    table = api.by_model[type(row)].name
    told = f"The {row._meta.verbose_name} “{row.key}” names it."
    return Error(told, HELD, record=f"{home}{table}/{encoded(row.key)}/")

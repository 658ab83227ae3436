"""The one unit of work. Every door opens a change; leaving it runs the rules, or nothing is written.

    with change(actor=user, door=Door.ADMIN, reason="typing error") as unit:
        claim.save()

While it is open, every write is announced to it (`models.changes.History`). On leaving it
1. reads what the touched records said before and say now,
2. runs the rules over several rows (`services.rules`) and the rules of review (`domain.review`),
3. raises ChangeRefused with all findings, so that the transaction is rolled back, or
4. sends changed accepted records back to their reviewers, brings derived rows up to date (`services.units`),
   counts versions, writes one row of history a record, and notices for whoever keeps a copy (`services.noticing`).
A change that changes nothing leaves no trace.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection, models, transaction

from evidence.domain.text import TextRefused, tidy
from evidence.models import Change, Record, Reviewed
from evidence.models.changes import witnessed_by
from evidence.services import history
from evidence.services.findings import ChangeRefused, Finding
from evidence.services.noticing import notice
from evidence.services.rehearsing import is_rehearsed
from evidence.services.review import review_findings, settle_review
from evidence.services.roles import may
from evidence.services.touched import Touched
from evidence.services.units import DERIVATIONS, RULES, Unit, table_with

PERMISSION_DENIED = "permission_denied"
"""The code of findings that somebody may not do this."""

WRITERS_LOCK = 0x1ED6E5
"""Key of the PostgreSQL advisory lock that lets one change settle at a time, as SQLite does by itself."""


@contextmanager
def change(*, actor: Any, door: str, reason: str = "") -> Iterator[Unit]:
    """Open a unit of work by this user through this door; on leaving it, its rules are run and it is written.

    Raises ChangeRefused with every finding where a rule is broken, after undoing all of it; RuntimeError where a
    change is open already.
    """
    unit = Unit(actor=actor, door=door, reason=_tidied(reason, actor))
    with transaction.atomic(), witnessed_by(unit):
        yield unit
        close(unit)


def _tidied(reason: str, actor: Any) -> str:
    try:
        return tidy(reason)
    except TextRefused as refusal:
        raise ChangeRefused([Finding(actor, "reason", str(refusal))]) from refusal


def close(unit: Unit) -> None:
    """Run the rules on what a change touched and write its history; raises ChangeRefused where a rule is broken.

    Leaving the change does this; a door that has to know earlier may do it itself, once all is written.
    """
    if unit.closed:
        return
    _lock_writers()
    unit.read()
    if findings := [finding for lot in unit.lots() for finding in _findings(lot)]:
        raise ChangeRefused(findings)
    settle_review(unit)
    for derive in DERIVATIONS:
        derive(unit)
    _write(unit)
    if unit.change or unit.stirred:
        notice(unit, _change(unit))


def _findings(unit: Unit) -> Iterator[Finding]:
    """What speaks against a change, or against a lot of what it touched."""
    yield from _not_permitted(unit)
    for rule in RULES:
        yield from rule(unit)
    yield from review_findings(unit)


def _lock_writers() -> None:
    if connection.vendor == "postgresql" and not is_rehearsed():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])


def _not_permitted(unit: Unit) -> Iterator[Finding]:
    allowed = cache(may)
    for touched in unit.touched(Record):
        action = "add" if touched.before is None else "delete" if touched.after is None else "change"
        model = type(touched.record)
        if not allowed(unit.actor, action, model):
            message = (
                f"{unit.actor} may not {action} {model._meta.verbose_name_plural}; ask an administrator."
            )
            yield Finding(touched.record, "", message, PERMISSION_DENIED)


def _write(unit: Unit) -> None:
    for model, keys in unit.found.new_keys():
        if keys:  # they were written as of this change and its actor, and need no second writing
            history.write(_change(unit), model, history.CREATED, keys)
    for lot in unit.found.lots(Record, new=False):
        sorts: dict[tuple[type[Record], str], dict[int, Touched]] = {}
        for (model, key), touched in lot.items():
            if touched.changed:
                sorts.setdefault((model, _sort(touched)), {})[key] = touched
        for (model, sort), some in sorts.items():
            if sort == history.DELETED:
                history.write_deleted(_change(unit), model, some)
            else:
                edited = [key for key, touched in some.items() if touched.content_changed]
                _write_sort(unit, model, sort, list(some), edited=edited)


def _write_sort(
    unit: Unit, model: type[Record], sort: str, keys: Sequence[int], *, edited: Sequence[int]
) -> None:
    """Count the version of what was written, note when and by whom it was edited, and write its history."""
    table, step = table_with(model, "version"), int(sort == history.CHANGED)
    for some in history.chunked(keys):
        rows = table._base_manager.filter(pk__in=some)
        rows.update(updated=unit.at, version=models.F("version") + step)
    for some in history.chunked(edited if issubclass(model, Reviewed) else ()):
        table._base_manager.filter(pk__in=some).update(edited_by=unit.actor)
    history.write(_change(unit), model, sort, keys)


def _change(unit: Unit) -> Change:
    """The change on record, which is there once there is something to be written down."""
    unit.change = unit.change or Change.objects.create(
        at=unit.at, actor=unit.actor, door=unit.door, reason=unit.reason, undoes=unit.undoes
    )
    return unit.change


def _sort(touched: Touched) -> str:
    if touched.after is None:
        return history.DELETED
    return history.CREATED if touched.before is None else history.CHANGED

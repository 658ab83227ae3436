"""A rehearsal: what is written within is real to all that reads within, and undone on leaving; no other writer waits.

SQLite lets one connection write at a time, so that there it is rehearsed on a copy of the database, made without
stopping anybody. PostgreSQL rehearses in a transaction that is rolled back, without the lock that lets one change
settle at a time; others wait only for the very rows that it writes. So does SQLite within a transaction, which holds
its lock anyway.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_rehearsing: ContextVar[bool] = ContextVar("rehearsing", default=False)


def is_rehearsed() -> bool:
    """Whether what is written now will be undone."""
    return _rehearsing.get()


@contextmanager
def rehearsal() -> Iterator[None]:
    """Undo all that is written within."""
    token = _rehearsing.set(True)
    try:
        own = connections[DEFAULT_DB_ALIAS]
        with _copy(own) if own.vendor == "sqlite" and not own.in_atomic_block else _rolled_back():
            yield
    finally:
        _rehearsing.reset(token)


@contextmanager
def _rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _copy(own: BaseDatabaseWrapper) -> Iterator[None]:
    """Let this thread work on a copy of the database."""
    own.ensure_connection()
    with TemporaryDirectory(prefix="rehearsal-", dir=settings.DATA_DIR) as folder:
        place = Path(folder) / "copy.sqlite3"
        copy = type(own)({**own.settings_dict, "NAME": str(place)}, alias=DEFAULT_DB_ALIAS)
        copy.ensure_connection()
        own.connection.backup(copy.connection)
        connections[DEFAULT_DB_ALIAS] = copy
        try:
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = own
            copy.close()

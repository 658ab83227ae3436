"""Who may touch the data folder at the same time.

Servers hold `in-use.lock` together; a restore wants it alone. First steps of a start (migrating,
loading) go one after another under `starting.lock`. The kernel frees a lock with the process that
held it, so nothing stays locked after a crash.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Busy(Exception):
    """Another process holds the lock."""


@contextmanager
def serving(folder: Path) -> Iterator[None]:
    """Held for as long as a server runs; several servers may."""
    with _held(folder / "in-use.lock", fcntl.LOCK_SH | fcntl.LOCK_NB):
        yield


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Held while the database is exchanged; no server may run or start."""
    with _held(folder / "in-use.lock", fcntl.LOCK_EX | fcntl.LOCK_NB):
        yield


@contextmanager
def starting(folder: Path) -> Iterator[None]:
    """Waits for its turn: two starts at once must not both migrate."""
    with _held(folder / "starting.lock", fcntl.LOCK_EX):
        yield


@contextmanager
def _held(file: Path, mode: int) -> Iterator[None]:
    with file.open("a") as handle:
        try:
            fcntl.flock(handle, mode)
        except BlockingIOError as error:
            raise Busy(file) from error
        yield

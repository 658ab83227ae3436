"""Throw-away ledgers for benchmarks: a folder and a database of their own, never those of a user."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.postgres import throw_away_server

ROOT = Path(__file__).parents[1]
STEERING = ("LEDGER_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
FILE = "ledger.sqlite3"


@dataclass(frozen=True, slots=True)
class Place:
    """A ledger that only this run uses."""

    data: Path
    database: str = ""

    def measure(self, task: str, *arguments: object) -> Any:
        """What a task in a process of its own measured; this process stays small, for its memory would count."""
        command, environment = self._task(task, *arguments)
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return json.loads(done.stdout.splitlines()[-1])

    @contextmanager
    def meanwhile(self, task: str, *arguments: object) -> Iterator[list[Any]]:
        """A task beside others, which says that it has begun by printing a line and ends when its input does.

        What it measured is in the list then.
        """
        command, environment = self._task(task, *arguments)
        told: list[Any] = []
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as other:
            assert other.stdout is not None, "it is a pipe"  # noqa: S101  # for the type checker
            other.stdout.readline()
            try:
                yield told
            except BaseException:
                other.kill()
                raise
            out, _ = other.communicate()
            told.append(json.loads(out.splitlines()[-1]))

    def _task(self, task: str, *arguments: object) -> tuple[list[str], dict[str, str]]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(STEERING)}
        environment |= {"LEDGER_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "claims_site.settings"}
        if self.database:
            environment["DATABASE_URL"] = self.database
        return [sys.executable, "-m", "benchmarks.tasks", task, *map(str, arguments)], environment

    def fill(self, size: int, seed: str, keep: Path | None = None) -> None:
        """Fill it; a file of SQLite that was kept is taken instead, or kept for the next run."""
        if keep is None or self.database:
            self.measure("fill", size, seed)
            return
        keep.mkdir(parents=True, exist_ok=True)
        own, kept = self.data / FILE, keep / f"ledger-{size}-{seed}.sqlite3"
        if kept.exists():
            shutil.copyfile(kept, own)
            self.measure("make")  # what the tables lack since then
        else:
            self.measure("fill", size, seed)
            shutil.copyfile(own, kept)


@contextmanager
def place(database: str) -> Iterator[Place]:
    """An empty folder, and for PostgreSQL a server of its own."""
    with tempfile.TemporaryDirectory(prefix="ledger-benchmark-") as folder:
        if database == POSTGRESQL:
            with throw_away_server() as address:
                yield Place(Path(folder), address)
        else:
            yield Place(Path(folder))

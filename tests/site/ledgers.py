"""Real ledgers for tests: a data folder and a database of their own, used through manage.py."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[2]


def clean_environment() -> dict[str, str]:
    """The environment without anything that steers a ledger."""
    steering = ("LEDGER_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_")
    return {name: value for name, value in os.environ.items() if not name.startswith(steering)}


@dataclass
class Ledger:
    """A ledger that only this test uses."""

    data: Path
    variables: dict[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of this ledger is started with."""
        return {**clean_environment(), "LEDGER_DATA": str(self.data), **self.variables, **more}

    def command(self, *arguments: str | Path) -> list[str]:
        """manage.py with arguments."""
        return [sys.executable, str(ROOT / "manage.py"), *map(str, arguments)]

    def manage(self, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever that is."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def succeed(self, *arguments: str | Path, **more: str) -> str:
        """Run a command that must succeed; returns what it printed."""
        done = self.manage(*arguments, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def fail(self, *arguments: str | Path, **more: str) -> str:
        """Run a command that must refuse, in words and not with a traceback; returns the words."""
        done = self.manage(*arguments, **more)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement on the ledger's own database, past all of its code."""
        if address := self.variables.get("DATABASE_URL"):
            with psycopg.connect(address) as server:
                cursor = server.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.data / "ledger.sqlite3")) as file, file:
            return file.execute(statement).fetchall()

    def add_person(self, name: str) -> None:
        """Somebody who cannot log in, quicker than with add_user."""
        self.query(
            "INSERT INTO auth_user (username, first_name, last_name, email, password, date_joined,"
            " is_superuser, is_staff, is_active)"
            f" VALUES ('{name}', '', '', '', 'pbkdf2$', '2026-01-01', true, true, true)"
        )

    def record_migration(self, app: str, name: str) -> None:
        """Leave the trace of a migration, as a later version of the code would."""
        self.query(
            f"INSERT INTO django_migrations (app, name, applied) VALUES ('{app}', '{name}', '2030-01-01')"
        )

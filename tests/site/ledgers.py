"""Real ledgers for tests: a data folder and a database of their own, used through manage.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

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

    def query(self, statement: str) -> list[list[str]]:
        """Rows of the ledger's own database, read through its settings in a process of its own."""
        code = (
            "import json; from django.db import connection\n"
            "with connection.cursor() as cursor:\n"
            f"    cursor.execute({statement!r})\n"
            "    print(json.dumps(cursor.fetchall() if cursor.description else [], default=str))"
        )
        return list(json.loads(self.succeed("shell", "--no-imports", "--command", code)))

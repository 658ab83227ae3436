"""`./run test`: the tests under settings of their own, and with --deep on both databases.

The last line is always the test runner's, and so is the exit status. With --deep PostgreSQL comes
first and SQLite only after it passed: the last line then speaks for both.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tests.postgres import NoServer, throw_away_server

NO_DATABASE = (
    "tests/claims/domain",
    "tests/deep/test_formulas.py",
    "tests/deep/test_templates.py",
    "tests/evidence/domain",
    "tests/evidence/exchange/files",
    "tests/site/test_generated_client.py",
    "tests/site/test_schemathesis.py",
    "tests/test_benchmarks.py",
    "tests/test_quality.py",
)
"""Tests that no database has a part in (or always the same), or that ask a server for minutes: with two databases they
run once, with the second.
"""

USUAL_BREADTH = ("--hypothesis-profile=normal",)
"""With two databases, laws are tried on very many examples with the second only: that takes long enough."""

KEPT = {"LEDGER_TEST_DATABASE_URL", "LEDGER_VENV"}


def main(arguments: list[str]) -> int:
    """Run what was asked for; returns the exit status."""
    signal.signal(signal.SIGTERM, leave)
    deep = "--deep" in arguments
    chosen = [argument for argument in arguments if argument != "--deep"]
    if not deep:
        return pytest(chosen)
    chosen = ["-m", "", *chosen]
    try:
        with postgres_address() as address:
            say("On PostgreSQL:")
            if status := pytest([*without(NO_DATABASE, chosen), *USUAL_BREADTH, *chosen], database=address):
                return status
    except NoServer as reason:
        if in_ci():
            say(f"failed: {reason}")
            return 1
        say(f"PostgreSQL skipped: {reason}")
    say("On SQLite:")
    return pytest(chosen)


def without(places: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """The arguments that leave these places out, unless somebody chose what to run."""
    if any(argument and Path(argument.partition("::")[0]).exists() for argument in chosen):
        return []
    return [f"--ignore={place}" for place in places]


def say(words: str) -> None:
    """Print before the test runner, a process of its own, does."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def in_ci() -> bool:
    """Where CI=true, nothing may be skipped for want of a program."""
    return os.environ.get("CI") == "true"


@contextmanager
def postgres_address() -> Iterator[str]:
    """The database given by LEDGER_TEST_DATABASE_URL, or a throw-away one."""
    given = os.environ.get("LEDGER_TEST_DATABASE_URL")
    if given:
        yield given
    else:
        with throw_away_server() as address:
            yield address


def pytest(arguments: list[str], *, database: str | None = None) -> int:
    """One run of the test runner, away from the user's own data and settings."""
    with tempfile.TemporaryDirectory(prefix="ledger-test-") as data:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name in KEPT or not name.startswith(("LEDGER_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"))
        }
        environment["LEDGER_DATA"] = data
        if database:
            environment["DATABASE_URL"] = database
        # A core that has run out of tests takes some of another's: the longest would else keep it waiting at the end.
        spread = ("-n", "auto", "--dist", "worksteal")
        command = [sys.executable, "-m", "pytest", *spread, "-rs", *arguments]
        with subprocess.Popen(command, env=environment) as runner:
            try:
                return runner.wait()
            except BaseException:
                runner.terminate()
                raise


def leave(signum: int, _frame: FrameType | None) -> None:
    """Turn SIGTERM into an exception, so that servers and folders are cleared away."""
    raise SystemExit(128 + signum)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)

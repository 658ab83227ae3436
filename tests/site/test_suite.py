"""`./run test` keeps away from the user's own ledger, and speaks last."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests import postgres, suite
from tests.site.ledgers import ROOT, clean_environment


def run_suite(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command behind ./run test, on one quick test."""
    return subprocess.run(
        [sys.executable, "-m", "tests.suite", *arguments],
        env={**clean_environment(), **more},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_runners_line_is_last_and_the_users_settings_stay_out() -> None:
    done = run_suite(
        "-n", "0", "tests/site/test_views.py", "-k", "healthz", "--collect-only", "-q", LEDGER_PRODUCTION="1"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "collected" in done.stdout.splitlines()[-1]


def test_arguments_and_exit_status_are_passed_through() -> None:
    done = run_suite("-n", "0", "tests/site/test_views.py", "-k", "no_such_test")
    assert done.returncode == 5  # pytest's word for: nothing to run


def test_with_two_databases_what_needs_none_runs_once() -> None:
    left_out = suite.without(suite.NO_DATABASE, ["-m", "", "-q"])
    assert left_out == [f"--ignore={place}" for place in suite.NO_DATABASE]
    assert all((ROOT / place).exists() for place in suite.NO_DATABASE)
    assert suite.without(suite.NO_DATABASE, [str(ROOT / "tests/site/test_suite.py")]) == []


@pytest.mark.parametrize("place", [place for place in suite.NO_DATABASE if not place.endswith(".py")])
def test_what_runs_once_asks_for_no_database(place: str) -> None:
    asking = [path for path in (ROOT / place).rglob("test_*.py") if "django_db" in path.read_text("utf-8")]
    assert asking == []


def test_a_missing_server_fails_in_ci_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert suite.in_ci()
    monkeypatch.setenv("CI", "")
    assert not suite.in_ci()


@pytest.mark.deep
def test_a_throw_away_server_leaves_nothing_behind() -> None:
    with postgres.throw_away_server() as address, psycopg.connect(address) as server:
        folder = server.execute("SHOW data_directory").fetchone()
        assert folder is not None
    assert not Path(folder[0]).parent.exists()

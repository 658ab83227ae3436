"""The benchmarks run: at sizes that say nothing, so that no timing is asserted."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.ledgers import clean_environment

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.deep


@pytest.mark.parametrize(
    ("benchmark", "size", "told"),
    [
        (
            "conflicts",
            "200",
            ["find_conflicts again", "a new claim that meets no other", "the date of a source"],
        ),
        ("imports", "100", ["deriving: keep conflicts", "history", "all of it"]),
        ("groups", "20", ["a price of every day", "the same in two currencies"]),
    ],
)
def test_a_benchmark_prints_its_tables(benchmark: str, size: str, told: list[str], tmp_path: Path) -> None:
    users_own = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{benchmark}", "--claims", size, "--databases", "SQLite"],
        cwd=ROOT,
        env=clean_environment() | {"LEDGER_DATA": str(users_own)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for row in told:
        assert any(line.startswith(f"| {row}") for line in done.stdout.splitlines()), done.stdout
    assert not users_own.exists()

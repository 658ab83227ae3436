"""The benchmarks run: at sizes that say nothing, so that no timing is asserted."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.ledgers import clean_environment

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.deep


@pytest.mark.parametrize(
    ("benchmark", "sizes", "told"),
    [
        (
            "conflicts",
            "--claims=200",
            ["find_conflicts again", "a new claim that meets no other", "the date of a source"],
        ),
        ("imports", "--claims=100", ["deriving: keep conflicts", "history", "all of it"]),
        ("sheets", "--rows=20", ["upload and preview", "confirm", "undo", "the library alone"]),
        ("groups", "--claims=20", ["a price of every day", "the same in two currencies"]),
    ],
)
def test_a_benchmark_prints_its_tables(benchmark: str, sizes: str, told: list[str], tmp_path: Path) -> None:
    users_own = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{benchmark}", sizes, "--databases=SQLite"],
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

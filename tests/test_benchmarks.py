"""The benchmarks run: at a size that says nothing, so that no timing is asserted."""

import subprocess
import sys
from pathlib import Path

from tests.site.ledgers import clean_environment

ROOT = Path(__file__).parents[1]


def test_the_benchmark_of_conflicts_prints_its_tables() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.conflicts", "--claims", "200", "--databases", "SQLite"],
        cwd=ROOT,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "### SQLite" in done.stdout
    for step in (
        "read every claim",
        "join on printed text",
        "find_conflicts again",
        "a new claim that meets",
    ):
        assert sum(line.startswith(f"| {step}") for line in done.stdout.splitlines()) >= 1, done.stdout

"""From a fresh clone to a served page, as somebody does who has just heard of the ledger."""

from __future__ import annotations

import re
import signal
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.machine import missing, require_program
from tests.site.ledgers import ROOT, clean_environment

FIRST_START = 300.0  # seconds; most of it is downloading
SECOND_START = 3.0
SERVING = re.compile(r"http://127\.0\.0\.1:\d+/admin/")

pytestmark = pytest.mark.deep


@dataclass
class Clone:
    """A clone in a path with a space, with a home that nobody has used and its data elsewhere."""

    code: Path
    home: Path
    data: Path
    words: list[str] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """As after logging in for the first time; a package mirror that is set stays set."""
        kept = {name: value for name, value in clean_environment().items() if name != "VIRTUAL_ENV"}
        own = {"HOME": str(self.home), "LEDGER_DATA": str(self.data)}
        return {**kept, **own, "LC_ALL": "C", "TZ": "Pacific/Apia"}

    def launch(self) -> subprocess.Popen[str]:
        """Type ./run."""
        return subprocess.Popen(
            ["./run"],
            cwd=self.code,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self, within: float) -> float:
        """Start, wait for a page, stop as Ctrl-C does; returns the seconds to the first page."""
        begun = time.monotonic()
        process = self.launch()
        try:
            self.words = []
            address = self.wait_for_address(process)
            with urllib.request.urlopen(address, timeout=within) as page:  # noqa: S310 - our own address
                assert page.status == 200
                assert "csrfmiddlewaretoken" in page.read().decode()
            return time.monotonic() - begun
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=30)
            self.words.append(rest)
            assert process.returncode == 0, self.words

    def wait_for_address(self, process: subprocess.Popen[str]) -> str:
        """Read on until it says where it serves."""
        assert process.stdout is not None
        for line in process.stdout:
            self.words.append(line)
            if found := SERVING.search(line):
                return found[0]
        pytest.fail(f"It did not start: {''.join(self.words)}")


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Cloned from the commit that is checked out here."""
    git = require_program("git", "Debian, Ubuntu: apt install git")
    if not (ROOT / ".git").exists():
        missing("this is no git clone")
    made = Clone(tmp_path / "with a space" / "ledger", tmp_path / "home", tmp_path / "data elsewhere")
    made.home.mkdir()
    subprocess.run([git, "clone", "--quiet", "--no-hardlinks", str(ROOT), str(made.code)], check=True)
    return made


def test_a_fresh_clone_serves_and_starts_again_within_three_seconds(clone: Clone) -> None:
    first = clone.start(FIRST_START)
    assert re.search(r"Password: +\S{20}", "".join(clone.words))
    assert first < FIRST_START
    second = clone.start(20)
    assert "Password" not in "".join(clone.words)
    assert second < SECOND_START, f"the second start took {second:.1f} s"
    status = subprocess.check_output(["git", "status", "--porcelain"], cwd=clone.code, text=True)
    assert status == "", "a start leaves nothing in the clone that git would see"
    assert not (clone.code / "data").exists()
    assert (clone.data / "ledger.sqlite3").exists()


def test_two_first_starts_at_once_do_not_disturb_each_other(clone: Clone) -> None:
    starts = [clone.launch(), clone.launch()]
    try:
        addresses = {clone.wait_for_address(process) for process in starts}
        assert len(addresses) == 2
        assert "".join(clone.words).count("Password: ") == 1
    finally:
        for process in starts:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)

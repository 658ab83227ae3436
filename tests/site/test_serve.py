"""Starting a ledger: what happens once, what happens again, and what stops it."""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from claims_site import locks, preparation
from tests.site.ledgers import Ledger

SERVING = re.compile(r"The ledger is at (http://127\.0\.0\.1:\d+/)admin/")


@dataclass
class Running:
    """A served ledger and what it said on the way."""

    address: str
    words: str
    process: subprocess.Popen[bytes]

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        with urllib.request.urlopen(self.address + path, timeout=20) as answer:  # noqa: S310 - our own address
            return answer.status, answer.read().decode()


@contextmanager
def served(ledger: Ledger, *arguments: str) -> Iterator[Running]:
    """Serve until the block ends, then stop as Ctrl-C does. What it says goes to a file: a pipe fills."""
    with tempfile.TemporaryFile("a+", encoding="utf-8") as said:
        process = subprocess.Popen(
            ledger.command("serve", *arguments),
            env=ledger.environment(),
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            while not (found := SERVING.search(words := said_so_far(said))):
                assert process.poll() is None, f"It did not start: {words}"
                time.sleep(0.05)
            yield Running(found[1], words, process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
        rest = said_so_far(said)
    assert process.returncode == 0, rest
    assert "Traceback" not in rest


def said_so_far(said: IO[str]) -> str:
    """The whole of a file that another process writes to."""
    said.seek(0)
    return said.read()


@pytest.fixture
def settled(ledger: Ledger) -> Ledger:
    """A ledger that was started before: it has an administrator and a change."""
    ledger.add_person("boss")
    ledger.query(
        "INSERT INTO evidence_change (at, actor_id, door, reason)"
        " SELECT '2026-01-01', id, 'command', 'first' FROM auth_user WHERE username = 'boss'"
    )
    return ledger


def test_a_settled_ledger_serves_pages_and_assets_without_a_word_more(settled: Ledger) -> None:
    with served(settled) as running:
        assert running.words.count("\n") == 1, running.words
        status, page = running.get("admin/login/")
        assert status == 200
        style = re.search(r'href="/(static/admin/css/base\.[0-9a-f]{12}\.css)"', page)
        assert style, "assets carry a checksum in their names"
        assert running.get(style[1])[0] == 200
        assert running.get("readyz") == (200, "ready\n")


def test_an_existing_database_is_backed_up_before_it_is_migrated(settled: Ledger) -> None:
    settled.succeed("migrate", "sessions", "zero", "--verbosity", "0")
    with served(settled) as running:
        assert "Bringing the database up to date" in running.words
        assert running.get("readyz")[0] == 200
    backups = list((settled.data / "backups").glob("before-migrate-*.json"))
    assert len(backups) == 1
    assert "sessions.0001_initial" not in backups[0].read_text()


def test_a_database_of_a_newer_version_is_left_alone(settled: Ledger) -> None:
    settled.record_migration("claims", "9999_later")
    words = settled.fail("serve")
    assert "written by a newer version of the ledger (claims.9999_later)" in words


SHEETS = {
    "1_companies.csv": "slug,name\none,One\n",
    "2_predicates.csv": "slug,label,value_type,persistence\nis,is,text,lasting\n",
    "3_claims.csv": "slug,statement,subject,predicate,value,modality\nsaid,One is.,one,is,there,actual\n",
}


def test_conflicts_are_found_anew_by_a_program_that_compares_otherwise(
    settled: Ledger, tmp_path: Path
) -> None:
    for name, cells in SHEETS.items():
        (tmp_path / name).write_text(cells, encoding="utf-8")
    settled.succeed("import_data", str(tmp_path), "--commit", "--as", "system")
    said = []
    for _ in range(2):
        with served(settled) as running:
            said.append("Finding conflicts with what is new in this version" in running.words)
    (settled.data / "conflicts.stamp").write_text("of another version", encoding="ascii")
    with served(settled) as running:
        said.append("Finding conflicts" in running.words)
    assert said == [True, False, True]
    assert (settled.data / "conflicts.stamp").read_text(encoding="ascii") == preparation.rules_fingerprint()


def test_nothing_starts_while_a_backup_is_restored(settled: Ledger) -> None:
    with locks.alone(settled.data):
        assert "A backup is being restored" in settled.fail("serve")


def test_a_port_that_is_taken_is_refused_when_asked_for(settled: Ledger) -> None:
    with served(settled) as running:
        port = running.address.rsplit(":", 1)[1].strip("/")
        assert f"Port {port} cannot be used" in settled.fail("serve", "--port", port)
        with served(settled) as second:
            assert second.address != running.address


def test_static_files_are_collected_again_when_one_changes(tmp_path: Path, settings: object) -> None:
    settings.STATICFILES_DIRS = [tmp_path]  # type: ignore[attr-defined]
    before = preparation.static_fingerprint()
    assert preparation.static_fingerprint() == before
    (tmp_path / "new.css").write_text("a{}")
    assert preparation.static_fingerprint() != before

"""A backup comes back as it was; one that would not is refused before anything is touched."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from claims_site import locks
from claims_site.backup_engines import BackupFailed, find_program
from tests.site.ledgers import Ledger

ON_POSTGRES = "DATABASE_URL" in os.environ
NAME = "kept.dump" if ON_POSTGRES else "kept.sqlite3"
UNDER_LOAD = 5 if ON_POSTGRES else 20  # a restore into a new database takes PostgreSQL seconds
PEOPLE = "SELECT username FROM auth_user WHERE username <> 'system' ORDER BY username"


@pytest.fixture
def kept(ledger: Ledger) -> Path:
    """A backup of a ledger in which only reviewer works, who is then joined by curator."""
    backup = ledger.data / NAME
    ledger.add_person("reviewer")
    ledger.succeed("backup", "--to", backup)
    ledger.add_person("curator")
    return backup


def manifest_of(backup: Path) -> Path:
    return backup.with_name(f"{backup.name}.json")


def rewrite(backup: Path, **changes: object) -> None:
    """Change entries of a manifest."""
    path = manifest_of(backup)
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_what_was_backed_up_comes_back_and_what_it_replaces_is_kept(ledger: Ledger, kept: Path) -> None:
    assert ledger.query(PEOPLE) == [("curator",), ("reviewer",)]
    words = ledger.succeed("restore", kept)
    assert ledger.query(PEOPLE) == [("reviewer",)]
    aside = Path(words.strip().split("is kept: ")[1])
    assert "before-restore-" in aside.name
    assert aside.exists()
    ledger.succeed("migrate", "--check")


def test_the_manifest_says_what_the_backup_holds(kept: Path) -> None:
    manifest = json.loads(manifest_of(kept).read_text())
    assert manifest["sha256"] == hashlib.sha256(kept.read_bytes()).hexdigest()
    assert manifest["tables"]["auth_user"] == 2  # reviewer and system
    assert "auth.0001_initial" in manifest["migrations"]
    assert set(manifest["versions"]) == {"database", "django", "python"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (kept, manifest_of(kept))} == {0o600}


def test_verifying_touches_nothing(ledger: Ledger, kept: Path) -> None:
    before = kept.read_bytes()
    words = ledger.succeed("restore", "--verify", kept)
    assert "restores and is sound" in words
    assert ledger.query(PEOPLE) == [("curator",), ("reviewer",)]
    assert kept.read_bytes() == before


def test_the_newest_backup_is_verified_when_none_is_named(ledger: Ledger) -> None:
    assert "There is no backup yet" in ledger.fail("restore", "--verify")
    made = ledger.succeed("backup").split(":")[0]
    assert ledger.succeed("restore", "--verify").startswith(made)
    assert [path.name for path in (ledger.data / "backups").glob(".*")] == []


def flip(backup: Path) -> None:
    middle = backup.stat().st_size // 2
    with backup.open("r+b") as file:
        file.seek(middle)
        byte = file.read(1)
        file.seek(middle)
        file.write(bytes([byte[0] ^ 0xFF]))


def truncate(backup: Path) -> None:
    os.truncate(backup, backup.stat().st_size // 2)


def overwrite_with_text(backup: Path) -> None:
    backup.write_text("not a database\n" * 1000)
    rewrite(backup, sha256=hashlib.sha256(backup.read_bytes()).hexdigest())


def lose_the_manifest(backup: Path) -> None:
    manifest_of(backup).unlink()


def break_the_manifest(backup: Path) -> None:
    manifest_of(backup).write_text("{")


def miscount(backup: Path) -> None:
    tables = json.loads(manifest_of(backup).read_text())["tables"]
    rewrite(backup, tables={**tables, "auth_user": 99})


def come_from_elsewhere(backup: Path) -> None:
    rewrite(backup, engine="oracle")


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        (flip, "SHA-256 differs"),
        (truncate, "SHA-256 differs"),
        (overwrite_with_text, ""),
        (lose_the_manifest, "is missing"),
        (break_the_manifest, "cannot be read"),
        (miscount, "Table auth_user holds 2 rows; the manifest says 99"),
        (come_from_elsewhere, "made from oracle"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_damaged_backup_is_refused(
    ledger: Ledger, kept: Path, damage: Callable[[Path], None], finding: str
) -> None:
    damage(kept)
    words = ledger.fail("restore", "--verify", kept)
    assert "cannot be trusted" in words
    assert finding in words
    assert ledger.query(PEOPLE) == [("curator",), ("reviewer",)]


def test_restoring_a_damaged_backup_changes_nothing(ledger: Ledger, kept: Path) -> None:
    flip(kept)
    assert "Nothing was changed" in ledger.fail("restore", kept)
    assert ledger.query(PEOPLE) == [("curator",), ("reviewer",)]


def test_a_backup_of_a_newer_ledger_is_refused(ledger: Ledger) -> None:
    newer = ledger.data / NAME
    ledger.record_migration("claims", "9999_later")
    ledger.succeed("backup", "--to", newer)
    assert "newer version of the ledger made it: claims.9999_later" in ledger.fail(
        "restore", "--verify", newer
    )


def test_a_running_ledger_is_not_exchanged(ledger: Ledger, kept: Path) -> None:
    with locks.serving(ledger.data):
        assert "Stop it, then restore" in ledger.fail("restore", kept)
    assert ledger.query(PEOPLE) == [("curator",), ("reviewer",)]


def test_a_backup_overwrites_nothing_and_names_a_missing_folder(ledger: Ledger, kept: Path) -> None:
    assert "never overwrites" in ledger.fail("backup", "--to", kept)
    assert "no folder" in ledger.fail("backup", "--to", ledger.data / "missing" / NAME)


def test_a_missing_program_of_postgres_is_named_with_what_to_install() -> None:
    with pytest.raises(BackupFailed, match=r"pg_nothing was not found.*apt install postgresql-client"):
        find_program("pg_nothing")


if not ON_POSTGRES:  # there the database is there before the first start, and the server guards its files

    def test_there_is_nothing_to_back_up_before_the_first_start(tmp_path: Path) -> None:
        assert "Start the ledger once with ./run" in Ledger(tmp_path).fail("backup")

    def test_a_damaged_live_database_is_not_backed_up_as_sound(ledger: Ledger) -> None:
        ledger.query("PRAGMA wal_checkpoint(TRUNCATE)")
        live = ledger.data / "ledger.sqlite3"
        with live.open("r+b") as file:
            for page in range(20, live.stat().st_size // 4096, 3):
                file.seek(page * 4096)
                file.write(b"\xff" * 4096)
        words = ledger.fail("backup", "--to", ledger.data / NAME)
        assert "damaged" in words or "malformed" in words
        assert not (ledger.data / NAME).exists()


WRITER = """
from itertools import count
from django.contrib.auth.models import Group
from django.db import transaction
print("writing", flush=True)
for number in count():
    with transaction.atomic():  # always two rows: a backup with an odd number is torn
        Group.objects.create(name=f"left {number}")
        Group.objects.create(name=f"right {number}")
"""


@pytest.mark.deep
def test_backups_taken_under_write_load_all_restore(ledger: Ledger) -> None:
    writer = subprocess.Popen(
        ledger.command("shell", "--no-imports", "--command", WRITER),
        env=ledger.environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        backups = [ledger.data / f"{number}-{NAME}" for number in range(UNDER_LOAD)]
        for backup in backups:
            ledger.succeed("backup", "--to", backup)
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.communicate()
    counts = []
    for backup in backups:
        ledger.succeed("restore", "--verify", backup)
        counts.append(json.loads(manifest_of(backup).read_text())["tables"]["auth_group"])
    assert counts == sorted(counts)
    assert counts[-1] > counts[0]
    roles = ledger.query(
        "SELECT COUNT(*) FROM auth_group WHERE name NOT LIKE 'left %' AND name NOT LIKE 'right %'"
    )
    assert {(count - int(roles[0][0])) % 2 for count in counts} == {0}
    shutil.rmtree(ledger.data / "backups", ignore_errors=True)

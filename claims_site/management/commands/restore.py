"""Put a backup in the place of the database, or only find out whether that would work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from claims_site import backups, locks
from claims_site.backup_engines import BackupFailed


class Command(BaseCommand):
    """A damaged, foreign or newer backup is refused before anything is touched."""

    help = "Restore a backup; with --verify restore it into a temporary database only, and check it."
    requires_system_checks: list[str] = []  # a damaged database must not keep its own cure away

    def add_arguments(self, parser: CommandParser) -> None:
        """Which backup, and whether only to look."""
        parser.add_argument("file", nargs="?", type=Path, help="made by backup; --verify takes the newest")
        parser.add_argument("--verify", action="store_true", help="touch nothing; exit with 1 on any finding")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, or exchange the database."""
        try:
            if options["verify"]:
                self.verify(options["file"] or backups.newest())
            else:
                self.restore(options["file"])
        except (BackupFailed, Error) as error:
            raise CommandError(str(error)) from error

    def verify(self, backup: Path | None) -> None:
        """Say what the backup holds, or everything that speaks against it."""
        if backup is None:
            raise CommandError("There is no backup yet. Make one with ./run backup, or name a file.")
        if findings := backups.findings_of(backup):
            raise CommandError(f"{backup} cannot be trusted.\n- " + "\n- ".join(findings))
        self.stdout.write(f"{backup} restores and is sound: {backups.read_manifest(backup).summary()}.")

    def restore(self, backup: Path | None) -> None:
        """Exchange the database while no server runs."""
        if backup is None:
            raise CommandError("Name the backup to restore: ./run restore FILE")
        try:
            with locks.alone(settings.DATA_DIR):
                aside = backups.restore(backup)
        except locks.Busy as error:
            raise CommandError("The ledger is running on this data. Stop it, then restore.") from error
        held = backups.read_manifest(backup).summary()
        self.stdout.write(f"Restored {held}. What it replaced is kept: {aside}")

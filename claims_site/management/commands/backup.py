"""Write the whole database into one file, while the ledger is in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from claims_site import backups
from claims_site.backup_engines import BackupFailed


class Command(BaseCommand):
    """A backup with a manifest to check it against."""

    help = "Write the whole database into one file, with a manifest beside it. Others may go on writing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to; unless said, the backups folder of the data."""
        parser.add_argument("--to", type=Path, metavar="FILE", help="default: a dated name in backups/")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the backup and say what it holds."""
        try:
            target = options["to"] or backups.default_target("ledger")
            manifest = backups.make_backup(target)
        except (BackupFailed, Error) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{target}: {manifest.summary()}.")

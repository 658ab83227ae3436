"""Backups that are worth something: one file, and beside it a manifest to check it against.

A backup is written under another name, checked, and only then given its own, so that a file with
a backup's name is a whole one. What differs between databases stands in `backup_engines`.
"""

from __future__ import annotations

import hashlib
import json
import platform
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from claims_site import schema
from claims_site.backup_engines import BackupFailed, Contents, current_engine, sync

MANIFEST_SUFFIX = ".json"
NAME_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Manifest:
    """What a backup must turn out to be."""

    file: str
    made_at: str
    sha256: str
    engine: str
    versions: dict[str, str]
    migrations: list[str]
    tables: dict[str, int]

    def summary(self) -> str:
        """How much it holds, for the last line of a command."""
        return f"{sum(self.tables.values())} rows in {len(self.tables)} tables, as of {self.made_at}"


def default_target(label: str) -> Path:
    """A name in the backups folder that says what the backup is and when it was made."""
    folder = Path(settings.BACKUPS_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{label}-{timezone.now().strftime(NAME_TIME)}{current_engine().suffix}"


def newest() -> Path | None:
    """The backup made last of those in the backups folder."""
    found = Path(settings.BACKUPS_DIR).glob(f"*{current_engine().suffix}")
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def make_backup(target: Path) -> Manifest:
    """Copy the live database into `target`, with its manifest beside it."""
    for path in (target, manifest_file(target)):
        if path.exists():
            raise BackupFailed(f"{path} is there already. A backup never overwrites; choose another name.")
    if not target.parent.is_dir():
        raise BackupFailed(f"There is no folder {target.parent} to write the backup into.")
    draft = target.with_name(f".{target.name}.partial")
    engine = current_engine()
    try:
        draft.touch(mode=0o600)  # it holds password hashes
        contents = engine.dump(draft)
        if contents.findings:
            raise BackupFailed("The database itself is damaged: " + "; ".join(contents.findings))
        manifest = _describe(target, draft, contents, timezone.now())
        sync(draft)
        manifest_file(target).touch(mode=0o600)
        manifest_file(target).write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
        draft.rename(target)
        sync(target.parent)
    except OSError as error:
        raise BackupFailed(f"{target} cannot be written: {error.strerror}.") from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def findings_of(backup: Path) -> list[str]:
    """Everything that speaks against restoring this backup; nothing live is touched."""
    if not backup.is_file():
        return [f"There is no file {backup}."]
    try:
        manifest = read_manifest(backup)
    except BackupFailed as error:
        return [str(error)]
    findings = []
    if manifest.engine != connection.vendor:
        return [f"It was made from {manifest.engine}, and this ledger runs on {connection.vendor}."]
    if checksum(backup) != manifest.sha256:
        findings.append("Its bytes are not those that were written: the SHA-256 differs from the manifest's.")
    contents = current_engine().examine(backup)
    findings += contents.findings
    for table in sorted(manifest.tables.keys() | contents.tables.keys()):
        written, found = manifest.tables.get(table), contents.tables.get(table)
        if written != found and not contents.findings:
            findings.append(f"Table {table} holds {found} rows; the manifest says {written}.")
    if unknown := schema.unknown_among(contents.migrations, MigrationLoader(None)):
        findings.append(f"A newer version of the ledger made it: {', '.join(unknown)}. Update the code.")
    return findings


def restore(backup: Path) -> str:
    """Put a sound backup in the live database's place; says where the replaced one is kept."""
    if findings := findings_of(backup):
        raise BackupFailed("Nothing was changed. " + " ".join(findings))
    engine = current_engine()
    if engine.keeps_replaced:
        return engine.replace(backup, f"before-restore-{timezone.now().strftime(NAME_TIME)}")
    aside = default_target("before-restore")
    make_backup(aside)
    engine.replace(backup, "")
    return str(aside)


def manifest_file(backup: Path) -> Path:
    """The manifest lies beside its backup, under the same name with .json after it."""
    return backup.with_name(backup.name + MANIFEST_SUFFIX)


def read_manifest(backup: Path) -> Manifest:
    """The manifest beside a backup, which a restore cannot do without."""
    path = manifest_file(backup)
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise BackupFailed(f"Its manifest {path} is missing; keep the two files together.") from error
    except (OSError, ValueError, TypeError) as error:
        raise BackupFailed(f"Its manifest {path} cannot be read: {error}.") from error


def checksum(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _describe(target: Path, draft: Path, contents: Contents, made_at: datetime) -> Manifest:
    return Manifest(
        file=target.name,
        made_at=made_at.isoformat(timespec="seconds"),
        sha256=checksum(draft),
        engine=connection.vendor,
        versions={
            "database": current_engine().version(),
            "django": django.get_version(),
            "python": platform.python_version(),
        },
        migrations=[f"{app}.{name}" for app, name in contents.migrations],
        tables=contents.tables,
    )

"""What stands between a start and serving. Each step finds out cheaply whether it has work."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command

import claims.domain
import claims.services
import evidence.domain
from claims.models import Claim
from claims_site import accounts, backups, schema
from evidence.models import Change

Say = Callable[[str], None]
SYSTEM_USER = "system"


def prepare(say: Say) -> None:
    """Bring database, data, people and static files to where serving can begin."""
    migrate(say)
    find_conflicts(say)
    load_fixtures(say)
    welcome_administrator(say)
    collect_static()


def migrate(say: Say) -> None:
    """Run waiting migrations, after a backup when there is something to lose."""
    if unknown := schema.unknown_migrations():
        raise CommandError(
            f"This database was written by a newer version of the ledger ({', '.join(unknown)}). "
            "Update the code (git pull), or restore a backup made before."
        )
    pending = schema.pending_migrations()
    if not pending:
        return
    if schema.is_empty():
        say("Setting up the database ...")
    else:
        copy = backups.default_target("before-migrate")
        backups.make_backup(copy)
        say(f"Bringing the database up to date (migrations: {len(pending)}). A backup from before: {copy}")
    call_command("migrate", interactive=False, verbosity=0)


def load_fixtures(say: Say) -> None:
    """Import each bundle of fixtures, once: only into a ledger that never saw a change."""
    if Change.objects.exists():
        return
    for bundle in sorted(path for path in Path(settings.FIXTURES_DIR).glob("*") if path.is_dir()):
        say(f"Loading {bundle.name} ...")
        try:
            reason = f"First data: {bundle.name}"
            call_command("import_data", str(bundle), "--commit", "--as", SYSTEM_USER, "--reason", reason)
        except CommandError as error:
            raise CommandError(
                f"The data in {bundle} was not loaded: {error}\nOnce it is mended, load it with: "
                f"./run manage import_data '{bundle}' --commit --as {SYSTEM_USER}"
            ) from error


def find_conflicts(say: Say) -> None:
    """Find conflicts anew where the program that compares, or its exchange rates, are others than last time."""
    stamp = Path(settings.DATA_DIR) / "conflicts.stamp"
    current = rules_fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == current:
        return
    if Claim.objects.exists():
        say("Finding conflicts with what is new in this version ...")
        call_command("find_conflicts", reason="Found anew by a new version", verbosity=0)
    stamp.write_text(current, encoding="ascii")


def rules_fingerprint() -> str:
    """Changes whenever the code that reads and compares values does, or the rates that it uses."""
    places = [Path(module.__path__[0]) for module in (claims.domain, claims.services, evidence.domain)]
    files = sorted(path for place in places for path in place.rglob("*.py"))
    digest = hashlib.sha256(version("currencyconverter").encode())
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def welcome_administrator(say: Say) -> None:
    """Where nobody can enter yet, make somebody and say how to make others."""
    password = accounts.make_first_administrator()
    if password is None:
        return
    say(
        f"\n  First administrator: {accounts.FIRST_ADMINISTRATOR}\n"
        f"  Password:            {password}\n"
        "  The password is shown this once and kept nowhere. Add others with:\n"
        "    ./run add_user NAME --role curator      (writes claims and sources)\n"
        "    ./run add_user NAME --role reviewer     (accepts what curators wrote)\n"
    )


def collect_static() -> None:
    """Collect static files when any of them differs from those collected last."""
    stamp = Path(settings.DATA_DIR) / "static.stamp"
    current = static_fingerprint()
    collected = (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    if collected and stamp.exists() and stamp.read_text(encoding="ascii") == current:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(current, encoding="ascii")


def static_fingerprint() -> str:
    """Changes whenever a static file of the project or of a library is added, edited or removed."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()

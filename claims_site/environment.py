"""Reading the environment: every refusal names the variable and the way out.

Only this module and the settings look at the environment. A variable that starts with
LEDGER_ and is not known here stops the start: a misspelt LEDGER_PRODUCTION that is silently
ignored would serve an open ledger.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

PREFIX = "LEDGER_"
KNOWN = {
    "LEDGER_BEHIND_PROXY": "1 when a reverse proxy sets X-Forwarded-Proto itself",
    "LEDGER_DATA": "folder of database, secret key, collected static files and backups",
    "LEDGER_DEBUG": "1 shows errors with their details in the browser; never in production",
    "LEDGER_HOSTS": "host names served in production, separated by commas",
    "LEDGER_PORT": "the port to serve on; without it the first free one from 8000 on",
    "LEDGER_PRODUCTION": "1 for a server that others reach",
    "LEDGER_SECRET_KEY": "the key that signs sessions in production",
    "LEDGER_TEST_DATABASE_URL": "a PostgreSQL database for ./run test --deep to use",
    "LEDGER_UNTHROTTLED": "1 answers the API however often it is asked, for tests",
    "LEDGER_VENV": "folder of the virtual environment, for a clone that cannot be written to",
    "LEDGER_WORKERS": "number of server processes, 2 unless said",
}
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
KEY_LENGTH = 50  # what Django's deployment check asks of a signing key
KEY_VARIETY = 5


def refuse_unknown(environ: Mapping[str, str]) -> None:
    """Stop at a LEDGER_ variable that nothing reads, naming the nearest one that is read."""
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in KNOWN:
            nearest = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0)[0]
            raise ImproperlyConfigured(
                f"{name} is not a setting of the ledger. Did you mean {nearest} ({KNOWN[nearest]})? "
                f"Known: {', '.join(KNOWN)}."
            )


def flag(environ: Mapping[str, str], name: str) -> bool:
    """Whether a switch is on; anything but a clear yes or no is refused."""
    value = environ.get(name, "").strip().lower()
    if value not in YES | NO:
        raise ImproperlyConfigured(f"{name} is '{value}'. Set it to 1 or 0.")
    return value in YES


def number(environ: Mapping[str, str], name: str, *, lowest: int, highest: int) -> int | None:
    """A whole number within bounds, or None when the variable is not set."""
    value = environ.get(name, "").strip()
    if not value:
        return None
    if not (value.isascii() and value.isdigit()) or not lowest <= int(value) <= highest:
        raise ImproperlyConfigured(f"{name} is '{value}'. Set it to a number from {lowest} to {highest}.")
    return int(value)


def data_folder(environ: Mapping[str, str], default: Path) -> Path:
    """The folder that holds everything the ledger writes, made when it is not there."""
    folder = Path(environ.get("LEDGER_DATA") or default)
    if not folder.is_absolute():
        raise ImproperlyConfigured(
            f"LEDGER_DATA is '{folder}'. Give the whole path, so that every command finds the same data: "
            f"LEDGER_DATA='{Path.cwd() / folder}'."
        )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data folder {folder} cannot be made ({error.strerror}). "
            "Set LEDGER_DATA to a folder that you may write to."
        ) from error
    return folder


def local_key(file: Path) -> str:
    """The signing key of this machine: drawn once, kept in a file that only its owner reads.

    Written aside and then linked into place, so that of two first starts at once the earlier
    key holds and nobody ever reads half a key.
    """
    try:
        if not file.exists():
            draft = file.with_name(f"{file.name}.{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(64), encoding="ascii")
            with contextlib.suppress(FileExistsError):
                os.link(draft, file)
            draft.unlink()
        return file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The signing key {file} cannot be read or written ({error.strerror}). "
            "Start as the owner of that folder, or set LEDGER_DATA to one that you may write to."
        ) from error


def production_key(environ: Mapping[str, str]) -> str:
    """The signing key of a server, which must be given and hard to guess."""
    key = environ.get("LEDGER_SECRET_KEY", "")
    if len(key) < KEY_LENGTH or len(set(key)) < KEY_VARIETY:
        raise ImproperlyConfigured(
            f"LEDGER_PRODUCTION needs LEDGER_SECRET_KEY: {KEY_LENGTH} random characters or more, the same "
            "at every start. Draw one with: python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    return key


def production_hosts(environ: Mapping[str, str]) -> list[str]:
    """The host names that the server answers to; every name at once is refused."""
    hosts = [host.strip() for host in environ.get("LEDGER_HOSTS", "").split(",") if host.strip()]
    if not hosts or "*" in hosts:
        raise ImproperlyConfigured(
            "LEDGER_PRODUCTION needs LEDGER_HOSTS: the host names it is reached by, separated by commas, "
            "for example LEDGER_HOSTS=ledger.example.org"
        )
    if any("/" in host or ":" in host for host in hosts):
        raise ImproperlyConfigured(
            f"LEDGER_HOSTS is '{','.join(hosts)}'. Give names only, without https:// and without a port."
        )
    return hosts


def database(environ: Mapping[str, str], sqlite_file: Path) -> dict[str, Any]:
    """SQLite in the data folder, or the PostgreSQL server that DATABASE_URL names."""
    url = environ.get("DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sqlite_file,
            "OPTIONS": {
                # Taking the write lock at the start: a later upgrade of a read lock cannot wait.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: with NORMAL the last commits may be lost when the power fails.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgresql:// (postgresql://user:password@host:5432/name). "
            "Unset it for SQLite, whose file lies in LEDGER_DATA."
        )
    try:
        parsed = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    except ValueError as error:  # the message leaves out the address: it holds a password
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read. Write special characters of the password as %40 and the like: "
            "postgresql://user:password@host:5432/name"
        ) from error
    return dict(parsed)

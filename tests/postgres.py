"""A PostgreSQL server for the length of a test run: started in a temporary folder, then removed.

It listens on a socket in that folder only, so it needs no free port and nobody else can reach it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

HOW_TO_GET_IT = "Debian, Ubuntu: apt install postgresql"
FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"  # nothing here outlives the run


class NoServer(Exception):
    """Why there is no PostgreSQL to test on."""


@contextmanager
def throw_away_server() -> Iterator[str]:
    """Yield the address of an empty database on a server of its own."""
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="ledger-pg-", dir="/tmp"))
    data = folder / "data"
    user = unprivileged_user()
    try:
        if user:
            shutil.chown(folder, user)
        folder.chmod(0o700)
        run_as(
            user, [programs / "initdb", "-D", data, "-U", "ledger", "-A", "trust", "-E", "UTF8", "--no-sync"]
        )
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' {FAST}"
        run_as(user, [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"])
        try:
            yield f"postgresql://ledger@{quote(str(folder), safe='')}/postgres"
        finally:
            run_as(user, [programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_programs() -> Path:
    """The folder of initdb: on the path, or the newest where Debian keeps them off it."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NoServer(f"no PostgreSQL server found ({HOW_TO_GET_IT})")
    return found[-1].parent


def unprivileged_user() -> str | None:
    """Who runs the server when root runs the tests: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in names:
            return name
    raise NoServer("PostgreSQL does not run as root, and there is no user postgres or nobody to run it")


def run_as(user: str | None, command: list[Path | str]) -> None:
    """Run one of PostgreSQL's programs, with what it said when it fails."""
    entry = pwd.getpwnam(user) if user else None
    done = subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        user=entry.pw_uid if entry else None,
        group=entry.pw_gid if entry else None,
        extra_groups=[] if entry else None,
    )
    if done.returncode:
        raise NoServer(f"the PostgreSQL server did not start or stop: {done.stdout.strip()}")

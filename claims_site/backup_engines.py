"""How SQLite and PostgreSQL each copy a database out, look into the copy, and put it back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper


class BackupFailed(Exception):
    """Why a backup or a restore did not happen, in words for who asked."""


@dataclass(frozen=True)
class Contents:
    """What a database turned out to hold, and what is wrong with it."""

    tables: dict[str, int] = field(default_factory=dict)
    migrations: list[tuple[str, str]] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


class Engine(Protocol):
    """What a kind of database knows about its own backups."""

    suffix: str
    keeps_replaced: bool  # whether `replace` leaves the replaced database lying beside

    def version(self) -> str:
        """The database's own version, for the manifest."""

    def dump(self, target: Path) -> Contents:
        """Write the live database into one file, as of one moment, while others write."""

    def examine(self, backup: Path) -> Contents:
        """Restore into a temporary database, look, and throw that away."""

    def replace(self, backup: Path, label: str) -> str:
        """Put the backup in the live database's place; says where the replaced one lies, if it does."""


def current_engine() -> Engine:
    """The engine of the database in use."""
    return PostgresEngine() if connection.vendor == "postgresql" else SQLiteEngine()


class SQLiteEngine:
    """The online backup interface: a consistent copy of a database in use."""

    suffix = ".sqlite3"
    keeps_replaced = True

    def version(self) -> str:
        """The linked library's version."""
        return f"SQLite {sqlite3.sqlite_version}"

    def dump(self, target: Path) -> Contents:
        """One step for all pages: a read transaction, which in WAL mode holds no writer up."""
        live = self._live_file()
        if not live.exists():
            raise BackupFailed(f"There is no database at {live} yet. Start the ledger once with ./run.")
        try:
            with closing(sqlite3.connect(target)) as copy:
                with closing(sqlite3.connect(live, timeout=20)) as source:
                    source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # out of WAL: the copy is this one file
                return self._look_into(copy)
        except sqlite3.DatabaseError as error:
            raise BackupFailed(f"SQLite cannot copy {live}: {error}") from error

    def examine(self, backup: Path) -> Contents:
        """The checks run on a copy, so that looking never changes the backup."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.sqlite3"
            shutil.copyfile(backup, copy)
            try:
                with closing(sqlite3.connect(copy)) as database:
                    return self._look_into(database)
            except sqlite3.DatabaseError as error:
                return Contents(findings=[f"SQLite cannot read it: {error}"])

    def replace(self, backup: Path, label: str) -> str:
        """Exchange the file by renaming; the write-ahead log goes aside with its database."""
        live = self._live_file()
        connection.close()
        draft = live.with_name(f"{live.name}.restoring")
        shutil.copyfile(backup, draft)
        draft.chmod(0o600)
        sync(draft)
        aside = live.with_name(f"{live.name}.{label}")
        for part in ("-wal", "-shm", ""):
            if (old := live.with_name(live.name + part)).exists():
                old.rename(aside.with_name(aside.name + part))
        draft.rename(live)
        sync(live.parent)
        return str(aside)

    @staticmethod
    def _look_into(database: sqlite3.Connection) -> Contents:
        damage = [row[0] for row in database.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
        findings = [f"integrity_check: {words}" for words in damage]
        for table, row, parent, _ in database.execute("PRAGMA foreign_key_check").fetchmany(10):
            findings.append(f"foreign_key_check: row {row} of {table} refers to nothing in {parent}")
        names = [
            row[0]
            for row in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
            )
        ]
        tables = {
            name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - from the schema
            for name in sorted(names)
        }
        migrations = []
        if "django_migrations" in tables:
            migrations = database.execute("SELECT app, name FROM django_migrations").fetchall()
        return Contents(tables, sorted(migrations), findings)

    @staticmethod
    def _live_file() -> Path:
        return Path(str(connection.settings_dict["NAME"]))


class PostgresEngine:
    """pg_dump's custom format, taken and put back with PostgreSQL's own programs."""

    suffix = ".dump"
    keeps_replaced = False

    def version(self) -> str:
        """The server's version."""
        connection.ensure_connection()
        return f"PostgreSQL {connection.pg_version}"  # type: ignore[attr-defined]  # on this backend only

    def dump(self, target: Path) -> Contents:
        """pg_dump and the counting share one snapshot; neither holds a writer up."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = f"--snapshot={cursor.fetchone()[0]}"
            self._run("pg_dump", "--format=custom", f"--file={target}", snapshot, *self._target_arguments())
            return self._look_into(cursor)

    def examine(self, backup: Path) -> Contents:
        """PostgreSQL checks keys and constraints itself while it restores."""
        name = f"ledger_verify_{uuid.uuid4().hex[:12]}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            options = ("--exit-on-error", "--no-owner", "--no-privileges", f"--dbname={name}")
            self._run("pg_restore", *options, *self._server_arguments(), str(backup))
            return self._look_into_other(name)
        except BackupFailed as error:
            return Contents(findings=[str(error)])
        finally:
            self._execute(f'DROP DATABASE IF EXISTS "{name}"')

    def replace(self, backup: Path, label: str) -> str:
        """Drop and restore in one transaction: either all of it happens or none."""
        with tempfile.TemporaryDirectory() as folder:
            script, drop = Path(folder) / "restore.sql", Path(folder) / "drop.sql"
            drop.write_text(self._drop_statement(), encoding="utf-8")
            clean = ("--no-owner", "--no-privileges", "--clean", "--if-exists")
            self._run("pg_restore", *clean, f"--file={script}", str(backup))
            connection.close()
            at_once = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
            self._run("psql", *at_once, f"--file={drop}", f"--file={script}", *self._target_arguments())
        return ""

    def _look_into_other(self, name: str) -> Contents:
        other = connection.copy()
        other.settings_dict["NAME"] = name
        try:
            with other.cursor() as cursor:
                return self._look_into(cursor)
        finally:
            other.close()

    def _look_into(self, cursor: CursorWrapper) -> Contents:
        tables = {table: self._count(cursor, table) for table in self._table_names(cursor)}
        migrations: list[tuple[str, str]] = []
        if "django_migrations" in tables:
            cursor.execute("SELECT app, name FROM django_migrations")
            migrations = cursor.fetchall()
        return Contents(tables, sorted(migrations))

    def _drop_statement(self) -> str:
        with connection.cursor() as cursor:
            names = ", ".join(connection.ops.quote_name(name) for name in self._table_names(cursor))
        return f"DROP TABLE {names} CASCADE;\n" if names else ""

    @staticmethod
    def _table_names(cursor: CursorWrapper) -> list[str]:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]

    @staticmethod
    def _count(cursor: CursorWrapper, table: str) -> int:
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - from the schema
        return int(cursor.fetchone()[0])

    @staticmethod
    def _execute(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    @staticmethod
    def _client() -> tuple[list[str], dict[str, str]]:
        """User, host, port and database as Django hands them to psql, and the password's variable."""
        arguments, variables = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
        return list(arguments[1:]), variables or {}

    def _target_arguments(self) -> list[str]:
        return self._client()[0]

    def _server_arguments(self) -> list[str]:
        return self._client()[0][:-1]

    def _run(self, program: str, *arguments: str) -> None:
        found = find_program(program)
        environment = {**os.environ, **self._client()[1]}
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL with our own arguments
            [found, *arguments],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="backslashreplace",
            check=False,
        )
        if done.returncode:
            raise BackupFailed(f"{program}: {done.stderr.strip() or f'ended with {done.returncode}'}")


def find_program(name: str) -> str:
    """A program of PostgreSQL: on the path, or where Debian keeps the newest."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = shutil.which(name) or (str(versions[-1]) if versions else None)
    if found is None:
        raise BackupFailed(
            f"{name} was not found. Install PostgreSQL's client programs "
            "(Debian, Ubuntu: apt install postgresql-client)."
        )
    return found


def sync(path: Path) -> None:
    """Wait until a file's content, or a folder's names, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

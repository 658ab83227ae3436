"""Ledgers of their own for the tests of this folder."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.site.ledgers import Ledger

# A fresh clone brings its own SQLite: trying it once, in the run on SQLite, is enough.
collect_ignore = ["test_fresh_clone.py"] if "DATABASE_URL" in os.environ else []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test database is only made where a test asks for one, and `migrated` copies it."""
    for item in items:
        if "migrated" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db)


def on_postgres(statement: str) -> None:
    """Run a statement on the server that the tests run on, outside a transaction."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(statement.encode())


def address(database: str) -> str:
    """The test server's address with another database's name."""
    return f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{database}"


@pytest.fixture(scope="session")
def migrated(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[tuple[Path, str]]:
    """A copy of the migrated test database to copy from: its data folder, and its name on PostgreSQL."""
    data = tmp_path_factory.mktemp("migrated")
    name = f"ledger_template_{uuid.uuid4().hex[:12]}"
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            connection.close()  # a database in use cannot be copied
            on_postgres(f"CREATE DATABASE {name} TEMPLATE {connection.settings_dict['NAME']}")
        else:
            connection.ensure_connection()
            with closing(sqlite3.connect(data / "ledger.sqlite3")) as copy:
                connection.connection.backup(copy)
    yield data, name if connection.vendor == "postgresql" else ""
    if connection.vendor == "postgresql":
        on_postgres(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ledger(migrated: tuple[Path, str], tmp_path: Path) -> Iterator[Ledger]:
    """A migrated ledger with nobody in it, in a folder whose name has a space."""
    template, name = migrated
    data = tmp_path / "ledger data"
    shutil.copytree(template, data)
    if not name:
        yield Ledger(data)
        return
    own = f"ledger_site_{uuid.uuid4().hex[:12]}"
    on_postgres(f"CREATE DATABASE {own} TEMPLATE {name}")
    yield Ledger(data, {"DATABASE_URL": address(own)})
    on_postgres(f"DROP DATABASE {own} WITH (FORCE)")

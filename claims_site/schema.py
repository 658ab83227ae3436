"""How the database's tables stand to this code: behind it, ahead of it, or level."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


def pending_migrations() -> list[str]:
    """Migrations of this code that the database has not seen, in the order they would run."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown_migrations() -> list[str]:
    """Migrations the database has seen and this code does not know: a newer version wrote it."""
    loader = MigrationLoader(connection)
    return unknown_among(loader.applied_migrations, loader)


def unknown_among(applied: Iterable[tuple[str, str]], loader: MigrationLoader) -> list[str]:
    """Those of the applied migrations that this code has no file for."""
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    known = loader.disk_migrations.keys() | replaced
    return sorted(f"{app}.{name}" for app, name in applied if (app, name) not in known)


def is_empty() -> bool:
    """Whether no migration ever ran here, as before the first start."""
    return not MigrationLoader(connection).applied_migrations

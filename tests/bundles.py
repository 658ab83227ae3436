"""The shipped data, loaded for the tests of a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
BUNDLES = sorted(folder for folder in FIXTURES.iterdir() if folder.is_dir())


def load(bundle: Path) -> None:
    """Import a bundle, as the first start does."""
    call_command("import_data", bundle, commit=True, actor="system", reason="shipped data")


@contextmanager
def loaded(bundle: Path, blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database with a bundle in it; tests work in savepoints, and afterwards it is gone again."""
    with blocker.unblock(), transaction.atomic():
        load(bundle)
        yield
        transaction.set_rollback(True)

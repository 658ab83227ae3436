"""One measurement in a process of its own: `python -m benchmarks.tasks TASK [ARGUMENT…]` prints it as JSON."""

import csv
import json
import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep
from typing import Any
from uuid import uuid4

import django
from django.core.management import call_command
from django.db import OperationalError, connection, models
from django.test import Client
from import_export.resources import modelresource_factory
from tablib import Dataset

django.setup()

from django.contrib.auth.models import User  # noqa: E402  # likewise

from benchmarks import changing, saving  # noqa: E402  # models are there once Django is set up
from benchmarks.ledger import fill as fill_ledger  # noqa: E402  # likewise
from claims.contract import TABLES  # noqa: E402  # likewise
from claims.models import Claim, Company, Conflict  # noqa: E402  # likewise
from claims_site import memory  # noqa: E402  # likewise
from evidence.choices import Door  # noqa: E402  # likewise
from evidence.exchange.batches import Options, open_batch  # noqa: E402  # likewise
from evidence.exchange.batches import confirm as write_batch  # noqa: E402  # likewise
from evidence.models import ImportBatch, Publisher  # noqa: E402  # likewise
from evidence.models.changes import witnessed_by  # noqa: E402  # likewise
from evidence.services.changes import change  # noqa: E402  # likewise
from evidence.services.roles import SYSTEM  # noqa: E402  # likewise
from evidence.services.undoing import undo  # noqa: E402  # likewise

QUIET = 10
"""Seconds for which others are watched while nothing is imported."""

BREAK = 0.02
"""Seconds between two records that somebody saves meanwhile."""

PAIRS = """
    SELECT COUNT(*) FROM claims_claim a JOIN claims_claim b
    ON a.subject_id = b.subject_id AND a.predicate_id = b.predicate_id AND a.id < b.id
    WHERE a.value <> b.value OR a.object_id <> b.object_id OR a.negated <> b.negated
"""
"""What one would write without the ledger: claims of one subject and predicate whose printed texts differ."""


def make() -> dict[str, Any]:
    """Make the tables."""
    call_command("migrate", verbosity=0)
    return {}


def fill(claims: str, seed: str) -> dict[str, Any]:
    """Make the tables, and write so many claims."""
    make()
    fill_ledger(int(claims), int(seed))
    return {"rows": Claim.objects.count()}


def rebuild() -> dict[str, Any]:
    """Find all conflicts anew."""
    said = StringIO()
    call_command("find_conflicts", stdout=said)
    return {"said": said.getvalue().strip(), "rows": Conflict.objects.count()}


def iterate() -> dict[str, Any]:
    """Read every claim, the floor of whatever looks at all of them."""
    return {"rows": sum(1 for _ in Claim.objects.order_by().iterator())}


def join() -> dict[str, Any]:
    """Compare printed texts in the database."""
    with connection.cursor() as cursor:
        cursor.execute(PAIRS)
        return {"rows": cursor.fetchone()[0]}


def save() -> dict[str, Any]:
    """Save one record at a time."""
    return {"saved": [asdict(one) for one in saving.measure()]}


def export(folder: str) -> dict[str, Any]:
    """Write the sheets of all tables."""
    call_command("export_data", folder, verbosity=0)
    return {}


def bring(folder: str) -> dict[str, Any]:
    """Import sheets into an empty ledger."""
    said, parts = StringIO(), changing.timed_parts()
    call_command("import_data", folder, commit=True, actor=SYSTEM, stdout=said)
    return {"said": said.getvalue().strip().splitlines()[-1], "parts": parts, "rows": Claim.objects.count()}


def alone(_: str) -> dict[str, Any]:
    """Nothing, for as long as others need to be measured."""
    sleep(QUIET)
    return {}


def look(sheet: str) -> dict[str, Any]:
    """Upload a sheet, and find out what importing it would do."""
    user = User.objects.create_superuser(f"importer-{uuid4().hex}")
    with Path(sheet).open("rb") as upload:
        batch = open_batch(owner=user, upload=upload, name=Path(sheet).name, tables=TABLES, options=Options())
    reader = Client(SERVER_NAME="localhost")
    reader.force_login(user)
    page = len(reader.get(f"/admin/evidence/importbatch/{batch.pk}/change/").content)
    return {"rows": batch.created + batch.updated + batch.unchanged, "page": page}


def confirm(_: str) -> dict[str, Any]:
    """Write what was found out."""
    opened = ImportBatch.objects.select_related("owner").latest("opened")
    batch = write_batch(opened, user=opened.owner, tables=TABLES)
    return {"rows": batch.created}


def take_back(_: str) -> dict[str, Any]:
    """Undo what was written."""
    batch = ImportBatch.objects.select_related("change").latest("opened")
    assert batch.change is not None, "only what was written is undone"  # noqa: S101  # for the type checker
    undo(undone=batch.change, actor=User.objects.get(username=SYSTEM), door=Door.COMMAND)
    return {"rows": Company.objects.count()}


class Unwitnessed:
    """Is told of every write, and keeps nothing."""

    def wrote(self, record: models.Model) -> None:
        """A record was saved."""

    deleting = deleted = wrote


def peer(sheet: str) -> dict[str, Any]:
    """The same rows by the library itself, past our history."""
    text = Path(sheet).read_text(encoding="utf-8")
    names = next(csv.reader([text.partition("\n")[0]]))
    options = {"import_id_fields": ["slug"], "skip_unchanged": False, "report_skipped": False}
    resource = modelresource_factory(Company, meta_options={"fields": names, **options})
    with witnessed_by(Unwitnessed()):
        resource().import_data(Dataset().load(text, format="csv"), raise_errors=True, use_transactions=True)
    return {"rows": Company.objects.count()}


def others() -> dict[str, Any]:
    """Save single records until the input ends; the longest that one took."""
    user, longest, saved = User.objects.get(username=SYSTEM), 0.0, 0
    ended = Thread(target=sys.stdin.read)
    ended.start()
    while ended.is_alive():
        started = perf_counter()
        with (
            suppress(OperationalError),
            change(actor=user, door=Door.ADMIN),
        ):  # who has waited too long gives up
            Publisher.objects.create(slug=f"publisher-{uuid4().hex}", name="A publisher")
        if saved:
            longest = max(longest, perf_counter() - started)
        else:  # which also asks for permissions, that are remembered
            sys.stdout.write("begun\n")
            sys.stdout.flush()
        saved += 1
        sleep(BREAK)
    return {"longest": longest, "rows": saved}


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    task.__name__: task
    for task in (
        make,
        fill,
        rebuild,
        iterate,
        join,
        save,
        export,
        bring,
        alone,
        look,
        confirm,
        take_back,
        peer,
        others,
    )
}


def main(name: str, *arguments: str) -> None:
    """Run a task; its time, and the most memory that this process ever held."""
    memory.settle()  # as the server does once it is loaded
    started = perf_counter()
    measured = TASKS[name](*arguments)
    measured["seconds"] = perf_counter() - started
    measured["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps(measured) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

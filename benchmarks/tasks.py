"""One measurement in a process of its own: `python -m benchmarks.tasks TASK [ARGUMENT…]` prints it as JSON."""

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from io import StringIO
from time import perf_counter
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

django.setup()

from benchmarks import changing, saving  # noqa: E402  # models are there once Django is set up
from benchmarks.ledger import fill as fill_ledger  # noqa: E402  # likewise
from claims.models import Claim, Conflict  # noqa: E402  # likewise
from evidence.services.roles import SYSTEM  # noqa: E402  # likewise

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


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    task.__name__: task for task in (make, fill, rebuild, iterate, join, save, export, bring)
}


def main(name: str, *arguments: str) -> None:
    """Run a task; its time, and the most memory that this process ever held."""
    started = perf_counter()
    measured = TASKS[name](*arguments)
    measured["seconds"] = perf_counter() - started
    measured["mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps(measured) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

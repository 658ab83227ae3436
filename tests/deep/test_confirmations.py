"""Two confirmations of one upload at the same moment write one import, however often it is tried."""

from pathlib import Path

import pytest

from tests.site.ledgers import Ledger

TRIES = 50

pytestmark = pytest.mark.deep

CONFIRM_TWICE = f"""
from io import BytesIO
from threading import Barrier, Thread
from django.contrib.auth.models import User
from django.db import connection
from claims.contract import TABLES
from evidence.exchange.batches import Options, confirm, open_batch
from evidence.models import Change, ImportBatch
system = User.objects.get(username="system")
def confirm_too(key, start, found):
    start.wait(timeout=30)
    found.append(confirm(ImportBatch.objects.get(pk=key), user=system, tables=TABLES).change_id)
    connection.close()
once = 0
for number in range({TRIES}):
    sheet = BytesIO(f"slug,name\\nperson-{{number}},Person\\n".encode())
    batch = open_batch(owner=system, upload=sheet, name="people.csv", tables=TABLES, options=Options())
    start, found = Barrier(2), []
    threads = [Thread(target=confirm_too, args=(batch.pk, start, found)) for _ in range(2)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    once += len(found) == 2 and len(set(found)) == 1
print("once", once, "of", Change.objects.count())
"""


def test_two_confirmations_at_once_write_one_import(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "data")
    ledger.succeed("migrate", "--verbosity=0")
    assert f"once {TRIES} of {TRIES}" in ledger.succeed("shell", "--command", CONFIRM_TWICE)

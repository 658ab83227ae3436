"""The served API, asked everything that its document allows and forbids: by schemathesis, with all checks and phases.

Tables are alike by reflection. So by default a few are asked that have together whatever a table can have, each some
times; SCHEMATHESIS_EXAMPLES=100 asks every operation that often, which takes hours with all people and tables.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from claims.api.tables import API
from evidence.api.parameters import names_of
from evidence.api.resources import Resource
from tests.site.ledgers import ROOT, Ledger
from tests.site.test_serve import Running, served
from tests.test_quality import PROGRAMS

pytestmark = pytest.mark.deep

EXAMPLES = os.environ.get("SCHEMATHESIS_EXAMPLES", "")
USUAL = "10"
SEED = "1"
PEOPLE = ("", "reader", "curator")


@pytest.fixture
def running(ledger: Ledger) -> Iterator[Running]:
    ledger.variables["LEDGER_UNTHROTTLED"] = "1"
    with served(ledger) as started:
        yield started


def traits(resource: Resource) -> set[str]:
    """What a table has that others may lack: kinds of columns, parameters of its own, parts of a key."""
    kinds = {type(column.field).__name__ for column in resource.columns.values()}
    own = {name for one in resource.filters for name in names_of(one.parameters)}
    return kinds | own | {f"key of {len(resource.model.KEY)}", f"free key: {resource.has_free_key}"}


def telling() -> list[str]:
    """Tables that have together all that any has, the ones that have most first."""
    chosen: list[str] = []
    missing = set().union(*map(traits, API.by_name.values()))
    while missing:
        best = max(API.by_name.values(), key=lambda resource: len(traits(resource) & missing))
        chosen.append(best.name)
        missing -= traits(best)
    return chosen


@pytest.mark.parametrize("who", PEOPLE, ids=lambda who: who or "nobody")
def test_every_answer_is_what_the_document_says(
    who: str, ledger: Ledger, running: Running, tmp_path: Path
) -> None:
    words = [str(PROGRAMS / "schemathesis"), "--config-file", str(ROOT / "schemathesis.toml"), "run"]
    words += [
        f"{running.address}api/schema/",
        "--seed",
        SEED,
        "--max-examples",
        EXAMPLES or USUAL,
        "--workers",
        "2",
    ]
    if not EXAMPLES:
        words += [word for tag in ("tables", *telling()) for word in ("--include-tag", tag)]
    if who:
        ledger.succeed("add_user", who, "--role", who)
        token = ledger.succeed("make_token", who).split()[-1]
        words += ["-H", f"Authorization: Token {token}"]
    done = subprocess.run(
        words, cwd=tmp_path, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]

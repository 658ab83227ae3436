"""The served API, asked everything that its document allows and forbids, by schemathesis with all of its checks.

Tables are alike by reflection. So by default a few are asked that have together whatever a table can have: with all
phases as the one who sees most, and without the long one (which walks through the limits of every parameter) as the
others. SCHEMATHESIS_EXAMPLES=100 asks every operation that often, with all phases, as everybody: that takes an hour.
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
SEES_MOST = "curator"
PEOPLE = ("", "reader", SEES_MOST)


@pytest.fixture
def running(ledger: Ledger) -> Iterator[Running]:
    ledger.variables["LEDGER_UNTHROTTLED"] = "1"
    with served(ledger) as started:
        yield started


def traits(resource: Resource) -> set[str]:
    """What a table has that others may lack: kinds of columns, parameters of its own, parts of a key."""
    kinds = {column.kind.value for column in resource.columns.values()}
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


def asked(ledger: Ledger, running: Running, who: str, place: Path) -> subprocess.CompletedProcess[str]:
    """What schemathesis says, asking as this person; as nobody where there is none."""
    words = [str(PROGRAMS / "schemathesis"), "--config-file", str(ROOT / "schemathesis.toml"), "run"]
    words += [
        f"{running.address}api/schema/",
        "--seed",
        SEED,
        "--max-examples",
        EXAMPLES or USUAL,
        "--workers",
        "1",  # several share what Python 3.11 counts of how deep it parses, which then ends in a SystemError
    ]
    if not EXAMPLES:
        words += [word for tag in ("tables", *telling()) for word in ("--include-tag", tag)]
        words += [] if who == SEES_MOST else ["--phases", "examples,fuzzing,stateful"]
    if who:
        ledger.succeed("add_user", who, "--role", who)
        token = ledger.succeed("make_token", who).split()[-1]
        words += ["-H", f"Authorization: Token {token}"]
    return subprocess.run(
        words, cwd=place, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def test_every_answer_is_what_the_document_says(ledger: Ledger, running: Running, tmp_path: Path) -> None:
    for who in PEOPLE:
        done = asked(ledger, running, who, tmp_path)
        assert done.returncode == 0, f"As {who or 'nobody'}: {done.stdout[-20_000:]}{done.stderr[-2_000:]}"

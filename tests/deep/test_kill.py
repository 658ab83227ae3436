"""An import killed at any moment leaves nothing or everything, and the next one works."""

import random
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.sheets import sheet
from tests.site.ledgers import Ledger

KILLS = 20
CLAIMS = 2500
"""Each with one citation: 5,000 rows an import."""

COUNTED = ("claims_claim", "claims_historicalclaim", "claims_citation", "claims_historicalcitation")
NOTHING, EVERYTHING = {0}, {CLAIMS}

pytestmark = pytest.mark.deep


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A ledger with all that the claims of the big import refer to."""
    folder = tmp_path_factory.mktemp("furnished")
    ledger = Ledger(folder / "data")
    ledger.succeed("migrate", "--verbosity=0")
    small = folder / "sheets"
    small.mkdir()
    sheet(small, "sources.csv", "slug,title,kind,access,review\nrelease,R,press_release,public,accepted\n")
    sheet(small, "companies.csv", "slug,name,review\nnano-one,Nano One,accepted\n")
    sheet(
        small, "predicates.csv", "slug,label,value_type,persistence,review\nsays,says,text,lasting,accepted\n"
    )
    ledger.succeed("import_data", small, "--commit", "--as=system")
    return ledger


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 5,000 rows: accepted facts, and the citation of each."""
    folder = tmp_path_factory.mktemp("big")
    numbers = range(CLAIMS)
    claims = [f"c{n},Claim {n}.,nano-one,says,value {n},actual,fact,accepted" for n in numbers]
    citations = [f"q{n},c{n},release,supports,p{n}" for n in numbers]
    sheet(
        folder,
        "claims.csv",
        "\n".join(["slug,statement,subject,predicate,value,modality,basis,review", *claims]),
    )
    sheet(folder, "citations.csv", "\n".join(["slug,claim,source,stance,locator", *citations]))
    return folder


def start(ledger: Ledger, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ledger.command("import_data", folder, "--commit", "--as=system"),
        env=ledger.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def copy_of(ledger: Ledger, folder: Path) -> Ledger:
    """The same ledger in another folder, its database not in use."""
    shutil.copytree(ledger.data, folder)
    return Ledger(folder)


def counts(ledger: Ledger) -> set[int]:
    """How many rows each table of the big import has, and whether the file is sound."""
    with closing(sqlite3.connect(ledger.data / "ledger.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        return {database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED}


@pytest.fixture(scope="module")
def usual_seconds(furnished: Ledger, big: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long the import takes here when nobody kills it, so that the kills fall within."""
    ledger = copy_of(furnished, tmp_path_factory.mktemp("whole") / "data")
    began = time.monotonic()
    ledger.succeed("import_data", big, "--commit", "--as=system")
    assert counts(ledger) == EVERYTHING
    return time.monotonic() - began


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_killed_import_leaves_nothing_or_everything(
    seed: int, furnished: Ledger, big: Path, usual_seconds: float, tmp_path: Path
) -> None:
    ledger = copy_of(furnished, tmp_path / "data")
    moment = random.Random(seed).uniform(0.2, 1.05)  # noqa: S311 - the same moments at every run
    importing = start(ledger, big)
    try:
        importing.wait(timeout=moment * usual_seconds)
    except subprocess.TimeoutExpired:
        importing.kill()
        importing.wait()
    assert counts(ledger) in (NOTHING, EVERYTHING)
    if seed % 5 == 0:
        ledger.succeed("import_data", big, "--commit", "--as=system")
        assert counts(ledger) == EVERYTHING

"""The shipped data: it loads, loading it again changes nothing, and it is exported as it was written."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from claims.contract import TABLES
from claims.models import Citation, Claim, Conflict, Entity
from claims.services.duplicates import proposals
from evidence.contract import by_name
from evidence.exchange.sheets import sheet_files, table_name
from evidence.models import Change
from tests.bundles import BUNDLES, load, loaded
from tests.factories import CompanyFactory
from tests.factories.base import some_change

SPECIMENS = Path(__file__).resolve().parent / "specimens"

# Tables of the report: rows, columns, and what some of their cells say as (row, column): (predicate, value or object).
PRINTED = {
    "3.6 t1": (
        5,
        3,
        {
            (1, 2): ("party", "pulead"),
            (3, 2): ("subject-matter", "lnmo"),
            (5, 1): ("ended", "Nov. 2021"),
            (5, 3): ("significance", "Strategic pivot to LG"),
        },
    ),
    "3.8 t1": (
        6,
        4,
        {
            (1, 2): ("plant-type", "cell"),
            (2, 4): ("capacity", "~5 GWh"),
            (4, 1): ("located-in", "lansing"),
            (4, 4): ("material-demand", "~75,000 tpa"),
            (6, 3): ("cell-chemistry", "lmr"),
        },
    ),
    "8 t1": (
        22,
        3,
        {
            (1, 1): ("dated", "Dec. 2018"),
            (10, 2): ("amount", "CAD 10M"),
            (14, 3): ("same-as", "one-pot"),
            (22, 1): ("production-start", "2027–28"),
        },
    ),
    "10.2 t1": (
        5,
        3,
        {
            (1, 1): ("holds-position", "Chairman"),
            (3, 2): ("became", "arcadium"),
            (4, 3): ("connects-to", "canadian-lithium-network"),
        },
    ),
}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", params=BUNDLES, ids=lambda bundle: bundle.name)
def bundle(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """A bundle, loaded once for all tests here; each works in a savepoint of its own."""
    with loaded(request.param, django_db_blocker):
        yield request.param


def test_loading_a_bundle_twice_changes_nothing(bundle: Path) -> None:
    assert Change.objects.get().actor.username == "system"
    load(bundle)
    assert Change.objects.count() == 1


def test_a_bundle_is_exported_as_it_was_written_byte_for_byte(bundle: Path, tmp_path: Path) -> None:
    call_command("export_data", tmp_path)
    written = {path.name: path.read_bytes() for path in sheet_files([bundle])}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == written


def test_every_row_of_a_bundle_says_where_it_stands_in_review(bundle: Path) -> None:
    for path in sheet_files([bundle]):
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle))
        assert rows, f"{path.name} is empty"
        if "review" in by_name(TABLES)[table_name(path)].by_name:
            assert {row["review"] for row in rows} == {"accepted"}, path.name


def test_the_disagreements_that_reading_shows_are_those_that_the_rule_finds(bundle: Path) -> None:
    with (SPECIMENS / "conflicts_of_the_documents.csv").open(encoding="utf-8", newline="") as handle:
        read = {
            tuple(row[name] for name in ("subject", "predicate", "object", "members"))
            for row in csv.DictReader(handle)
        }
    found = {
        (
            conflict.subject.slug,
            conflict.predicate.slug,
            conflict.about.slug if conflict.about else "",
            "|".join(conflict.members.order_by("slug").values_list("slug", flat=True)),
        )
        for conflict in Conflict.objects.filter(kind="found").select_related("subject", "predicate", "about")
    }
    assert found == read


def test_the_first_investigation_is_there_with_its_disagreements(bundle: Path) -> None:
    assert Entity.objects.count() >= 290
    amounts = Claim.objects.filter(subject__slug="rio-tinto-investment-2022", predicate__slug="amount")
    assert {claim.value for claim in amounts} == {"US$10M", "CAD 10M"}
    assert all(claim.citations.exists() for claim in Claim.objects.facts())


def cells(table: str) -> dict[int, dict[int, set[tuple[str, str]]]]:
    """A table of the report from what is claimed of its cells: row, column, and there predicate and value or object."""
    rows: dict[int, dict[int, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    citations = Citation.objects.filter(
        source__slug="nano-one-lg-report-2026", locator__startswith=f"{table} r"
    ).select_related("claim__predicate", "claim__object")
    for citation in citations:
        row, column = map(int, re.findall(r"[rc](\d+)", citation.locator))
        claim = citation.claim
        said = claim.value or (claim.object.slug if claim.object else "")
        rows[row][column].add((claim.predicate.slug, said))
    return rows


def test_tables_of_the_report_can_be_put_together_again_from_their_claims(bundle: Path) -> None:
    for table, (height, width, known) in PRINTED.items():
        rows = cells(table)
        rows.pop(0, None)
        assert sorted(rows) == list(range(1, height + 1)), table
        for row, columns in rows.items():
            assert sorted(columns) == list(range(1, width + 1)), f"{table} r{row}"
        for (row, column), said in known.items():
            assert said in rows[row][column], f"{table} r{row} c{column}"


def rows_of(bundle: Path, table: str) -> list[dict[str, str]]:
    (path,) = bundle.glob(f"[0-9][0-9]_{table}.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_readme_counts_what_the_sheets_hold() -> None:
    (bundle,) = BUNDLES
    readme = (bundle / "README.md").read_text(encoding="utf-8")
    told = re.search(
        r"state: ([\d,]+) entities, ([\d,]+) sources, and ([\d,]+) claims with\s+([\d,]+) citations", readme
    )
    assert told is not None
    tables = ("companies", "people", "agreements", "investments", "plants", "patents", "events", "topics")
    entities = sum(len(rows_of(bundle, table)) for table in tables)
    others = [len(rows_of(bundle, table)) for table in ("sources", "claims", "citations")]
    assert [int(number.replace(",", "")) for number in told.groups()] == [entities, *others]


def test_the_readme_names_every_conflict_once_where_it_belongs() -> None:
    (bundle,) = BUNDLES
    readme = (bundle / "README.md").read_text(encoding="utf-8")
    found, noted = readme.split("### Found by rule")[1].split("### What only seems")[0].split("### Noted")
    for kind, section in (("found", found), ("noted", noted)):
        listed = re.findall(r"\| `([a-z0-9-]+)` \|$", section, re.MULTILINE)
        assert sorted(listed) == sorted(
            row["slug"] for row in rows_of(bundle, "conflicts") if row["kind"] == kind
        )


def test_free_texts_are_at_most_a_quarter_of_the_claims() -> None:
    (bundle,) = BUNDLES
    texts = {row["slug"] for row in rows_of(bundle, "predicates") if row["value_type"] == "text"}
    claims = rows_of(bundle, "claims")
    assert 4 * sum(row["predicate"] in texts for row in claims) <= len(claims)


def test_no_two_shipped_records_look_like_one(bundle: Path) -> None:
    """LG Chem and LG Energy Solution, One-Pot and LPF are what the investigation holds apart."""
    found, number = proposals()
    assert (found, number) == ([], 0)
    with some_change():
        for name in ("LG Chem Ltd.", "LG Energy Soluton"):
            CompanyFactory(name=name, slug=name.lower().replace(" ", "-").strip(".") + "-again")
    assert {frozenset((one.first.slug, one.second.slug)) for one in proposals()[0]} == {
        frozenset(("lg-chem", "lg-chem-ltd-again")),
        frozenset(("lg-energy-solution", "lg-energy-soluton-again")),
    }

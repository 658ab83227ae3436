"""The shipped data: it loads, loading it again changes nothing, and it is exported as it was written."""

import csv
from pathlib import Path

import pytest
from django.core.management import call_command

from claims.contract import TABLES
from claims.models import Claim, Conflict, Entity
from evidence.contract import by_name
from evidence.exchange.sheets import sheet_files, table_name
from evidence.models import Change

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
SPECIMENS = Path(__file__).resolve().parent / "specimens"
BUNDLES = sorted(folder for folder in FIXTURES.iterdir() if folder.is_dir())

pytestmark = pytest.mark.django_db


@pytest.fixture(params=BUNDLES, ids=lambda bundle: bundle.name)
def bundle(request: pytest.FixtureRequest) -> Path:
    return request.param


def load(bundle: Path) -> None:
    call_command("import_data", bundle, commit=True, actor="system", reason="shipped data")


def test_loading_a_bundle_twice_changes_nothing(bundle: Path) -> None:
    load(bundle)
    assert Change.objects.get().actor.username == "system"
    load(bundle)
    assert Change.objects.count() == 1


def test_a_bundle_is_exported_as_it_was_written_byte_for_byte(bundle: Path, tmp_path: Path) -> None:
    load(bundle)
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


def test_the_disagreements_that_reading_shows_are_those_that_the_rule_finds() -> None:
    load(FIXTURES / "nano-one-lg")
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


def test_the_first_investigation_is_there_with_its_disagreements() -> None:
    load(FIXTURES / "nano-one-lg")
    assert Entity.objects.count() >= 290
    amounts = Claim.objects.filter(subject__slug="rio-tinto-investment-2022", predicate__slug="amount")
    assert {claim.value for claim in amounts} == {"US$10M", "CAD 10M"}
    assert all(claim.citations.exists() for claim in Claim.objects.facts())

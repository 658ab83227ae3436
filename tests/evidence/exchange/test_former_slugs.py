"""Sheets that name a record by a slug that leads to another: every cell is read as that other record."""

from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from claims.contract import TABLES
from claims.models import Claim, Company
from evidence.contract import by_name
from evidence.exchange.previews import preview_of, rehearsed_plan
from evidence.exchange.readings import Empty
from evidence.exchange.rows import Outcome
from evidence.exchange.sheets import read_sheets
from evidence.models import Change
from evidence.services.slugs import is_free, numbered
from tests.factories import (
    AgreementFactory,
    ClaimFactory,
    CompanyFactory,
    FormerSlugFactory,
    PredicateFactory,
)
from tests.sheets import bring_in, outcomes, plan_of, sheet, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    """A company with which another was merged."""
    found = CompanyFactory(slug="lg-chem", name="LG Chem", country="CA")
    FormerSlugFactory(slug="lg-chem-ltd", entity=found)
    return found


def test_references_by_a_former_slug_are_read_as_the_record_it_leads_to(
    company: Company, system: User, tmp_path: Path
) -> None:
    PredicateFactory(slug="makes")
    text = "slug,statement,subject,predicate,value,modality\nc,LG makes cathodes.,lg-chem-ltd,makes,cathodes,actual\n"
    bring_in(sheet(tmp_path, "claims.csv", text), actor=system)
    assert Claim.objects.get().subject.slug == "lg-chem"


def test_naming_a_record_by_both_slugs_names_it_once_and_changes_nothing(
    company: Company, tmp_path: Path
) -> None:
    AgreementFactory(slug="deal", parties=[company])
    plan = plan_of(sheet(tmp_path, "agreements.csv", "slug,parties\ndeal,lg-chem-ltd|lg-chem\n"))
    assert outcomes(plan) == [Outcome.UNCHANGED]


def test_a_row_under_a_former_slug_changes_the_record_it_leads_to_and_says_so(
    company: Company, system: User, tmp_path: Path
) -> None:
    path = sheet(tmp_path, "companies.csv", "slug,country\nlg-chem-ltd,KR\n")
    (row,) = plan_of(path).rows
    assert (row.outcome, row.former, row.changes) == (
        Outcome.UPDATE,
        "lg-chem-ltd",
        {"country": ("CA", "KR")},
    )
    out = StringIO()
    call_command("import_data", str(path), "--commit", "--as=system", stdout=out)
    assert (
        "companies.csv:2 slug: “lg-chem-ltd” leads to “lg-chem”, with which its record was merged"
        in out.getvalue()
    )
    assert [(one.slug, one.country) for one in Company.objects.all()] == [("lg-chem", "KR")]


def test_what_an_old_export_says_of_both_records_is_told_twice(company: Company, tmp_path: Path) -> None:
    path = sheet(tmp_path, "companies.csv", "slug,name\nlg-chem,LG Chem\nlg-chem-ltd,LG Chem Ltd.\n")
    assert told(plan_of(path).faults) == [
        (
            "companies.csv",
            3,
            "slug",
            "lg-chem-ltd",
            "“lg-chem-ltd” leads to “lg-chem”, which stands already in companies.csv:2; a row is told once.",
        )
    ]


def test_a_former_slug_of_another_type_is_not_taken(company: Company, tmp_path: Path) -> None:
    path = sheet(tmp_path, "plants.csv", "slug,name\nlg-chem-ltd,A plant\n")
    assert [fault.message for fault in plan_of(path).faults] == [
        "“lg-chem-ltd” is a former slug of the company “lg-chem”; choose another."
    ]


def test_a_slug_proposed_from_a_name_is_no_former_one(company: Company, tmp_path: Path) -> None:
    path = sheet(tmp_path, "companies.csv", "name\nLG Chem Ltd.\n")
    (fault,) = plan_of(path).faults
    assert "“lg-chem”, proposed from the name, is taken; write it to change that row" in fault.message
    assert not is_free(Company, "lg-chem-ltd")
    assert numbered(Company, "lg-chem-ltd", ()) == "lg-chem-ltd-2"


def test_an_export_from_before_a_merge_comes_back_where_it_names_the_record(
    company: Company, system: User, tmp_path: Path
) -> None:
    ClaimFactory(slug="c", subject=company)
    changes = Change.objects.count()
    path = sheet(tmp_path, "claims.csv", "slug,subject\nc,lg-chem-ltd\n")
    assert bring_in(path, actor=system) is None
    assert Change.objects.count() == changes


def test_a_preview_in_the_browser_names_both_slugs(company: Company, system: User, tmp_path: Path) -> None:
    path = sheet(tmp_path, "companies.csv", "slug,country\nlg-chem-ltd,KR\n")
    sheets = read_sheets([path], by_name(TABLES))
    (row,) = preview_of(rehearsed_plan(sheets, TABLES, empty=Empty.KEEP, actor=system)).rows
    assert (row.key, row.outcome) == ("lg-chem-ltd → lg-chem", "update")

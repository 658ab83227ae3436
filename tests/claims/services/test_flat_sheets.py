"""Claims with their citations in one sheet, as people keep them: a citation a row, the claim repeated."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from claims.models import Citation, Claim
from evidence.exchange.rows import Outcome
from tests.factories import PlantFactory, PredicateFactory, SourceFactory
from tests.sheets import bring_in, outcomes, plan_of, sheet, told

pytestmark = pytest.mark.django_db

HEAD = "slug,statement,subject,predicate,value,modality,source,stance,locator,quote"


@pytest.fixture(autouse=True)
def surroundings() -> None:
    PlantFactory(slug="candiac")
    PredicateFactory(slug="says", value_type="text")
    for slug in ("report", "article"):
        SourceFactory(slug=slug)


def flat(folder: Path, *rows: str, head: str = HEAD) -> Path:
    return sheet(folder, "claims.csv", "\n".join([head, *rows]) + "\n")


def test_rows_with_one_slug_are_one_claim_with_several_citations(tmp_path: Path, system: User) -> None:
    path = flat(
        tmp_path,
        "runs,It runs.,candiac,says,well,actual,report,supports,p1 s1,it runs well",
        "runs,It runs.,candiac,says,well,actual,article,refutes,p2,",
        "stands,It stands.,candiac,says,still,actual,report,mentions,p3,",
    )
    bring_in(path, actor=system)
    assert set(Claim.objects.values_list("slug", "value")) == {("runs", "well"), ("stands", "still")}
    assert set(Citation.objects.values_list("claim__slug", "source__slug", "stance", "locator", "quote")) == {
        ("runs", "report", "supports", "p1 s1", "it runs well"),
        ("runs", "article", "refutes", "p2", ""),
        ("stands", "report", "mentions", "p3", ""),
    }
    assert set(outcomes(plan_of(path))) == {Outcome.UNCHANGED}
    changed = plan_of(flat(tmp_path, "runs,It runs.,candiac,says,well,actual,report,supports,p1 s1,it runs"))
    assert [(row.table, row.outcome) for row in changed.rows] == [
        ("claims", Outcome.UNCHANGED),
        ("citations", Outcome.UPDATE),
    ]


def test_a_claim_may_say_itself_once_and_need_no_slug(tmp_path: Path, system: User) -> None:
    bring_in(
        flat(
            tmp_path,
            ",It runs.,candiac,says,well,actual,report,supports,p1,",
            "it-runs,,,,,,article,supports,p2,",
            ",It stands.,candiac,says,still,actual,,,,",
        ),
        actor=system,
    )
    assert set(Claim.objects.values_list("slug", flat=True)) == {"it-runs", "it-stands"}
    assert Citation.objects.filter(claim__slug="it-runs").count() == 2
    assert not Citation.objects.filter(claim__slug="it-stands").exists()


def test_rows_of_one_claim_that_disagree_are_named_with_both(tmp_path: Path) -> None:
    plan = plan_of(
        flat(
            tmp_path,
            "runs,It runs.,candiac,says,well,actual,report,supports,p1,",
            "runs,It runs.,candiac,says,badly,actual,article,supports,p2,",
        )
    )
    assert told(plan.faults) == [
        ("claims.csv", 3, "value", "badly", "Line 2 says “well” of the same record; make them agree.")
    ]


def test_what_is_wrong_with_a_citation_is_told_at_its_row_and_column(tmp_path: Path) -> None:
    plan = plan_of(flat(tmp_path, "runs,It runs.,candiac,says,well,actual,reprot,suports,p1,"))
    assert [(line, column, value) for _, line, column, value, _ in told(plan.faults)] == [
        (2, "source", "reprot"),
        (2, "stance", "suports"),
    ]
    head = HEAD.replace("locator", "lokator")
    assert [fault.column for fault in plan_of(flat(tmp_path, head=head)).faults] == ["lokator"]


def test_a_citation_may_have_its_slug_beside_it(tmp_path: Path, system: User) -> None:
    head = f"{HEAD},citation_slug"
    bring_in(
        flat(tmp_path, "runs,It runs.,candiac,says,well,actual,report,supports,p1,,place", head=head),
        actor=system,
    )
    assert Citation.objects.get().slug == "place"
    plan = plan_of(flat(tmp_path, "runs,,,,,,report,refutes,p9,,place", head=head))
    assert [row.outcome for row in plan.rows] == [Outcome.UNCHANGED, Outcome.UPDATE]


def test_two_places_alike_need_slugs(tmp_path: Path) -> None:
    row = "runs,It runs.,candiac,says,well,actual,report,supports,p1,"
    (fault,) = plan_of(flat(tmp_path, row, row)).faults
    assert "write the slugs of both" in fault.message

"""Writing a plan: everything or nothing, only what was planned, and only by who may."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from claims.models import Claim, Company, Ownership
from evidence.exchange.writing import ImportRefused, write_plan
from evidence.models import Change, Publisher, Source
from evidence.services.changes import change
from tests.factories import (
    ClaimFactory,
    CompanyFactory,
    PremiseFactory,
    PublisherFactory,
    SourceFactory,
)
from tests.sheets import bring_in, plan_of, sheet, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_rule_over_several_rows_is_told_at_the_row_that_brought_it(folder: Path, curator: User) -> None:
    for slug in ("lg", "gm", "ultium"):
        CompanyFactory(slug=slug, name=slug)
    text = "slug,owner,owned,stake_percent\none,lg,ultium,60%\ntwo,gm,ultium,50%\n"
    with pytest.raises(ImportRefused) as refused:
        bring_in(sheet(folder, "ownerships.csv", text), actor=curator)
    ((file, line, column, _, said),) = told(refused.value.faults)
    assert (file, line in (2, 3), column) == ("ownerships.csv", True, "stake_percent")
    assert said.startswith("The shares add up to 110 %: lg 60 %, gm 50 %;")
    assert not Ownership.objects.exists()


def test_a_record_changed_since_the_plan_is_not_written_over(
    folder: Path, curator: User, system: User
) -> None:
    publisher = PublisherFactory(slug="reuters")
    plan = plan_of(sheet(folder, "publishers.csv", "slug,name\nnew,New\nreuters,From the sheet\n"))
    with change(actor=system, door="admin"):
        publisher.name = "From a form"
        publisher.save()
    with pytest.raises(ImportRefused) as refused:
        write_plan(plan, actor=curator)
    said = "Somebody changed this record since the import was read; look at it and import again."
    assert told(refused.value.faults) == [("publishers.csv", 3, "", "", said)]
    assert list(Publisher.objects.values_list("name", flat=True)) == ["From a form"]


def test_a_slug_added_since_the_plan_is_not_written_over(folder: Path, curator: User) -> None:
    plan = plan_of(sheet(folder, "companies.csv", "slug,name\nlg,LG\n"))
    CompanyFactory(slug="lg", name="LG Corp")
    with pytest.raises(ImportRefused) as refused:
        write_plan(plan, actor=curator)
    said = "Somebody added this slug since the import was read; import again."
    assert told(refused.value.faults) == [("companies.csv", 2, "slug", "lg", said)]
    assert Company.objects.get().name == "LG Corp"


def test_a_record_deleted_since_the_plan_is_not_made_again(folder: Path, curator: User) -> None:
    publisher = PublisherFactory(slug="reuters")
    plan = plan_of(sheet(folder, "publishers.csv", "slug,name\nreuters,From the sheet\n"))
    with change(actor=curator, door="admin"):
        publisher.delete()
    with pytest.raises(ImportRefused, match="Somebody changed this record since the import was read"):
        write_plan(plan, actor=curator)
    assert not Publisher.objects.exists()


def test_a_part_added_since_the_plan_is_not_written_twice(folder: Path, curator: User) -> None:
    one, other = ClaimFactory(slug="one"), ClaimFactory(slug="other")
    plan = plan_of(sheet(folder, "premises.csv", "conclusion,premise,role\none,other,necessary\n"))
    PremiseFactory(conclusion=one, premise=other)
    with pytest.raises(ImportRefused, match="Somebody added"):
        write_plan(plan, actor=curator)
    assert one.premises.count() == 1


CIRCLES = {
    "of itself": (
        "A source cannot originate from itself; leave the origin empty.",
        "slug,title,kind,access,originates_from\na,A,analysis,public,a\n",
    ),
    "of two": (
        "This closes a circle: a → b → a; leave one of these links out.",
        "slug,title,kind,access,part_of\na,A,analysis,public,b\nb,B,analysis,public,a\n",
    ),
}


@pytest.mark.parametrize(("said", "text"), CIRCLES.values(), ids=CIRCLES.keys())
def test_new_rows_that_refer_to_each_other_in_a_circle_are_refused(
    said: str, text: str, folder: Path, curator: User
) -> None:
    with pytest.raises(ImportRefused) as refused:
        bring_in(sheet(folder, "sources.csv", text), actor=curator)
    assert [fault[4] for fault in told(refused.value.faults)] == [said]
    assert not Source.objects.exists()


def test_a_constraint_between_new_rows_is_told_at_its_cell(folder: Path, curator: User) -> None:
    sheet(folder, "05_companies.csv", "slug,name\nlg,LG\n")
    sheet(folder, "17_ownerships.csv", "slug,owner,owned\nown,lg,lg\n")
    with pytest.raises(ImportRefused) as refused:
        bring_in(folder, actor=curator)
    assert told(refused.value.faults) == [
        ("17_ownerships.csv", 2, "owner", "lg", "Nothing owns itself; name another owner.")
    ]
    assert not Company.objects.exists()


def test_what_a_record_refers_to_deleted_since_the_plan_refuses_the_import(
    folder: Path, curator: User
) -> None:
    publisher = PublisherFactory(slug="reuters")
    text = "slug,title,kind,access,publisher\nrelease,R,press_release,public,reuters\n"
    plan = plan_of(sheet(folder, "sources.csv", text))
    with change(actor=curator, door="admin"):
        publisher.delete()
    with pytest.raises(ImportRefused) as refused:
        write_plan(plan, actor=curator)
    said = "What it names was deleted since the import was read; import again."
    assert told(refused.value.faults) == [("sources.csv", 2, "publisher", "reuters", said)]
    assert not Source.objects.exists()


def test_more_parts_than_one_query_takes_enter_in_one_change(folder: Path, curator: User) -> None:
    claim, source = ClaimFactory(slug="one"), SourceFactory(slug="release")
    rows = [f"c{number},one,release,supports" for number in range(1001)]
    path = sheet(folder, "citations.csv", "\n".join(["slug,claim,source,stance", *rows]))
    bring_in(path, actor=curator)
    assert claim.citations.count() == source.citations.count() == 1001
    assert Claim.history.count() == 2


def test_a_plan_with_faults_is_not_written(folder: Path, curator: User) -> None:
    plan = plan_of(sheet(folder, "publishers.csv", "slug,name\nnew,New\nother,\n"))
    with pytest.raises(ImportRefused) as refused:
        write_plan(plan, actor=curator)
    assert refused.value.faults == tuple(plan.faults)
    assert not Publisher.objects.exists()
    assert not Change.objects.exists()


def test_who_may_not_write_does_not_import(folder: Path, reader: User) -> None:
    path = sheet(folder, "publishers.csv", "slug,name\nnew,New\n")
    with pytest.raises(ImportRefused, match="reader may not add publishers; ask an administrator"):
        bring_in(path, actor=reader)
    assert not Publisher.objects.exists()


def test_a_curator_does_not_import_accepted_records(folder: Path, curator: User) -> None:
    path = sheet(folder, "publishers.csv", "slug,name,review\nnew,New,accepted\n")
    with pytest.raises(ImportRefused) as refused:
        bring_in(path, actor=curator)
    said = "A new record starts as “draft” or “submitted”, not as “accepted”."
    assert told(refused.value.faults) == [("publishers.csv", 2, "review", "accepted", said)]


def test_importing_nothing_new_leaves_no_change(folder: Path, curator: User) -> None:
    PublisherFactory(slug="reuters", name="Reuters")
    changes = Change.objects.count()
    assert bring_in(sheet(folder, "publishers.csv", "slug,name\nreuters,Reuters\n"), actor=curator) is None
    assert Change.objects.count() == changes

"""Plans of an import: what becomes of each row, and what is refused at which cell with which way out."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Company, Conflict, Entity, Topic
from evidence.exchange.readings import Empty
from evidence.exchange.rows import Outcome
from evidence.exchange.writing import ImportRefused, summary, write_plan
from evidence.models import Change, Publisher, Source
from tests.factories import (
    ClaimFactory,
    CompanyFactory,
    PremiseFactory,
    PublisherFactory,
    SnapshotFactory,
    SourceFactory,
)
from tests.sheets import bring_in, outcomes, plan_of, sheet, told

pytestmark = pytest.mark.django_db


ALL_LEVELS = (
    "“50” is not a code of this column; it is one of very_low, low, medium, high, very_high, unjudged."
)

NO_DATE = (
    "'soon': it is not understood as a date; write EDTF, such as 2020-08, or put the words in parentheses to "
    "keep them unread"
)
TWO_READINGS = "'03/04/2021': it may be read as 2021-04-03 or 2021-03-04; write the one that is meant"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_rows_are_created_updated_left_alone_or_rejected(folder: Path) -> None:
    PublisherFactory(slug="reuters", name="Reuters")
    PublisherFactory(slug="afp", name="AFP")
    path = sheet(
        folder,
        "publishers.csv",
        "slug,name,kind\nreuters,Reuters,\nafp,AFP,news_agency\ndpa,dpa,\nx,,nothing\n",
    )
    plan = plan_of(path)
    assert outcomes(plan) == [Outcome.UNCHANGED, Outcome.UPDATE, Outcome.CREATE, Outcome.REJECTED]
    assert summary(plan) == "1 create, 1 update, 1 unchanged, 1 rejected"
    assert plan.rows[1].changes == {"kind": ("trade_press", "news_agency")}
    assert {outcome: count for outcome, count in plan.counts()["publishers"].items() if count} == {
        Outcome.UNCHANGED: 1,
        Outcome.UPDATE: 1,
        Outcome.CREATE: 1,
        Outcome.REJECTED: 1,
    }


def test_planning_writes_nothing(folder: Path) -> None:
    before = PublisherFactory(slug="reuters").name
    changes = Change.objects.count()
    plan_of(sheet(folder, "publishers.csv", "slug,name\nreuters,Changed\nnew,New\n"))
    assert list(Publisher.objects.values_list("name", flat=True)) == [before]
    assert Change.objects.count() == changes


def test_all_faults_of_all_rows_and_files_are_told_at_once(folder: Path) -> None:
    sheet(folder, "02_publishers.csv", "slug,name,kind,country\na,A,agency,XX\nb,,,\n")
    sheet(folder, "05_companies.csv", "slug,name,founded,publisher,website\nc,C,2028-02-30,a1,ftp://c.ca\n")
    faults = told(plan_of(folder).faults)
    assert [fault[:4] for fault in faults] == [
        ("02_publishers.csv", 2, "kind", "agency"),
        ("02_publishers.csv", 2, "country", "XX"),
        ("02_publishers.csv", 3, "name", ""),
        ("05_companies.csv", 2, "founded", "2028-02-30"),
        ("05_companies.csv", 2, "publisher", "a1"),
        ("05_companies.csv", 2, "website", "ftp://c.ca"),
    ]
    assert all(message for *_, message in faults)
    assert faults[0][4].startswith("“agency” is not a code of this column; did you mean “")
    assert faults[1][4] == "“XX” is no ISO 3166 country code, such as “CA”."
    assert faults[4][4] == "No record of publishers has the slug “a1”; did you mean “a”?"


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("country", "Canada", "“Canada” is no ISO 3166 country code, such as “CA”; write “CA” for Canada."),
        ("country", "ca", "“ca” is no ISO 3166 country code, such as “CA”; write “CA” for Canada."),
        ("confidence", "50", ALL_LEVELS),
        ("basis", "facts", "“facts” is not a code of this column; did you mean “fact”?"),
        ("name", "two\nlines", "This has to stand on one line; take out the line break."),
        ("founded", "soon", NO_DATE),
        ("founded", "03/04/2021", TWO_READINGS),
        ("aliases", "one|two\nlines", "This has to stand on one line; take out the line break."),
        (
            "website",
            "nano.one",
            "“nano.one” is no address of a page; write it whole, such as https://example.org/page.",
        ),
    ],
)
def test_a_cell_that_cannot_be_is_refused_with_its_value(
    column: str, value: str, said: str, folder: Path
) -> None:
    cells = {"slug": "nano-one", "name": "Nano One"} | {column: f'"{value}"'}
    path = sheet(folder, "companies.csv", f"{','.join(cells)}\n{','.join(cells.values())}\n")
    ((_, line, at, shown, message),) = told(plan_of(path).faults)
    assert (line, at, shown) == (2, column, value)
    assert message == said


@pytest.mark.parametrize("slug", ["Nano-One", "nano one", "a" * 81])
def test_a_slug_that_is_none_is_refused(slug: str, folder: Path) -> None:
    path = sheet(folder, "companies.csv", f"slug,name\n{slug},Nano One\n")
    faults = told(plan_of(path).faults)
    assert {fault[:4] for fault in faults} == {("companies.csv", 2, "slug", slug)}


def test_rows_may_refer_to_rows_further_down_and_in_later_files(folder: Path, curator: User) -> None:
    sheet(folder, "03_sources.csv", "slug,title,kind,access,originates_from,publisher,relies_on\n"
          "copy,Copy,news_article,public,original,,third\noriginal,Original,wire_story,public,,reuters,\n"
          "third,Third,analysis,public,,,copy|original\n")  # fmt: skip
    sheet(folder, "09_publishers.csv", "slug,name\nreuters,Reuters\n")
    assert plan_of(folder).faults == []
    bring_in(folder, actor=curator)
    copy = Source.objects.get(slug="copy")
    assert (copy.originates_from.slug, copy.originates_from.publisher.slug) == ("original", "reuters")
    assert [source.slug for source in copy.relies_on.all()] == ["third"]
    assert Source.history.count() == 3
    assert Change.objects.count() == 1


def test_entities_may_be_named_before_their_own_sheet(folder: Path, curator: User) -> None:
    sheet(folder, "1_topics.csv", "slug,name,owners\nm2cam,M2CAM,nano-one\n")
    sheet(folder, "2_companies.csv", "slug,name,may_be\nnano-one,Nano One,m2cam\n")
    bring_in(folder, actor=curator)
    assert Topic.objects.get().owners.get().leaf == Company.objects.get()
    assert Company.objects.get().may_be.get().leaf == Topic.objects.get()


def test_a_fact_and_its_citation_enter_together_from_one_folder(folder: Path, system: User) -> None:
    cited_claim(folder)
    bring_in(folder, actor=system)
    claim = Claim.objects.get()
    assert (claim.review, claim.basis) == ("accepted", "fact")
    assert claim.citations.get().source.slug == "release"


@pytest.mark.parametrize("missing", ["15_citations.csv", "14_claims.csv"])
def test_neither_a_fact_nor_its_citation_enters_without_the_other(
    missing: str, folder: Path, system: User
) -> None:
    cited_claim(folder)
    (folder / missing).unlink()
    with pytest.raises(ImportRefused) as refused:
        bring_in(folder, actor=system)
    (fault,) = told(refused.value.faults)
    if missing.startswith("15"):
        said = "An accepted fact needs a supporting citation; add one, or take the claim back first."
        assert fault == ("14_claims.csv", 2, "", "", said)
    else:
        assert fault[:4] == ("15_citations.csv", 2, "claim", "opened")
    assert not Entity.objects.exists()
    assert not Change.objects.exists()


def cited_claim(folder: Path) -> None:
    """A folder with an accepted fact and all that it needs."""
    sheet(
        folder, "03_sources.csv", "slug,title,kind,access,review\nrelease,R,press_release,public,accepted\n"
    )
    sheet(folder, "05_companies.csv", "slug,name,review\nnano-one,Nano One,accepted\n")
    sheet(
        folder,
        "13_predicates.csv",
        "slug,label,value_type,persistence,review\nopens,opens,text,lasting,accepted\n",
    )
    sheet(
        folder,
        "14_claims.csv",
        "slug,statement,subject,predicate,value,modality,basis,review\n"
        "opened,Nano One opens a plant.,nano-one,opens,a plant,actual,fact,accepted\n",
    )
    sheet(folder, "15_citations.csv", "slug,claim,source,stance\nc1,opened,release,supports\n")


def test_an_empty_cell_keeps_what_is_stored(folder: Path, curator: User) -> None:
    company = CompanyFactory(slug="nano-one", headquarters="Burnaby", aliases=["Nano"], founded="2012")
    path = sheet(folder, "companies.csv", "slug,headquarters,aliases,founded,publisher\nnano-one,,,,\n")
    assert outcomes(plan_of(path)) == [Outcome.UNCHANGED]
    bring_in(path, actor=curator)
    company.refresh_from_db()
    assert (company.headquarters, company.aliases, company.founded) == ("Burnaby", ["Nano"], "2012")


def test_an_empty_cell_clears_where_the_import_says_so(folder: Path, curator: User) -> None:
    company = CompanyFactory(slug="nano-one", name="Nano One", headquarters="Burnaby", founded="2012",
                             publisher=PublisherFactory(), may_be=[CompanyFactory()])  # fmt: skip
    text = "slug,name,headquarters,founded,publisher,may_be\nnano-one,,,,,\n"
    bring_in(sheet(folder, "companies.csv", text), actor=curator, empty=Empty.CLEAR)
    company = Company.objects.get(slug="nano-one")
    assert (company.name, company.headquarters, company.founded, company.founded_earliest) == (
        "Nano One", "", "", None)  # fmt: skip
    assert company.publisher is None
    assert not company.may_be.exists()
    assert company.country == "CA"


def test_the_word_for_clearing_empties_its_cell_alone(folder: Path, curator: User) -> None:
    CompanyFactory(
        slug="nano-one", headquarters="Burnaby", website="https://nano.one", may_be=[CompanyFactory()]
    )
    text = "slug,headquarters,website,may_be,kind\nnano-one,#CLEAR,,#CLEAR,#CLEAR\n"
    plan = plan_of(sheet(folder, "companies.csv", text))
    assert plan.rows[0].changes["headquarters"] == ("Burnaby", "")
    write_plan(plan, actor=curator)
    company = Company.objects.get(slug="nano-one")
    assert (company.headquarters, company.website, company.kind) == ("", "https://nano.one", "")
    assert not company.may_be.exists()


@pytest.mark.parametrize("column", ["name", "confidence", "review"])
def test_what_has_to_be_stated_is_not_cleared(column: str, folder: Path) -> None:
    CompanyFactory(slug="nano-one")
    plan = plan_of(sheet(folder, "companies.csv", f"slug,{column}\nnano-one,#CLEAR\n"))
    ((_, line, at, value, message),) = told(plan.faults)
    assert (line, at, value) == (2, column, "#CLEAR")
    assert message in (f"“{column}” cannot be empty.", "This field cannot be blank.")


def test_a_slug_is_proposed_from_the_name_transliterated(folder: Path, curator: User) -> None:
    text = "name,kind\nLG에너지솔루션,\nÉlectricité de Köln & Co,corporation\n"
    bring_in(sheet(folder, "companies.csv", text), actor=curator)
    assert list(Company.objects.values_list("slug", flat=True)) == [
        "electricite-de-koln-co",
        "lgeneojisolrusyeon",
    ]


def test_a_proposed_slug_that_is_taken_is_refused(folder: Path) -> None:
    CompanyFactory(slug="nano-one", name="Nano One")
    plan = plan_of(sheet(folder, "companies.csv", "slug,name\n,Nano One\n"))
    said = "“nano-one”, proposed from the name, is taken; write it to change that row, or choose another."
    assert told(plan.faults) == [("companies.csv", 2, "slug", "", said)]


def test_a_slug_of_another_type_of_entity_is_refused(folder: Path) -> None:
    CompanyFactory(slug="nano-one")
    plan = plan_of(sheet(folder, "topics.csv", "slug,name\nnano-one,Nano One\n"))
    said = "“nano-one” is the slug of a company already; choose another."
    assert told(plan.faults) == [("topics.csv", 2, "slug", "nano-one", said)]


def test_a_row_that_is_told_twice_is_refused_with_the_first_place(folder: Path) -> None:
    sheet(folder, "05_companies.csv", "slug,name\nlg,LG\nlg,LG Chem\n")
    sheet(folder, "12_topics.csv", "slug,name\nlg,LG\n")
    said = "“lg” stands already in 05_companies.csv:2; a row is told once."
    assert told(plan_of(folder).faults) == [
        ("05_companies.csv", 3, "slug", "lg", said),
        ("12_topics.csv", 2, "slug", "lg", said),
    ]


def test_the_same_slug_in_two_spaces_is_no_clash(folder: Path) -> None:
    sheet(folder, "publishers.csv", "slug,name\nlg,LG\n")
    sheet(folder, "companies.csv", "slug,name,publisher\nlg,LG,lg\n")
    assert plan_of(folder).faults == []


def test_a_moment_in_any_spelling_is_the_same_key(folder: Path) -> None:
    snapshot = SnapshotFactory(source__slug="release", captured="2026-05-04T12:00:00+00:00")
    text = "source,captured,media_type\nrelease,2026-05-04T14:00:00+02:00,text/html\n"
    (row,) = plan_of(sheet(folder, "snapshots.csv", text)).rows
    assert (row.outcome, row.pk) == (Outcome.UPDATE, snapshot.pk)


def test_only_what_the_sheet_states_is_checked_of_an_unchanged_row(folder: Path, curator: User) -> None:
    premise = PremiseFactory()
    text = f"conclusion,premise\n{premise.conclusion.slug},{premise.premise.slug}\n"
    assert outcomes(plan_of(sheet(folder, "premises.csv", text))) == [Outcome.UNCHANGED]


def test_a_computed_column_is_ignored(folder: Path, curator: User) -> None:
    claim, source = ClaimFactory(), SourceFactory()
    text = f"slug,claim,source,stance,quote_state\nc1,{claim.slug},{source.slug},supports,found\n"
    bring_in(sheet(folder, "citations.csv", text), actor=curator)
    assert claim.citations.get().quote_state == "unchecked"


def test_a_conflict_is_entered_with_its_members(folder: Path, curator: User) -> None:
    one, other = ClaimFactory.create_batch(2)
    text = f"slug,members,explanation\nboth,{one.slug}|{other.slug},They contradict.\n"
    bring_in(sheet(folder, "conflicts.csv", text), actor=curator)
    assert set(Conflict.objects.get().members.all()) == {one, other}
    assert Conflict.history.get().members.count() == 2


@pytest.mark.parametrize("written", ["NANO-ONE", "Nano One", "nanoone", "Nano–One "])
def test_a_reference_by_a_name_is_refused_with_the_slug_that_is_like_it(written: str, folder: Path) -> None:
    CompanyFactory(slug="nano-one")
    (fault,) = plan_of(sheet(folder, "plants.csv", f"slug,name,operators\np,P,{written}\n")).faults
    said = f"No record of entities has the slug “{written.strip()}”; did you mean “nano-one”?"
    assert (fault.column, fault.message) == ("operators", said)


def test_what_hundreds_of_rows_name_is_looked_up_in_as_many_queries_as_for_ten(folder: Path) -> None:
    PublisherFactory(slug="reuters")
    for number in range(200):
        CompanyFactory(slug=f"known-{number}", name="Old")
    queries = []
    for number in (10, 200):
        rows = "".join(f"{kind}-{n},Name,reuters\n" for n in range(number) for kind in ("known", "new"))
        path = sheet(folder, "companies.csv", f"slug,name,publisher\n{rows}")
        with CaptureQueriesContext(connection) as made:
            plan = plan_of(path)
        assert plan.outcomes() == {Outcome.CREATE: number, Outcome.UPDATE: number}
        queries.append(len(made))
    assert queries[0] == queries[1] < 20

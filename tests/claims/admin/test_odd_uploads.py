"""What odd files do in the browser: a refusal in words, a page that stays small, and never an error of the server."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Claim, Person
from evidence.exchange import directory
from evidence.exchange.batches import clear_away
from evidence.models import ImportBatch
from evidence.services import slugs
from tests.factories import CompanyFactory, PersonFactory, PredicateFactory, PublisherFactory
from tests.files import archive
from tests.sheets import plan_of, sheet, told
from tests.uploads import NEW, REFUSED, confirm, desk_of, upload

pytestmark = pytest.mark.django_db

LARGEST_PAGE = 300_000


@pytest.fixture
def desk(curator: User) -> Client:
    return desk_of(curator)


def latest() -> ImportBatch:
    return ImportBatch.objects.latest("opened")


def rejected(desk: Client) -> Any:
    return desk.get(reverse(REFUSED, args=[latest().pk]), follow=True)


def test_a_claim_beside_a_refused_citation_is_written_as_shown(desk: Client) -> None:
    CompanyFactory(slug="lg"), PredicateFactory(slug="makes")
    head = "slug,statement,subject,predicate,value,modality,source,stance"
    text = f"{head}\nc1,A,lg,makes,cells,actual,nowhere,supports\n"
    upload(desk, text, "claims.csv")
    shown = latest().created
    confirm(desk)
    assert Claim.objects.count() == shown == 1


@pytest.mark.parametrize("text", [b"slug,name\na,b\0c\n", b'"slug,name\n'])
def test_a_file_that_cannot_be_read_has_no_rejected_rows(text: bytes, desk: Client) -> None:
    upload(desk, text)
    assert "no rejected rows here" in rejected(desk).content.decode()


def test_an_upload_that_was_cleared_away_has_no_rejected_rows(desk: Client) -> None:
    upload(desk, "slug,name\ndan,\n")
    ImportBatch.objects.update(opened=latest().opened - timedelta(hours=30))
    clear_away()
    assert "no rejected rows here" in rejected(desk).content.decode()


@pytest.mark.parametrize("other", ["slug,name\nother,Other\n", "slug,name\ndan,Dan\nother,Other\n"])
def test_what_lies_in_the_folder_of_an_upload_afterwards_is_not_written(other: str, desk: Client) -> None:
    upload(desk, "slug,name\ndan,Dan\n")
    (latest().folder / "upload").write_text(other)
    confirm(desk)
    assert [person.slug for person in Person.objects.all()] == ["dan"]


def test_a_name_of_a_column_to_leave_out_that_no_column_has_is_passed_over(desk: Client) -> None:
    given = {"pasted": "slug,name\ndan,Dan\n", "table": "people", "empty": "keep", "ignored": ["a\0b"]}
    assert desk.post(reverse(NEW), given, follow=True).status_code == 200
    assert latest().ignored == []


ENDLESS = {
    "a long name of a column": f"slug,name,{'x' * 250_000}\na,b,c\n",
    "many long names of columns": "slug,name," + ",".join(f"{n}{'x' * 2000}" for n in range(100)) + "\na,b\n",
    "long values in messages": "slug,name,review\n" + "".join(f"a{n},b,{'<' * 100_000}\n" for n in range(4)),
    "long values in many rows": "slug,name,notes\n" + "".join(f"a{n},b,{'<' * 2000}\n" for n in range(200)),
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_the_page_of_a_preview_is_small_whatever_the_cells_hold(text: str, desk: Client) -> None:
    assert len(upload(desk, text)) < LARGEST_PAGE


def test_rejected_rows_of_two_files_of_one_table_are_all_given_back(desk: Client, tmp_path: Path) -> None:
    files = {"people.csv": "slug,name\ndan,\n", "06_people.csv": "slug,name\nlee,\n"}
    upload(desk, archive(tmp_path, "all.zip", files).read_bytes(), "all.zip")
    with zipfile.ZipFile(BytesIO(rejected(desk).content)) as given:
        texts = [given.read(name) for name in given.namelist()]
        assert given.namelist() == ["01_people.csv", "02_people.csv"]
    assert any(b"dan" in text for text in texts) and any(b"lee" in text for text in texts)


def test_what_a_rule_refuses_of_updates_alone_is_told_at_its_row(desk: Client) -> None:
    CompanyFactory(slug="lg"), CompanyFactory(slug="basf")
    page = upload(desk, "slug,review,headquarters\nlg,accepted,\nbasf,,Mainz\n", "companies.csv")
    assert (latest().updated, latest().rejected) == (1, 1)
    assert "not in the import" not in page
    assert "companies.csv" in page and "accepted" in page


def test_a_column_without_a_name_may_be_empty(tmp_path: Path) -> None:
    path = sheet(tmp_path, "people.csv", "slug,,name,\ndan,,Dan,\n")
    assert told(plan_of(path).faults) == []
    path = sheet(tmp_path, "people.csv", "slug,,name,\ndan,x,Dan,\n")
    said = "Column 2 has no name; name it in the first row, or take out what stands there."
    assert told(plan_of(path).faults) == [("people.csv", 2, "", "x", said)]


def test_what_is_empty_above_the_header_is_no_row(desk: Client) -> None:
    assert "Write 1 row" in upload(desk, "\n,\nslug,name\ndan,Dan\n")


def test_a_sheet_without_rows_says_so(desk: Client) -> None:
    assert "It has no rows." in upload(desk, "slug,name\n")


def test_a_message_names_the_file_as_it_is_called(desk: Client) -> None:
    upload(desk, "slug,name\ndan,Dan\n")
    PersonFactory(slug="dan")
    assert "In people.csv:2 slug: Somebody added this slug" in confirm(desk)


def test_a_coordinate_with_more_places_than_are_kept_is_told_the_way_out(tmp_path: Path) -> None:
    path = sheet(tmp_path, "plants.csv", "slug,name,latitude,longitude\np,P,45.123456789,-73.1234567\n")
    said = [message for *_, message in told(plan_of(path).faults)]
    assert said == [
        "“45.123456789” has more than the 6 decimal places that are kept; write 45.123457.",
        "“-73.1234567” has more than the 6 decimal places that are kept; write -73.123457.",
    ]


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("sources.csv", "slug,title,kind,access", "s{n},A,web_page,public"),
        (
            "predicates.csv",
            "slug,label,value_type,single_valued,persistence",
            "p{n},says,text,false,timeless",
        ),
        ("plants.csv", "slug,name,latitude,longitude", "p{n},A,45.5,-73.5"),
        ("conflicts.csv", "slug,explanation", "c{n},They differ."),
    ],
)
def test_planning_asks_the_database_no_more_for_fifty_rows_than_for_ten(
    name: str, header: str, row: str, tmp_path: Path
) -> None:
    queries = []
    for number in (10, 50):
        rows = "\n".join(row.format(n=n) for n in range(number))
        with CaptureQueriesContext(connection) as made:
            plan_of(sheet(tmp_path, name, f"{header}\n{rows}\n"))
        queries.append(len(made))
    assert queries[0] == queries[1]


def test_what_was_meant_by_wrong_slugs_is_looked_for_some_times_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    PublisherFactory(slug="reuters")
    monkeypatch.setattr(directory, "LOOKED_FOR", 2)
    asked: list[str] = []
    monkeypatch.setattr(
        directory,
        "nearest_slug",
        lambda _, slug, __: asked.append(slug) or slugs.most_like(slug, ["reuters"]),
    )
    rows = "".join(f"s{n},A,web_page,public,reuter{n}\n" for n in range(5))
    faults = plan_of(sheet(tmp_path, "sources.csv", f"slug,title,kind,access,publisher\n{rows}")).faults
    assert len(faults) == 5 and len(asked) == 2
    assert [("did you mean “reuters”?" in fault.message) for fault in faults] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_every_row_that_waits_for_a_refused_one_is_refused(desk: Client) -> None:
    rows = "".join(f"s{n},A,web_page,public,s{n + 1}\n" for n in range(300)) + "s300,,web_page,public,\n"
    upload(desk, f"slug,title,kind,access,part_of\n{rows}", "sources.csv")
    assert (latest().created, latest().rejected) == (0, 301)

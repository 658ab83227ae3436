"""The timeline: everything dated in one list, by its days, as whoever asks may see it."""

import json
from itertools import pairwise
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.contract import TABLES
from evidence.contract import Kind
from tests.api import client_of, errors, listed, pages, results, sheet
from tests.factories import (
    FACTORY_OF,
    AgreementFactory,
    ClaimFactory,
    CompanyFactory,
    EventFactory,
    OwnershipFactory,
    PatentFactory,
    SourceFactory,
)
from tests.factories.base import some_change
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db

DATED = [(table, column) for table in TABLES for column in table.columns if column.kind is Kind.DATE]


@pytest.fixture
def colleague(reader: User) -> Client:
    return client_of(reader)


def whats(client: Client, **asked: Any) -> list[str]:
    return [f"{item['key']} {item['what']}" for item in results(client, "timeline", **asked)]


@pytest.mark.parametrize(("table", "column"), DATED, ids=lambda one: one.name)
def test_every_date_column_of_the_contract_stands_in_it(table: Any, column: Any, colleague: Client) -> None:
    with some_change():
        record = FACTORY_OF[table.model]()
        for one in table.of_kind(Kind.DATE):
            setattr(record, one, "")
        setattr(record, column.name, "2020-05 (May 2020)")
        record.save()
    (item,) = results(colleague, "timeline", table=table.name, limit=500)
    assert (item["date"], item["what"], item["key"]) == ("2020-05 (May 2020)", column.name, record.slug)
    assert (item["earliest"], item["latest"]) == ("2020-05-01", "2020-05-31")
    assert colleague.get(item["url"]).json()["slug"] == record.slug


def test_dates_come_by_their_earliest_day_then_the_latest_and_unknown_ones_last(colleague: Client) -> None:
    for slug, day in (
        ("e", "XXXX-09"),
        ("d", "2020/.."),
        ("b", "2020"),
        ("a", "2020-01"),
        ("z", "../2019"),
        ("c", "2020"),
    ):
        EventFactory(slug=slug, date=day)
    items = results(colleague, "timeline", table="events")
    assert [item["key"] for item in items] == ["z", "a", "b", "c", "d", "e"]
    assert [(item["earliest"], item["latest"]) for item in (items[0], items[4], items[5])] == [
        (None, "2019-12-31"),
        ("2020-01-01", None),
        (None, None),
    ]


def test_it_tells_what_concerns_an_entity_itself_or_by_naming_it(colleague: Client) -> None:
    lg, basf = CompanyFactory(slug="lg", founded="1947"), CompanyFactory(slug="basf", founded="1865")
    AgreementFactory(slug="deal", parties=[lg], announced="2020", signed="2019")
    AgreementFactory(slug="other", parties=[basf], announced="2020", signed="")
    OwnershipFactory(slug="share", owner=lg, owned=basf, started="2001")
    ClaimFactory(slug="claim", subject=basf, object=lg, when="2010")
    ClaimFactory(slug="apart", subject=basf, when="2011")
    found = whats(colleague, entity="lg")
    assert found == ["lg founded", "share started", "claim when", "deal signed", "deal announced"]
    assert "basf founded" in whats(colleague, entity="lg,basf")
    (error,) = errors(colleague, "/api/v1/timeline/", entity="lgg")
    assert (error["parameter"], error["code"]) == ("entity", "unknown_slug") and "lg" in error["detail"]


def test_it_is_narrowed_by_table_days_and_words(colleague: Client) -> None:
    EventFactory(slug="fair", name="A fair", date="2020")
    EventFactory(slug="visit", name="A visit", date="2020-06")
    PatentFactory(slug="patent", name="A cathode", filed="2018", granted="2021-02")
    assert whats(colleague, table="events") == ["fair date", "visit date"]
    assert whats(colleague, table="events,patents", after="2020-07") == ["fair date", "patent granted"]
    assert whats(colleague, table="events,patents", after__surely="2020-02") == [
        "visit date",
        "patent granted",
    ]
    assert whats(colleague, table="events,patents", before__surely="2020-06") == [
        "patent filed",
        "visit date",
    ]
    assert whats(colleague, table="events,patents", before="2020-01") == ["patent filed", "fair date"]
    assert whats(colleague, search="cathode", table="patents") == ["patent filed", "patent granted"]


def test_walked_to_its_end_it_gives_every_date_once_in_its_order(colleague: Client) -> None:
    with some_change():
        for model in {table.model for table, _ in DATED}:
            for day in ("2020", "2020-03", "", "XXXX-09"):
                names = [column.name for table, column in DATED if table.model is model]
                FACTORY_OF[model](**dict.fromkeys(names, day))
    whole = results(colleague, "timeline", limit=500)
    walked = [item for page in pages(colleague, "timeline", limit=7) for item in page]
    assert walked == whole and len(walked) >= 3 * len(DATED)
    assert listed(colleague, "timeline", count="true")["count"] == len(whole)
    places = [(item["earliest"] or "9", item["latest"] or "9", item["key"]) for item in walked]
    assert all(one <= other for one, other in pairwise(places))


def test_as_a_sheet_it_is_whole(colleague: Client) -> None:
    EventFactory(slug="fair", name="=A fair", date="2020 (20)")
    rows = b"date,earliest,latest,what,table,key,label\n2020 (20),2020-01-01,2020-12-31,date,events,fair,'=A fair\n"
    assert sheet(colleague, "timeline", "csv", table="events") == rows
    (line,) = sheet(colleague, "timeline", "jsonl", table="events").splitlines()
    assert json.loads(line)["label"] == "=A fair"


def test_nobody_sees_dates_of_what_is_not_accepted(colleague: Client) -> None:
    EventFactory(slug="fair", date="2020", review="draft")
    ClaimFactory(slug="claim", fact=True, when="2020")
    SourceFactory(slug="source", published="2020", review="submitted")
    assert whats(client_of()) == ["claim when"] + [one for one in whats(client_of()) if one != "claim when"]
    assert {item["key"] for item in results(client_of(), "timeline")} & {"fair", "source"} == set()
    assert {"fair", "source"} <= {item["key"] for item in results(colleague, "timeline")}


def test_a_page_takes_one_query_whatever_the_rows(colleague: Client) -> None:
    event = EventFactory(slug="fair", date="2020")
    for number in (3, 60):
        multiply(event, number) if number == 60 else None
        with CaptureQueriesContext(connection) as captured:
            assert client_of().get("/api/v1/timeline/?limit=50").status_code == 200
        assert len(captured) == 1


def test_what_it_does_not_understand_is_refused(colleague: Client) -> None:
    for asked, parameter in (
        ({"ordering": "date"}, "ordering"),
        ({"table": "predicates"}, "table"),
        ({"after": "soon"}, "after"),
        ({"cursor": "x"}, "cursor"),
        ({"limit": "0"}, "limit"),
    ):
        (error,) = errors(colleague, "/api/v1/timeline/", **asked)
        assert error["parameter"] == parameter

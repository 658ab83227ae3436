"""Walking a list to its end gives every row once, in every order, while rows are added and values are missing."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.api.tables import API
from claims.models import Claim, Company, Plant
from evidence.api.ordering import orderings
from evidence.api.resources import Resource
from evidence.choices import Confidence
from evidence.contract import Kind
from evidence.fields import OPEN_END, OPEN_START
from tests.api import client_of, errors, every_resource, key_of, listed, pages, results, slugs
from tests.factories import FACTORY_OF, ClaimFactory, CompanyFactory, PlantFactory
from tests.factories.base import some_change
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db

SPREAD: dict[Kind, Callable[[int, Any], Any]] = {
    Kind.TEXT: lambda number, _: ("", "b", "B", "é", "x" * 250)[number % 5],
    Kind.LINE: lambda number, _: ("", "10", "9", "ä", "Z")[number % 5],
    Kind.CODE: lambda number, column: column.words[number % min(3, len(column.words))],
    Kind.NUMBER: lambda number, _: (Decimal("-1.5"), Decimal("10"), Decimal("2.25"))[number % 3],
    Kind.BOOL: lambda number, _: bool(number % 2),
}
"""Values for columns of each kind, some missing, some alike."""

DAYS = ((None, None), (OPEN_START, date(2020, 1, 1)), (date(2020, 1, 1), OPEN_END), (date(2019, 1, 1),) * 2)


def spread(model: type[models.Model], rows: list[Any], resource: Resource) -> None:
    """Give these rows values that differ, are alike, or are missing."""
    for number, row in enumerate(rows):
        for column in resource.asked.values():
            if column.computed or column.name in (*resource.model.KEY, "basis", "review", "type"):
                continue
            owner: Any = column.field.model
            if column.kind is Kind.DATE:
                ends = DAYS[number % len(DAYS)]
                values = {f"{column.name}_earliest": ends[0], f"{column.name}_latest": ends[1]}
            elif column.kind in SPREAD and not _is_ruled(column.name):
                values = {column.name: SPREAD[column.kind](number, column)}
            elif column.kind is Kind.REFERENCE and column.field.null and number % 2:
                values = {column.name: None}
            else:
                continue
            owner._base_manager.filter(pk=row.pk).update(**values)


def _is_ruled(name: str) -> bool:
    """Whether a constraint speaks of the column together with others."""
    return name in (
        "value_type",
        "single_valued",
        "codes",
        "status",
        "resolution",
        "kind",
        "explanation",
        "quote",
    )


@every_resource
def test_each_order_walked_to_the_end_gives_every_row_once_in_that_order(
    resource: Resource, reader: User
) -> None:
    table = resource.table if resource.name != "entities" else API.by_name["companies"].table
    with some_change():
        rows = FACTORY_OF[table.model].create_batch(9)
    spread(table.model, rows, resource)
    client, whole = client_of(reader), {row.key for row in table.model._default_manager.all()}
    for name in orderings(resource):
        for sign in ("", "-"):
            walked = [
                row for page in pages(client, resource.name, ordering=sign + name, limit=4) for row in page
            ]
            keys = [
                "+".join(key_of(resource, row)) if resource.name != "assessments" else None for row in walked
            ]
            once = results(client, resource.name, ordering=sign + name, limit=500)
            assert walked == once, (sign, name)
            assert len(walked) >= len(whole) and len(set(map(str, walked))) == len(walked), (sign, name)
            assert None in keys or whole <= set(keys)
            stated = [row[name] not in (None, "", Confidence.UNJUDGED) for row in walked]
            if resource.asked[name].kind is not Kind.DATE:
                assert stated == sorted(stated, reverse=True), (sign, name)


ORDERS = st.sampled_from(
    [
        "",
        "value",
        "-value",
        "when",
        "-when",
        "object",
        "-object,value",
        "confidence,-when",
        "contested",
        "unit,slug",
    ]
)


@settings(max_examples=settings().max_examples // 2)
@given(data=st.data())
def test_rows_added_while_walking_neither_hide_nor_repeat_any(data: Any) -> None:
    system = User.objects.get(username="system")
    numbers, values = count(), st.sampled_from(["", "a", "b", "10"])
    base = Claim.objects.first() or ClaimFactory(slug="claim-0", value="a")
    entity = Company.objects.exclude(pk=base.subject_id).first() or CompanyFactory()

    def add(number: int) -> list[str]:
        made = multiply(base, number)
        for row in made:
            day = data.draw(st.none() | st.integers(0, 3))
            when = None if day is None else date(2020, 1, 1) + timedelta(days=day)
            Claim._base_manager.filter(pk=row.pk).update(
                slug=f"{data.draw(st.sampled_from('mxz'))}-{next(numbers):03}",
                value=data.draw(values),
                when_earliest=when,
                when_latest=when,
                object=data.draw(st.sampled_from([None, entity.pk])),
                confidence=data.draw(st.sampled_from(Confidence.values)),
            )
        return list(Claim.objects.filter(pk__in=[row.pk for row in made]).values_list("slug", flat=True))

    Claim._base_manager.exclude(pk=base.pk)._raw_delete("default")
    expected = {base.slug, *add(data.draw(st.integers(0, 6)))}
    client, order, walked = client_of(system), data.draw(ORDERS), []
    ordered = {"ordering": order} if order else {}
    for page in pages(client, "claims", **ordered, limit=data.draw(st.integers(1, 3))):
        walked += [row["slug"] for row in page]
        if len(walked) < 12:
            add(data.draw(st.integers(0, 2)))
    assert len(walked) == len(set(walked))
    assert expected <= set(walked)


@pytest.fixture
def colleague(reader: User) -> Client:
    return client_of(reader)


def test_what_is_not_stated_comes_last_in_both_directions(colleague: Client) -> None:
    for slug, founded, country in (("a", "", ""), ("b", "2012", "KR"), ("c", "1999-05", "DE"), ("d", "", "")):
        CompanyFactory(slug=slug, founded=founded, country=country)
    assert slugs(colleague, "companies", ordering="founded") == ["c", "b", "a", "d"]
    assert slugs(colleague, "companies", ordering="-founded") == ["b", "c", "a", "d"]
    assert slugs(colleague, "companies", ordering="country") == ["c", "b", "a", "d"]
    assert slugs(colleague, "companies", ordering="-country,-slug") == ["b", "c", "d", "a"]


def test_codes_come_in_the_order_of_their_list_and_what_cannot_be_judged_last(colleague: Client) -> None:
    for level in ("unjudged", "high", "very_low", "medium"):
        CompanyFactory(slug=level.replace("_", "-"), confidence=level)
    assert slugs(colleague, "companies", ordering="confidence") == ["very-low", "medium", "high", "unjudged"]
    assert slugs(colleague, "companies", ordering="-confidence") == ["high", "medium", "very-low", "unjudged"]


def test_numbers_come_in_the_order_of_numbers(colleague: Client) -> None:
    for slug, latitude in (("a", "10"), ("b", "9.5"), ("c", "-3"), ("d", None)):
        place = None if latitude is None else Decimal(latitude)
        PlantFactory(slug=slug, latitude=place, longitude=place)
    assert [
        row
        for page in pages(colleague, "plants", ordering="latitude", limit=1, fields="slug")
        for row in page
    ] == [{"slug": slug} for slug in "cbad"]
    assert Plant.objects.count() == 4


def test_a_page_has_fifty_rows_unless_more_or_fewer_are_asked_for(colleague: Client) -> None:
    multiply(CompanyFactory(), 599)
    assert [len(page) for page in pages(colleague, "companies", limit=500)] == [500, 100]
    first = listed(colleague, "companies")
    assert len(first["results"]) == 50 and "count" not in first
    assert listed(colleague, "companies", count="true", limit=1)["count"] == 600


def test_the_address_of_the_next_page_keeps_what_was_asked_and_stands_in_a_header_too(
    colleague: Client,
) -> None:
    multiply(CompanyFactory(country="KR"), 3)
    answer = colleague.get("/api/v1/companies/?country=KR&limit=2&ordering=-slug&count=true")
    following = answer.json()["next"]
    assert following.startswith("http://testserver/api/v1/companies/?")
    assert answer["Link"] == f'<{following}>; rel="next"'
    body = colleague.get(following).json()
    assert (body["count"], body["next"], len(body["results"])) == (4, None, 2)


def test_a_cursor_is_of_use_in_its_own_list_and_order_only(colleague: Client) -> None:
    multiply(CompanyFactory(), 3)
    cursor = listed(colleague, "companies", limit=1)["next"].partition("cursor=")[2].partition("&")[0]
    for address, asked in (
        ("companies", {"cursor": f"{cursor}x"}),
        ("companies", {"cursor": "1"}),
        ("companies", {"cursor": "\ud800".encode("utf-8", "replace").decode() + "é:1:2"}),
        ("companies", {"cursor": cursor, "ordering": "name"}),
        ("people", {"cursor": cursor}),
    ):
        (error,) = errors(colleague, f"/api/v1/{address}/", **asked)
        assert (error["parameter"], error["code"]) == ("cursor", "invalid_cursor")

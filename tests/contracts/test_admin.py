"""What the admin promises of every table: its pages open, in a number of queries that does not grow with the rows."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.contract import TABLES
from evidence.contract import Table
from tests.factories import FACTORY_OF
from tests.factories.base import some_change
from tests.factories.bulk import multiply

FEW, MANY = 10, 1000

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(administrator: User) -> Client:
    """A browser in which an administrator has signed in, who may do everything."""
    administrator.is_superuser = True
    administrator.save()
    client = Client()
    client.force_login(administrator)
    return client


def address(table: Table, page: str, *args: Any) -> str:
    meta = table.model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def make(table: Table, number: int, **same: Any) -> list[Any]:
    with some_change():
        return FACTORY_OF[table.model].create_batch(number, **same)


def queries(desk: Client, url: str) -> int:
    desk.get(url)  # the first request of a process also fills caches of content types and permissions
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(url).status_code == 200
    return len(captured)


def test_every_table_of_the_contract_is_in_the_admin() -> None:
    assert {table.model for table in TABLES} <= set(admin.site._registry)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_list_takes_as_many_queries_at_a_thousand_rows_as_at_ten(table: Table, desk: Client) -> None:
    records = make(table, FEW)
    few = queries(desk, address(table, "changelist"))
    multiply(records[0], MANY - FEW)
    assert table.model._base_manager.count() >= MANY
    assert queries(desk, address(table, "changelist")) == few


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_list_can_be_searched(table: Table, desk: Client) -> None:
    (record,) = make(table, 1)
    key = record.natural_key()[0]
    assert key in desk.get(address(table, "changelist"), {"q": key}).content.decode()
    assert desk.get(address(table, "changelist"), {"q": "no such thing"}).status_code == 200


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_page_of_a_record_opens(table: Table, desk: Client) -> None:
    (record,) = make(table, 1)
    for page in ("change", "history"):
        response = desk.get(address(table, page, record.pk))
        assert response.status_code == 200, page
        assert str(record)[:30] in response.content.decode(), page


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_form_takes_as_many_queries_with_a_thousand_parts_and_claims_as_with_ten(
    table: Table, desk: Client
) -> None:
    (record,) = make(table, 1)
    surroundings = [found for found in TABLES if _refers_to(found, record)]
    around = [_surround(found, record, FEW) for found in surroundings]
    few = queries(desk, address(table, "change", record.pk))
    for one in around:
        multiply(one, MANY - FEW)
    assert queries(desk, address(table, "change", record.pk)) == few


def test_forms_choose_among_thousands_by_typing_and_list_none_of_them(desk: Client) -> None:
    companies = FACTORY_OF[next(table.model for table in TABLES if table.name == "companies")]
    with some_change():
        companies.create_batch(30)
    claims = next(table for table in TABLES if table.name == "claims")
    assert "Company 3 Inc." not in desk.get(address(claims, "add")).content.decode()
    found = desk.get(
        reverse("admin:autocomplete"),
        {"app_label": "claims", "model_name": "claim", "field_name": "subject", "term": "company"},
    )
    assert len(found.json()["results"]) >= 20


def test_an_entity_in_the_list_of_all_opens_as_its_own_type(desk: Client) -> None:
    plants = FACTORY_OF[next(table.model for table in TABLES if table.name == "plants")]
    plant = plants()
    response = desk.get(reverse("admin:claims_entity_change", args=[plant.pk]))
    assert response.url == reverse("admin:claims_plant_change", args=[plant.pk])


def _refers_to(table: Table, record: Any) -> bool:
    return bool(_links(table, record)) and table.name != "snapshots"


def _links(table: Table, record: Any) -> list[str]:
    """The fields by which rows of the table can refer to the record, one of them at a time."""
    fields = (column.field for column in table.columns if column.target is not None)
    return [field.name for field in fields if field.many_to_one and isinstance(record, field.related_model)]


def _surround(table: Table, record: Any, number: int) -> Any:
    """Rows of the table that refer to the record; returns one of them."""
    with some_change():
        return FACTORY_OF[table.model].create_batch(number, **{_links(table, record)[0]: record})[0]

"""Exporting from the admin: what the list shows, what is marked in it, chosen columns, any format."""

from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from claims.contract import TABLES
from evidence.contract import Table
from tests.factories import FACTORY_OF, CompanyFactory

pytestmark = pytest.mark.django_db

PAGE, LIST = "admin:claims_company_export", "admin:claims_company_changelist"


@pytest.fixture
def desk(reader: User) -> Client:
    client = Client()
    client.force_login(reader)
    return client


def exported(desk: Client, **asked: object) -> str:
    answer = desk.get(reverse(PAGE), {"_format": "csv", "_column": ["name"], **asked})
    assert answer["Content-Disposition"] == 'attachment; filename="companies.csv"'
    return b"".join(answer.streaming_content).decode()


def test_the_page_asks_for_format_and_columns_and_keeps_the_filters_of_the_list(desk: Client) -> None:
    CompanyFactory()
    assert f'href="{reverse(PAGE)}?kind=bank"' in desk.get(reverse(LIST), {"kind": "bank"}).content.decode()
    page = desk.get(reverse(PAGE), {"kind": "bank"}).content.decode()
    assert '<input type="hidden" name="kind" value="bank">' in page
    assert 'value="xlsx"' in page and 'name="_column" value="tickers"' in page


def test_what_the_list_shows_is_exported_as_it_is_filtered_and_searched(desk: Client) -> None:
    CompanyFactory(slug="lg", name="LG", review="draft")
    CompanyFactory(slug="basf", name="BASF", review="submitted")
    assert exported(desk) == "slug,name\nbasf,BASF\nlg,LG\n"
    assert exported(desk, q="basf") == "slug,name\nbasf,BASF\n"
    assert exported(desk, review__exact="draft") == "slug,name\nlg,LG\n"


def test_what_is_marked_is_exported(desk: Client) -> None:
    lg, *_ = [CompanyFactory(slug=slug, name=slug) for slug in ("lg", "basf", "posco")]
    marked = {"action": "export_selected", "_selected_action": [lg.pk]}
    answer = desk.post(reverse(LIST), marked)
    assert answer.headers["Location"] == f"{reverse(PAGE)}?pk__in={lg.pk}"
    assert exported(desk, pk__in=lg.pk) == "slug,name\nlg,lg\n"
    answer = desk.post(f"{reverse(LIST)}?q=lg", {**marked, "select_across": "1"})
    assert answer.headers["Location"] == f"{reverse(PAGE)}?q=lg"


def test_a_workbook_is_a_format_like_any_other(desk: Client) -> None:
    CompanyFactory(slug="lg", name="=1+1")
    answer = desk.get(reverse(PAGE), {"_format": "xlsx"})
    page = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert [cell.value for cell in page[2]][:2] == ["lg", "=1+1"]
    assert page["B2"].data_type == "s"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_can_be_exported_from_its_list(table: Table, desk: Client) -> None:
    FACTORY_OF[table.model]()
    page = reverse(f"admin:{table.model._meta.app_label}_{table.model._meta.model_name}_export")
    lines = b"".join(desk.get(page, {"_format": "csv"}).streaming_content).decode().splitlines()
    assert lines[0] == ",".join(table.by_name)
    assert len(lines) > 1


def test_who_may_not_see_a_table_may_not_export_it(client: Client) -> None:
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(reverse(PAGE), {"_format": "csv"}).status_code == 403
    assert "/admin/login/" in Client().get(reverse(PAGE), {"_format": "csv"}).headers["Location"]

"""Templates in the admin: above every list and on the page that brings sheets in, for whoever may see the table."""

from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from claims.contract import TABLES
from claims.exchange.templates import TEMPLATES

pytestmark = pytest.mark.django_db

IMPORT = "admin:evidence_importbatch_add"


def signed_in(user: User) -> Client:
    desk = Client()
    desk.force_login(user)
    return desk


def address(name: str, form: str = "xlsx") -> str:
    return reverse("admin:claims_template", args=[name, form])


def changelist(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_every_list_offers_the_template_of_its_table(reader: User) -> None:
    desk = signed_in(reader)
    for table in TABLES:
        page = desk.get(changelist(table.model)).content.decode()
        assert f'<a href="{address(table.name)}">Template</a>' in page
    claims = next(table.model for table in TABLES if table.name == "claims")
    page = desk.get(changelist(claims)).content.decode()
    assert f'<a href="{address("claims+citations")}">Template with citations</a>' in page


def test_the_page_of_imports_offers_all_of_them(curator: User) -> None:
    page = signed_in(curator).get(reverse(IMPORT)).content.decode()
    for name in TEMPLATES:
        assert f'href="{address(name)}"' in page
        assert f'href="{address(name, "csv")}"' in page
    assert "Claims with citations:" in page


def test_a_workbook_is_sent_under_the_name_of_its_table(reader: User) -> None:
    answer = signed_in(reader).get(address("claims+citations"))
    assert answer["Content-Disposition"] == 'attachment; filename="claims.xlsx"'
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert load_workbook(BytesIO(answer.content)).sheetnames == ["claims", "About"]


def test_csv_has_the_columns_alone(reader: User) -> None:
    answer = signed_in(reader).get(address("people", "csv"))
    assert answer.content.decode() == "slug,name,aliases,description,confidence,basis,review,notes\n"


def test_a_workbook_that_was_filled_in_is_uploaded_as_it_is(curator: User) -> None:
    desk = signed_in(curator)
    book = load_workbook(BytesIO(desk.get(address("people")).content))
    book["people"].append(["dan", "Dan"])
    out = BytesIO()
    book.save(out)
    file = SimpleUploadedFile("people.xlsx", out.getvalue())
    given = {"file": file, "table": "", "empty": "keep", "reason": ""}
    assert "1 create, 0 update" in desk.post(reverse(IMPORT), given, follow=True).content.decode()


@pytest.mark.parametrize("wrong", [("peeple", "xlsx"), ("people", "json"), ("people", "exe")])
def test_what_is_no_template_is_not_found(wrong: tuple[str, str], reader: User) -> None:
    assert signed_in(reader).get(address(*wrong)).status_code == 404


def test_who_may_not_see_a_table_is_given_no_template_of_it() -> None:
    user = User.objects.create_user("somebody", is_staff=True)
    codenames = ["view_person", "add_person", "add_importbatch"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    desk = signed_in(user)
    assert desk.get(address("people")).status_code == 200
    assert desk.get(address("claims")).status_code == 403
    page = desk.get(reverse(IMPORT)).content.decode()
    assert address("people") in page and address("claims") not in page
    assert "/admin/login/" in Client().get(address("people")).headers["Location"]

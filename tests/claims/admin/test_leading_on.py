"""Addresses, searches and pages that name a record which was merged lead to the one that stands for it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Company
from claims.services.merging import merge
from evidence.choices import Door
from evidence.services.changes import change
from tests.factories import CompanyFactory, FormerSlugFactory, PlantFactory
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(curator: User) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def merged(curator: User) -> tuple[Company, int]:
    """A company, and the row id of the one that was merged with it."""
    kept, gone = CompanyFactory(slug="lg-chem", name="LG Chem"), CompanyFactory(slug="lgc", name="LGC")
    row = gone.pk
    with change(actor=curator, door=Door.ADMIN, reason="One company."):
        merge(kept=kept, gone=gone)
    return kept, row


@pytest.mark.parametrize("page", ["company_change", "company_history", "company_delete", "entity_change"])
def test_the_pages_of_a_merged_record_lead_to_the_one_that_stays(
    page: str, desk: Client, merged: tuple[Company, int]
) -> None:
    kept, row = merged
    answer = desk.get(reverse(f"admin:claims_{page}", args=[row]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("admin:claims_company_change", args=[kept.pk])
    assert "The record “lgc” was merged with this one." in answer.content.decode()


def test_a_record_that_never_was_or_was_deleted_leads_nowhere(
    desk: Client, merged: tuple[Company, int]
) -> None:
    gone = CompanyFactory()
    row = gone.pk
    with some_change():
        gone.delete()
    for key in (row, 10**9, "x", 10**30):
        answer = desk.get(reverse("admin:claims_company_change", args=[key]))
        assert answer.url == reverse("admin:index")


@pytest.mark.parametrize("model", ["company", "entity"])
def test_a_list_is_searched_by_former_slugs_too(
    model: str, desk: Client, merged: tuple[Company, int]
) -> None:
    FormerSlugFactory(slug="lucky-goldstar", entity=merged[0])
    CompanyFactory(name="Lucky Goldstar Fan Club", slug="lucky-goldstar-club")
    page = desk.get(reverse(f"admin:claims_{model}_changelist"), {"q": "lucky-goldstar"})
    assert [row.slug for row in page.context["cl"].result_list] == ["lg-chem", "lucky-goldstar-club"]


def test_records_are_chosen_by_a_former_slug(desk: Client, merged: tuple[Company, int]) -> None:
    asked = {"app_label": "claims", "model_name": "claim", "field_name": "subject", "term": "lgc"}
    found = desk.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [one["text"] for one in found] == ["LG Chem"]


@pytest.mark.parametrize("entities", [["lgc", "other"], ["lgc", "lg-chem", "other"]])
def test_pages_that_name_entities_by_slug_know_former_ones(
    entities: list[str], desk: Client, merged: tuple[Company, int]
) -> None:
    CompanyFactory(slug="other")
    answer: Any = desk.get(reverse("admin:claims_compare"), {"entity": entities, "format": "json"})
    assert [one["slug"] for one in answer.json()["entities"]] == ["lg-chem", "other"]


def test_a_form_refuses_a_former_slug_with_the_way_out(desk: Client, merged: tuple[Company, int]) -> None:
    sent = {"name": "Plant", "slug": "lgc", "confidence": "unjudged", "basis": "inference", "review": "draft"}
    sent |= {f"owners_of-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    page = desk.post(reverse("admin:claims_plant_add"), sent)
    told = "“lgc” is a former slug of the company “LG Chem” (lg-chem), with which its record was merged; change that"
    assert told in str(page.context["adminform"].form.errors["slug"])
    page = desk.post(reverse("admin:claims_plant_add"), {**sent, "slug": "", "name": "LGC"})
    assert "“lgc”, proposed from the name, is taken" in str(page.context["adminform"].form.errors["slug"])
    assert not PlantFactory._meta.model.objects.exists()

"""What the form of a claim tells while it is typed, what its page shows of the value, and what saving tells."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Claim
from tests.claims.admin.test_claim_form import ADD, claim_form, page_of, signed_in
from tests.factories import (
    ClaimFactory,
    CompanyFactory,
    InvestmentFactory,
    PlantFactory,
    PredicateFactory,
)

pytestmark = pytest.mark.django_db

PREVIEW = "/admin/claims/claim/preview/"
PREDICATES = "/admin/claims/claim/predicates/"


@pytest.fixture
def desk(curator: User) -> Client:
    return signed_in(curator)


def previewed(desk: Client, **typed: Any) -> dict[str, Any]:
    response = desk.get(PREVIEW, typed)
    assert response.status_code == 200
    return response.json()


def reading(desk: Client, **typed: Any) -> dict[str, Any]:
    return previewed(desk, **typed)["reading"]


def test_a_quantity_is_told_with_its_ends_and_unit(desk: Client) -> None:
    predicate = PredicateFactory(measured=True)
    assert reading(desk, predicate=predicate.pk, value="30+", unit="GWh") == {
        "state": "read",
        "told": "30 or more GWh/year",
        "low": "30",
        "high": None,
        "unit": "GWh/year",
        "currencies": [],
        "edtf": "",
    }


@pytest.mark.parametrize(
    ("value_type", "value", "unit", "told"),
    [
        ("money", "US$10M", "", "9,500,000–10,500,000 USD"),
        ("money", "¥10M", "", "9,500,000–10,500,000 in CNY or JPY"),
        ("money", "$10M", "", "9,500,000–10,500,000 in USD, CAD, AUD or one of 19 other currencies"),
        ("money", "10M", "", "9,500,000–10,500,000 in no currency"),
        ("money", "$10M", "CAD", "9,500,000–10,500,000 CAD"),
        ("percent", "4.9", "", "4.85–4.95 %"),
        ("quantity", "52 patents", "", "52"),
        ("date", "H1 2027", "", "2027-01-01 to 2027-06-30 (EDTF 2027-40)"),
        ("date", "10 August 2020", "", "2020-08-10"),
        ("date", "since 2012", "", "2012-01-01 or later (EDTF 2012/..)"),
        ("date", "by 2026", "", "2026-12-31 or earlier (EDTF ../2026)"),
        ("date", "September", "", "days of no known year (EDTF XXXX-09)"),
    ],
)
def test_a_value_is_told_in_words(value_type: str, value: str, unit: str, told: str, desk: Client) -> None:
    found = reading(desk, predicate=PredicateFactory(value_type=value_type).pk, value=value, unit=unit)
    assert (found["state"], found["told"]) == ("read", told)


@pytest.mark.parametrize(
    ("columns", "value", "unit", "state", "told"),
    [
        (
            {"value_type": "date"},
            "soon",
            "",
            "unread",
            "Not understood, and kept as printed; it compares with",
        ),
        ({"value_type": "date"}, "2028-02-30", "", "refused", "the calendar has no such day"),
        ({"value_type": "quantity", "unit": ["t/year"]}, "5 tons", "", "refused", "4.5–5.5 short ton/year"),
        ({"value_type": "quantity", "unit": ["t/year"]}, "5", "km", "refused", "“km”: km does not measure"),
        ({"value_type": "money"}, "US$10M", "CAD", "refused", "printed in USD, not in CAD"),
        ({"value_type": "code", "codes": ["built"]}, "bilt", "", "refused", "none of the words"),
        ({"value_type": "code", "codes": ["built"]}, "built", "", "", ""),
        ({"value_type": "text"}, "1.500", "", "", ""),
        ({"value_type": "date"}, "", "", "", ""),
    ],
)
def test_what_is_not_read_is_told_with_why(
    columns: dict[str, Any], value: str, unit: str, state: str, told: str, desk: Client
) -> None:
    found = reading(desk, predicate=PredicateFactory(**columns).pk, value=value, unit=unit)
    assert found["state"] == state
    assert told in found["told"]


def test_what_is_told_as_refused_is_refused_when_it_is_saved(desk: Client) -> None:
    predicate = PredicateFactory(measured=True)
    typed = {"subject": CompanyFactory().pk, "predicate": predicate.pk, "value": "5 km"}
    told = reading(desk, **typed)["told"]
    response = desk.post(ADD, claim_form(statement="S.", **typed))
    errors = response.context["adminform"].form.errors["value"]
    assert told == f"Refused. {errors[0]}"
    assert 'data-state="refused"' in response.content.decode()
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"predicate": "", "value": "50"},
        {"predicate": "abc", "value": "50"},
        {"predicate": "9" * 40, "subject": "9" * 40, "object": "-1", "value": "50"},
        {"value": "50", "when": "soon", "modality": "perhaps", "negated": "maybe", "scope": "|||"},
    ],
)
def test_an_unfinished_or_nonsensical_claim_has_nothing_to_read(typed: dict[str, str], desk: Client) -> None:
    found = previewed(desk, **typed)
    assert (found["reading"]["state"], found["reading"]["told"]) == ("", "")
    assert found["offers"] == {"unit": [], "value": []}


@pytest.mark.parametrize("value", ["5\x07", "5\n6", "9" * 5000, "<script>alert(1)</script>"])
def test_hostile_text_is_answered(value: str, desk: Client) -> None:
    predicate = PredicateFactory(measured=True)
    assert reading(desk, predicate=predicate.pk, value=value)["state"] in ("", "unread", "refused")


def test_units_and_words_of_the_predicate_are_offered(desk: Client) -> None:
    measured, coded = PredicateFactory(measured=True), PredicateFactory(coded=True)
    assert previewed(desk, predicate=measured.pk)["offers"] == {"unit": ["GWh/year"], "value": []}
    assert previewed(desk, predicate=coded.pk)["offers"] == {"unit": [], "value": ["planned", "built"]}


def test_only_who_may_view_claims_is_answered(reader: User, db: None) -> None:
    assert signed_in(reader).get(PREVIEW).status_code == 200
    assert Client().get(PREVIEW).status_code == 302
    stranger = User.objects.create_user("stranger", is_staff=True)
    for address in (PREVIEW, PREDICATES, "/admin/claims/claim/dates/"):
        assert signed_in(stranger).get(address).status_code == 403


def test_the_page_of_a_claim_shows_what_its_value_is_read_as(desk: Client) -> None:
    claim = ClaimFactory(predicate=PredicateFactory(value_type="date"), value="H1 2027")
    page = desk.get(page_of(claim)).content.decode()
    assert 'data-state="read">2027-01-01 to 2027-06-30 (EDTF 2027-40)</output>' in page


def test_readers_see_it_too(reader: User) -> None:
    claim = ClaimFactory(predicate=PredicateFactory(value_type="date"), value="soon")
    assert "Not understood, and kept as printed" in signed_in(reader).get(page_of(claim)).content.decode()


def test_no_script_and_no_style_stands_in_the_page(desk: Client) -> None:
    page = desk.get(ADD).content.decode()
    assert "claims/claim_form.js" in page
    assert "evidence/readings.js" in page
    assert "<script>" not in page
    assert "<style" not in page


def test_saving_a_value_that_is_not_understood_keeps_it_and_says_so(desk: Client) -> None:
    predicate = PredicateFactory(value_type="date")
    form = claim_form(statement="S.", subject=CompanyFactory().pk, predicate=predicate.pk, value="soon")
    page = desk.post(ADD, form, follow=True).content.decode()
    assert "“soon” is kept as printed, and compares with nothing: it is not understood as a date" in page
    assert Claim.objects.get().value_state == "unread"


def test_saving_one_that_is_read_says_nothing_of_it(desk: Client) -> None:
    predicate = PredicateFactory(value_type="date")
    form = claim_form(statement="S.", subject=CompanyFactory().pk, predicate=predicate.pk, value="2012")
    assert "compares with nothing" not in desk.post(ADD, form, follow=True).content.decode()


def test_claims_with_unread_values_are_listed(desk: Client) -> None:
    predicate = PredicateFactory(value_type="date")
    ClaimFactory(predicate=predicate, value="soon", statement="It opens soon.")
    ClaimFactory(predicate=predicate, value="2012", statement="It opened in 2012.")
    listed = desk.get("/admin/claims/claim/", {"value_state__exact": "unread"}).content.decode()
    assert "It opens soon." in listed
    assert "It opened in 2012." not in listed
    assert "?value_state__exact=unread" in desk.get("/admin/claims/claim/").content.decode()


def offered(desk: Client, **typed: Any) -> list[str]:
    asked = {"app_label": "claims", "model_name": "claim", "field_name": "predicate", "term": ""}
    return [result["text"] for result in desk.get(PREDICATES, asked | typed).json()["results"]]


def test_predicates_are_offered_that_are_said_of_the_subject_with_what_they_ask_for(desk: Client) -> None:
    PredicateFactory(slug="a", label="has a capacity of", applies_to=["company", "plant"], measured=True)
    PredicateFactory(slug="b", label="amounts to", applies_to=["investment"], value_type="money")
    PredicateFactory(slug="c", label="is judged", value_type="text")
    PredicateFactory(slug="d", label="has patents", applies_to=["plant"], value_type="quantity", unit=["1"])
    PredicateFactory(slug="e", label="was signed", applies_to=["agreement", "event"], value_type="date")
    everything = ["has a capacity of · quantity in GWh/year", "amounts to · money", "is judged · text"]
    everything += ["has patents · quantity", "was signed · date"]
    assert offered(desk) == everything
    assert offered(desk, subject="nonsense") == everything
    assert offered(desk, subject="9" * 40) == everything
    assert offered(desk, subject=CompanyFactory().pk) == [everything[0], everything[2]]
    assert offered(desk, subject=PlantFactory().pk) == [everything[0], everything[2], everything[3]]
    assert offered(desk, subject=InvestmentFactory().pk) == everything[1:3]
    assert offered(desk, subject=PlantFactory().pk, term="judged") == ["is judged · text"]


def test_the_form_asks_there_for_predicates(desk: Client) -> None:
    assert f'data-ajax--url="{PREDICATES}"' in desk.get(ADD).content.decode()


@pytest.mark.parametrize(
    ("text", "state", "told"),
    [
        ("H1 2027", "read", "2027-01-01 to 2027-06-30 (EDTF 2027-40)"),
        ("(one day)", "unread", "no date; the words are kept"),
        ("soon", "refused", "it is not understood as a date"),
        ("03/04/2021", "refused", "2021-03-04"),
        (" ", "", ""),
    ],
)
@pytest.mark.parametrize("model", ["claim", "plant", "citation"])
def test_a_date_is_told_while_it_is_typed(model: str, text: str, state: str, told: str, desk: Client) -> None:
    found = desk.get(reverse(f"admin:claims_{model}_dates"), {"text": text}).json()
    assert found["state"] == state
    assert told in found["told"]

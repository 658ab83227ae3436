"""Pages that compare: entities side by side, what is nearly in conflict, and the marks on an entity's fields."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Entity, Predicate
from tests.factories import (
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    InvestmentFactory,
    PlantFactory,
    PredicateFactory,
    SourceFactory,
    TopicFactory,
)
from tests.factories.bulk import multiply

pytestmark = pytest.mark.django_db

COMPARE, NEAR = reverse("admin:claims_compare"), reverse("admin:claims_conflict_near")
TAG = re.compile(r"<[^>]+>")
UNSAFE = re.compile(r"<[^>]+\s(style|on\w+)=|<script(?![^>]*\ssrc=)|<style", re.IGNORECASE)


@pytest.fixture
def desk(reader: User) -> Client:
    client = Client()
    client.force_login(reader)
    return client


@pytest.fixture
def processes() -> tuple[Entity, Entity]:
    """Two processes of which one gives rise to wastewater, and the other does not."""
    pair = TopicFactory(slug="one-pot", name="One-Pot"), TopicFactory(slug="lpf", name="LPF")
    wastewater = PredicateFactory(bare=True, slug="wastewater", label="produces wastewater")
    for process, negated in zip(pair, (True, False), strict=True):
        claim = ClaimFactory(subject=process, predicate=wastewater, value="", negated=negated)
        CitationFactory(claim=claim, source=SourceFactory(title=f"Of {process.name}"), locator="8 t1 r18 c2")
    ClaimFactory(subject=pair[0], predicate=PredicateFactory(label="is patented by"), value="somebody")
    return pair


def words(page: Any) -> str:
    """What a page says, without its tags."""
    return " ".join(TAG.sub(" ", page.content.decode()).split())


def test_entities_stand_side_by_side_with_values_sources_and_verdict(
    desk: Client, processes: tuple[Entity, Entity]
) -> None:
    page = desk.get(COMPARE, {"entity": ["one-pot", "lpf"]})
    said = words(page)
    assert "produces wastewater ≠ differ" in said
    assert "What is said of one is denied of the other" in said
    assert said.count("8 t1 r18 c2") == 2
    assert "is patented by" in said
    assert not UNSAFE.search(page.content.decode())


def test_only_what_is_claimed_of_two_can_be_shown(desk: Client, processes: tuple[Entity, Entity]) -> None:
    said = words(desk.get(COMPARE, {"entity": ["one-pot", "lpf"], "common": "1"}))
    assert "is patented by" not in said
    assert "1 predicate claimed of one only is left out." in said
    common = desk.get(COMPARE, {"entity": ["one-pot", "lpf"], "common": "1", "format": "json"}).json()
    assert [row["predicate"] for row in common["predicates"]] == ["wastewater"]


def test_entities_are_added_as_the_autocomplete_names_them(
    desk: Client, processes: tuple[Entity, Entity]
) -> None:
    answer = desk.get(
        COMPARE, {"entity": "one-pot", "add": [processes[1].pk, "no number", 10**30], "common": 1}
    )
    assert answer.url == f"{COMPARE}?entity=one-pot&entity=lpf&common=1"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({}, "Choose 2 to 8 entities; none is chosen yet."),
        ({"entity": "one-pot"}, "Choose 2 to 8 entities; one is chosen."),
        ({"entity": ["one-pot", "lpff"]}, "There is no entity “lpff”; did you mean “lpf”?"),
        ({"entity": ["one-pot", "lpf"], "page": 2}, "There is no parameter “page”;"),
        ({"entity": ["one-pot", "lpf"], "common": "yes"}, "The parameter common does not take “yes”"),
        ({"entity": ["one-pot", "lpf"], "format": "xml"}, "The parameter format does not take “xml”"),
        ({"entity": [f"e{number}" for number in range(9)]}, "9 entities are too many"),
    ],
)
def test_a_wrong_request_is_a_problem_in_json_that_names_the_way_out(
    query: dict[str, Any], told: str, desk: Client, processes: tuple[Entity, Entity]
) -> None:
    answer = desk.get(COMPARE, {"format": "json", **query})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"entity": ["one-pot", "lpff"]}, "There is no entity “lpff”; did you mean “lpf”?"),
        ({"entity": "one-pot"}, "Choose 2 to 8 entities; one is chosen."),
        ({}, "Choose 2 to 8 entities; none is chosen yet."),
    ],
)
def test_the_page_keeps_what_it_knows_and_says_what_is_missing(
    query: dict[str, Any], told: str, desk: Client, processes: tuple[Entity, Entity]
) -> None:
    page = desk.get(COMPARE, query)
    assert told in words(page)
    assert ('value="one-pot" checked' in page.content.decode()) == bool(query)


@pytest.mark.parametrize("address", [COMPARE, NEAR])
def test_who_may_not_view_claims_sees_no_comparison(address: str, db: None) -> None:
    client = Client()
    assert client.get(address).status_code == 302
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("model", ["topic", "entity"])
def test_marked_entities_are_compared_from_any_list(
    model: str, desk: Client, processes: tuple[Entity, Entity]
) -> None:
    send = {"action": "compare_selected", "_selected_action": [process.pk for process in processes]}
    address = reverse(f"admin:claims_{model}_changelist")
    assert desk.post(address, send).url == f"{COMPARE}?entity=lpf&entity=one-pot"
    send["_selected_action"] = [processes[0].pk]
    assert "Mark 2 to 8 entities to compare them." in words(desk.post(address, send, follow=True))


def test_an_entity_s_page_leads_to_what_compares_it(desk: Client, processes: tuple[Entity, Entity]) -> None:
    page = desk.get(reverse("admin:claims_topic_change", args=[processes[0].pk])).content.decode()
    assert f'href="{COMPARE}?entity=one-pot"' in page
    assert f'href="{NEAR}?entity=one-pot"' in page


@pytest.fixture
def capacity() -> Predicate:
    return PredicateFactory(
        label="has a capacity of", measured=True, applies_to=["plant"], record_field="capacity"
    )


def near_pair(capacity: Predicate, name: str) -> Entity:
    plant = PlantFactory(name=name, slug=name.lower())
    for value, scope in (("50 GWh/year", []), ("5 GWh/year", ["pilot"])):
        ClaimFactory(subject=plant, predicate=capacity, value=value, scope=scope)
    return plant


def test_what_is_nearly_in_conflict_is_listed_with_what_keeps_it_apart(
    desk: Client, capacity: Predicate
) -> None:
    near_pair(capacity, "Candiac")
    assert f'href="{NEAR}"' in desk.get(reverse("admin:claims_conflict_changelist")).content.decode()
    page = desk.get(NEAR)
    said = words(page)
    assert "Candiac · has a capacity of" in said
    assert "One speaks of none in particular, the other of pilot." in said
    assert "have nothing in common" in said
    assert "These cannot all be true" not in said and "cannot all be true …" not in said
    assert not UNSAFE.search(page.content.decode())


def test_a_curator_notes_a_conflict_from_a_pair(curator: User, capacity: Predicate) -> None:
    near_pair(capacity, "Candiac")
    client = Client()
    client.force_login(curator)
    (link,) = re.findall(r'href="([^"]*conflict/add/\?[^"]*)"', client.get(NEAR).content.decode())
    form = client.get(link.replace("&amp;", "&")).content.decode()
    assert form.count("selected>Company") == 2


def test_the_list_is_narrowed_and_walked_by_its_links(
    desk: Client, capacity: Predicate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.services.conflicts.near.ENOUGH", 1)
    for name in ("Candiac", "Windsor"):
        near_pair(capacity, name)
    first = desk.get(NEAR, {"kind": "scope"})
    assert "Candiac ·" in words(first) and "Windsor ·" not in words(first)
    (link,) = re.findall(r'href="([^"]+)" rel="next"', first.content.decode())
    second = desk.get(link.replace("&amp;", "&"))
    assert "Windsor ·" in words(second) and "From the beginning" in words(second)
    assert "Windsor ·" in words(desk.get(NEAR, {"entity": "windsor"}))
    assert "No two claims" in words(desk.get(NEAR, {"entity": CompanyFactory().slug}))
    assert "None in the 2 groups" in words(desk.get(NEAR, {"kind": "modality"}))


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"kind": "colour"}, "There is no kind “colour”; there are scope, modality, reading."),
        ({"after": "here"}, "“here” is no place in the list"),
        ({"after": f"{10**30}.1"}, "is no place in the list"),
        ({"entity": "candiak"}, "There is no entity “candiak”; did you mean “candiac”?"),
        ({"entity": ["candiac", "windsor"]}, "One entity at a time"),
    ],
)
def test_a_wrong_filter_is_named(query: dict[str, Any], told: str, desk: Client, capacity: Predicate) -> None:
    for name in ("Candiac", "Windsor"):
        near_pair(capacity, name)
    said = words(desk.get(NEAR, query))
    assert told in said
    assert "has a capacity of" not in said


@pytest.mark.parametrize("role", ["reader", "curator"])
def test_fields_are_marked_for_who_may_write_and_for_who_may_not(
    role: str, capacity: Predicate, request: pytest.FixtureRequest
) -> None:
    client = Client()
    client.force_login(request.getfixturevalue(role))
    plant = PlantFactory(capacity="50 GWh/year")
    ClaimFactory(subject=plant, predicate=capacity, value="50 GWh/year", statement="It makes 50 GWh a year.")
    page = client.get(reverse("admin:claims_plant_change", args=[plant.pk]))
    body = page.content.decode()
    assert body.count('href="#behind-capacity"') == body.count('id="behind-capacity"') == 1
    assert "✓ supported 1 claim for it Its capacity as printed" in words(page)
    panel = body[body.index("Fields and the claims behind them") :]
    assert "It makes 50 GWh a year." in panel and "supports it" in panel
    assert not UNSAFE.search(body)


def test_a_contested_and_an_unsupported_field_say_so(desk: Client) -> None:
    amount = PredicateFactory(
        value_type="money", single_valued=True, record_field="amount", persistence="timeless"
    )
    PredicateFactory(value_type="percent", record_field="stake_percent")
    deal = InvestmentFactory(amount="US$10M", stake_percent="4.9%")
    for value in ("US$10M", "US$30M"):
        ClaimFactory(subject=deal, predicate=amount, value=value)
    said = words(desk.get(reverse("admin:claims_investment_change", args=[deal.pk])))
    assert "! contested 1 claim for it, 1 against" in said
    assert "○ unsupported no claim says so" in said
    assert "have nothing in common" in said


def test_marks_speak_of_the_stored_record_while_a_refused_form_is_shown_again(
    curator: User, capacity: Predicate
) -> None:
    plant = PlantFactory(capacity="50 GWh/year", closed="2030")
    ClaimFactory(subject=plant, predicate=capacity, value="50 GWh/year")
    client = Client()
    client.force_login(curator)
    address = reverse("admin:claims_plant_change", args=[plant.pk])
    page = client.post(address, {"name": "", "capacity": "9 GWh/year", "closed": "no day"})
    assert page.status_code == 200
    assert "✓ supported" in words(page)


def test_an_entity_s_page_takes_as_many_queries_with_very_many_claims_behind_a_field(
    desk: Client, capacity: Predicate
) -> None:
    plant = PlantFactory(capacity="50 GWh/year")
    claim = ClaimFactory(subject=plant, predicate=capacity, value="50 GWh/year")
    CitationFactory(claim=claim)
    address = reverse("admin:claims_plant_change", args=[plant.pk])
    desk.get(address)
    with CaptureQueriesContext(connection) as few:
        desk.get(address)
    multiply(claim, 1500)
    with CaptureQueriesContext(connection) as many:
        page = desk.get(address)
    assert len(many) == len(few)
    assert "94 more" in words(page)

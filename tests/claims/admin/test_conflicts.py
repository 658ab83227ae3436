"""Conflicts in the admin: noted in seconds from marked claims, decided one by one or in bulk, shown side by side."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Conflict
from tests.factories import (
    CitationFactory,
    ClaimFactory,
    ConflictFactory,
    InvestmentFactory,
    PlantFactory,
    PredicateFactory,
    SourceFactory,
)
from tests.factories.base import some_change

pytestmark = pytest.mark.django_db

LIST, ADD = "admin:claims_conflict_changelist", "admin:claims_conflict_add"


@pytest.fixture
def desk(curator: User) -> Client:
    client = Client()
    client.force_login(curator)
    return client


@pytest.fixture
def amounts() -> list[Claim]:
    """Two amounts of one deal in two currencies, each with its source."""
    deal = InvestmentFactory(name="Stake in Nano One", announced="June 2022")
    amount = PredicateFactory(
        value_type="money", label="amounts to", single_valued=True, persistence="timeless"
    )
    claims = [
        ClaimFactory(slug=slug, subject=deal, predicate=amount, value=value)
        for slug, value in (("us", "US$10M"), ("ca", "CAD 10M"))
    ]
    for claim in claims:
        CitationFactory(claim=claim, source=SourceFactory(title=f"Paper of {claim.slug}"), locator="p5 s2")
    return claims


def page_of(conflict: Conflict) -> str:
    return reverse("admin:claims_conflict_change", args=[conflict.pk])


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_marked_claims_are_noted_as_a_conflict_with_one_sentence(desk: Client) -> None:
    claims = [ClaimFactory(), ClaimFactory()]
    marked = {"action": "note_conflict", "_selected_action": [claim.pk for claim in claims]}
    opened = desk.post(reverse("admin:claims_claim_changelist"), marked, follow=True)
    assert opened.context["adminform"].form.initial["members"] == [str(claim.pk) for claim in claims]
    sent = {"members": [claim.pk for claim in claims], "explanation": "The cause came after its effect."}
    assert desk.post(opened.request["PATH_INFO"], sent).status_code == 302
    noted = Conflict.objects.get()
    assert (noted.kind, noted.status, noted.members.count()) == ("noted", "open", 2)


def test_the_sentence_is_asked_for_first_and_alone(desk: Client) -> None:
    claims = [ClaimFactory(), ClaimFactory()]
    page = desk.get(reverse(ADD), {"claim": [claim.pk for claim in claims]})
    assert page.context["adminform"].fieldsets[0][1]["fields"][0] == "explanation"
    sent = desk.post(reverse(ADD), {"members": [claim.pk for claim in claims], "explanation": ""})
    assert dict(sent.context["adminform"].form.errors) == {"explanation": ["This field is required."]}


def test_the_same_sentence_is_numbered_for_other_claims_and_refused_for_the_same(desk: Client) -> None:
    claims = [ClaimFactory(), ClaimFactory(), ClaimFactory()]
    sent = {"members": [claim.pk for claim in claims[:2]], "explanation": "They differ."}
    assert desk.post(reverse(ADD), sent).status_code == 302
    assert "“they-differ”, proposed from the name, is taken" in text(desk.post(reverse(ADD), sent))
    assert desk.post(reverse(ADD), sent | {"members": [claim.pk for claim in claims]}).status_code == 302
    assert set(Conflict.objects.values_list("slug", flat=True)) == {"they-differ", "they-differ-2"}


def test_a_conflict_that_went_while_its_page_was_open_says_so(desk: Client, amounts: list[Claim]) -> None:
    conflict = Conflict.objects.get()
    page = page_of(conflict)
    with some_change():
        amounts[1].value = "US$10M"
        amounts[1].save()
    answer = desk.post(page, {"resolution": "both_stand", "reason": "Two currencies."}, follow=True)
    assert f"The conflict “{conflict.slug}” is gone: its claims conflict no longer" in text(answer)
    assert "doesn’t exist" in text(
        desk.get(reverse("admin:claims_conflict_change", args=["7" * 30]), follow=True)
    )


@pytest.mark.parametrize("row", ["9" * 30, "abc", "-1", "\x00"])
def test_an_address_that_names_no_row_leaves_the_field_empty(desk: Client, row: str) -> None:
    assert desk.get(reverse(ADD), {"claim": row}).status_code == 200
    assert desk.get(reverse(ADD), {"members": row}).status_code == 200
    assert desk.get(reverse("admin:claims_claim_add"), {"subject": row}).status_code == 200


def test_citations_that_are_marked_stand_for_their_claims(desk: Client) -> None:
    one = CitationFactory()
    again, other = CitationFactory(claim=one.claim), CitationFactory()
    where = reverse("admin:claims_citation_changelist")
    same = desk.post(where, {"action": "note_conflict", "_selected_action": [one.pk, again.pk]}, follow=True)
    assert "mark at least two" in text(same)
    both = desk.post(where, {"action": "note_conflict", "_selected_action": [one.pk, other.pk]})
    assert both.url == f"{reverse(ADD)}?claim={one.claim_id}&claim={other.claim_id}"


def test_pages_of_entities_sources_and_predicates_let_claims_be_marked(desk: Client) -> None:
    citation = CitationFactory()
    claim = citation.claim
    for name, record in (
        ("claims_company", claim.subject),
        ("evidence_source", citation.source),
        ("claims_predicate", claim.predicate),
    ):
        page = text(desk.get(reverse(f"admin:{name}_change", args=[record.pk])))
        assert f'name="claim" value="{claim.pk}"' in page, name
        assert "These cannot all be true" in page
        assert f'action="{reverse(ADD)}"' in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"explanation": "They exclude each other."}, "This field is required."),
        ({"explanation": ""}, "This field is required."),
    ],
)
def test_a_note_without_claims_or_reason_says_what_is_missing(
    sent: dict[str, str], said: str, desk: Client
) -> None:
    response = desk.post(reverse(ADD), sent)
    assert said in text(response)
    assert not Conflict.objects.exists()


def test_one_claim_is_no_conflict(desk: Client) -> None:
    sent = {"members": [ClaimFactory().pk], "explanation": "It contradicts itself."}
    response = desk.post(reverse(ADD), sent)
    assert "A conflict is between claims; name at least two." in text(response)
    assert not Conflict.objects.exists()


def test_positions_stand_side_by_side_with_sources_rates_and_what_was_compared(
    desk: Client, amounts: list[Claim]
) -> None:
    page = text(desk.get(page_of(Conflict.objects.get())))
    positions = page[page.index("Position 1") :]
    assert positions.index("CAD 10M") < positions.index("Position 2") < positions.index("US$10M")
    for said in (
        "Paper of us",
        "Paper of ca",
        "p5 s2",
        "CAD 1 = USD 0.76928 to 0.79743 (2022-06-01/2022-06-30, ECB)",
        "9,500,000–10,500,000 CAD · 9,500,000–10,500,000 USD",
        "Between sources",
    ):
        assert said in page, said


def test_beside_a_conflict_stand_pairs_that_scope_or_modality_alone_keep_apart(desk: Client) -> None:
    plant, capacity = PlantFactory(), PredicateFactory(measured=True)
    for slug, value, modality in (
        ("a", "50 GWh", "actual"),
        ("b", "70 GWh", "actual"),
        ("c", "90 GWh", "planned"),
    ):
        ClaimFactory(slug=slug, subject=plant, predicate=capacity, value=value, modality=modality)
    page = text(desk.get(page_of(Conflict.objects.get())))
    beside = page[page.index("Beside it") :]
    assert beside.count("nearly conflicting") == 2
    assert "one is actual, the other planned" in beside


def test_a_found_conflict_takes_a_decision_and_nothing_else(desk: Client, amounts: list[Claim]) -> None:
    conflict = Conflict.objects.get()
    page = desk.get(page_of(conflict))
    assert not {"members", "explanation", "kind", "status"} & set(page.context["adminform"].form.fields)
    refused = desk.post(
        page_of(conflict), {"resolution": "error_in_source", "seen_version": conflict.version}
    )
    assert "Say why the conflict was decided so." in text(refused)
    sent = {
        "resolution": "error_in_source",
        "reason": "The listed title says US$.",
        "seen_version": conflict.version,
    }
    assert desk.post(page_of(conflict), sent).status_code == 302
    conflict.refresh_from_db()
    assert (conflict.status, conflict.reason) == ("resolved", "The listed title says US$.")
    sent = {"resolution": "", "reason": "", "seen_version": conflict.version}
    assert desk.post(page_of(conflict), sent).status_code == 302
    conflict.refresh_from_db()
    assert conflict.status == "open"


def test_a_found_conflict_is_not_deleted_from_its_page(desk: Client, amounts: list[Claim]) -> None:
    found, noted = Conflict.objects.get(), ConflictFactory()
    assert desk.get(reverse("admin:claims_conflict_delete", args=[found.pk])).status_code == 403
    assert desk.get(reverse("admin:claims_conflict_delete", args=[noted.pk])).status_code == 200


def test_conflicts_are_decided_in_bulk_with_one_reason_or_not_at_all(
    desk: Client, amounts: list[Claim], curator: User
) -> None:
    ConflictFactory()
    keys = [conflict.pk for conflict in Conflict.objects.all()]
    marked = {"action": "resolve_both_stand", "_selected_action": keys}
    refused = text(desk.post(reverse(LIST), marked, follow=True))
    assert "Say why the conflict was decided so. Write it in the bar above the list." in refused
    assert not Conflict.objects.filter(status="resolved").exists()
    done = text(desk.post(reverse(LIST), {**marked, "reason": "Two lines."}, follow=True))
    assert "Decided: 2 conflicts." in done
    assert set(Conflict.objects.values_list("status", "resolution", "reason")) == {
        ("resolved", "both_stand", "Two lines.")
    }
    assert Conflict.history.first().change.actor == curator
    desk.post(reverse(LIST), {"action": "reopen", "_selected_action": keys})
    assert set(Conflict.objects.values_list("status", "resolution")) == {("open", "")}


def test_readers_see_conflicts_and_decide_nothing(reader: User, amounts: list[Claim]) -> None:
    client = Client()
    client.force_login(reader)
    conflict = Conflict.objects.get()
    assert "CAD 10M" in text(client.get(page_of(conflict)))
    keys = {"_selected_action": [conflict.pk], "reason": "Tried."}
    client.post(reverse(LIST), {**keys, "action": "resolve_both_stand"})
    assert Conflict.objects.get().status == "open"


@pytest.mark.parametrize(
    ("query", "count"), [("within=between_sources", 1), ("within=one_source", 0), ("kind__exact=noted", 1)]
)
def test_the_list_is_narrowed_by_kind_and_by_what_disagrees(
    query: str, count: int, desk: Client, amounts: list[Claim]
) -> None:
    ConflictFactory()
    response = desk.get(f"{reverse(LIST)}?{query}")
    assert response.context["cl"].result_count == count


def test_the_page_of_a_claim_names_the_conflicts_it_is_in(desk: Client, amounts: list[Claim]) -> None:
    page = text(desk.get(reverse("admin:claims_claim_change", args=[amounts[0].pk])))
    assert page_of(Conflict.objects.get()) in page


def test_the_list_of_claims_tells_and_filters_which_are_contested(desk: Client, amounts: list[Claim]) -> None:
    quiet = ClaimFactory()
    listed = reverse("admin:claims_claim_changelist")
    assert text(desk.get(listed)).count('field-contested">contested') == 2
    contested = desk.get(f"{listed}?contested=yes").context["cl"].queryset
    assert set(contested) == set(amounts)
    assert set(desk.get(f"{listed}?contested=no").context["cl"].queryset) == {quiet}


def test_the_page_tells_who_decided_what_and_when_it_was_open_again(
    desk: Client, amounts: list[Claim], curator: User
) -> None:
    conflict = Conflict.objects.get()
    assert "Decisions" not in text(desk.get(page_of(conflict)))
    sent = {
        "resolution": "error_in_source",
        "reason": "The title says US$.",
        "seen_version": conflict.version,
    }
    desk.post(page_of(conflict), sent)
    with some_change():
        amounts[0].value = "US$11M"
        amounts[0].save()
    page = text(desk.get(page_of(conflict)))
    decisions = page[page.index("Decisions") :]
    assert decisions.index("Open again") < decisions.index("Resolved: error in a source")
    assert f"<td>{curator}</td><td>Resolved: error in a source</td><td>The title says US$.</td>" in decisions

"""Entering a claim with its citations in one form, reviewing it, and what the form says when a rule is broken."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from claims.models import Citation, Claim, Premise
from evidence.models import Change, Source
from tests.contracts.test_doors import filled_in
from tests.factories import (
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    PredicateFactory,
    PremiseFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/claims/claim/add/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def management(prefix: str, total: int, initial: int = 0) -> dict[str, Any]:
    names = {"TOTAL_FORMS": total, "INITIAL_FORMS": initial, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    return {f"{prefix}-{name}": value for name, value in names.items()}


def claim_form(**changed: Any) -> dict[str, Any]:
    """What a browser sends for a new claim without parts."""
    blank = dict.fromkeys(
        ("slug", "object", "value", "unit", "when", "scope", "reasoning", "notes", "change_reason"), ""
    )
    standing = {"modality": "actual", "confidence": "medium", "basis": "fact", "review": "submitted"}
    return blank | standing | management("citations", 0) | management("premises", 0) | changed


def citation_form(source: Source, **changed: Any) -> dict[str, Any]:
    """What a browser sends for one new citation."""
    names = (
        "slug",
        "quote",
        "prefix",
        "suffix",
        "presented_as",
        "certainty",
        "credibility",
        "attributed_to",
        "said",
    )
    cells = dict.fromkeys((*names, "note"), "") | {
        "source": source.pk,
        "locator": "2.1 p1",
        "stance": "supports",
    }
    filled = {f"citations-0-{name}": value for name, value in (cells | changed).items()}
    return management("citations", 1) | filled | {"citations-0-claim": "", "citations-0-id": ""}


def sent_again(claim: Claim, **changed: Any) -> dict[str, Any]:
    """What a browser sends for a stored claim with its citations, unchanged but for what is given."""
    columns = (
        "statement",
        "value",
        "unit",
        "when",
        "reasoning",
        "notes",
        "modality",
        "confidence",
        "basis",
        "review",
    )
    form = claim_form(**{name: getattr(claim, name) for name in columns})
    form |= {"subject": claim.subject_id, "predicate": claim.predicate_id, "seen_version": claim.version}
    stored = list(claim.citations.order_by("slug"))
    form |= management("citations", len(stored), len(stored))
    for index, citation in enumerate(stored):
        cells = {"id": citation.pk, "claim": claim.pk, "source": citation.source_id, "slug": citation.slug}
        texts = ("locator", "stance", "quote", "prefix", "suffix", "presented_as", "certainty", "credibility")
        cells |= {name: getattr(citation, name) for name in (*texts, "said", "note")} | {"attributed_to": ""}
        form |= {f"citations-{index}-{name}": value for name, value in cells.items()}
    return form | changed


def errors_of(response: Any) -> str:
    """What the page says is wrong, forms and rows of parts alike."""
    context = response.context
    listed = [
        str(context["adminform"].form.errors),
        *(str(part.formset.errors) for part in context["inline_admin_formsets"]),
    ]
    return " ".join(listed)


def test_a_fact_and_its_citation_are_entered_in_one_form(curator: User) -> None:
    company = CompanyFactory(accepted=True)
    predicate = PredicateFactory(
        accepted=True, label="was founded", value_type="date", applies_to=["company"]
    )
    form = claim_form(
        statement="Nano One was founded in 2012.", subject=company.pk, predicate=predicate.pk, value="2012"
    )
    sent = form | citation_form(SourceFactory(accepted=True), quote="Founded: 2012")
    response = signed_in(curator).post(ADD, sent | {"change_reason": "reading section 2"})
    assert response.status_code == 302, errors_of(response)
    claim = Claim.objects.get()
    assert (claim.slug, claim.edited_by) == ("nano-one-was-founded-in-2012", curator)
    assert claim.citations.get().slug.startswith("nano-one-was-founded-in-2012-source-")
    change = Change.objects.order_by("-pk").first()
    assert (change.actor, change.door, change.reason) == (curator, "admin", "reading section 2")
    assert [entry.change for entry in claim.history.all()] == [change]
    assert [entry.change for entry in claim.citations.get().history.all()] == [change]


def test_a_reviewer_accepts_what_a_curator_submitted(curator: User, reviewer: User) -> None:
    test_a_fact_and_its_citation_are_entered_in_one_form(curator)
    claim = Claim.objects.get()
    page = f"/admin/claims/claim/{claim.pk}/change/"
    response = signed_in(reviewer).post(page, sent_again(claim, review="accepted"))
    assert response.status_code == 302, errors_of(response)
    claim.refresh_from_db()
    assert claim.review == "accepted"


def test_a_fact_without_a_citation_is_not_accepted_and_the_form_keeps_what_was_typed(
    curator: User, reviewer: User
) -> None:
    claim = ClaimFactory(review="submitted", basis="fact", statement="Stands alone.", **accepted_ends())
    response = signed_in(reviewer).post(page_of(claim), sent_again(claim, review="accepted", notes=""))
    assert response.status_code == 200
    assert "An accepted fact needs a supporting citation" in errors_of(response)
    assert "Stands alone." in response.content.decode()
    claim.refresh_from_db()
    assert claim.review == "submitted"


def test_the_last_citation_of_an_accepted_fact_cannot_be_taken_away(curator: User) -> None:
    claim = ClaimFactory(fact=True)
    before = Change.objects.count()
    sent = sent_again(claim, **{"citations-0-DELETE": "on"})
    response = signed_in(curator).post(page_of(claim), sent)
    assert "An accepted fact needs a supporting citation" in errors_of(response)
    assert claim.citations.count() == 1
    assert Change.objects.count() == before


def test_nor_by_the_list_of_citations(curator: User) -> None:
    claim = ClaimFactory(fact=True)
    desk = signed_in(curator)
    chosen = {"action": "delete_selected", "_selected_action": [claim.citations.get().pk], "post": "yes"}
    response = desk.post("/admin/claims/citation/", chosen, follow=True)
    assert "An accepted fact needs a supporting citation" in response.content.decode()
    assert "Successfully deleted" not in response.content.decode()
    response = desk.post(
        f"/admin/claims/citation/{claim.citations.get().pk}/delete/", {"post": "yes"}, follow=True
    )
    assert "An accepted fact needs a supporting citation" in response.content.decode()
    assert claim.citations.count() == 1


def test_nobody_accepts_their_own_work(reviewer: User) -> None:
    test_a_fact_and_its_citation_are_entered_in_one_form(reviewer)
    claim = Claim.objects.get()
    response = signed_in(reviewer).post(page_of(claim), sent_again(claim, review="accepted"))
    assert "Nobody reviews their own work" in errors_of(response)


def test_a_new_record_cannot_start_as_accepted(reviewer: User) -> None:
    sent = {
        "name": "Nano One",
        "slug": "",
        "kind": "",
        "confidence": "high",
        "basis": "fact",
        "review": "accepted",
    }
    sent |= management("owners_of", 0)
    response = signed_in(reviewer).post("/admin/claims/company/add/", sent)
    assert "A new record starts as “draft” or “submitted”" in errors_of(response)


def test_editing_an_accepted_claim_submits_it_again(curator: User) -> None:
    claim = ClaimFactory(fact=True)
    response = signed_in(curator).post(page_of(claim), sent_again(claim, statement="Another sentence."))
    assert response.status_code == 302, errors_of(response)
    claim.refresh_from_db()
    assert (claim.review, claim.statement, claim.edited_by) == ("submitted", "Another sentence.", curator)


def test_editing_only_a_citation_submits_its_claim_again(curator: User) -> None:
    claim = ClaimFactory(fact=True)
    response = signed_in(curator).post(
        page_of(claim), sent_again(claim, **{"citations-0-note": "looked up again"})
    )
    assert response.status_code == 302, errors_of(response)
    claim.refresh_from_db()
    assert (claim.review, claim.edited_by) == ("submitted", curator)


def test_saving_a_form_unchanged_leaves_no_trace(curator: User) -> None:
    claim = ClaimFactory(fact=True)
    changes = Change.objects.count()
    response = signed_in(curator).post(page_of(claim), sent_again(claim))
    assert response.status_code == 302, errors_of(response)
    claim.refresh_from_db()
    assert (claim.review, claim.version, Change.objects.count()) == ("accepted", 1, changes)


@pytest.mark.parametrize(
    ("changed", "field", "message"),
    [
        pytest.param({"value": ""}, "value", "needs a value", id="no value"),
        pytest.param({"unit": "GWh"}, "unit", "takes no unit", id="a unit where none is taken"),
        pytest.param({"when": "03/04/2021"}, "when", "2021-04-03", id="a date with two readings"),
        pytest.param({"when": "soon"}, "when", "soon", id="no date"),
        pytest.param({"statement": "bell \x07"}, "statement", "U+0007", id="a control character"),
        pytest.param({"slug": "Nano One"}, "slug", "small letters", id="no slug"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    changed: dict[str, str], field: str, message: str, curator: User
) -> None:
    predicate = PredicateFactory(value_type="date", applies_to=["company"])
    form = claim_form(
        statement="S.", subject=CompanyFactory().pk, predicate=predicate.pk, value="2012", basis="inference"
    )
    response = signed_in(curator).post(ADD, form | changed)
    assert message in str(response.context["adminform"].form.errors[field])
    assert not Claim.objects.exists()


def test_a_predicate_that_does_not_apply_is_refused_at_its_field(curator: User) -> None:
    predicate = PredicateFactory(label="was signed", applies_to=["agreement"], value_type="date")
    form = claim_form(statement="S.", subject=CompanyFactory().pk, predicate=predicate.pk, value="2012")
    response = signed_in(curator).post(ADD, form)
    assert "“was signed” is said of agreement" in str(response.context["adminform"].form.errors["predicate"])


def test_a_circle_of_premises_is_refused_with_its_path(curator: User) -> None:
    step = PremiseFactory()
    form = sent_again(step.premise) | management("premises", 1)
    form |= {"premises-0-premise": step.conclusion_id, "premises-0-role": "necessary", "premises-0-note": ""}
    form |= {"premises-0-conclusion": step.premise_id, "premises-0-id": ""}
    response = signed_in(curator).post(page_of(step.premise), form)
    assert f"{step.premise.slug} → {step.conclusion.slug} → {step.premise.slug}" in errors_of(response)
    assert Premise.objects.count() == 1


def test_a_claim_with_three_hundred_citations_saves_and_shows_the_first_fifty(curator: User) -> None:
    claim = ClaimFactory(fact=True)
    CitationFactory.create_batch(299, claim=claim, source=claim.citations.get().source)
    claim.refresh_from_db()
    desk = signed_in(curator)
    page = desk.get(page_of(claim))
    assert "All of them stand in their own list." in page.content.decode()
    formset = page.context["inline_admin_formsets"][0].formset
    assert formset.initial_form_count() == 50
    shown = {citation.pk for citation in formset.get_queryset()}
    form = sent_again(claim, statement="Changed.")
    form = {name: value for name, value in form.items() if not name.startswith("citations-")}
    form |= management("citations", 50, 50)
    for index, citation in enumerate(Citation.objects.filter(pk__in=shown).order_by("slug")):
        cells = {"id": citation.pk, "claim": claim.pk, "source": citation.source_id, "slug": citation.slug}
        cells |= {"stance": citation.stance, "locator": citation.locator, "quote": citation.quote}
        form |= {f"citations-{index}-{name}": value for name, value in cells.items()}
    response = desk.post(page_of(claim), form)
    assert response.status_code == 302, errors_of(response)
    assert claim.citations.count() == 300


def test_reviewers_accept_from_the_list_all_or_none_and_hear_why(reviewer: User) -> None:
    ready = ClaimFactory(submitted=True, basis="fact", **accepted_ends())
    CitationFactory(claim=ready, source=SourceFactory(accepted=True))
    unready = ClaimFactory(submitted=True, basis="fact", **accepted_ends())
    desk = signed_in(reviewer)
    both = desk.post(
        "/admin/claims/claim/",
        {"action": "set_accepted", "_selected_action": [ready.pk, unready.pk]},
        follow=True,
    )
    assert f"Claim “{unready.slug}”: An accepted fact needs a supporting citation" in both.content.decode()
    assert not Claim.objects.accepted().exists()
    desk.post("/admin/claims/claim/", {"action": "set_accepted", "_selected_action": [ready.pk]}, follow=True)
    assert list(Claim.objects.accepted()) == [ready]


def test_rejecting_asks_for_a_reason_and_writes_it_down(reviewer: User) -> None:
    claim = ClaimFactory(submitted=True)
    desk, chosen = signed_in(reviewer), {"action": "set_rejected", "_selected_action": [claim.pk]}
    assert "only with a reason" in desk.post("/admin/claims/claim/", chosen, follow=True).content.decode()
    desk.post("/admin/claims/claim/", chosen | {"reason": "the page says otherwise"}, follow=True)
    claim.refresh_from_db()
    assert claim.review == "rejected"
    history = desk.get(f"/admin/claims/claim/{claim.pk}/history/").content.decode()
    assert "the page says otherwise" in history
    assert "<td>Submitted</td><td>Rejected</td>" in history


def test_readers_read_and_change_nothing(reader: User) -> None:
    claim = ClaimFactory(fact=True)
    desk = signed_in(reader)
    assert desk.get(page_of(claim)).status_code == 200
    assert desk.post(page_of(claim), sent_again(claim, statement="Otherwise.")).status_code == 403
    assert desk.get(ADD).status_code == 403


def page_of(claim: Claim) -> str:
    return reverse("admin:claims_claim_change", args=[claim.pk])


def accepted_ends() -> dict[str, Any]:
    """Accepted records for a claim to refer to."""
    return {"subject": CompanyFactory(accepted=True), "predicate": PredicateFactory(accepted=True)}


def test_a_form_opened_before_anothers_change_does_not_write_over_it_unseen(
    curator: User, reviewer: User
) -> None:
    claim = ClaimFactory(statement="As it was.")
    early = sent_again(claim, notes="typed by the curator")
    signed_in(reviewer).post(page_of(claim), sent_again(claim, statement="As the reviewer wrote."))
    response = signed_in(curator).post(page_of(claim), early)
    assert "reviewer changed this after you opened it" in errors_of(response)
    assert "“As it was.” → “As the reviewer wrote.”" in errors_of(response)
    assert "typed by the curator" in response.content.decode()
    claim.refresh_from_db()
    assert (claim.statement, claim.notes) == ("As the reviewer wrote.", "")
    again = filled_in(response)
    assert again["seen_version"] == "2"
    assert signed_in(curator).post(page_of(claim), again).status_code == 302


def test_nor_over_a_citation_that_another_added(curator: User, reviewer: User) -> None:
    claim = ClaimFactory()
    early = sent_again(claim, notes="typed by the curator")
    added = sent_again(claim) | citation_form(SourceFactory())
    signed_in(reviewer).post(page_of(claim), added)
    said = errors_of(signed_in(curator).post(page_of(claim), early))
    assert "reviewer changed this after you opened it (" in said
    assert "source: “” → “" in said


def test_a_curator_is_not_offered_what_only_reviewers_may_set(curator: User, reviewer: User) -> None:
    claim = ClaimFactory(submitted=True)

    def offered(user: User) -> set[str]:
        page = signed_in(user).get(page_of(claim))
        return {value for value, _ in page.context["adminform"].form.fields["review"].choices}

    assert offered(curator) == {"submitted", "draft"}
    assert offered(reviewer) == {"submitted", "draft", "accepted", "rejected"}
    assert "set_accepted" not in signed_in(curator).get("/admin/claims/claim/").content.decode()


def test_the_curator_hears_that_an_edited_record_goes_back_to_review(curator: User) -> None:
    claim = ClaimFactory(fact=True)
    page = signed_in(curator).post(page_of(claim), sent_again(claim, notes="n"), follow=True)
    assert "is submitted again" in page.content.decode()


@pytest.mark.parametrize("address", [f"{ADD}?subject=abc", f"{ADD}?investigations=abc"])
def test_an_address_with_nonsense_in_it_opens_the_form(address: str, curator: User) -> None:
    assert signed_in(curator).get(address).status_code == 200


def test_nonsense_sent_for_a_reference_is_refused_at_its_field(curator: User) -> None:
    response = signed_in(curator).post(ADD, claim_form(statement="S.", subject="abc", predicate="9999999"))
    assert {"subject", "predicate"} <= set(response.context["adminform"].form.errors)


def test_the_history_of_a_claim_tells_of_its_citations_deleted_ones_too(curator: User) -> None:
    claim = ClaimFactory()
    citation = CitationFactory(claim=claim, quote="fifty of them")
    claim.refresh_from_db()
    desk = signed_in(curator)
    response = desk.post(
        page_of(claim), sent_again(claim, **{"citations-0-DELETE": "on", "change_reason": "misread"})
    )
    assert response.status_code == 302, errors_of(response)
    page = desk.get(f"/admin/claims/claim/{claim.pk}/history/").content.decode()
    assert f"Citation {citation.slug}: created" in page
    assert f"Citation {citation.slug}: deleted" in page
    assert "fifty of them" in page
    assert "Reason: misread" in page


def test_deleting_asks_for_a_reason_and_writes_it_down(curator: User) -> None:
    claim = ClaimFactory()
    desk = signed_in(curator)
    address = f"/admin/claims/claim/{claim.pk}/delete/"
    assert 'name="reason"' in desk.get(address).content.decode()
    assert desk.post(address, {"post": "yes", "reason": "entered twice"}).status_code == 302
    assert not Claim.objects.exists()
    assert Change.objects.order_by("-pk").first().reason == "entered twice"


def test_what_others_refer_to_is_named_where_it_cannot_be_deleted(curator: User) -> None:
    citation = CitationFactory()
    page = signed_in(curator).get(f"/admin/evidence/source/{citation.source_id}/delete/").content.decode()
    assert "cannot be deleted while these refer to it" in page
    assert citation.slug in page
    assert 'name="post"' not in page


def test_a_form_that_asks_for_thousands_of_parts_is_cut_short(curator: User) -> None:
    form = claim_form(statement="S.") | management("citations", 5000)
    response = signed_in(curator).post(ADD, form)
    assert response.status_code == 200
    assert len(response.context["inline_admin_formsets"][0].formset.forms) == 300

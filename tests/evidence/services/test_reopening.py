"""What goes back to its reviewers by itself, what has to be accepted first, and what is not deleted."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from claims.models import Claim, Company
from evidence.choices import Door
from evidence.models import Publisher, Source
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused
from tests.conftest import person
from tests.factories import (
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    HypothesisFactory,
    OwnershipFactory,
    PositionFactory,
    PremiseFactory,
    PublisherFactory,
    QuestionFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


def set_review(record: Any, state: str, actor: User, reason: str = "") -> None:
    with change(actor=actor, door=Door.ADMIN, reason=reason):
        record.review = state
        record.save()


def state_of(record: Any) -> str:
    return type(record)._base_manager.get(pk=record.pk).review


def accept(record: Any) -> None:
    """Put a record into the accepted state as the system."""
    set_review(record, "accepted", User.objects.get(username="system"))


def test_changed_content_is_submitted_again(curator: User) -> None:
    publisher = PublisherFactory(accepted=True)
    with change(actor=curator, door=Door.ADMIN):
        publisher.name = "Reuters"
        publisher.save()
    publisher.refresh_from_db()
    newest = Publisher.history.latest("history_id")
    assert (publisher.review, publisher.version) == ("submitted", 2)
    assert (newest.review, newest.name, newest.version) == ("submitted", "Reuters", 2)


def test_a_leaf_is_submitted_again(curator: User) -> None:
    company = CompanyFactory(accepted=True)
    with change(actor=curator, door=Door.ADMIN):
        company.headquarters = "Burnaby"
        company.save()
    assert state_of(company) == "submitted"
    assert Company.history.latest("history_id").review == "submitted"


def test_the_system_changes_accepted_records_without_submitting_them(system: User) -> None:
    publisher = PublisherFactory(accepted=True)
    with change(actor=system, door=Door.IMPORT):
        publisher.name = "Reuters"
        publisher.save()
    assert state_of(publisher) == "accepted"


def test_saving_an_accepted_record_unchanged_leaves_it_accepted(curator: User) -> None:
    publisher = PublisherFactory(accepted=True)
    with change(actor=curator, door=Door.ADMIN):
        publisher.save()
    assert state_of(publisher) == "accepted"
    assert Publisher.history.count() == 1


@pytest.mark.parametrize("way", ["added", "changed", "deleted"])
def test_a_changed_part_reopens_the_whole(way: str, curator: User) -> None:
    claim = ClaimFactory(fact=True)
    second = CitationFactory(claim=claim, source=SourceFactory(accepted=True))
    assert state_of(claim) == "accepted"
    with change(actor=curator, door=Door.ADMIN) as unit:
        if way == "added":
            CitationFactory(claim=claim)
        elif way == "changed":
            second.note = "See the table."
            second.save()
        else:
            second.delete()
    newest = Claim.history.latest("history_id")
    assert state_of(claim) == "submitted"
    assert (newest.change, newest.review, newest.edited_by) == (unit.change, "submitted", curator)


@pytest.mark.parametrize(("factory", "other"), [(OwnershipFactory, "owner"), (PositionFactory, "company")])
def test_a_changed_part_of_an_entity_reopens_the_entity(factory: Any, other: str, curator: User) -> None:
    part = factory(**{f"{other}__accepted": True})
    whole = part.whole
    accept(whole)
    with change(actor=curator, door=Door.ADMIN):
        part.started = "2020"
        part.save()
    assert state_of(whole) == "submitted"


def test_parts_of_a_draft_leave_it_a_draft(curator: User) -> None:
    citation = CitationFactory()
    with change(actor=curator, door=Door.ADMIN):
        citation.note = "See the table."
        citation.save()
    assert state_of(citation.claim) == "draft"


def test_accepting_lists_what_is_not_accepted_yet(reviewer: User) -> None:
    claim = ClaimFactory(submitted=True, slug="built", subject__slug="nano-one", predicate__slug="opened")
    CitationFactory(claim=claim, source__slug="release", source__submitted=True)
    with pytest.raises(ChangeRefused) as refused:
        set_review(claim, "accepted", reviewer)
    (finding,) = refused.value.findings
    assert (finding.record, finding.field) == (claim, "review")
    assert finding.message == (
        "It refers to records that are not accepted yet; have these accepted first: "
        "subject nano-one (draft), predicate opened (draft), citation source release (submitted)."
    )


def test_the_system_too_accepts_only_what_refers_to_accepted_records(system: User) -> None:
    source = SourceFactory()
    with pytest.raises(ChangeRefused, match=rf"relies_on {source.slug} \(draft\)"):
        SourceFactory(accepted=True, relies_on=[source])


def test_records_that_refer_to_each_other_are_accepted_together(reviewer: User) -> None:
    question = QuestionFactory(submitted=True)
    hypothesis = HypothesisFactory(question=question, submitted=True)
    with change(actor=reviewer, door=Door.ADMIN):
        for record in (hypothesis, question):
            record.review = "accepted"
            record.save()
    assert (state_of(question), state_of(hypothesis)) == ("accepted", "accepted")


def test_what_only_points_back_does_not_hold_up_the_whole(reviewer: User) -> None:
    company = CompanyFactory(submitted=True)
    OwnershipFactory(owned=company, owner__accepted=True, claims=[ClaimFactory()])
    set_review(company, "accepted", reviewer)
    assert state_of(company) == "accepted"


def test_what_is_named_by_others_does_not_wait_for_them(reviewer: User) -> None:
    claim = ClaimFactory()
    set_review(claim.subject, "submitted", reviewer)
    set_review(claim.subject, "accepted", reviewer)
    assert state_of(claim.subject) == "accepted"


def retract(record: Any, reviewer: User) -> None:
    set_review(record, "retracted", reviewer, reason="forged")


def test_claims_that_cite_a_retracted_source_are_submitted_again(reviewer: User) -> None:
    claim, bystander = ClaimFactory(fact=True), ClaimFactory(fact=True)
    retract(claim.citations.get().source, reviewer)
    newest = Claim.history.filter(slug=claim.slug).latest("history_id")
    assert (state_of(claim), state_of(bystander)) == ("submitted", "accepted")
    assert (newest.review, newest.change.reason) == ("submitted", "forged")


def test_a_record_with_the_same_row_number_as_the_retracted_one_is_submitted_again(reviewer: User) -> None:
    number = 1_000_000_000
    claim = ClaimFactory(fact=True, id=number, citation__source__id=number)
    assert claim.pk == claim.citations.get().source.pk
    retract(claim.citations.get().source, reviewer)
    assert state_of(claim) == "submitted"


def test_conclusions_from_a_retracted_claim_are_submitted_again(reviewer: User) -> None:
    conclusion, premise = ClaimFactory(accepted=True), ClaimFactory(fact=True)
    PremiseFactory(conclusion=conclusion, premise=premise)
    assert state_of(conclusion) == "accepted"
    retract(premise, reviewer)
    assert (state_of(conclusion), state_of(premise)) == ("submitted", "retracted")


def test_sources_that_rely_on_a_retracted_one_are_submitted_again(reviewer: User) -> None:
    report = SourceFactory(accepted=True)
    story = SourceFactory(accepted=True, relies_on=[report])
    retract(report, reviewer)
    assert state_of(story) == "submitted"


def test_drafts_that_refer_to_a_retracted_record_stay_drafts(reviewer: User) -> None:
    source = SourceFactory(accepted=True)
    citation = CitationFactory(source=source)
    retract(source, reviewer)
    assert state_of(citation.claim) == "draft"
    assert Claim.history.count() == 1


def test_an_entity_of_a_retracted_claim_is_not_touched(reviewer: User) -> None:
    claim = ClaimFactory(fact=True)
    retract(claim, reviewer)
    assert (state_of(claim.subject), claim.subject.leaf.version) == ("accepted", 1)
    assert Source.objects.get().review == "accepted"


@pytest.mark.parametrize("role", ["curator", "reviewer", "administrator"])
def test_an_accepted_record_is_not_deleted(role: str, db: None) -> None:
    publisher, actor = PublisherFactory(accepted=True), person(role)
    said = "An accepted record is not deleted; a reviewer can retract it"
    with pytest.raises(ChangeRefused, match=said), change(actor=actor, door=Door.ADMIN):
        publisher.delete()
    assert Publisher.objects.exists()


def test_nor_is_it_deleted_with_many_others(curator: User) -> None:
    PublisherFactory.create_batch(2)
    PublisherFactory(accepted=True)
    with pytest.raises(ChangeRefused), change(actor=curator, door=Door.ADMIN):
        Publisher.objects.all().delete()
    assert Publisher.objects.count() == 3


@pytest.mark.parametrize("review", ["draft", "submitted", "rejected", "retracted"])
def test_any_other_record_is_deleted(review: str, curator: User) -> None:
    publisher = PublisherFactory(review=review)
    with change(actor=curator, door=Door.ADMIN):
        publisher.delete()
    assert not Publisher.objects.exists()


def test_nor_is_what_was_accepted_once_and_then_changed(curator: User) -> None:
    company = CompanyFactory(accepted=True)
    with change(actor=curator, door=Door.ADMIN):
        company.notes = "looked at again"
        company.save()
    with pytest.raises(ChangeRefused, match="It was accepted once"), change(actor=curator, door=Door.ADMIN):
        company.delete()
    assert type(company).objects.get().review == "submitted"

"""The life of a record under review: who may set what, with which reason, and what re-opens by itself."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from claims.models import Claim
from evidence.choices import Door, Review
from evidence.models import Publisher
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused
from tests.conftest import person
from tests.factories import (
    CitationFactory,
    ClaimFactory,
    PublisherFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

CURATORS = {
    ("draft", "submitted"),
    ("submitted", "draft"),
    ("rejected", "draft"),
    ("retracted", "draft"),
}
REVIEWERS = {("submitted", "accepted"), ("submitted", "rejected"), ("accepted", "retracted")}
STEPS = [(before, after) for before in Review.values for after in Review.values if before != after]

every_step = pytest.mark.parametrize(("before", "after"), STEPS, ids=lambda state: state)


def set_review(record: Any, state: str, actor: User, reason: str = "") -> None:
    with change(actor=actor, door=Door.ADMIN, reason=reason):
        record.review = state
        record.save()


def state_of(record: Any) -> str:
    return type(record)._base_manager.get(pk=record.pk).review


@every_step
@pytest.mark.parametrize("role", ["curator", "reviewer", "administrator"])
def test_each_role_takes_only_its_own_steps(before: str, after: str, role: str, db: None) -> None:
    publisher, actor = PublisherFactory(review=before), person(role)
    allowed = CURATORS if role == "curator" else CURATORS | REVIEWERS
    if (before, after) in allowed:
        set_review(publisher, after, actor, reason="seen and judged")
        assert state_of(publisher) == after
        return
    with pytest.raises(ChangeRefused) as refused:
        set_review(publisher, after, actor, reason="seen and judged")
    (finding,) = refused.value.findings
    assert (finding.record, finding.field) == (publisher, "review")
    assert state_of(publisher) == before


@every_step
def test_the_system_sets_any_state(before: str, after: str, system: User) -> None:
    publisher = PublisherFactory(review=before)
    set_review(publisher, after, system)
    assert state_of(publisher) == after


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("draft", "accepted", "From “draft” a record goes to “submitted”, not to “accepted”."),
        ("accepted", "draft", "From “accepted” a record goes to “retracted”, not to “draft”."),
        (
            "submitted",
            "retracted",
            "From “submitted” a record goes to “accepted” or “rejected” or “draft”, not to “retracted”.",
        ),
    ],
)
def test_a_refused_step_names_the_ways_there_are(before: str, after: str, said: str, reviewer: User) -> None:
    publisher = PublisherFactory(review=before)
    with pytest.raises(ChangeRefused) as refused:
        set_review(publisher, after, reviewer, reason="seen")
    assert [finding.message for finding in refused.value.findings] == [said]


@pytest.mark.parametrize("after", ["accepted", "rejected"])
def test_a_curator_is_told_to_ask_a_reviewer(after: str, curator: User) -> None:
    publisher = PublisherFactory(submitted=True)
    with pytest.raises(ChangeRefused, match=f"Only a reviewer may set a record to “{after}”; submit it and"):
        set_review(publisher, after, curator, reason="I am sure")


@pytest.mark.parametrize(("before", "after"), [("submitted", "rejected"), ("accepted", "retracted")])
@pytest.mark.parametrize("reason", ["", " \n "], ids=["none", "blank"])
def test_rejecting_and_retracting_need_a_reason(before: str, after: str, reason: str, reviewer: User) -> None:
    publisher = PublisherFactory(review=before)
    with pytest.raises(ChangeRefused, match=f"A record is set to “{after}” only with a reason; write it in"):
        set_review(publisher, after, reviewer, reason)
    assert state_of(publisher) == before


@pytest.mark.parametrize("review", ["accepted", "rejected", "retracted"])
def test_a_new_record_starts_as_a_draft_or_submitted(review: str, reviewer: User) -> None:
    said = f"A new record starts as “draft” or “submitted”, not as “{review}”"
    with pytest.raises(ChangeRefused, match=said), change(actor=reviewer, door=Door.API, reason="known"):
        Publisher(slug="reuters", name="Reuters", review=review).save()
    assert not Publisher.objects.exists()


def test_the_system_enters_accepted_records(system: User) -> None:
    with change(actor=system, door=Door.IMPORT):
        Publisher(slug="reuters", name="Reuters", review="accepted").save()
    assert Publisher.objects.get().review == "accepted"


OWN_WORK = "Nobody reviews their own work: another reviewer has to set what you changed to"


def test_what_a_reviewer_entered_another_one_has_to_accept(reviewer: User) -> None:
    with change(actor=reviewer, door=Door.ADMIN):
        publisher = Publisher(slug="reuters", name="Reuters", review="submitted")
        publisher.save()
    with pytest.raises(ChangeRefused, match=OWN_WORK):
        set_review(Publisher.objects.get(), "accepted", reviewer)
    set_review(Publisher.objects.get(), "accepted", person("reviewer", "another"))
    assert state_of(publisher) == "accepted"


@pytest.mark.parametrize(("before", "after"), [("submitted", "rejected"), ("accepted", "retracted")])
def test_own_work_is_neither_rejected_nor_retracted(before: str, after: str, reviewer: User) -> None:
    publisher = PublisherFactory(review=before)
    with change(actor=reviewer, door=Door.ADMIN):
        publisher.name = "Reuters"
        publisher.save()
    if before == "accepted":
        set_review(Publisher.objects.get(), "accepted", person("reviewer", "another"))
        with change(actor=reviewer, door=Door.ADMIN, reason="typing error"):
            changed = Publisher.objects.get()
            changed.name = "Reuters Ltd"
            changed.save()
        assert state_of(publisher) == "submitted"
        return
    with pytest.raises(ChangeRefused, match=OWN_WORK):
        set_review(Publisher.objects.get(), after, reviewer, reason="wrong after all")


def test_changing_and_accepting_in_one_step_is_refused(reviewer: User) -> None:
    publisher = PublisherFactory(submitted=True)
    with pytest.raises(ChangeRefused, match=OWN_WORK), change(actor=reviewer, door=Door.ADMIN):
        publisher.name, publisher.review = "Reuters", "accepted"
        publisher.save()


def test_adding_a_part_is_work_on_the_whole(reviewer: User) -> None:
    claim = ClaimFactory(fact=True)
    source = SourceFactory(accepted=True)
    with change(actor=reviewer, door=Door.ADMIN):
        CitationFactory(claim=claim, source=source)
    assert state_of(claim) == "submitted"
    with pytest.raises(ChangeRefused, match=OWN_WORK):
        set_review(Claim.objects.get(), "accepted", reviewer)


def test_submitting_is_no_work_on_the_content(reviewer: User) -> None:
    publisher = PublisherFactory()
    set_review(publisher, "submitted", reviewer)
    set_review(publisher, "accepted", reviewer)
    assert state_of(publisher) == "accepted"


def test_submitting_does_not_make_own_work_somebody_elses(curator: User, reviewer: User) -> None:
    with change(actor=reviewer, door=Door.ADMIN):
        publisher = Publisher(slug="reuters", name="Reuters")
        publisher.save()
    set_review(Publisher.objects.get(), "submitted", curator)
    with pytest.raises(ChangeRefused, match=OWN_WORK):
        set_review(Publisher.objects.get(), "accepted", reviewer)


def test_work_is_reviewed_by_its_first_author_once_another_changed_it(curator: User, reviewer: User) -> None:
    with change(actor=reviewer, door=Door.ADMIN):
        Publisher(slug="reuters", name="Reuters", review="submitted").save()
    with change(actor=curator, door=Door.ADMIN):
        publisher = Publisher.objects.get()
        publisher.name = "Reuters Ltd"
        publisher.save()
    set_review(publisher, "accepted", reviewer)
    assert state_of(publisher) == "accepted"

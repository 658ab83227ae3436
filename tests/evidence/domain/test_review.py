"""The rules of review as plain functions; tests/evidence/services/test_review.py tries them with people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.choices import Review
from evidence.domain.review import NEW, TRANSITIONS, Step, objection, settled

states = st.sampled_from(Review.values)
steps = st.builds(Step, states, states, st.booleans(), st.booleans())


def test_every_state_has_a_way_out_and_every_way_leads_to_a_state() -> None:
    assert TRANSITIONS.keys() == {NEW, *Review.values}
    for ways in TRANSITIONS.values():
        assert ways
        assert set(ways) <= set(Review.values)


@given(states, st.booleans(), st.booleans(), st.booleans(), st.text())
def test_staying_is_never_objected_to(
    state: str, content: bool, own: bool, reviewer: bool, reason: str
) -> None:
    assert objection(Step(state, state, content, own), reviewer=reviewer, reason=reason) == ""


@given(steps, st.text())
def test_what_a_curator_may_a_reviewer_may_too(step: Step, reason: str) -> None:
    if not objection(step, reviewer=False, reason=reason):
        assert not objection(step, reviewer=True, reason=reason)


@given(steps, st.booleans(), st.text())
def test_nobody_accepts_rejects_or_retracts_own_work(step: Step, reviewer: bool, reason: str) -> None:
    own = Step(step.before, step.after, step.content_changed, own=True)
    if step.before != step.after and step.after in ("accepted", "rejected", "retracted"):
        assert objection(own, reviewer=reviewer, reason=reason)


@given(steps, st.booleans(), st.text())
def test_an_objection_is_a_sentence(step: Step, reviewer: bool, reason: str) -> None:
    said = objection(step, reviewer=reviewer, reason=reason)
    assert said == "" or (said[0].isupper() and said.endswith(".") and f"“{step.after}”" in said)


@pytest.mark.parametrize(
    ("before", "after", "content_changed", "state"),
    [
        ("accepted", "accepted", True, "submitted"),
        ("accepted", "accepted", False, "accepted"),
        ("draft", "draft", True, "draft"),
        ("submitted", "submitted", True, "submitted"),
        ("rejected", "rejected", True, "rejected"),
        ("accepted", "retracted", True, "retracted"),
        ("submitted", "accepted", True, "accepted"),
        (NEW, "accepted", True, "accepted"),  # by the system alone
    ],
)
def test_only_changed_accepted_content_is_submitted_again(
    before: str, after: str, content_changed: bool, state: str
) -> None:
    assert settled(Step(before, after, content_changed, own=False)) == state

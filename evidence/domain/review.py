"""The life of a record under review.

    draft → submitted → accepted | rejected      accepted → retracted      rejected | retracted → draft

A curator drafts and submits; a reviewer accepts, rejects and retracts, the last two with a reason, and never
the last content change of their own. A changed accepted record goes back to `submitted` by itself.
"""

from dataclasses import dataclass

DRAFT, SUBMITTED, ACCEPTED, REJECTED, RETRACTED = "draft", "submitted", "accepted", "rejected", "retracted"

NEW = ""
"""The state before a record exists."""

TRANSITIONS: dict[str, tuple[str, ...]] = {
    NEW: (DRAFT, SUBMITTED),
    DRAFT: (SUBMITTED,),
    SUBMITTED: (ACCEPTED, REJECTED, DRAFT),
    ACCEPTED: (RETRACTED,),
    REJECTED: (DRAFT,),
    RETRACTED: (DRAFT,),
}
STEPS = {
    "submit": SUBMITTED,
    "accept": ACCEPTED,
    "reject": REJECTED,
    "retract": RETRACTED,
    "reopen": DRAFT,
}
"""The state to which each step leads, by the verb for taking it."""

BY_REVIEWERS = (ACCEPTED, REJECTED, RETRACTED)
WITH_REASON = (REJECTED, RETRACTED)


@dataclass(frozen=True, slots=True)
class Step:
    """One record's way through one change.

    `before` and `after` are states (NEW where it did not exist), `content_changed` says whether anything but
    the state changed, `own` whether the last change of its content was by the person who now changes it.
    """

    before: str
    after: str
    content_changed: bool
    own: bool


def objection(step: Step, *, reviewer: bool, reason: str) -> str:
    """Why this step may not be taken, with the way out; empty where it may."""
    if step.before == step.after:
        return ""
    if step.after not in TRANSITIONS[step.before]:
        return _no_such_way(step)
    if step.after in BY_REVIEWERS and not reviewer:
        return f"Only a reviewer may set a record to “{step.after}”; submit it and ask one."
    if step.after in BY_REVIEWERS and (step.own or step.content_changed):
        return (
            f"Nobody reviews their own work: another reviewer has to set what you changed to “{step.after}”."
        )
    if step.after in WITH_REASON and not reason:
        return f"A record is set to “{step.after}” only with a reason; write it in the change's reason."
    return ""


def settled(step: Step) -> str:
    """The state a record is in after the step: accepted content that was changed is submitted again."""
    if step.before == step.after == ACCEPTED and step.content_changed:
        return SUBMITTED
    return step.after


def _no_such_way(step: Step) -> str:
    ways = " or ".join(f"“{state}”" for state in TRANSITIONS[step.before])
    if not step.before:
        return f"A new record starts as {ways}, not as “{step.after}”."
    return f"From “{step.before}” a record goes to {ways}, not to “{step.after}”."

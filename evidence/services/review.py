"""Review inside a change: which steps are refused, and which records go back to their reviewers by themselves."""

from collections.abc import Iterator
from typing import Any

from evidence.choices import Review
from evidence.domain import review
from evidence.domain.text import counted
from evidence.models import Part, Record, Reviewed
from evidence.services import history
from evidence.services.findings import Finding
from evidence.services.references import leaf_of, referring, unaccepted_references
from evidence.services.roles import is_reviewer, is_system
from evidence.services.touched import Touched
from evidence.services.units import Unit, table_with

SHOWN = 5
"""How many of the records that name a merged one are told."""

KEEP_ACCEPTED = "keep the accepted one of the two, or have the other accepted first"


def review_findings(unit: Unit) -> Iterator[Finding]:
    """What speaks against the steps in review that a change takes."""
    accepted: dict[type[Record], dict[int, Touched]] = {}
    reviewer = is_reviewer(unit.actor)
    for touched in unit.touched(Reviewed):
        if touched.after is None:
            yield from _deletion(unit, touched)
        elif _is_restored(unit, touched):
            continue
        elif message := _objection(unit, touched, reviewer=reviewer):
            yield Finding(touched.record, "review", message)
        elif touched.step[1] == Review.ACCEPTED != touched.step[0]:
            accepted.setdefault(type(touched.record), {})[touched.record.pk] = touched
    for model, lot in accepted.items():
        yield from _not_yet_accepted(model, lot)
    yield from _merges(unit)


def settle_review(unit: Unit) -> None:
    """Submit again what was accepted and has changed, and what rests on a record that is retracted."""
    retracted: list[Record] = []
    for lot in unit.lots(altered=True):
        for touched in lot.altered(Reviewed):
            if _is_restored(unit, touched):
                continue
            before, after = touched.step
            step = review.Step(before, after, touched.content_changed, own=False)
            if after == Review.RETRACTED != before:
                retracted.append(touched.record)
            if not is_system(unit.actor) and review.settled(step) != after:
                _reopen(touched)
    for record in retracted:
        for touched in list(_resting_on(unit, record)):
            _reopen(touched)


def _is_restored(unit: Unit, touched: Touched) -> bool:
    """Whether the record is put back as it stood, so that nobody judges it anew."""
    return (type(touched.record), touched.record.pk) in unit.restored


def _deletion(unit: Unit, touched: Touched) -> Iterator[Finding]:
    if is_system(unit.actor):
        return
    accepted = touched.step[0] == Review.ACCEPTED
    if not accepted and not history.ever(touched.record, review=Review.ACCEPTED):
        return
    if (kept := unit.standing_for(touched.record)) is not None:
        yield from _merged_away(unit, touched, leaf_of(kept))
    elif accepted:
        yield Finding(touched.record, "", "An accepted record is not deleted; a reviewer can retract it.")
    else:
        message = (
            "It was accepted once, and is kept for whoever relied on it; a reviewer can reject or retract it."
        )
        yield Finding(touched.record, "", message)


def _merged_away(unit: Unit, touched: Touched, kept: Any) -> Iterator[Finding]:
    """What speaks against merging a record that was accepted at some time into another."""
    if not is_reviewer(unit.actor):
        yield Finding(touched.record, "", "It was accepted, so that a reviewer has to merge it; ask one.")
    if touched.step[0] == Review.ACCEPTED != kept.review:
        message = f"It is accepted, and “{kept.key}” is not ({kept.review}); {KEEP_ACCEPTED}."
        yield Finding(touched.record, "", message)


def _merges(unit: Unit) -> Iterator[Finding]:
    """Accepted records stay accepted when what they name is merged: by a reviewer, with what is accepted too."""
    followers = [
        touched
        for touched in (unit.kept(Reviewed) if unit.merged else ())
        if touched.only_follows_merge and touched.step[0] == Review.ACCEPTED
    ]
    if not followers or is_system(unit.actor):
        return
    named = f"{counted(len(followers), 'accepted record')} ({', '.join(one.record.key for one in followers[:SHOWN])}"
    named += f" and {len(followers) - SHOWN} more)" if len(followers) > SHOWN else ")"
    for kept in map(leaf_of, unit.standing(Reviewed)):
        if not is_reviewer(unit.actor):
            message = f"What is merged into it is named by {named}; a reviewer has to merge the two."
            yield Finding(kept, "", message)
        if kept.review != Review.ACCEPTED:
            message = f"It is not accepted ({kept.review}), but would be named by {named}; {KEEP_ACCEPTED}."
            yield Finding(kept, "", message)


def _objection(unit: Unit, touched: Touched, *, reviewer: bool) -> str:
    if is_system(unit.actor):
        return ""
    before, after = touched.step
    own = touched.before is not None and touched.before.columns.get("edited_by_id") == unit.actor.pk
    step = review.Step(before, after, touched.content_changed, own)
    return review.objection(step, reviewer=reviewer, reason=unit.reason)


def _resting_on(unit: Unit, retracted: Record) -> Iterator[Touched]:
    for row in referring(retracted):
        whole = leaf_of(row.whole if isinstance(row, Part) else row)
        if isinstance(whole, Reviewed) and whole.review == Review.ACCEPTED and whole != retracted:
            yield unit.join(whole)


def _reopen(touched: Touched) -> None:
    table = table_with(type(touched.record), "review")
    table._base_manager.filter(pk=touched.record.pk).update(review=Review.SUBMITTED)
    if touched.after is not None:
        touched.after.columns["review"] = Review.SUBMITTED.value


def _not_yet_accepted(model: type[Record], lot: dict[int, Touched]) -> Iterator[Finding]:
    missing: dict[int, list[str]] = {}
    for reference in unaccepted_references(model, lot):
        missing.setdefault(reference.row, []).append(
            f"{reference.field} {reference.slug} ({reference.review})"
        )
    for key, names in missing.items():
        advice = "It refers to records that are not accepted yet; have these accepted first: "
        yield Finding(lot[key].record, "review", advice + ", ".join(dict.fromkeys(names)) + ".")

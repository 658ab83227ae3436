"""Review inside a change: which steps are refused, and which records go back to their reviewers by themselves."""

from collections.abc import Iterator

from evidence.choices import Review
from evidence.domain import review
from evidence.models import Part, Record, Reviewed
from evidence.services import history
from evidence.services.findings import Finding
from evidence.services.references import leaf_of, referring, unaccepted_references
from evidence.services.roles import is_reviewer, is_system
from evidence.services.units import Touched, Unit, table_with


def review_findings(unit: Unit) -> Iterator[Finding]:
    """What speaks against the steps in review that a change takes."""
    accepted: dict[type[Record], dict[int, Touched]] = {}
    for touched in unit.touched(Reviewed):
        if touched.after is None:
            yield from _deletion(unit, touched)
        elif _is_restored(unit, touched):
            continue
        elif message := _objection(unit, touched):
            yield Finding(touched.record, "review", message)
        elif touched.step[1] == Review.ACCEPTED != touched.step[0]:
            accepted.setdefault(type(touched.record), {})[touched.record.pk] = touched
    for model, lot in accepted.items():
        yield from _not_yet_accepted(model, lot)


def settle_review(unit: Unit) -> None:
    """Submit again what was accepted and has changed, and what rests on a record that is retracted."""
    reopened: list[Touched] = []
    for touched in list(unit.kept(Reviewed)):
        if _is_restored(unit, touched):
            continue
        before, after = touched.step
        step = review.Step(before, after, touched.content_changed, own=False)
        if not is_system(unit.actor) and review.settled(step) != after:
            reopened.append(touched)
        if after == Review.RETRACTED != before:
            reopened += _resting_on(unit, touched.record)
    for touched in reopened:
        _reopen(touched)


def _is_restored(unit: Unit, touched: Touched) -> bool:
    """Whether the record is put back as it stood, so that nobody judges it anew."""
    return (type(touched.record), touched.record.pk) in unit.restored


def _deletion(unit: Unit, touched: Touched) -> Iterator[Finding]:
    if touched.step[0] == Review.ACCEPTED and not is_system(unit.actor):
        yield Finding(touched.record, "", "An accepted record is not deleted; a reviewer can retract it.")
    elif not is_system(unit.actor) and history.ever(touched.record, review=Review.ACCEPTED):
        message = (
            "It was accepted once, and is kept for whoever relied on it; a reviewer can reject or retract it."
        )
        yield Finding(touched.record, "", message)


def _objection(unit: Unit, touched: Touched) -> str:
    if is_system(unit.actor):
        return ""
    before, after = touched.step
    own = touched.before is not None and touched.before.columns.get("edited_by_id") == unit.actor.pk
    step = review.Step(before, after, touched.content_changed, own)
    return review.objection(step, reviewer=is_reviewer(unit.actor), reason=unit.reason)


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

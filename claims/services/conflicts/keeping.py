"""The records of conflicts, brought up to date at the end of every change, for what it touched.

A found conflict is there as long as its claims conflict; a person writes its resolution only, which holds for one
fingerprint: when that changes, the conflict is open, unless something was decided about the claims as they now stand
before. `rebuild` derives all of them by the same function.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, groupby
from typing import Any

from django.db.models import Count, Max, Q

from claims.choices import ConflictKind, ConflictStatus, ValueType
from claims.domain.comparing.positions import extent, positions
from claims.models import Claim, Company, Conflict, Entity, Predicate, Topic
from claims.services.conflicts.deciding import DECISION
from claims.services.conflicts.finding import Found, between, find, fingerprint, joined
from claims.services.rates import ReferenceRates
from claims.services.statements import Group, Stated, stated, terms_of
from evidence.choices import Door
from evidence.models import Source
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused, Finding
from evidence.services.history import chunked, history_model
from evidence.services.units import Unit, derivation

LOT = 200  # groups that are looked at together
CLAIMS = 10_000  # that a rebuild holds at once, if they are not of one group
SUBJECTS = 1000  # subjects whose groups a rebuild lists at once

Decisions = Mapping[tuple[str, str], dict[str, str]]
"""What was decided, by slug and fingerprint of a conflict."""

NOTED = ConflictKind.NOTED
OPEN = {"status": ConflictStatus.OPEN.value, "resolution": "", "reason": ""}


@derivation
def keep_conflicts(unit: Unit) -> None:
    """Bring the conflicts up to date that a change touched by claims, or by what these are compared with."""
    groups = sorted({*_touched_groups(unit), *unit.due.get(keep_conflicts, ())})
    for start in range(0, len(groups), LOT):
        _settle(unit, groups[start : start + LOT])
    _refuse_unfounded(unit)


def rebuild(*, actor: Any, reason: str = "") -> Iterator[tuple[int, int]]:
    """Derive all found conflicts anew, a change a lot; yields how many groups each looked at and rows it wrote."""
    last = 0
    while subjects := list(_subjects().filter(pk__gt=last)[:SUBJECTS]):
        last = subjects[-1]
        for lot in _lots(_groups_of(subjects)):
            with change(actor=actor, door=Door.COMMAND, reason=reason) as unit:
                unit.due[keep_conflicts] = lot
            yield len(lot), sum(1 for _ in unit.touched(Conflict))
    noted = list(Conflict.objects.filter(kind=NOTED).order_by("pk").values_list("pk", flat=True))
    for some in chunked(noted):
        with change(actor=actor, door=Door.COMMAND, reason=reason) as unit:
            unit.due[keep_noted] = some
        yield len(some), sum(1 for _ in unit.touched(Conflict))


def _subjects() -> Any:
    return Entity.objects.order_by("pk").values_list("pk", flat=True)


def _groups_of(subjects: Sequence[int]) -> dict[Group, int]:
    """Of these subjects, the groups in which there may be a conflict, or is one, with the number of their claims."""
    claims = Claim.objects.filter(subject__in=subjects).order_by()
    several = claims.values("subject", "predicate").annotate(claims=Count("pk")).filter(claims__gt=1)
    conflicts = Conflict.objects.filter(subject__in=subjects, kind=ConflictKind.FOUND).order_by()
    return dict.fromkeys(conflicts.values_list("subject", "predicate"), 1) | {
        (subject, predicate): number
        for subject, predicate, number in several.values_list("subject", "predicate", "claims")
    }


def _lots(groups: Mapping[Group, int]) -> Iterator[list[Group]]:
    """The groups in lots that take a bounded memory, however many claims some of them have."""
    lot: list[Group] = []
    claims = 0
    for group in sorted(groups):
        if lot and (len(lot) == LOT or claims + groups[group] > CLAIMS):
            yield lot
            lot, claims = [], 0
        lot.append(group)
        claims += groups[group]
    if lot:
        yield lot


def _touched_groups(unit: Unit) -> Iterator[Group]:
    """The groups whose claims, sources, deals, names or terms this change touched."""
    for some in unit.new_keys(Claim):
        yield from Claim.objects.filter(pk__in=some).order_by().values_list("subject", "predicate").distinct()
    for touched in unit.touched(Claim, Conflict, new=False):
        for content in (touched.before, touched.after):
            if content is not None and content.columns["subject_id"] is not None:
                yield content.columns["subject_id"], content.columns["predicate_id"]
    for condition in _touched_around(unit):
        yield from Claim.objects.filter(condition).order_by().values_list("subject", "predicate").distinct()


def _touched_around(unit: Unit) -> Iterator[Q]:
    """Which claims are compared differently because of what was touched besides claims.

    What is new is named by what this change touched only.
    """
    renamed = [found.record.pk for found in unit.altered(Entity) if "slug" in found.fields]
    named = [found.record.pk for found in unit.altered(Company, Topic) if "may_be" in found.fields]
    sources = [
        found.record.pk for found in unit.altered(Source) if found.fields & {"published", "part_of_id"}
    ]
    lookups: dict[str, list[int]] = {
        "predicate": [touched.record.pk for touched in unit.altered(Predicate)],
        "citations__source": sources,
        "citations__source__part_of": sources,
        "subject": renamed,
        "object": [*named, *renamed, *_may_be(renamed)],
        "conflicts": [found.record.pk for found in unit.kept(Conflict)],
    }
    for lookup, rows in lookups.items():
        for some in chunked(rows):
            yield Q(**{f"{lookup}__in": some})
    own = Q(predicate__value_type=ValueType.MONEY) | ~Q(predicate__record_field="")
    for some in chunked(found.record.pk for found in unit.altered(Entity)):
        yield Q(subject__in=some) & own


def _may_be(entities: Sequence[int]) -> Iterator[int]:
    """The ambiguous names that may mean one of these entities."""
    for model in (Company, Topic) if entities else ():
        yield from model.objects.filter(may_be__in=entities).values_list("pk", flat=True)


def _settle(unit: Unit, groups: Sequence[Group]) -> None:
    """Bring the found conflicts of these groups up to date."""
    found = {conflict.slug: conflict for conflict in find(groups)}
    stored = _stored(unit, groups, found)
    gone = [conflict for slug, conflict in stored.items() if slug not in found]
    new = [conflict for slug, conflict in found.items() if slug not in stored]
    _refuse_deleted(unit, new)
    _refuse_taken(new)
    _delete(gone)
    members = _members(conflict.pk for conflict in stored.values())
    kept = [(stored[slug], found[slug]) for slug in found if slug in stored]
    other = [one.slug for row, one in kept if row.fingerprint != one.fingerprint]
    decisions = _last_decisions([*other, *(conflict.slug for conflict in new)])
    made = _create(new, decisions)
    changed = [
        row for row, one in kept if _update(unit, row, one, members.get(row.pk, frozenset()), decisions)
    ]
    unit.derived(Conflict, [conflict.pk for conflict in (*made, *changed)], gone)


def _stored(unit: Unit, groups: Sequence[Group], found: Mapping[str, Found]) -> dict[str, Conflict]:
    """The records there are of these groups' conflicts, those just brought in by a sheet included.

    By their slugs as they now are: what is about the same is the same conflict, if a name in its slug changed.
    """
    subjects, predicates = ({group[side] for group in groups} for side in (0, 1))
    wanted = set(groups)
    of_groups = Conflict.objects.filter(subject__in=subjects, predicate__in=predicates)
    slugs: dict[tuple[Any, ...], str] = {
        (one.subject, one.predicate, one.about): one.slug for one in found.values()
    }
    stored = {
        slugs.get((row.subject_id, row.predicate_id, row.about_id), row.slug): row
        for row in of_groups
        if (row.subject_id, row.predicate_id) in wanted
    }
    for some in chunked(_brought(unit)):
        stored |= {row.slug: row for row in Conflict.objects.filter(slug__in=found, pk__in=some)}
    return stored


def _brought(unit: Unit) -> Iterator[int]:
    """The found conflicts that this change brought, and of which it is not known yet what they are about."""
    for touched in unit.kept(Conflict):
        record = touched.record
        if isinstance(record, Conflict) and record.kind == ConflictKind.FOUND and record.subject_id is None:
            yield record.pk


def _refuse_unfounded(unit: Unit) -> None:
    """A person may note a conflict, but not say that a rule found it."""
    message = "No conflict is found by rule under this slug; leave this row out, or note it under another."
    findings = [
        Finding(conflict, "kind", message)
        for some in chunked(_brought(unit))
        for conflict in Conflict.objects.filter(pk__in=some, subject=None)
    ]
    if findings:
        raise ChangeRefused(findings)


def _refuse_deleted(unit: Unit, new: Iterable[Found]) -> None:
    """A found conflict does not go while its claims are in conflict."""
    by_hand = {
        touched.record.key: touched.record for touched in unit.touched(Conflict) if touched.after is None
    }
    still = "Its claims still are in conflict; resolve it instead of deleting it."
    if findings := [Finding(by_hand[found.slug], "", still) for found in new if found.slug in by_hand]:
        raise ChangeRefused(findings)


def _refuse_taken(new: Iterable[Found]) -> None:
    """A conflict that was noted keeps no slug of one that is found."""
    message = "A rule finds a conflict that has this slug; note this conflict under another instead."
    findings = [
        Finding(noted, "slug", message)
        for some in chunked(found.slug for found in new)
        for noted in Conflict.objects.filter(slug__in=some, kind=NOTED)
    ]
    if findings:
        raise ChangeRefused(findings)


def _delete(gone: Iterable[Conflict]) -> None:
    for some in chunked(conflict.pk for conflict in gone):
        for rows in (
            Conflict.members.through._base_manager.filter(conflict__in=some),
            Conflict._base_manager.filter(pk__in=some),
        ):
            rows._raw_delete(rows.db)  # without signals, which announce writes


def _create(new: Sequence[Found], decisions: Decisions) -> list[Conflict]:
    rows = [
        Conflict(
            slug=found.slug,
            kind=ConflictKind.FOUND,
            **_columns(found),
            **decisions.get((found.slug, found.fingerprint), OPEN),
        )
        for found in new
    ]
    Conflict._base_manager.bulk_create(rows)
    _join((row.pk, claim) for row, found in zip(rows, new, strict=True) for claim in sorted(found.members))
    return rows


def _last_decisions(slugs: Sequence[str]) -> Decisions:
    """What was last said about each state in which these conflicts ever were."""
    past = history_model(Conflict).objects
    states = past.filter(slug__in=slugs).order_by().values("slug", "fingerprint")
    newest = [row["newest"] for row in states.annotate(newest=Max("history_id"))]
    rows = [row for some in chunked(newest) for row in past.filter(pk__in=some)]
    return {(row.slug, row.fingerprint): {name: getattr(row, name) for name in DECISION} for row in rows}


def _update(unit: Unit, row: Conflict, found: Found, members: frozenset[int], decisions: Decisions) -> bool:
    """Write what differs, and say whether anything does; a decision holds for one fingerprint."""
    columns = _columns(found) | {"slug": found.slug}
    if row.fingerprint != found.fingerprint and not _holds(
        unit, row, found.fingerprint, same=members == found.members
    ):
        columns |= decisions.get((found.slug, found.fingerprint), OPEN)
    differing = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if differing:
        Conflict._base_manager.filter(pk=row.pk).update(**differing)
    if members != found.members:
        Conflict.members.through._base_manager.filter(
            conflict=row.pk, claim__in=members - found.members
        ).delete()
        _join((row.pk, claim) for claim in sorted(found.members - members))
    return bool(differing) or members != found.members


def _columns(found: Found) -> dict[str, Any]:
    return {
        "subject_id": found.subject,
        "predicate_id": found.predicate,
        "about_id": found.about,
        "explanation": found.explanation,
        "positions": list(found.positions),
        "fingerprint": found.fingerprint,
        "within": list(found.within),
    }


def _holds(unit: Unit, row: Conflict, present: str, *, same: bool) -> bool:
    """Whether what the row says was decided about the claims of the present fingerprint, though it bears another.

    Of a new row without one its members tell what it is about (`same` as those now in conflict). What was decided
    together with a change of the members of a noted one is about the new ones.
    """
    touched = unit.found.get((Conflict, row.pk))
    if touched is None:
        return False
    if touched.before is None:
        return same and not row.fingerprint
    before = touched.before.columns["fingerprint"]
    about = (
        row.fingerprint or before
    )  # a record that was in memory before its first fingerprint was written has none
    return about == present or (about == before and {"members"} < touched.fields & {"members", *DECISION})


def _members(conflicts: Iterable[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for some in chunked(conflicts):
        pairs = Conflict.members.through._base_manager.filter(conflict__in=some).order_by()
        for conflict, claim in pairs.values_list("conflict", "claim"):
            found.setdefault(conflict, set()).add(claim)
    return {conflict: frozenset(claims) for conflict, claims in found.items()}


def _join(pairs: Iterable[tuple[int, int]]) -> None:
    through = Conflict.members.through
    through._base_manager.bulk_create(
        [through(conflict_id=conflict, claim_id=claim) for conflict, claim in pairs]
    )


@derivation
def keep_noted(unit: Unit) -> None:
    """Bring up to date what follows from the members of noted conflicts, and re-open those whose members changed."""
    claims = [touched.record.pk for touched in unit.altered(Claim)]
    own = [touched.record.pk for touched in unit.kept(Conflict)]
    keys = set(unit.due.get(keep_noted, ()))
    for lookup, rows in (("members__in", claims), ("pk__in", own)):
        for some in chunked(rows):
            keys.update(Conflict.objects.filter(Q(**{lookup: some}), kind=NOTED).values_list("pk", flat=True))
    for some in chunked(sorted(keys)):
        _settle_noted(unit, Conflict.objects.in_bulk(some))


def _settle_noted(unit: Unit, noted: Mapping[int, Conflict]) -> None:
    members = _members(noted)
    claims = {claim.pk: claim for claim in _claims({pk for lot in members.values() for pk in lot})}
    follows = {key: _of_members([claims[pk] for pk in members.get(key, ())]) for key in noted}
    other = [row.slug for key, row in noted.items() if row.fingerprint != follows[key]["fingerprint"]]
    decisions, changed = _last_decisions(other), []
    for key, row in noted.items():
        columns = follows[key]
        if row.fingerprint != columns["fingerprint"] and not _holds(
            unit, row, columns["fingerprint"], same=True
        ):
            columns |= decisions.get((row.slug, columns["fingerprint"]), OPEN)
        if differing := {name: value for name, value in columns.items() if getattr(row, name) != value}:
            Conflict._base_manager.filter(pk=key).update(**differing)
            changed.append(key)
    unit.derived(Conflict, changed)


def _claims(keys: Iterable[int]) -> Iterator[Stated]:
    for some in chunked(keys):
        yield from stated(Q(pk__in=some))


def _of_members(claims: Sequence[Stated]) -> dict[str, Any]:
    """Fingerprint, positions and extent of claims that somebody put together, of whatever subjects and predicates."""
    ordered = sorted(claims, key=lambda claim: (claim.group, claim.slug))
    predicates = Predicate.objects.in_bulk({claim.predicate for claim in claims})
    grouped: list[tuple[str, ...]] = []
    for (_, predicate), lot in groupby(ordered, key=lambda claim: claim.group):
        statements = {claim.slug: claim.statement for claim in lot}
        grouped += positions(
            sorted(statements), statements, terms_of(predicates[predicate]), ReferenceRates()
        )
    place = {slug: number for number, position in enumerate(grouped) for slug in position}
    apart = (
        (a.statement.sources, b.statement.sources)
        for a, b in combinations(claims, 2)
        if place[a.slug] != place[b.slug]
    )
    return {
        "fingerprint": fingerprint(claims),
        "positions": list(joined(tuple(sorted(grouped)))),
        "within": list(between(extent(apart))),
    }

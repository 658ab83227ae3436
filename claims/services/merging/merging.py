"""Merging two records of one type: one stays, the other goes, and all that named it names the one that stays.

A merge is one change with its reason. The slug of the record that goes, and those that led to it, lead to the one that
stays from then on. `preview` says beforehand what a merge would do, by the same functions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q

from claims.models import Distinction, Entity, FormerSlug
from claims.services.merging.fields import MergedField, choices_refused, merged_fields, take_fields
from claims.services.merging.moving import Moved, entangled, move, moves, speaking_of_both
from evidence.services.findings import ChangeRefused, Finding
from evidence.services.history import DELETED, history_model, past_key
from evidence.services.units import open_unit


@dataclass(frozen=True)
class Preview:
    """What merging two records would do, or why it cannot be done."""

    kept: Entity
    gone: Entity
    fields: tuple[MergedField, ...]
    moves: tuple[Moved, ...]
    slugs: tuple[str, ...]
    """The slugs that will lead to the record that stays."""
    twice: tuple[Any, ...]
    """Records that name both, and will name one thing twice."""
    refused: tuple[Finding, ...]


def preview(*, kept: Entity, gone: Entity, choose: Mapping[str, str] | None = None) -> Preview:
    """What merging the two would do; reads only."""
    kept, gone = kept.leaf, gone.leaf
    refused = tuple(_refusals(kept, gone, choose or {}))
    comparable = type(kept) is type(gone)
    sound = {} if any(choices_refused(kept, choose or {})) else (choose or {})
    return Preview(
        kept,
        gone,
        tuple(merged_fields(kept, gone, sound)) if comparable else (),
        tuple(moves(gone)),
        (gone.slug, *gone.former_slugs.values_list("slug", flat=True)),
        tuple(speaking_of_both(kept, gone)) if comparable else (),
        refused,
    )


def merge(*, kept: Entity, gone: Entity, choose: Mapping[str, str] | None = None) -> Entity:
    """Merge a record into another of its type, inside an open change that has a reason; returns the one that stays.

    `choose` says for a field whose value stays: `kept`, `gone`, or `both` where it holds several. Raises ChangeRefused
    where the two cannot be one.
    """
    unit = open_unit()
    kept, gone = _as_stored(kept), _as_stored(gone)
    refused = [*_refusals(kept, gone, choose or {}), *_without_reason(kept, unit.reason)]
    if refused:
        raise ChangeRefused(refused)
    fields = merged_fields(kept, gone, choose or {})
    unit.merging(gone, kept)
    move(unit, gone, kept)
    many = take_fields(kept, gone, fields)
    _check(kept)
    kept.save()
    for name, rows in many.items():
        getattr(kept, name).set(rows)
    gone.delete()
    FormerSlug(slug=gone.slug, entity=kept, reason=unit.reason).save()
    return kept


def stands_for(row: int) -> tuple[str, Entity] | None:
    """The slug that the record of a row id had which is gone, and the record with which it was merged, if it was."""
    for leaf in Entity.__subclasses__():
        past = history_model(leaf).objects.filter(**{past_key(leaf): row, "history_type": DELETED})
        for slug in past.order_by("-history_id").values_list("slug", flat=True)[:1]:
            if kept := Entity.find_former([slug]).get(slug):
                return slug, kept
    return None


def _as_stored(entity: Entity) -> Entity:
    """The record as its own type and as it stands now, whatever somebody holds in memory."""
    stored: Entity = entity.leaf_model._base_manager.get(pk=entity.pk)
    return stored


def _refusals(kept: Entity, gone: Entity, choose: Mapping[str, str]) -> Iterator[Finding]:
    if kept.pk == gone.pk:
        yield Finding(kept, "", "It is one record already; name another to merge it with.")
    elif type(kept) is not type(gone):
        message = (
            f"“{gone.key}” is of another type ({gone.type}); only records of one type can be the same thing."
        )
        yield Finding(kept, "", message)
    else:
        yield from choices_refused(kept, choose)
        yield from _judged_different(kept, gone)
        yield from entangled(kept, gone)


def _judged_different(kept: Entity, gone: Entity) -> Iterator[Finding]:
    pairs = Q(entity=kept.pk, other=gone.pk) | Q(entity=gone.pk, other=kept.pk)
    for found in Distinction.objects.filter(pairs):
        message = f"The two were judged to be different: {found.reason} Delete that judgement first, if it was wrong."
        yield Finding(found, "", message)


def _without_reason(kept: Entity, reason: str) -> Iterator[Finding]:
    if not reason:
        yield Finding(kept, "", "Two records are merged with a reason; say why they are the same.")


def _check(kept: Entity) -> None:
    """Refuse values that do not go together, such as the end of one record before the start of the other."""
    try:
        kept.full_clean(exclude=["slug"])
    except ValidationError as error:
        raise ChangeRefused(
            Finding(
                kept, "" if name == NON_FIELD_ERRORS else name, f"{message} Choose otherwise for this merge."
            )
            for name, messages in error.message_dict.items()
            for message in messages
        ) from error

"""The conflicts among stored claims, as they follow from them: found by rule, many groups at once."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.db.models import Q

from claims.choices import Within
from claims.domain.comparing.positions import OR, Clash, Extent, Positions, clashes
from claims.models import Entity, Predicate
from claims.services.rates import ReferenceRates
from claims.services.records import against_own_field
from claims.services.statements import Group, Stated, live_in, terms_of
from evidence.domain.text import counted

LONGEST_SLUG = 80
MARK = 6  # hexadecimal digits that end a slug
FINGERPRINT = 16  # hexadecimal digits


@dataclass(frozen=True, slots=True)
class Found:
    """A conflict as it follows from the claims; entities, predicate and members by row id."""

    slug: str
    subject: int
    predicate: int
    about: int | None
    members: frozenset[int]
    explanation: str
    positions: tuple[str, ...]
    fingerprint: str
    within: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clashing:
    """A clash in its group, with the claims of the group by slug."""

    subject: int
    predicate: Predicate
    clash: Clash
    claims: Mapping[str, Stated]

    @property
    def members(self) -> list[Stated]:
        """The claims that cannot all be true."""
        return [self.claims[slug] for slug in self.clash.members]


def find(groups: Iterable[Group]) -> list[Found]:
    """The conflicts within these groups."""
    clashing = list(_clashing(set(groups)))
    subjects = _leaves({one.subject for one in clashing})
    abouts = _abouts(clashing)
    return [_found(one, subjects[one.subject], about) for one, about in zip(clashing, abouts, strict=True)]


def fingerprint(claims: Iterable[Stated]) -> str:
    """Hexadecimal digits that change with the members, their values and qualifiers, or with whether they stand."""
    said = sorted((claim.slug, claim.live, *claim.printed) for claim in claims)
    return sha256(repr(said).encode()).hexdigest()[:FINGERPRINT]


def joined(positions: Positions) -> tuple[str, ...]:
    """Each position as one text: its claims joined by +."""
    return tuple("+".join(position) for position in positions)


def between(extent: Extent) -> Iterator[str]:
    """The words for what claims disagree between."""
    if extent.within_a_source:
        yield Within.ONE_SOURCE.value
    if extent.between_sources:
        yield Within.BETWEEN_SOURCES.value


def _clashing(groups: set[Group]) -> Iterator[Clashing]:
    claims = sorted(live_in(groups), key=lambda claim: claim.group)
    terms = Predicate.objects.in_bulk({predicate for _, predicate in groups})
    for group, lot in groupby(claims, key=lambda claim: claim.group):
        by_slug = {claim.slug: claim for claim in lot}
        if len(by_slug) > 1:
            statements = {slug: claim.statement for slug, claim in by_slug.items()}
            for clash in clashes(statements, terms_of(terms[group[1]]), ReferenceRates()):
                yield Clashing(group[0], terms[group[1]], clash, by_slug)


def _leaves(entities: Collection[int]) -> dict[int, Entity]:
    """Entities as their own types, a query a type."""
    kinds: dict[Any, list[int]] = {}
    for entity in Entity.objects.filter(pk__in=entities):
        kinds.setdefault(entity.leaf_model, []).append(entity.pk)
    return {pk: leaf for kind, rows in kinds.items() for pk, leaf in kind.objects.in_bulk(rows).items()}


def _abouts(clashing: Collection[Clashing]) -> list[Entity | None]:
    """What each clash is about besides its subject: the one object that is meant, or the ambiguous name itself."""
    named = {one.members[0].object for one in clashing if OR in one.clash.about}
    meant = {one.clash.about for one in clashing} - {""}
    entities = Entity.objects.filter(Q(slug__in=meant) | Q(pk__in=named - {None}))
    by_slug = {entity.slug: entity for entity in entities}
    by_row = {entity.pk: entity for entity in by_slug.values()}
    return [
        by_row.get(one.members[0].object or 0) if OR in one.clash.about else by_slug.get(one.clash.about)
        for one in clashing
    ]


def _found(one: Clashing, subject: Entity, about: Entity | None) -> Found:
    within = list(between(one.clash.extent))
    if one.predicate.record_field and against_own_field(subject, one.predicate, one.members):
        within.append(Within.OWN_FIELD.value)
    return Found(
        slug=found_slug(subject.slug, one.predicate.slug, about.slug if about else ""),
        subject=one.subject,
        predicate=one.predicate.pk,
        about=about.pk if about else None,
        members=frozenset(claim.pk for claim in one.members),
        explanation=_explanation(one.clash),
        positions=joined(one.clash.positions),
        fingerprint=fingerprint(one.members),
        within=tuple(within),
    )


def found_slug(*names: str) -> str:
    """Of subject, predicate and object: the slug of the conflict that a rule finds among their claims.

    It is the names, and what tells them apart where they are cut short or could be joined in two ways.
    """
    mark = sha256("|".join(names).encode()).hexdigest()[:MARK]
    return f"{'-'.join(filter(None, names))[: LONGEST_SLUG - MARK - 1].rstrip('-')}-{mark}"


def _explanation(clash: Clash) -> str:
    told = clash.first.explanation
    if clash.pairs == 1:
        return told
    return f"{told} {counted(clash.pairs - 1, 'more pair')} of these claims cannot be true together."

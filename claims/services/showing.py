"""Claims as pages and JSON show them: the value as printed and as read, qualifiers, standing, and where it stands.

A fixed number of queries a lot. A claim with very many citations is shown with the first of them, supporting ones
before refuting ones and these before mentions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Prefetch, QuerySet, Value, When

from claims.choices import Stance
from claims.domain.comparing.pairs import as_read
from claims.domain.comparing.statements import Statement, Terms
from claims.models import Citation, Claim, Predicate
from claims.services.statements import NUMERIC, Stated, terms_of
from evidence.services.history import chunked

PLACES_SHOWN = 8
"""How many citations of a claim are shown."""

STANCES = (Stance.SUPPORTS, Stance.REFUTES, Stance.MENTIONS)
"""The order in which citations are shown."""


@dataclass(frozen=True, slots=True)
class Place:
    """One citation: what the source does for the claim, and where in it that stands."""

    source: str
    title: str
    publisher: str
    published: str
    stance: str
    locator: str
    quote: str
    attributed_to: str
    source_row: int

    @property
    def document(self) -> tuple[str, str]:
        """What places have in common that a page shows together."""
        return self.stance, self.source


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """One claim for people; records are named by their slugs, and by row ids where a page links to them."""

    row: int
    slug: str
    statement: str
    subject: str
    predicate: str
    value: str
    unit: str
    object: str
    object_name: str
    object_row: int | None
    negated: bool
    read_as: str
    when: str
    scope: tuple[str, ...]
    modality: str
    basis: str
    confidence: str
    review: str
    places: tuple[Place, ...]
    more_places: bool


def shown_claims(claims: Iterable[Stated]) -> dict[int, ShownClaim]:
    """These claims as people see them, by row id."""
    listed = {claim.pk: claim for claim in claims}
    found: dict[int, ShownClaim] = {}
    for some in chunked(listed):
        rows = _rows().filter(pk__in=some)
        found |= {row.pk: _shown(row, listed[row.pk].statement) for row in rows}
    return found


def cited(claims: Iterable[ShownClaim]) -> list[Place]:
    """One place in each source that these claims cite, by slug."""
    found = {place.source: place for claim in claims for place in claim.places}
    return [found[slug] for slug in sorted(found)]


def read_as(statement: Statement, predicate: Predicate) -> str:
    """What the value was understood as; empty where it says no more than what is printed."""
    terms = terms_of(predicate)
    if terms.value_type in NUMERIC or terms.value_type == "date":
        return _understood(statement, terms)
    return as_read(statement, terms) if len(statement.objects) > 1 else ""


def _understood(statement: Statement, terms: Terms) -> str:
    if statement.value is not None and statement.value.refused:
        return f"not understood: {statement.value.refused}"
    if terms.value_type == "date" and not (statement.days and statement.days.known):
        return "no known days"
    return as_read(statement, terms)


def _rows() -> QuerySet[Claim]:
    order = Case(
        *(When(stance=stance, then=Value(place)) for place, stance in enumerate(STANCES)),
        output_field=IntegerField(),
    )
    citations = Citation.objects.select_related("source__publisher", "source__part_of", "attributed_to")
    first: Any = citations.order_by(order, "source__slug", "slug")[: PLACES_SHOWN + 1]
    claims = Claim.objects.select_related("subject", "predicate", "object")
    return claims.prefetch_related(Prefetch("citations", queryset=first, to_attr="first_places"))


def _shown(row: Any, statement: Statement) -> ShownClaim:
    return ShownClaim(
        row=row.pk,
        slug=row.slug,
        statement=row.statement,
        subject=row.subject.slug,
        predicate=row.predicate.slug,
        value=row.value,
        unit=row.unit,
        object=row.object.slug if row.object else "",
        object_name=str(row.object) if row.object else "",
        object_row=row.object_id,
        negated=row.negated,
        read_as=read_as(statement, row.predicate),
        when=row.when,
        scope=tuple(row.scope),
        modality=row.modality,
        basis=row.basis,
        confidence=row.confidence,
        review=row.review,
        places=tuple(map(_place, row.first_places[:PLACES_SHOWN])),
        more_places=len(row.first_places) > PLACES_SHOWN,
    )


def _place(citation: Any) -> Place:
    source = citation.source
    return Place(
        source=source.slug,
        title=source.title,
        publisher=source.publisher.name if source.publisher else "",
        published=source.published or (source.part_of.published if source.part_of else ""),
        stance=citation.stance,
        locator=citation.locator,
        quote=citation.quote,
        attributed_to=citation.attributed_to.name if citation.attributed_to else "",
        source_row=source.pk,
    )


def by_group(claims: Iterable[Stated]) -> Mapping[tuple[int, int], list[Stated]]:
    """The claims by the row ids of subject and predicate, in the order in which they come."""
    found: dict[tuple[int, int], list[Stated]] = {}
    for claim in claims:
        found.setdefault(claim.group, []).append(claim)
    return found

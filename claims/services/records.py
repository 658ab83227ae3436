"""What a record says in its own fields, held against the claims that state the same.

A field holds the curator's present view; `Predicate.record_field` names it, for the types of record that the predicate
applies to. A claim supports the field if it has the same value, and speaks against it if it excludes it:

- a denial never supports, and speaks against a field of several values if it denies one of them;
- a field has no modality of its own, so that what is planned or projected supports it as what is actual does, but not
  what is possible or conditional; against it speaks only what is actual, where the world changes modality;
- what a later claim of the same scope, object and modality contradicts is past, and bears on the field no longer;
- what agrees in one reading only does not support it.

The field is contested where a claim speaks against it, unless a resolved conflict with a claim that supports it decided
that; and where a claim that supports it is itself contested. Else it is supported by one claim or more, or unsupported.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from claims.choices import ConflictStatus, Modality
from claims.domain.comparing import Comparison, Statement, Terms, Verdict, compare
from claims.domain.comparing.pairs import compare_values
from claims.domain.comparing.separators import kept_apart, times
from claims.models import Claim, Conflict, Entity, Predicate
from claims.services.own_fields import Own, column_names, filled_fields, own_fields
from claims.services.rates import ReferenceRates
from claims.services.showing import ShownClaim, shown_claims
from claims.services.statements import STANDING, Stated, stated, terms_of
from evidence.domain.dates import surely_before

SUPPORTED, CONTESTED, UNSUPPORTED = "supported", "contested", "unsupported"
CLAIMS_BEHIND = 100
"""How many claims of one predicate are held against a field."""

ASSERTED = (Modality.ACTUAL, Modality.PLANNED, Modality.PROJECTED)
"""The modalities of claims that support a field, which has none of its own."""


class Bearing(StrEnum):
    """What a claim does for a field."""

    SUPPORTS = "supports"
    AGAINST = "against"
    DECIDED = "decided"
    PERHAPS = "perhaps"
    PAST = "past"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Behind:
    """One claim by row id, what it does for a field, why, and whether the claim is itself contested."""

    claim: int
    bearing: Bearing
    explanation: str
    contested: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How one field of a record stands, with the claims behind it."""

    field: str
    state: str
    behind: tuple[Behind, ...] = ()

    @property
    def supporting(self) -> tuple[int, ...]:
        """The claims that support it, by row id."""
        return self._of(Bearing.SUPPORTS)

    @property
    def against(self) -> tuple[int, ...]:
        """The claims that speak against it, decided ones left out, by row id."""
        return self._of(Bearing.AGAINST)

    def _of(self, bearing: Bearing) -> tuple[int, ...]:
        return tuple(one.claim for one in self.behind if one.bearing is bearing)


def standings(entity: Entity) -> list[Standing]:
    """How each filled field of this entity stands that some predicate speaks of, each field once."""
    return _standings(entity.leaf)[0]


def standings_shown(entity: Entity) -> tuple[list[Standing], dict[int, ShownClaim]]:
    """The same, with the claims behind the fields as people see them, by row id."""
    found, claims = _standings(entity.leaf)
    behind = {one.claim for standing in found for one in standing.behind}
    return found, shown_claims(claim for claim in claims if claim.pk in behind)


def against_own_field(entity: Entity, predicate: Predicate, claims: Sequence[Stated]) -> list[int]:
    """Those of these claims that speak against what the record itself says, by row id."""
    held = filled_fields(entity, {predicate.record_field} & set(column_names(entity)))
    if not held:
        return []
    first = claims[:CLAIMS_BEHIND]
    own = own_fields(entity, held, [predicate], first)[predicate.pk]
    behind = _behind(own, first, terms_of(predicate))
    return [one.claim for one in behind if one.bearing is Bearing.AGAINST]


def _standings(leaf: Entity) -> tuple[list[Standing], list[Stated]]:
    columns = column_names(leaf)
    speaking = list(
        Predicate.objects.said_of(str(leaf.type)).filter(record_field__in=columns).order_by("slug")
    )
    named = {predicate.record_field for predicate in speaking}
    held = filled_fields(leaf, [name for name in columns if name in named])
    predicates = [predicate for predicate in speaking if predicate.record_field in held]
    claims = _claims(leaf.pk, predicates)
    own = own_fields(leaf, held, predicates, claims)
    behind = [
        (predicate.record_field, one)
        for predicate in predicates
        for one in _behind(own[predicate.pk], _under(predicate, claims), terms_of(predicate))
    ]
    settled = _settled(behind)
    return [_standing(field, [one for of, one in settled if of == field]) for field in held], claims


def _claims(subject: int, predicates: Iterable[Predicate]) -> list[Stated]:
    place = Window(RowNumber(), partition_by=[F("predicate")], order_by=F("slug").asc())
    live = Claim.objects.filter(STANDING, subject=subject, predicate__in=list(predicates))
    return stated(Q(pk__in=live.annotate(place=place).filter(place__lte=CLAIMS_BEHIND).values("pk")))


def _under(predicate: Predicate, claims: Iterable[Stated]) -> list[Stated]:
    return [claim for claim in claims if claim.predicate == predicate.pk]


def _behind(own: Own, claims: Sequence[Stated], terms: Terms) -> Iterator[Behind]:
    """What each claim does for a field by itself, whatever was decided about it."""
    for claim in claims:
        bearing, told = _bearing(own, claim, terms)
        later = (
            _contradicted(claim, claims, terms) if bearing in (Bearing.SUPPORTS, Bearing.AGAINST) else None
        )
        if later is not None:
            yield Behind(claim.pk, Bearing.PAST, f"The later claim {later.slug} says otherwise.")
        else:
            yield Behind(claim.pk, bearing, told)


def _bearing(own: Own, claim: Stated, terms: Terms) -> tuple[Bearing, str]:
    statements, said = own.facing(claim)
    if not statements:
        return Bearing.ASIDE, "What the field says cannot be compared with claims."
    found = [compare(one, said, terms, ReferenceRates()) for one in statements]
    excluding = [one for one in found if one.verdict is Verdict.CONFLICTING]
    if excluding and (said.negated or len(excluding) == len(found)):
        return Bearing.AGAINST, excluding[0].explanation
    alike = [] if said.negated else [_as_one_value(one, said, terms) for one in statements]
    for bearing, verdicts in SUPPORT:
        for one in alike:
            if one.verdict in verdicts:
                return bearing, one.explanation
    open_ = all(one.verdict is Verdict.COMPATIBLE for one in found)
    return Bearing.ASIDE, "The field says something else, which leaves this open." if open_ else found[
        0
    ].explanation


SUPPORT = (
    (Bearing.SUPPORTS, (Verdict.EQUAL, Verdict.COMPATIBLE)),
    (Bearing.PERHAPS, (Verdict.COMPATIBLE_IF,)),
)


def _as_one_value(own: Statement, said: Statement, terms: Terms) -> Comparison:
    """The verdict on whether both have the same value, which many-valued predicates do not ask for."""
    one = replace(own, modality=said.modality) if said.modality in ASSERTED else own
    return compare(one, said, replace(terms, single_valued=True), ReferenceRates())


def _contradicted(claim: Stated, claims: Iterable[Stated], terms: Terms) -> Stated | None:
    """The claim about the same that surely comes later and says otherwise."""
    days = times(claim.statement, terms)
    lot = kept_apart(claim.statement, terms)
    for other in claims if days else ():
        later = times(other.statement, terms)
        after = all(any(surely_before(day, one) for one in later) for day in days)
        if after and kept_apart(other.statement, terms) == lot:
            values = compare_values(claim.statement, other.statement, terms, ReferenceRates())
            if values.verdict is Verdict.CONFLICTING:
                return other
    return None


def _settled(behind: Sequence[tuple[str, Behind]]) -> list[tuple[str, Behind]]:
    """The same, knowing which claims are contested, and which of those against a field were decided about."""
    rows = {one.claim for _, one in behind}
    contested = set(Claim.objects.filter(pk__in=rows).contested().values_list("pk", flat=True))
    decided = _decided(rows)
    supporting: dict[str, set[int]] = {}
    for field, one in behind:
        if one.bearing is Bearing.SUPPORTS:
            supporting.setdefault(field, set()).add(one.claim)
    return [
        (field, _settle(one, supporting.get(field, set()), contested, decided.get(one.claim, {})))
        for field, one in behind
    ]


def _settle(
    one: Behind, supporting: set[int], contested: set[int], decided: Mapping[int, Sequence[str]]
) -> Behind:
    words = [word for other in sorted(supporting) for word in decided.get(other, ())]
    if one.bearing is Bearing.AGAINST and words and one.claim not in contested:
        return replace(one, bearing=Bearing.DECIDED, explanation=words[0])
    return replace(one, contested=one.claim in contested)


def _decided(rows: Iterable[int]) -> dict[int, dict[int, list[str]]]:
    """What was decided about each two of these claims, in words."""
    through = Conflict.members.through._base_manager
    members = through.filter(claim__in=list(rows), conflict__status=ConflictStatus.RESOLVED).order_by(
        "conflict"
    )
    conflicts: dict[Conflict, list[int]] = {}
    for member in members.select_related("conflict"):
        conflicts.setdefault(member.conflict, []).append(member.claim_id)
    found: dict[int, dict[int, list[str]]] = {}
    for conflict, claims in conflicts.items():
        words = f"Decided: {conflict.get_resolution_display().lower()}. {conflict.reason}"
        for claim in claims:
            for other in claims:
                found.setdefault(claim, {}).setdefault(other, []).append(words)
    return found


def _standing(field: str, behind: Sequence[Behind]) -> Standing:
    contested = any(
        one.bearing is Bearing.AGAINST or (one.bearing is Bearing.SUPPORTS and one.contested)
        for one in behind
    )
    supported = any(one.bearing is Bearing.SUPPORTS for one in behind)
    state = CONTESTED if contested else SUPPORTED if supported else UNSUPPORTED
    order = list(Bearing)
    return Standing(field, state, tuple(sorted(behind, key=lambda one: order.index(one.bearing))))

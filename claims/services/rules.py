"""The upper floor's rules over several rows."""

from collections.abc import Collection, Iterable, Iterator

from django.db.models import prefetch_related_objects

from claims.choices import ConflictKind, Stance
from claims.domain.stakes import WHOLE, held_together, total
from claims.models import Citation, Claim, Conflict, Entity, FormerSlug, Ownership, Predicate, Premise
from claims.models.merging import told_in_use
from claims.models.registry import told_former
from claims.services.conflicts.finding import found_slug
from evidence.choices import Basis, Review
from evidence.services.findings import Finding
from evidence.services.history import chunked
from evidence.services.rules import cycle_findings, follow
from evidence.services.units import Unit, rule

SHOWN = 10
"""How many claims a finding about a predicate names."""


@rule
def accepted_claims_have_grounds(unit: Unit) -> Iterator[Finding]:
    """An accepted fact has a supporting citation, an accepted inference that or premises with reasoning."""
    accepted = {
        found.record.pk: found.record for found in unit.kept(Claim) if found.step[1] == Review.ACCEPTED
    }
    cited, premised = set[int](), set[int]()
    for some in chunked(accepted):
        supporting = Citation.objects.filter(claim__in=some, stance=Stance.SUPPORTS)
        cited |= set(supporting.values_list("claim", flat=True))
        premised |= set(Premise.objects.filter(conclusion__in=some).values_list("conclusion", flat=True))
    for row, claim in accepted.items():
        if row not in cited and isinstance(claim, Claim):
            yield from _grounds_missing(claim, row in premised)


def _grounds_missing(claim: Claim, premised: bool) -> Iterator[Finding]:
    if claim.basis == Basis.FACT:
        message = "An accepted fact needs a supporting citation; add one, or take the claim back first."
        yield Finding(claim, "", message)
    elif not (premised and claim.reasoning):
        message = "An accepted inference needs premises and reasoning, or a supporting citation; add them."
        yield Finding(claim, "reasoning" if premised else "", message)


@rule
def claims_fit_their_predicates(unit: Unit) -> Iterator[Finding]:
    """A predicate is not changed so that claims which use it no longer fit; nor is a claim written that does not."""
    claims = {found.record.pk: found.record for found in unit.kept(Claim)}
    predicates = [found.record.pk for found in unit.altered(Predicate)]
    for some in chunked(claim for claim in claims.values() if isinstance(claim, Claim)):
        prefetch_related_objects(some, "subject", "predicate")
        for claim in some:
            for field, message in claim.misfits().items():
                yield Finding(claim, field, message)
    for predicate in Predicate.objects.filter(pk__in=predicates):
        yield from _claims_left_behind(predicate, claims)


def _claims_left_behind(predicate: Predicate, seen: Collection[int]) -> Iterator[Finding]:
    using = Claim.objects.filter(predicate=predicate).select_related("subject", "predicate")
    left = [claim.slug for claim in using.iterator() if claim.pk not in seen and claim.misfits()]
    if left:
        named = ", ".join(left[:SHOWN]) + (f" and {len(left) - SHOWN} more" if len(left) > SHOWN else "")
        yield Finding(predicate, "", f"These claims would no longer fit: {named}; change them first.")


@rule
def inferences_are_not_circular(unit: Unit) -> Iterator[Finding]:
    """No chain of premises leads back to its conclusion."""
    premises = [found.record for found in unit.kept(Premise)]
    touched = {premise.conclusion_id: premise for premise in premises if isinstance(premise, Premise)}
    edges = follow(Premise, "conclusion", "premise", touched)
    yield from cycle_findings(edges, touched, Claim, "premise")


@rule
def parents_are_not_circular(unit: Unit) -> Iterator[Finding]:
    """Nothing is, over any number of steps and on any one day, its own parent; small holdings are no parents."""
    ownerships = [found.record for found in unit.kept(Ownership)]
    touched = {row.owned_id: row for row in ownerships if isinstance(row, Ownership) and row.holding.controls}
    controlling = _controlling(touched)
    for day in sorted({row.holding.since for row in controlling}):
        edges: dict[int, list[int]] = {}
        for row in controlling:
            if row.holding.since <= day < row.holding.until:
                edges.setdefault(row.owned_id, []).append(row.owner_id)
        if found := list(cycle_findings(edges, touched, Entity, "owner")):
            yield from found
            return


def _controlling(owned: Iterable[int]) -> list[Ownership]:
    """The ownerships that make parents, as far as they can be reached from these entities."""
    found: list[Ownership] = []
    frontier, seen = set(owned), set[int]()
    while frontier:
        seen |= frontier
        rows = Ownership.objects.filter(owned__in=frontier).select_related("owner", "owned")
        reached = [row for row in rows if row.holding.controls]
        found += reached
        frontier = {row.owner_id for row in reached} - seen
    return found


@rule
def shares_do_not_exceed_the_whole(unit: Unit) -> Iterator[Finding]:
    """The plainly stated shares of one thing that are certainly held on one day add up to no more than 100 %."""
    ownerships = [found.record for found in unit.kept(Ownership)]
    for row in {row.owned_id: row for row in ownerships if isinstance(row, Ownership)}.values():
        rows = Ownership.objects.filter(owned=row.owned_id).select_related("owner", "owned")
        together = held_together(other.holding for other in rows)
        held = next((lot for lot in together if total(lot) > WHOLE), None)
        if held is not None:
            owners = ", ".join(f"{holding.owner} {holding.percent} %" for holding in held if holding.percent)
            message = f"The shares add up to {total(held)} %: {owners}; correct one, or its dates."
            yield Finding(row, "stake_percent", message)


@rule
def found_conflicts_are_only_decided(unit: Unit) -> Iterator[Finding]:
    """Of a conflict found by rule, people write the decision; all else follows from its claims. Its kind stays."""
    for found in unit.kept(Conflict):
        if found.before is None:
            continue
        by_rule = found.before.columns["kind"] == ConflictKind.FOUND
        fixed = {"kind", "members", "explanation"} if by_rule else {"kind"}
        for field in sorted(found.fields & fixed):
            message = "It follows from the claims, and is not changed by hand; resolve the conflict, or note another."
            yield Finding(found.record, field, message)


@rule
def noted_conflicts_leave_slugs_to_found_ones(unit: Unit) -> Iterator[Finding]:
    """No conflict is noted under the slug that one has which a rule finds among the same claims."""
    for found in unit.kept(Conflict):
        record = found.record
        if found.before is not None or not isinstance(record, Conflict) or record.is_derived:
            continue
        groups = record.members.values_list("subject__slug", "predicate__slug", "object__slug").distinct()
        slugs = {found_slug(*names, about) for *names, other in groups for about in {"", other or ""}}
        if record.slug in slugs:
            message = "What a rule finds between these claims has this slug; write another."
            yield Finding(record, "slug", message)


@rule
def conflicts_are_between_claims(unit: Unit) -> Iterator[Finding]:
    """A conflict has at least two members."""
    for found in unit.kept(Conflict):
        if isinstance(found.record, Conflict) and found.record.members.count() < 2:
            yield Finding(found.record, "members", "A conflict is between claims; name at least two.")


@rule
def slugs_that_lead_elsewhere_name_nothing_else(unit: Unit) -> Iterator[Finding]:
    """No entity takes a slug that leads to another one, and no slug that an entity has leads to another."""
    named = {found.record.key: found.record for found in unit.kept(Entity) if found.says("slug")}
    leading = {found.record.key: found.record for found in unit.kept(FormerSlug)}
    for some in chunked(named):
        for slug, entity in Entity.find_former(some).items():
            yield Finding(named[slug], "slug", told_former(slug, entity))
    for some in chunked(leading.keys() - named.keys()):
        for entity in Entity.objects.filter(slug__in=some):
            yield Finding(leading[entity.slug], "slug", told_in_use(entity))

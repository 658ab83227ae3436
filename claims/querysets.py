"""The words in which lists of claims are asked for; admin, sheets, filters and views share them."""

from typing import Any, Self

from django.db.models import Case, Exists, Manager, Model, OuterRef, Q, QuerySet, When

from claims.choices import ConflictStatus, Stance
from evidence.choices import Basis, Review
from evidence.domain.text import SEPARATOR
from evidence.querysets import RecordQuerySet

GIVEN_UP = (Review.REJECTED, Review.RETRACTED)
"""The states in review of what nobody holds any longer: with one of its claims in them, a noted conflict is no more."""


class ClaimQuerySet(RecordQuerySet):
    """Chainable predicates over claims."""

    def accepted(self) -> Self:
        """Claims that a reviewer has accepted."""
        return self.filter(review=Review.ACCEPTED)

    def facts(self) -> Self:
        """Claims that were read in a source, not concluded."""
        return self.filter(basis=Basis.FACT)

    def about(self, entity: Model) -> Self:
        """Claims that name the entity as subject or object."""
        return self.filter(Q(subject=entity.pk) | Q(object=entity.pk))

    def contested(self) -> Self:
        """Claims in an open conflict of which every claim still stands, or refuted by a citation."""
        return self.filter(self._contested())

    def uncontested(self) -> Self:
        """Claims that nothing speaks against."""
        return self.exclude(self._contested())

    def with_contested(self) -> Self:
        """The claims, each telling as `contested` whether something speaks against it."""
        return self.annotate(contested=Case(When(self._contested(), then=True), default=False))

    def contested_by(self, *, conflicts: QuerySet[Any], citations: QuerySet[Any]) -> Case:
        """Whether one of these conflicts or citations speaks against a claim, as SQL."""
        return Case(When(self._contested(conflicts, citations), then=True), default=False)

    def _contested(self, conflicts: QuerySet[Any] | None = None, citations: QuerySet[Any] | None = None) -> Q:
        claim: Any = self.model
        members = claim.conflicts.through._base_manager
        citations = claim.citations.rel.related_model._base_manager if citations is None else citations
        given_up = members.filter(conflict=OuterRef("conflict"), claim__review__in=GIVEN_UP)
        disputed = members.filter(claim=OuterRef("pk"), conflict__status=ConflictStatus.OPEN)
        disputed = disputed.exclude(Exists(given_up))
        if conflicts is not None:
            disputed = disputed.filter(Exists(conflicts.filter(pk=OuterRef("conflict_id"))))
        refuted = citations.filter(claim=OuterRef("pk"), stance=Stance.REFUTES)
        return Q(Exists(disputed)) | Q(Exists(refuted))


class PredicateQuerySet(RecordQuerySet):
    """Chainable predicates over the vocabulary."""

    def said_of(self, kind: str) -> Self:
        """Predicates that apply to entities of this type."""
        named = (f"{SEPARATOR}{kind}{SEPARATOR}", f"{kind}{SEPARATOR}", f"{SEPARATOR}{kind}")
        ways = zip(("contains", "startswith", "endswith"), named, strict=True)
        fits = Q(applies_to="") | Q(applies_to=kind)
        for way, words in ways:
            fits |= Q(**{f"applies_to__{way}": words})
        return self.filter(fits)


# A manager with a class of its own: mypy's cache loses the one that `as_manager` makes of an inherited queryset.
_FromQuerySet = Manager.from_queryset(ClaimQuerySet)


class ClaimManager(_FromQuerySet):
    """The queryset's words, at the model itself: `Claim.objects.accepted()`."""


_PredicatesFromQuerySet = Manager.from_queryset(PredicateQuerySet)


class PredicateManager(_PredicatesFromQuerySet):
    """The queryset's words, at the model itself: `Predicate.objects.said_of(…)`."""

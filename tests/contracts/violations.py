"""One violation of every constraint: what to change in a sound record so that it breaks just this one."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

from evidence.models import Record

Changes = Callable[[Any], dict[str, Any]]
"""From a sound stored record to the attributes that make it break a constraint."""

NO_SUCH_WORD = "no-such-word"


def order(first: str, last: str) -> Changes:
    """The last of two dates lies before the first."""
    return lambda _: {first: "2021-05", last: "2021-04"}


def plain(**values: Any) -> Changes:
    """Attributes that are wrong on any record."""
    return lambda _: values


def same_as_another(*names: str) -> Changes:
    """The key of another record of the same model."""

    def changes(record: Any) -> dict[str, Any]:
        other = type(record)._base_manager.exclude(pk=record.pk).get()
        return {name: getattr(other, name) for name in names}

    return changes


WRITTEN_OUT: dict[str, Changes] = {
    "evidence_source_withdrawn_not_before_published": order("published", "withdrawn"),
    "evidence_source_not_its_own_origin": lambda record: {"originates_from": record},
    "evidence_source_not_its_own_part": lambda record: {"part_of": record},
    "evidence_snapshot_once_a_moment": same_as_another("source", "captured"),
    "claims_agreement_ended_not_before_signed": order("signed", "ended"),
    "claims_agreement_ended_not_before_announced": order("announced", "ended"),
    "claims_plant_closed_not_before_opened": order("opened", "closed"),
    "claims_plant_latitude_on_earth": plain(latitude=Decimal("90.000001")),
    "claims_plant_longitude_on_earth": plain(longitude=Decimal("-180.5")),
    "claims_plant_both_coordinates": plain(longitude=None),
    "claims_patent_granted_not_before_filed": order("filed", "granted"),
    "claims_predicate_text_has_many_values": plain(value_type="text", single_valued=True),
    "claims_predicate_codes_where_coded": plain(codes=["planned"]),
    "claims_citation_context_needs_quote": plain(quote="", prefix="LG"),
    "claims_premise_once": same_as_another("conclusion", "premise"),
    "claims_premise_not_of_itself": lambda record: {"premise": record.conclusion},
    "claims_ownership_ended_not_before_started": order("started", "ended"),
    "claims_ownership_not_of_itself": lambda record: {"owner": record.owned},
    "claims_position_ended_not_before_started": order("started", "ended"),
    "claims_assessment_once_an_assessor": same_as_another("hypothesis", "claim", "assessor"),
    "claims_distinction_of_two": lambda record: {"other": record.entity},
    "claims_distinction_once": same_as_another("entity", "other"),
    "claims_disconfirmer_observed_in_a_claim": plain(status="observed"),
    "claims_conflict_noted_with_explanation": plain(explanation=""),
    "claims_conflict_resolved_with_resolution": plain(resolution="both_stand"),
    "claims_conflict_resolved_with_reason": plain(status="resolved", resolution="both_stand"),
}
"""What differs from constraint to constraint; those on code lists are all broken by a word that none has."""


def constraints() -> dict[str, tuple[type[Record], Any]]:
    """Every constraint of every model of records, by name."""
    return {
        constraint.name: (model, constraint)
        for model in apps.get_models()
        if issubclass(model, Record)
        for constraint in model._meta.constraints
    }


def is_code_list(constraint: models.BaseConstraint) -> bool:
    """Whether the constraint says that a column holds a word of its list."""
    return constraint.name.endswith(f"_{constraint.field}_known")


VIOLATIONS: dict[str, Changes] = WRITTEN_OUT | {
    name: plain(**{constraint.field: NO_SUCH_WORD})
    for name, (_, constraint) in constraints().items()
    if is_code_list(constraint)
}

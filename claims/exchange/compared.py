"""Entities side by side as JSON; the keys are documented in docs/comparing.md."""

from collections.abc import Iterable
from typing import Any

from claims.domain.comparing.likeness import Likened
from claims.services.showing import Place, ShownClaim
from claims.services.side_by_side import PairOfEntities, Row, SideBySide

OF_CLAIM = (
    "slug",
    "statement",
    "value",
    "unit",
    "object",
    "negated",
    "read_as",
    "when",
    "modality",
    "basis",
    "confidence",
    "review",
)
OF_CITATION = ("source", "title", "publisher", "published", "stance", "locator", "quote", "attributed_to")
OF_PREDICATE = ("label", "value_type", "single_valued", "persistence", "tolerance")


def as_json(compared: SideBySide, rows: Iterable[Row]) -> dict[str, Any]:
    """The comparison, with these of its rows."""
    return {
        "entities": [{"slug": side.slug, "name": side.name, "type": side.type} for side in compared.entities],
        "predicates": list(map(_row, rows)),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "predicate": row.predicate.slug,
        **{name: getattr(row.predicate, name) for name in OF_PREDICATE},
        "verdict": row.likeness,
        "claims": {cell.entity.slug: list(map(_claim, cell.claims)) for cell in row.cells},
        "more": [cell.entity.slug for cell in row.cells if cell.more],
        "pairs": list(map(_pair, row.pairs)),
    }


def _claim(claim: ShownClaim) -> dict[str, Any]:
    return {
        **{name: getattr(claim, name) for name in OF_CLAIM},
        "scope": list(claim.scope),
        "citations": list(map(_citation, claim.places)),
        "more_citations": claim.more_places,
    }


def _citation(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in OF_CITATION}


def _pair(pair: PairOfEntities) -> dict[str, Any]:
    return {
        "a": pair.a.slug,
        "b": pair.b.slug,
        "verdict": pair.summary.likeness,
        "apart": pair.summary.apart,
        "claims": [{"a": one.a, "b": one.b, **_verdict(one.likened)} for one in pair.claims],
    }


def _verdict(likened: Likened) -> dict[str, Any]:
    return {
        "verdict": likened.likeness,
        "explanation": likened.explanation,
        "sets": list(likened.comparison.sets),
        "reading": likened.comparison.reading,
        "conversion": likened.comparison.conversion,
        "separators": dict(likened.separators),
    }

"""The upper floor's tables. Submodules go by cluster; import from here."""

from claims.models.assets import Patent, Plant
from claims.models.claims import Citation, Claim, Predicate, Premise
from claims.models.deals import Agreement, Investment
from claims.models.merging import Distinction, FormerSlug
from claims.models.reasoning import Assessment, Conflict, Disconfirmer, Hypothesis, Question
from claims.models.registry import Company, Entity, Ownership, Person, Position
from claims.models.subjects import Event, Topic

__all__ = [
    "Agreement",
    "Assessment",
    "Citation",
    "Claim",
    "Company",
    "Conflict",
    "Disconfirmer",
    "Distinction",
    "Entity",
    "Event",
    "FormerSlug",
    "Hypothesis",
    "Investment",
    "Ownership",
    "Patent",
    "Person",
    "Plant",
    "Position",
    "Predicate",
    "Premise",
    "Question",
    "Topic",
]

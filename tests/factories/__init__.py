"""Records to test with, one factory a model; each names only what it is about.

    ClaimFactory()                                a draft inference with all it needs
    ClaimFactory(fact=True)                       an accepted fact with the citation it rests on
    AgreementFactory(parties=[one, other])        many-to-many fields are set like any other
    ClaimFactory.build(subject=company)           not saved

What a factory makes is saved in the change that is open, or in one of its own by the system user.
"""

from tests.factories.claims import (
    AgreementFactory,
    AssessmentFactory,
    CitationFactory,
    ClaimFactory,
    CompanyFactory,
    ConflictFactory,
    DisconfirmerFactory,
    DistinctionFactory,
    EventFactory,
    FormerSlugFactory,
    HypothesisFactory,
    InvestmentFactory,
    OwnershipFactory,
    PatentFactory,
    PersonFactory,
    PlantFactory,
    PositionFactory,
    PredicateFactory,
    PremiseFactory,
    QuestionFactory,
    TopicFactory,
)
from tests.factories.evidence import (
    InvestigationFactory,
    PublisherFactory,
    SnapshotFactory,
    SourceFactory,
)

FACTORIES = (
    InvestigationFactory,
    PublisherFactory,
    SourceFactory,
    SnapshotFactory,
    CompanyFactory,
    PersonFactory,
    AgreementFactory,
    InvestmentFactory,
    PlantFactory,
    PatentFactory,
    EventFactory,
    TopicFactory,
    PredicateFactory,
    ClaimFactory,
    CitationFactory,
    PremiseFactory,
    OwnershipFactory,
    PositionFactory,
    QuestionFactory,
    HypothesisFactory,
    AssessmentFactory,
    DisconfirmerFactory,
    ConflictFactory,
    FormerSlugFactory,
    DistinctionFactory,
)

FACTORY_OF = {factory._meta.model: factory for factory in FACTORIES}
"""The factory of each model."""

__all__ = [
    "FACTORIES",
    "FACTORY_OF",
    "AgreementFactory",
    "AssessmentFactory",
    "CitationFactory",
    "ClaimFactory",
    "CompanyFactory",
    "ConflictFactory",
    "DisconfirmerFactory",
    "DistinctionFactory",
    "EventFactory",
    "FormerSlugFactory",
    "HypothesisFactory",
    "InvestigationFactory",
    "InvestmentFactory",
    "OwnershipFactory",
    "PatentFactory",
    "PersonFactory",
    "PlantFactory",
    "PositionFactory",
    "PredicateFactory",
    "PremiseFactory",
    "PublisherFactory",
    "QuestionFactory",
    "SnapshotFactory",
    "SourceFactory",
    "TopicFactory",
]

"""Records of the upper floor."""

from decimal import Decimal

import factory

from claims.models import (
    Agreement,
    Assessment,
    Citation,
    Claim,
    Company,
    Conflict,
    Disconfirmer,
    Distinction,
    Event,
    FormerSlug,
    Hypothesis,
    Investment,
    Ownership,
    Patent,
    Person,
    Plant,
    Position,
    Predicate,
    Premise,
    Question,
    Topic,
)
from tests.factories.base import RecordFactory, ReviewedFactory
from tests.factories.evidence import SourceFactory


class CompanyFactory(ReviewedFactory):
    """A corporation."""

    class Meta:
        model = Company

    slug = factory.Sequence(lambda n: f"company-{n}")
    name = factory.Sequence(lambda n: f"Company {n} Inc.")
    kind = "corporation"
    country = "CA"


class PersonFactory(ReviewedFactory):
    """A person."""

    class Meta:
        model = Person

    slug = factory.Sequence(lambda n: f"person-{n}")
    name = factory.Sequence(lambda n: f"Dan Person {n}")


class AgreementFactory(ReviewedFactory):
    """A joint development agreement."""

    class Meta:
        model = Agreement

    slug = factory.Sequence(lambda n: f"agreement-{n}")
    name = factory.Sequence(lambda n: f"Joint development {n}")
    kind = "joint_development"


class InvestmentFactory(ReviewedFactory):
    """A purchase of equity, with its amount as printed."""

    class Meta:
        model = Investment

    slug = factory.Sequence(lambda n: f"investment-{n}")
    name = factory.Sequence(lambda n: f"Equity investment {n}")
    kind = "equity"
    amount = "US$10M"
    currency = "USD"
    stake_percent = "4.9%"


class PlantFactory(ReviewedFactory):
    """A cathode plant at a place on earth."""

    class Meta:
        model = Plant

    slug = factory.Sequence(lambda n: f"plant-{n}")
    name = factory.Sequence(lambda n: f"Plant {n}")
    kind = "cathode"
    latitude = Decimal("45.37")
    longitude = Decimal("-73.55")


class PatentFactory(ReviewedFactory):
    """A patent."""

    class Meta:
        model = Patent

    slug = factory.Sequence(lambda n: f"patent-{n}")
    name = factory.Sequence(lambda n: f"Process for cathodes {n}")
    number = factory.Sequence(lambda n: f"KR 10-{n:07}")


class EventFactory(ReviewedFactory):
    """A trade mission."""

    class Meta:
        model = Event

    slug = factory.Sequence(lambda n: f"event-{n}")
    name = factory.Sequence(lambda n: f"Trade mission {n}")
    kind = "trade_mission"


class TopicFactory(ReviewedFactory):
    """A chemistry."""

    class Meta:
        model = Topic

    slug = factory.Sequence(lambda n: f"topic-{n}")
    name = factory.Sequence(lambda n: f"Chemistry {n}")
    kind = "chemistry"


class PredicateFactory(ReviewedFactory):
    """A predicate that takes text of any subject."""

    class Meta:
        model = Predicate

    class Params:
        between_entities = factory.Trait(value_type="entity")
        coded = factory.Trait(value_type="code", codes=["planned", "built"])
        measured = factory.Trait(value_type="quantity", unit=["GWh/year"], single_valued=True)
        bare = factory.Trait(value_type="none")

    slug = factory.Sequence(lambda n: f"predicate-{n}")
    label = factory.Sequence(lambda n: f"has property {n}")
    value_type = "text"
    persistence = "lasting"


class ClaimFactory(ReviewedFactory):
    """A draft inference about a company; with `fact`, an accepted fact and the citation it rests on."""

    class Meta:
        model = Claim

    class Params:
        accepted = factory.Trait(
            review="accepted",
            subject=factory.SubFactory(CompanyFactory, accepted=True),
            predicate=factory.SubFactory(PredicateFactory, accepted=True),
            citation=factory.RelatedFactory(
                "tests.factories.claims.CitationFactory", "claim", source__accepted=True
            ),
        )
        fact = factory.Trait(accepted=True, basis="fact")

    slug = factory.Sequence(lambda n: f"claim-{n}")
    statement = factory.Sequence(lambda n: f"Company {n} makes cathodes.")
    subject = factory.SubFactory(CompanyFactory)
    predicate = factory.SubFactory(PredicateFactory)
    value = "cathodes"
    modality = "actual"


class CitationFactory(RecordFactory):
    """A place in a source that supports a claim."""

    class Meta:
        model = Citation

    slug = factory.Sequence(lambda n: f"citation-{n}")
    claim = factory.SubFactory(ClaimFactory)
    source = factory.SubFactory(SourceFactory)
    stance = "supports"
    locator = factory.Sequence(lambda n: f"p{n}")
    quote = "opens a plant"


class PremiseFactory(RecordFactory):
    """A claim that another one needs."""

    class Meta:
        model = Premise

    conclusion = factory.SubFactory(ClaimFactory)
    premise = factory.SubFactory(ClaimFactory)
    role = "necessary"


class OwnershipFactory(RecordFactory):
    """A small share of one company held by another."""

    class Meta:
        model = Ownership

    slug = factory.Sequence(lambda n: f"ownership-{n}")
    owner = factory.SubFactory(CompanyFactory)
    owned = factory.SubFactory(CompanyFactory)
    stake_percent = "4.9%"


class PositionFactory(RecordFactory):
    """A person's position in a company."""

    class Meta:
        model = Position

    slug = factory.Sequence(lambda n: f"position-{n}")
    person = factory.SubFactory(PersonFactory)
    company = factory.SubFactory(CompanyFactory)
    title = factory.Sequence(lambda n: f"Officer no. {n}")


class QuestionFactory(ReviewedFactory):
    """A question."""

    class Meta:
        model = Question

    slug = factory.Sequence(lambda n: f"question-{n}")
    text = factory.Sequence(lambda n: f"Who is the partner of company {n}?")


class HypothesisFactory(ReviewedFactory):
    """A possible answer."""

    class Meta:
        model = Hypothesis

    slug = factory.Sequence(lambda n: f"hypothesis-{n}")
    question = factory.SubFactory(QuestionFactory)
    statement = factory.Sequence(lambda n: f"Company {n} is the partner.")


class AssessmentFactory(RecordFactory):
    """How a claim sits with a hypothesis."""

    class Meta:
        model = Assessment

    hypothesis = factory.SubFactory(HypothesisFactory)
    claim = factory.SubFactory(ClaimFactory)
    assessor = "team"
    consistency = "consistent"


class DisconfirmerFactory(RecordFactory):
    """An observation to watch for."""

    class Meta:
        model = Disconfirmer

    slug = factory.Sequence(lambda n: f"disconfirmer-{n}")
    hypothesis = factory.SubFactory(HypothesisFactory)
    statement = factory.Sequence(lambda n: f"Company {n} names another partner.")


class ConflictFactory(RecordFactory):
    """A conflict between two claims that a person noted."""

    class Meta:
        model = Conflict

    class Params:
        decided = factory.Trait(status="resolved", resolution="both_stand", reason="They speak of two lines.")

    slug = factory.Sequence(lambda n: f"conflict-{n}")
    explanation = factory.Sequence(lambda n: f"The plant of claim {n} cannot be both open and closed.")
    members = factory.List([factory.SubFactory(ClaimFactory), factory.SubFactory(ClaimFactory)])


class FormerSlugFactory(RecordFactory):
    """A slug that leads to a company with which its record was merged."""

    class Meta:
        model = FormerSlug

    slug = factory.Sequence(lambda n: f"former-{n}")
    entity = factory.SubFactory(CompanyFactory)
    reason = "One company under two names."


class DistinctionFactory(RecordFactory):
    """Two companies that were judged to be different."""

    class Meta:
        model = Distinction

    entity = factory.SubFactory(CompanyFactory)
    other = factory.SubFactory(CompanyFactory)
    reason = "One is the parent of the other."

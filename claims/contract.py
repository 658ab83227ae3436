"""The contract of the whole house: the ground floor's tables and those of this one, in the order of loading."""

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
from evidence import contract as evidence
from evidence.contract import Table

TABLES = (
    *evidence.TABLES,
    Table(
        "companies",
        Company,
        "name kind country headquarters founded tickers roles website aliases may_be publisher description",
    ),
    Table("people", Person, "name aliases description"),
    Table(
        "agreements",
        Agreement,
        "name kind parties undisclosed_party announced signed ended term subject_matter status description",
    ),
    Table(
        "investments",
        Investment,
        "name kind investor investee amount currency stake_percent announced closed agreement status description",
    ),
    Table(
        "plants",
        Plant,
        "name kind operators owners location country latitude longitude chemistries capacity capacity_unit "
        "opened closed status aliases description",
    ),
    Table(
        "patents",
        Patent,
        "name number jurisdiction assignees filed granted technologies status description",
    ),
    Table("events", Event, "name kind date place country participants description"),
    Table("topics", Topic, "name kind owners aliases may_be source description"),
    Table(
        "predicates",
        Predicate,
        "label applies_to value_type codes unit single_valued persistence tolerance record_field description",
    ),
    Table(
        "claims",
        Claim,
        "statement subject predicate object value unit negated when scope modality reasoning investigations",
        inline="citations",
    ),
    Table(
        "citations",
        Citation,
        "claim source stance locator quote prefix suffix presented_as certainty attributed_to said via "
        "credibility note",
        computed="quote_state",
    ),
    Table("premises", Premise, "role note"),
    Table("ownerships", Ownership, "owner owned stake_percent started ended claims"),
    Table("positions", Position, "person company title started ended claims"),
    Table("questions", Question, "text description exclusive about investigations"),
    Table("hypotheses", Hypothesis, "question statement likelihood timeframe reasoning claim"),
    Table("assessments", Assessment, "consistency reasoning"),
    Table(
        "disconfirmers",
        Disconfirmer,
        "hypothesis statement watch_subject watch_predicate watch_value check_by status observed_in claim",
    ),
    Table(
        "conflicts",
        Conflict,
        "kind members explanation status resolution reason",
        computed="positions fingerprint within",
    ),
    Table("former_slugs", FormerSlug, "entity reason"),
    Table("distinctions", Distinction, "reason"),
)

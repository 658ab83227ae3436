"""The templates of all tables, and the examples that they show: a ledger of nobody, whose records name each other."""

from collections.abc import Iterator

from claims.contract import TABLES
from evidence.contract import by_name
from evidence.exchange.templates import Template

EXAMPLES = {
    "aliases": "Example Co.|EXCO",
    "amount": "10 million",
    "archived_url": "https://archive.example.org/2026/report",
    "assessor": "second reader",
    "authors": "First Author|Second Author",
    "capacity": "10 by the end of 2027",
    "capacity_unit": "GWh/year",
    "certainty": "likely",
    "codes": "planned|built",
    "country": "CA",
    "currency": "CAD",
    "description": "What it is, in a sentence or two.",
    "disclaimer": "Compiled from public documents; read them before you rely on it.",
    "explanation": "A line of one size cannot have two capacities.",
    "headquarters": "Example Town, Canada",
    "jurisdiction": "EP",
    "label": "has a capacity of",
    "language": "en",
    "licence": "CC BY 4.0",
    "location": "Example Town, Canada",
    "locator": "3.8 t1 r2 c4",
    "longitude": "-73.55",
    "media_type": "text/plain",
    "negated": "false",
    "note": "The same figure stands in the summary.",
    "notes": "To be looked at again when the next report is out.",
    "number": "EP 0000000",
    "place": "Example Town, Canada",
    "prefix": "The line will have",
    "quote": "a capacity of 10 GWh per year",
    "reason": "The second report speaks of another line.",
    "reasoning": "The plant has one line, so that its capacity is that of the line.",
    "record_field": "capacity",
    "reliability_reason": "Its reports were borne out so far.",
    "roles": "cathode maker|licensor",
    "scope": "first line",
    "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "stake_percent": "4.9%",
    "statement": "The example plant is to make 10 GWh a year.",
    "suffix": "from 2027",
    "summary": "What it asks and covers, in a few sentences.",
    "term": "up to 20 years",
    "text": "What is the capacity of the example plant?",
    "text_sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "tickers": "TSX: XMPL",
    "tolerance": "2%",
    "undisclosed_party": "a global car maker",
    "unit": "GWh/year",
    "url": "https://www.example.org/report",
    "value": "10",
    "watch_value": "not:10",
    "website": "https://www.example.org/",
    "agreements.subject_matter": "example-topic",
    "citations.attributed_to": "example-person",
    "claims.subject": "example-plant",
    "companies.may_be": "another-company|one-more-company",
    "conflicts.members": "example-claim|another-claim",
    "conflicts.resolution": "different_scope",
    "conflicts.status": "resolved",
    "disconfirmers.statement": "A permit for less than 10 GWh a year is published.",
    "disconfirmers.watch_subject": "example-plant",
    "distinctions.other": "another-company",
    "distinctions.reason": "One is the parent of the other.",
    "events.participants": "example-company|example-person",
    "former_slugs.reason": "One company under two names.",
    "former_slugs.slug": "former-company",
    "hypotheses.statement": "It is 10 GWh a year.",
    "ownerships.owned": "example-plant",
    "patents.technologies": "example-topic",
    "plants.chemistries": "example-topic",
    "positions.title": "Director",
    "predicates.applies_to": "plant",
    "predicates.description": "The subject is the plant; scope names a line of it.",
    "premises.premise": "another-claim",
    "questions.about": "example-plant",
    "questions.description": "What counts is the capacity that is permitted.",
    "sources.originates_from": "another-source",
    "sources.part_of": "another-source",
    "sources.relies_on": "another-source",
    "topics.may_be": "another-topic|one-more-topic",
}
"""By column, or table and column."""


def _templates() -> Iterator[Template]:
    parts = by_name(TABLES)
    for table in TABLES:
        yield Template(table, examples=EXAMPLES)
        if table.inline:
            yield Template(table, parts[table.inline], examples=EXAMPLES)


TEMPLATES = {template.name: template for template in _templates()}
"""By name, in the order of loading; that of a table with the columns of its parts behind that of the table."""

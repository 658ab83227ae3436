"""A ledger of any size in a realistic shape, the same for the same seed, written in bulk and past the history.

A twentieth as many entities as claims, of all types, and a fiftieth as many sources, most of them dated. Of a subject
and a predicate there are one to five claims as a rule; in five of a hundred such groups one of them says something
else than the others. Besides there are a few large groups: prices of every day, a status over the years, and an
entity of which a hundredth of all claims speak. The predicates are those of the shipped investigation, and one without
a value.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import count, islice
from random import Random
from typing import Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction

from benchmarks.bulk import Table
from benchmarks.wordings import Wording, some_day, vague
from claims.choices import EntityType
from claims.domain.comparing.statements import ENTITY, TIMELESS
from claims.domain.values import TYPES
from claims.models import (
    Agreement,
    Citation,
    Claim,
    Company,
    Entity,
    Event,
    Investment,
    Patent,
    Person,
    Plant,
    Predicate,
    Topic,
)
from evidence.domain import dates
from evidence.models import Source
from tests.factories.bulk import write_both_tables

VOCABULARY = "nano-one-lg/13_predicates.csv"
VALUELESS = "dissolved-in-a-benchmark"  # said of entities of every type
CLAIMS_AN_ENTITY, CLAIMS_A_SOURCE = 20, 50
BATCH = 2000
KINDS: dict[Any, int] = {
    Company: 35,
    Plant: 15,
    Agreement: 15,
    Investment: 12,
    Topic: 13,
    Event: 5,
    Patent: 4,
    Person: 1,
}
"""How many of a hundred entities are of each type."""

SIZES = {1: 45, 2: 25, 3: 15, 4: 10, 5: 5}
"""How many of a hundred groups have so many claims."""

CONTRADICTED = 0.05
LARGEST = 10_000
PRICES, HUB = 0, 1  # the companies whose price of every day there is, and of which most claims speak
SCOPES = ("pilot", "line 1", "cathode", "Korea")
MODALITIES = ("planned", "projected", "possible", "conditional")
REVIEWS = ("accepted",) * 15 + ("submitted", "draft", "draft", "rejected", "retracted")
STANCES = ("supports",) * 8 + ("mentions", "refutes")
SINCE, YEARS = 2006, 20
DATED = 0.97  # of the sources
AMBIGUOUS = 0.02  # of the companies and topics
FILLED = 0.5  # of the fields of records that a predicate speaks of


Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """Claims of one subject and predicate; `days` says whether each speaks of a day of its own."""

    subject: int
    predicate: Predicate
    size: int
    days: bool = False


def fill(claims: int, seed: int = 1) -> None:
    """Write a ledger with so many claims into an empty database."""
    random = Random(seed)
    predicates = _predicates()
    entities = _entities(max(claims // CLAIMS_AN_ENTITY, 40), random)
    sources = _sources(max(claims // CLAIMS_A_SOURCE, 10), random)
    keys, cited = count(1), count(1)
    groups = _groups(claims, predicates, entities, random)
    rows = (row for group in groups for row in _claims(group, entities, keys, random))
    claim_table, citation_table = Table(Claim), Table(Citation)
    with transaction.atomic():
        while lot := list(islice(rows, BATCH)):
            claim_table.write(lot)
            citation_table.write(_citations(lot, sources, cited, random))
    _finish()


def _predicates() -> list[Predicate]:
    with (settings.FIXTURES_DIR / VOCABULARY).open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    rows = [
        Predicate(
            pk=key,
            **{name: line[name] for name in ("slug", "label", "value_type", "persistence", "tolerance")},
            **{name: line[name].split("|") if line[name] else [] for name in ("applies_to", "codes", "unit")},
            single_valued=line["single_valued"] == "true",
            record_field=line["record_field"],
            review="accepted",
        )
        for key, line in enumerate(lines, 1)
    ]
    dissolved = Predicate(
        pk=len(rows) + 1,
        slug=VALUELESS,
        label="was dissolved",
        value_type="none",
        persistence="lasting",
        review="accepted",
    )
    return Predicate._base_manager.bulk_create([*rows, dissolved])


def _entities(number: int, random: Random) -> dict[int, EntityType]:
    """The types of the entities written, by row id; the first of all are companies."""
    rest = number - len(KINDS) - 1
    kinds = [Company, *KINDS, *random.choices(list(KINDS), list(KINDS.values()), k=rest)]
    lots: dict[Any, list[Any]] = {}
    for key, kind in enumerate(kinds, 1):
        row = kind(
            pk=key, id=key, slug=f"e{key}", name=f"{kind.TYPE.label} {key}", review="accepted", basis="fact"
        )
        _fill_fields(row, random)
        lots.setdefault(kind, []).append(row)
    for kind, rows in lots.items():
        write_both_tables(kind, Entity, rows)
    for kind in (Company, Topic):
        _leave_unclear(kind, [row.pk for row in lots[kind] if row.pk > number // 2], number // 4, random)
    return {key: kind.TYPE for key, kind in enumerate(kinds, 1)}


def _leave_unclear(kind: Any, keys: list[int], apart: int, random: Random) -> None:
    """Let some names stand for either of two other entities."""
    may_be, own = kind.may_be.through, f"{kind._meta.model_name}_id"
    unclear = [key for key in keys if random.random() < AMBIGUOUS]
    may_be._base_manager.bulk_create(
        may_be(**{own: key}, entity_id=meant) for key in unclear for meant in (key - 1, key - apart)
    )


def _fill_fields(row: Any, random: Random) -> None:
    """Fill fields that predicates speak of, in half of the records."""
    for name, value in {
        "announced": vague(some_day(random), random),
        "amount": f"US${random.randrange(11, 900)} million",
        "capacity": f"{random.randrange(11, 900)} GWh/year",
        "founded": str(random.randrange(1900, 2020)),
        "filed": vague(some_day(random), random),
    }.items():
        if hasattr(row, name) and random.random() < FILLED:
            setattr(row, name, value)


def _sources(number: int, random: Random) -> int:
    rows = [
        Source(
            pk=key,
            slug=f"s{key}",
            title=f"Document {key}",
            kind="news_article",
            access="public",
            review="accepted",
            published=vague(some_day(random), random) if random.random() < DATED else "",
            part_of_id=random.randrange(1, key) if key > 1 and random.random() > DATED else None,
        )
        for key in range(1, number + 1)
    ]
    Source._base_manager.bulk_create(rows, batch_size=BATCH)
    return number


def _groups(
    claims: int, predicates: list[Predicate], entities: dict[int, EntityType], random: Random
) -> Iterator[Group]:
    """Groups of so many claims altogether, the large ones first."""
    fitting = {kind: [one for one in predicates if _fits(one, kind)] for kind in EntityType}
    left, taken = claims, set()
    for group in _large(claims, fitting, {one.slug: one for one in predicates}, entities):
        taken.add((group.subject, group.predicate.pk))
        left -= group.size
        yield group
    subjects = list(entities)
    while left > 0:
        subject = random.choice(subjects)
        predicate = random.choice(fitting[entities[subject]])
        if (subject, predicate.pk) not in taken:
            taken.add((subject, predicate.pk))
            size = min(left, random.choices(list(SIZES), list(SIZES.values()))[0])
            left -= size
            yield Group(subject, predicate, size)


def _large(
    claims: int,
    fitting: dict[EntityType, list[Predicate]],
    named: dict[str, Predicate],
    entities: dict[int, EntityType],
) -> Iterator[Group]:
    companies = [key for key, kind in entities.items() if kind is EntityType.COMPANY]
    plant = next(key for key, kind in entities.items() if kind is EntityType.PLANT)
    largest = min(claims // 100, LARGEST)
    yield Group(companies[PRICES], named["share-price"], largest, days=True)
    for company in companies[2:6]:
        yield Group(company, named["share-price"], min(claims // 500, 500), days=True)
    yield Group(plant, named["status"], min(claims // 500, 300), days=True)
    about = fitting[EntityType.COMPANY]
    for predicate in about:
        yield Group(companies[HUB], predicate, max(1, largest // len(about)))


def _fits(predicate: Predicate, kind: EntityType) -> bool:
    return not predicate.applies_to or kind.value in predicate.applies_to


def _claims(
    group: Group, entities: Mapping[int, EntityType], keys: Iterator[int], random: Random
) -> Iterator[Row]:
    predicate = group.predicate
    wording = Wording(predicate.value_type, predicate.unit, predicate.codes, random)
    objects = random.sample(range(1, len(entities) + 1), 2)
    contradicted = group.size > 1 and not group.days and random.random() < CONTRADICTED
    whens = list(_whens(group, contradicted, random))
    over_time = len(set(whens)) > 1  # years that end in an odd digit have another value than the even ones
    for place, (when, key) in enumerate(zip(whens, keys, strict=False)):
        other = contradicted and place == 0
        yield {
            "id": key,
            "slug": f"c{key}",
            "statement": f"Entity {group.subject} {predicate.label}, as claim {key} says.",
            "subject_id": group.subject,
            "predicate_id": predicate.pk,
            "object_id": objects[other and predicate.single_valued]
            if predicate.value_type == ENTITY
            else None,
            "value": wording.other() if other or (over_time and int(when[3]) % 2) else wording.same(),
            "negated": other and not predicate.single_valued,
            "value_state": "read" if predicate.value_type in TYPES else "",
            **_days(when),
            **_qualifiers(contradicted, random),
        }


@lru_cache(maxsize=10_000)
def _days(when: str) -> Row:
    read = dates.read(when) if when else None
    adapted = connection.ops.adapt_datefield_value
    return {
        "when": when,
        "when_earliest": adapted(read.earliest) if read else None,
        "when_latest": adapted(read.latest) if read else None,
    }


def _whens(group: Group, contradicted: bool, random: Random) -> Iterator[str]:
    """Of which days the claims speak: each of its own, each of a year, all of one year or of none in particular."""
    first, start = some_day(random), random.randrange(YEARS)
    over_time = not contradicted and random.random() < FILLED
    for place in range(group.size):
        if group.days:
            yield (first + timedelta(days=place)).isoformat()
        elif group.predicate.persistence == TIMELESS or not (over_time or contradicted):
            yield ""
        else:
            yield str(SINCE + (start + place * over_time) % YEARS)


def _qualifiers(plain: bool, random: Random) -> Row:
    return {
        "scope": random.choice(SCOPES) if not plain and random.random() < 0.08 else "",
        "modality": random.choice(MODALITIES) if not plain and random.random() < 0.1 else "actual",
        "review": "accepted" if plain else random.choice(REVIEWS),
        "basis": "fact",
        "confidence": random.choice(("unjudged", "low", "medium", "high")),
    }


def _citations(claims: Iterable[Row], sources: int, keys: Iterator[int], random: Random) -> Iterator[Row]:
    """One or two citations of each claim, the first of which supports it."""
    for claim in claims:
        for place, key in zip(range(random.choice((1, 1, 2))), keys, strict=False):
            yield {
                "id": key,
                "slug": f"{claim['slug']}-r{place}",
                "claim_id": claim["id"],
                "source_id": random.randrange(1, sources + 1),
                "stance": random.choice(STANCES) if place else "supports",
                "locator": f"p{random.randrange(1, 40)} s{place + 1}",
                "presented_as": "fact",
            }


def _finish() -> None:
    """What PostgreSQL does by itself or by `INSERT` otherwise: statistics of the tables, and the next row ids."""
    if connection.vendor != "postgresql":
        return
    tables = [Predicate, Entity, Source, Claim, Citation]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)
        cursor.execute("ANALYZE")

"""Proposals of duplicates: entities of one type that may be one thing, in a list and while a new one is typed.

Nothing is ever merged by itself. A pair that was judged to be different (`Distinction`) is not proposed again, nor is
one whose records name each other: an ambiguous name and what it may mean, an owner and what it owns.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Case, Count, Q, QuerySet, Value, When

from claims.domain.resemblance import Described, Resemblance, fold, may_slip, resemblance, resembling
from claims.models import (
    Agreement,
    Claim,
    Company,
    Distinction,
    Entity,
    Event,
    Investment,
    Ownership,
    Patent,
    Person,
    Plant,
    Topic,
)
from evidence.choices import Review
from evidence.services.history import chunked

GIVEN_UP = (Review.REJECTED, Review.RETRACTED)
"""The states in review of what nobody holds any longer; it is not proposed to be merged."""

LOOKED_AT = 300
"""How many records with similar words are compared with one that is typed."""

MOST_NAMES, MOST_WORDS, LONGEST_PIECE = 20, 12, 60
"""How many names, how many words of each, and how many letters of these a search for what is alike names."""

TOLD = 5
"""How many of those that resemble it are told."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entities of one type that may be one, and what speaks for it, in words.

    `first` had better stay: it is accepted, has more claims, or is there for longer.
    """

    first: Entity
    second: Entity
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """An entity that a new one resembles, and in what, in words."""

    entity: Entity
    score: float
    reasons: tuple[str, ...]


def proposals(*, types: Iterable[str] = (), most: int | None = None) -> tuple[list[Proposal], int]:
    """The pairs of entities that may be one, those first for which most speaks, and how many there are in all."""
    wanted = set(types)
    leaves = [leaf for leaf in LEAVES if not wanted or leaf.TYPE in wanted]
    found = [one for leaf in leaves for one in _open(leaf)]
    slugs = _slugs({row for one in found for row in (one.a, one.b)})
    found.sort(key=lambda one: (-one.score, slugs[one.a], slugs[one.b]))
    shown = found[:most]
    entities = _weighed({row for one in shown for row in (one.a, one.b)})
    return [_proposal(one, entities[one.a], entities[one.b]) for one in shown], len(found)


def similar(record: Entity, *, most: int = TOLD) -> list[Similar]:
    """The stored entities of its type that this one, stored or only typed, may be the same as, the likeliest first."""
    leaf = type(record)
    mine = _described_one(record)
    rows = leaf._base_manager.exclude(pk=record.pk).filter(_similar_to(record))
    nearest = rows.order_by(_words_missing(record), "slug")[:LOOKED_AT]
    found = [
        one for described in _described(leaf, nearest) if (one := resemblance(mine, described)) is not None
    ]
    if record.pk:
        found = list(_not_held_apart(found))
    found.sort(key=lambda one: (-one.score, one.b))
    entities = leaf._base_manager.in_bulk([one.b for one in found[:most]])
    return [Similar(entities[one.b], one.score, one.reasons) for one in found[:most]]


def hold_apart(*, entity: Entity, other: Entity, reason: str) -> Distinction:
    """Remember that two entities are different, and why; raises ValidationError where that is not said."""
    found = Distinction(entity=entity, other=other, reason=reason)
    found.full_clean()
    found.save()
    return found


def host(website: str) -> str:
    """What identifies a website: its host, with the path of a page within it; empty where it is no address."""
    try:
        parts = urlsplit(website.casefold())
    except ValueError:
        return ""
    return (parts.hostname or "").removeprefix("www.") + parts.path.rstrip("/")


def ticker(text: str) -> str:
    """An exchange and symbol in one spelling: “tsx:nano” as “TSX: NANO”."""
    return ": ".join(part.strip() for part in text.upper().split(":"))


def patent_number(number: str, jurisdiction: str = "") -> str:
    """A patent's number without spaces, signs and the kind of document, with its office in front."""
    plain = "".join(sign for sign in number.upper() if sign.isalnum())
    if kind := KIND_OF_DOCUMENT.fullmatch(plain):
        plain = kind[1]
    return plain if plain[:1].isalpha() or not plain else jurisdiction.upper() + plain


KIND_OF_DOCUMENT = re.compile(r"([A-Z]*[0-9]+)[A-Z][0-9]?")
"""A number with the code of WIPO ST.16 behind it, such as the B2 of US10374232B2."""

Row = Mapping[str, Any]


def _company(row: Row) -> dict[str, Any]:
    tickers = {("ticker", ticker(text)) for text in row["tickers"]}
    website = {("website", host(row["website"]))} if row["website"] else set()
    return {"identifiers": frozenset(tickers | website)}


def _patent(row: Row) -> dict[str, Any]:
    number = patent_number(row["number"], row["jurisdiction"])
    if not number:
        return {}
    return {"identifiers": frozenset({("number", number)}), "marks": {"number": frozenset({number})}}


def _event(row: Row) -> dict[str, Any]:
    first, last = row["date_earliest"], row["date_latest"]
    return {"days": (first, last) if first and last else None}


def _plant(row: Row) -> dict[str, Any]:
    return {"marks": {"country": frozenset(filter(None, [row["country"]]))}}


DETAILS: dict[type[Entity], tuple[tuple[str, ...], Any]] = {
    Company: (("tickers", "website"), _company),
    Patent: (("number", "jurisdiction"), _patent),
    Event: (("date_earliest", "date_latest"), _event),
    Plant: (("country",), _plant),
}
"""Of each type, the columns that identify a record or set it apart, and what they say."""

PARTIES: dict[type[Entity], tuple[str, ...]] = {Agreement: ("parties",), Investment: ("investor",)}
"""Of each type, the many-to-many fields of which two records of one thing share a row."""

LEAVES: tuple[type[Entity], ...] = (Company, Person, Agreement, Investment, Plant, Patent, Event, Topic)


def _open(leaf: type[Entity]) -> Iterator[Resemblance]:
    """The pairs of one type that resemble each other and were not held apart."""
    described = list(_described(leaf, leaf._base_manager.exclude(review__in=GIVEN_UP)))
    return _not_held_apart(list(resembling(described)))


Weighed = tuple[tuple[bool, int, int], Entity]
"""An entity behind what speaks against its staying when it is merged with another."""


def _weighed(rows: set[int]) -> dict[int, Weighed]:
    claims: Counter[int] = Counter()
    for some in chunked(sorted(rows)):
        counted = Claim.objects.filter(subject__in=some).order_by().values_list("subject")
        claims.update(dict(counted.annotate(number=Count("pk"))))
    entities = Entity.objects.in_bulk(rows)
    return {row: ((one.review != Review.ACCEPTED, -claims[row], row), one) for row, one in entities.items()}


def _proposal(found: Resemblance, a: Weighed, b: Weighed) -> Proposal:
    (_, first), (_, second) = sorted((a, b), key=lambda one: one[0])
    return Proposal(first, second, found.score, found.reasons)


def _described(leaf: type[Entity], rows: QuerySet) -> Iterator[Described]:
    """What is known of records of one type; a fixed number of queries."""
    columns, details = DETAILS.get(leaf, ((), lambda _: {}))
    aliases = ("aliases",) if _has_aliases(leaf) else ()
    read = list(rows.values("pk", "name", *aliases, *columns))
    parties = _parties(leaf, [row["pk"] for row in read])
    for row in read:
        found = {**details(row), **_marked(parties, row["pk"])}
        names = (row["name"], *(row["aliases"] if aliases else ()))
        yield Described(row["pk"], str(leaf.TYPE), names, **found)


def _described_one(record: Entity) -> Described:
    """The same of a record that may only be typed, of which no parties are known yet."""
    leaf = type(record)
    columns, details = DETAILS.get(leaf, ((), lambda _: {}))
    names = (record.name, *getattr(record, "aliases", ()))
    found = details({name: getattr(record, name) for name in columns})
    if record.pk:
        found |= _marked(_parties(leaf, [record.pk]), record.pk)
    return Described(record.pk or 0, str(leaf.TYPE), tuple(filter(None, names)), **found)


def _parties(leaf: type[Entity], keys: Iterable[int]) -> dict[int, set[str]]:
    """The parties of deals, by the row of each; of other types none."""
    found: dict[int, set[str]] = {}
    for name in PARTIES.get(leaf, ()):
        field: Any = leaf._meta.get_field(name)
        own, other = field.m2m_column_name(), field.m2m_reverse_name()
        for some in chunked(keys):
            pairs = field.remote_field.through._base_manager.filter(**{f"{own}__in": some})
            for row, party in pairs.values_list(own, other):
                found.setdefault(row, set()).add(str(party))
    return found


def _marked(parties: Mapping[int, set[str]], row: int) -> dict[str, Any]:
    return {"marks": {"party": frozenset(parties[row])}} if row in parties else {}


def _has_aliases(leaf: type[Entity]) -> bool:
    return any(field.name == "aliases" for field in leaf._meta.fields)


def _similar_to(record: Entity) -> Q:
    """The condition that finds records which may resemble one that is typed, in whatever spelling."""
    leaf = type(record)
    found = Q(pk__in=())
    for name in (record.name, *getattr(record, "aliases", ()))[:MOST_NAMES]:
        if words := _looked_for(leaf, name):
            found |= _written_like(leaf, words)
    for field, text in _identifying(record):
        found |= Q(**{f"{field}__icontains": text[:LONGEST_PIECE]})
    return found


def _identifying(record: Entity) -> Iterator[tuple[str, str]]:
    """What of an identifier stands in its column however it is written, with the column."""
    found: list[tuple[str, str]] = []
    if isinstance(record, Company):
        found += [("tickers", one.rpartition(":")[2].strip()) for one in record.tickers[:MOST_NAMES]]
        found += [("website", host(record.website).partition("/")[0])]
    elif isinstance(record, Patent):
        found += [("number", _longest_digits(record.number))]
    return ((field, text) for field, text in found if text)


def _written_like(leaf: type[Entity], words: Sequence[str]) -> Q:
    """Every word stands in the name, the slug or an alias; of a word with a slip one half does."""
    found = Q()
    for word in words:
        half = len(word) // 2
        found &= _contains(leaf, *((word[:half], word[half:]) if may_slip(word) else (word,)))
    return found


def _words_missing(record: Entity) -> Any:
    """How many words of its name do not stand as they are in a row, so that the nearest are looked at first."""
    leaf: Any = type(record)
    missing: Any = Value(0)
    for word in _looked_for(leaf, record.name):
        missing += Case(When(_contains(leaf, word), then=Value(0)), default=Value(1))
    return missing


def _contains(leaf: type[Entity], *pieces: str) -> Q:
    """The condition that one of these stands in the name, the slug or an alias."""
    fields = ("name", "slug", "aliases") if _has_aliases(leaf) else ("name", "slug")
    found = Q(pk__in=())
    for piece in pieces:
        for field in fields:
            found |= Q(**{f"{field}__icontains": piece[:LONGEST_PIECE]})
    return found


def _looked_for(leaf: Any, name: str) -> tuple[str, ...]:
    return fold(name, str(leaf.TYPE))[:MOST_WORDS]


def _longest_digits(number: str) -> str:
    groups = "".join(sign if sign.isdigit() else " " for sign in number).split()
    return max(groups, key=len, default="")


def _not_held_apart(found: Sequence[Resemblance]) -> Iterator[Resemblance]:
    """Those of the pairs that nobody judged to be different, and that do not name each other."""
    rows = {row for one in found for row in (one.a, one.b)}
    apart = {frozenset(pair) for pair in _held_apart(rows)}
    return (one for one in found if frozenset((one.a, one.b)) not in apart)


def _held_apart(rows: set[int]) -> Iterator[tuple[int, int]]:
    for some in chunked(sorted(rows)):
        yield from Distinction.objects.filter(entity__in=some).values_list("entity", "other")
        yield from Ownership.objects.filter(owned__in=some).values_list("owned", "owner")
        for model in (Company, Topic):
            named = model.objects.filter(pk__in=some, may_be__isnull=False)
            yield from named.values_list("pk", "may_be__pk")


def _slugs(rows: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for some in chunked(sorted(rows)):
        found |= dict(Entity.objects.filter(pk__in=some).values_list("pk", "slug"))
    return found

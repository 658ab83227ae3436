"""Proposing slugs, which are the words that name a record in small Latin letters, and finding the one meant."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from rapidfuzz import fuzz, process
from slugify import slugify

from evidence.models import Slugged

LONGEST = 80

LIKE = 60
"""How like two slugs have to be for one to be meant by the other: of a hundred signs, how many are in both in order."""

NEARBY = 2000
"""How many slugs are looked through for the one that was meant."""


def propose_slug(model: type[Slugged], named: Mapping[str, Any]) -> str:
    """A slug from the columns that name a record of this model; empty where none of them says anything."""
    words = (named.get(column) for column in model.SLUG_FROM)
    texts = (word.slug if isinstance(word, Slugged) else str(word or "") for word in words)
    return slugify(" ".join(texts), max_length=LONGEST, word_boundary=True)


def is_free(model: type[Slugged], slug: str) -> bool:
    """Whether no stored record has or had the slug, in the space that it shares."""
    space = model.key_space()
    return not (space._base_manager.filter(slug=slug).exists() or space.find_former([slug]))


def numbered(model: type[Slugged], slug: str, besides: Iterable[str]) -> str:
    """The slug, or the first of slug-2, slug-3, … that is free and none of those besides."""
    taken, candidate, number = set(besides), slug, 1
    while candidate in taken or not is_free(model, candidate):
        number += 1
        ending = f"-{number}"
        candidate = slug[: LONGEST - len(ending)] + ending
    return candidate


def nearest_slug(model: type[Slugged], slug: str, besides: Iterable[str] = ()) -> str:
    """The slug of a stored record, or of those besides, that is most like this slug or name; empty where none is."""
    return nearest_of(model._base_manager.all(), slug, besides)


def nearest_of(rows: QuerySet[Any], slug: str, besides: Iterable[str] = ()) -> str:
    """The same, looked for among these rows only."""
    meant = slugify(slug[: 2 * LONGEST], max_length=LONGEST) or slug
    slugs = rows.order_by("slug").values_list("slug", flat=True)
    # People mistype the end of a slug sooner than its start.
    stored = {*slugs.filter(slug__startswith=meant[:2])[:NEARBY], *slugs[:NEARBY]}
    return most_like(meant, sorted({*besides, *stored}))


def most_like(slug: str, slugs: Collection[str]) -> str:
    """The one of these slugs that is most like this one; empty where none comes near."""
    found = process.extractOne(slug, slugs, scorer=fuzz.ratio, score_cutoff=LIKE)
    return str(found[0]) if found else ""

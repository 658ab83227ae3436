"""Looking for words: every word of a search stands somewhere in what is shown of a record."""

from functools import reduce
from operator import and_, or_

from django.db.models import Q
from django.db.models.lookups import IContains

from evidence.api.problems import wrong
from evidence.api.resources import Seen
from evidence.contract import Kind

MOST_WORDS = 20
"""How many words a search may have; each is looked for in several columns of every row."""


def search(seen: Seen, text: str) -> Q:
    """What rows have to fulfil to be found by these words, whatever their capitals. Raises AskedWrongly."""
    words = text.split()
    if len(words) > MOST_WORDS:
        raise wrong(
            "search", f"These are {len(words)} words; look for {MOST_WORDS} at most.", "too_many_words"
        )
    return reduce(and_, (_somewhere(seen, word) for word in words), Q())


def searched(seen: Seen) -> tuple[str, ...]:
    """The columns that are looked through: those with words, else the slugs of what a row names."""
    table = seen.resource.table
    return table.searched or tuple(table.of_kind(Kind.REFERENCE))


def _somewhere(seen: Seen, word: str) -> Q:
    return reduce(or_, (seen.where(name, IContains, word) for name in searched(seen)))

"""Pieces of SQL that lists are asked with, the same on both databases."""

from typing import Any

from django.db import models
from django.db.models import Aggregate, F, Func, Value
from django.db.models.functions import Cast, Concat, Replace, StrIndex

from evidence.domain.text import SEPARATOR

ESCAPED_BACKSLASH, ESCAPED_BAR = "\x01", "\x02"
"""What stands for an escaped backslash and bar while lists are searched; no text of the ledger holds these."""


class JoinedSlugs(Aggregate):
    """Slugs of several rows as one text, in no order: one query brings a page with all that it names."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, '" + SEPARATOR + "')"
    output_field = models.TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


class Beginning(Func):
    """The first characters of a text: as many as decide an order, and as a cursor can carry."""

    LENGTH = 200
    function = "SUBSTR"
    template = f"%(function)s(%(expressions)s, 1, {LENGTH})"
    output_field = models.TextField()


def place_in_list(name: str, text: str) -> StrIndex:
    """Where in a stored list the text stands as one of its members; 0 where it does not."""
    stored: Any = Cast(F(name), models.TextField())
    members = Replace(
        Replace(stored, _text("\\\\"), _text(ESCAPED_BACKSLASH)), _text("\\|"), _text(ESCAPED_BAR)
    )
    whole = Concat(_text(SEPARATOR), members, _text(SEPARATOR))
    member = text.replace("\\", ESCAPED_BACKSLASH).replace(SEPARATOR, ESCAPED_BAR)
    return StrIndex(whole, _text(f"{SEPARATOR}{member}{SEPARATOR}"))


def _text(text: str) -> Value:
    return Value(text, output_field=models.TextField())

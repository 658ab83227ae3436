"""A page of a list, and where the next one begins.

A cursor holds the order it belongs to and what the last row of a page was ordered by, its key last; the next page is
what comes after that in the same order, however many rows have been added before it. It is signed, so that only what
was given out comes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.db.models import QuerySet

from evidence.api.ordering import Order
from evidence.api.problems import wrong
from evidence.api.resources import Seen

SALT = "evidence.api.cursor"
USUAL, MOST = 50, 500
"""How many rows a page has where nothing is said, and how many it may have."""


@dataclass(frozen=True)
class Page:
    """The rows of a page, read already, and the cursor of the next one; empty where this is the last."""

    rows: list[tuple[Any, ...]]
    following: str


def after_cursor(rows: QuerySet[Any], seen: Seen, order: Order, cursor: str) -> QuerySet[Any]:
    """The rows that come behind a cursor. Raises AskedWrongly where it is none of this list and order."""
    return rows.filter(order.after(values_at(cursor, seen.resource.name, order)))


def cursor_at(seen: Seen, order: Order, values: Sequence[Any]) -> str:
    """The cursor behind a row that is ordered by these values."""
    return cursor_of(seen.resource.name, order, values)


def values_at(cursor: str, name: str, order: Order) -> list[Any]:
    """What the row at a cursor is ordered by. Raises AskedWrongly where it is none of this list and order."""
    try:
        table, spelt, values = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        told = "This cursor was not given out here; take the one in `next`, or leave it out."
        raise wrong("cursor", told, "invalid_cursor") from error
    if (table, spelt) != (name, order.spelt):
        told = f"This cursor belongs to {table} in the order “{spelt or 'of keys'}”; ask for these, or leave it out."
        raise wrong("cursor", told, "invalid_cursor")
    return list(values)


def cursor_of(name: str, order: Order, values: Sequence[Any]) -> str:
    """The cursor behind what is ordered by these values in the list of this name."""
    held = [name, order.spelt, [_plain(value) for value in values]]
    return signing.dumps(held, salt=SALT, compress=True)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value

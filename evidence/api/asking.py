"""What a request asks for, read from its query parameters: strictly, with every error told at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from evidence.api import filters, ordering, words
from evidence.api.paging import MOST, USUAL, Page, after_cursor, cursor_at
from evidence.api.past import AS_OF
from evidence.api.problems import AskedWrongly, Error, wrong
from evidence.api.resources import Seen
from evidence.api.rows import Rows
from evidence.api.searching import search
from evidence.contract import Kind
from evidence.exchange.cells import advice

SHAPING = ("fields", "omit", "expand", "format")
READING = (*SHAPING, AS_OF)
LISTING = ("search", "ordering", "limit", "cursor", "count")

REASON = "reason"
"""Why something is written, for the history: a parameter of every request that writes."""

Texts = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Shape:
    """Which columns of a record are told, and which references as the records that they name."""

    names: list[str]
    expanded: list[str]


@dataclass(frozen=True)
class Listing:
    """Which rows of a table are asked for, in which order, from where on, and how they are told."""

    seen: Seen
    shape: Shape
    where: Q
    order: ordering.Order
    limit: int | None
    cursor: str
    counted: bool

    @property
    def matching(self) -> QuerySet[Any]:
        """All rows that are asked for, on whichever page."""
        return self.seen.rows.filter(self.where)

    @property
    def following(self) -> QuerySet[Any]:
        """The rows that are asked for, in their order, from the cursor on."""
        rows = self.order.knowing(self.matching)
        return after_cursor(rows, self.seen, self.order, self.cursor) if self.cursor else rows

    def page(self, reading: Rows) -> Page:
        """One page, read in one query: its keys are found first, so that nothing else is read of other rows."""
        limit, order = self.limit or USUAL, self.order
        keys = self.following.values("pk")[: limit + 1]
        chosen = self.seen.stored.filter(pk__in=keys)
        read = list(reading.chosen(order.knowing(chosen)))
        at = len(reading.names)
        last = read[limit - 1][at:] if len(read) > limit else ()
        return Page(read[:limit], cursor_at(self.seen, order, last) if last else "")


def listing(seen: Seen, asked: Texts) -> Listing:
    """What a list is asked for. Raises AskedWrongly with all that is not understood."""
    known = [*LISTING, *READING, *filters.parameters(seen)]
    _of_the_present(seen, asked, known)
    all_known(asked, known)
    once = {name: asked[name] for name in (*LISTING, *READING) if name in asked}

    def text(name: str) -> str:
        return words.single(name, once[name]) if name in once else ""

    steps = (
        lambda: _shape(seen, once),
        lambda: filters.condition(seen, asked),
        lambda: search(seen, text("search")),
        lambda: ordering.order(seen, text("ordering")),
        lambda: words.whole_number("limit", text("limit"), most=MOST) if text("limit") else None,
        lambda: text("cursor"),
        lambda: words.truth("count", text("count")) if text("count") else False,
    )
    shape, where, found, order, limit, cursor, counted = words.collect(steps)
    return Listing(seen, shape, where & found, order, limit, cursor, counted)


def shape(seen: Seen, asked: Texts) -> Shape:
    """How a record is asked for. Raises AskedWrongly with all that is not understood."""
    _of_the_present(seen, asked, READING)
    all_known(asked, READING)
    return _shape(seen, asked)


@dataclass(frozen=True)
class Writing:
    """How a record is told that is written, and why it is."""

    shape: Shape
    reason: str


def writing(seen: Seen, asked: Texts) -> Writing:
    """What a request that writes asks for besides its body. Raises AskedWrongly with all that is not understood."""
    all_known(asked, (*SHAPING, REASON))
    reason = words.single(REASON, asked[REASON]) if REASON in asked else ""
    return Writing(_shape(seen, asked), reason)


def all_known(asked: Texts, known: Iterable[str]) -> None:
    """That every parameter is known, and that none holds what no text of the ledger may. Raises AskedWrongly."""
    names = list(known)
    errors = [
        Error(
            f"There is no parameter “{name[:80]}”; {advice(name[:80], names)}", "unknown_parameter", name[:80]
        )
        for name in asked
        if name not in names
    ]
    if errors := [*errors, *words.unwanted(asked)]:
        raise AskedWrongly(*errors)


def _of_the_present(seen: Seen, asked: Texts, known: Iterable[str]) -> None:
    """That nothing is asked of the past which rests on other records. Raises AskedWrongly."""
    if seen.present is not seen:
        others = [name for name in filters.parameters(seen.present) if name not in known]
        errors = [
            Error(f"“{name}” rests on other records; ask it without `{AS_OF}`.", "not_of_the_past", name)
            for name in asked
            if name in others or name == "expand"
        ]
        if errors:
            raise AskedWrongly(*errors)


def _shape(seen: Seen, asked: Texts) -> Shape:
    columns = seen.resource.columns
    references = [
        name for name, column in columns.items() if column.kind in (Kind.REFERENCE, Kind.REFERENCES)
    ]

    def listed(name: str, known: Iterable[str], noun: str) -> list[str]:
        return words.names(name, words.single(name, asked[name]), known, noun) if name in asked else []

    wanted, left_out, expanded = words.collect(
        [
            lambda: listed("fields", columns, "column"),
            lambda: listed("omit", columns, "column"),
            lambda: listed("expand", references, "column that names records"),
        ]
    )
    names = [name for name in columns if (not wanted or name in wanted) and name not in left_out]
    for name in expanded:
        if name not in names:
            raise wrong(
                "expand", f"“{name}” is left out by `fields` or `omit`; ask for it, or do not expand it."
            )
    if not names:
        raise wrong("omit", "Every column is left out; keep one.")
    return Shape(names, expanded)


def asked_of(request: Request) -> dict[str, list[str]]:
    """The query parameters of a request, each with all that it is given."""
    return dict(request.query_params.lists())


def nothing_more(asked: Texts) -> None:
    """That nothing but a format is asked for. Raises AskedWrongly."""
    all_known(asked, ("format",))

"""What a request asks for, read from its query parameters: strictly, with every error told at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from evidence.api import filters, formats, ordering, words
from evidence.api.paging import MOST, USUAL, Page, after_cursor, cursor_at
from evidence.api.parameters import Parameter, names_of
from evidence.api.past import AS_OF
from evidence.api.problems import APART, AskedWrongly, Error, wrong
from evidence.api.resources import Resource, Seen
from evidence.api.rows import Rows
from evidence.api.schema.values import ref
from evidence.api.searching import MOST_WORDS, search
from evidence.contract import Kind
from evidence.exchange.cells import advice
from evidence.services.history import has_history

COUNTED = Parameter(
    "count", "Whether the answer also counts all rows that are asked for.", {"type": "boolean"}
)
CURSOR = Parameter(
    "cursor",
    "Where the page begins: the cursor in the `next` of the page before. It belongs to its table and ordering.",
    ref("Text"),
)
LIMIT = Parameter(
    "limit",
    f"How many rows a page has; {USUAL} unless it says otherwise. Of a sheet, how many rows there are at most.",
    {"type": "integer", "minimum": 1, "maximum": MOST},
)
SEARCH = Parameter(
    "search",
    f"Words, {MOST_WORDS} at most; every one stands somewhere in the names, titles, statements or quotes of a row.",
    ref("Text"),
    example="cathode",
)

REASON = Parameter("reason", "Why this is written; it stands in the history of every record.", ref("Text"))

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


def of_list(resource: Resource) -> list[Parameter]:
    """What the list of a table can be asked for."""
    return [
        *listing_by(resource),
        *reading(resource, formats.LISTS),
        *filters.parameters(resource),
    ]


def of_record(resource: Resource) -> list[Parameter]:
    """What a record can be asked for."""
    return reading(resource, formats.RECORDS)


def of_writing(resource: Resource) -> list[Parameter]:
    """What a request that writes can be asked besides its body."""
    return [REASON, *shaping(resource)]


def listing_by(resource: Resource) -> list[Parameter]:
    """What says which rows come, and in which order."""
    names = ordering.orderings(resource)
    either = {"type": "string", "enum": [sign + name for name in names for sign in ("", "-")]}
    ordered = (
        "The columns that order the rows, with `-` before those that fall; the key decides between equals."
    )
    return [SEARCH, Parameter("ordering", ordered, either, several=True), LIMIT, CURSOR, COUNTED]


def reading(resource: Resource, renderers: Iterable[Any]) -> list[Parameter]:
    """What says how records are told, and of which day."""
    past = [AS_OF] if has_history(resource.model) else []
    return [*shaping(resource, renderers), *past]


def shaping(resource: Resource, renderers: Iterable[Any] = formats.RECORDS) -> list[Parameter]:
    """What says how records are told."""

    def some(name: str, description: str, names: Iterable[str]) -> Parameter:
        return Parameter(name, description, {"type": "string", "enum": list(names)}, several=True)

    found = [
        some("fields", "The columns that are told; all unless it says otherwise.", resource.columns),
        some("omit", "The columns that are left out.", resource.columns),
        formats.parameter(renderers),
    ]
    if names := _references(resource):
        expanded = "The columns that tell records in the place of slugs, one level deep."
        found.append(some("expand", expanded, names))
    return found


def listing(seen: Seen, asked: Texts) -> Listing:
    """What a list is asked for. Raises AskedWrongly with all that is not understood."""
    known = of_list(seen.resource)
    _of_the_present(seen, asked, names_of(known))
    all_known(asked, known)

    def text(name: str, read: Callable[[str, Sequence[str]], str] = words.filled) -> str:
        return read(name, asked[name]) if name in asked else ""

    steps = (
        lambda: _shape(seen, asked),
        lambda: filters.condition(seen, asked),
        lambda: search(seen, text("search", words.single)),
        lambda: ordering.order(seen, asked.get("ordering", ())),
        lambda: words.whole_number("limit", text("limit"), most=MOST) if "limit" in asked else None,
        lambda: text("cursor", words.single),
        lambda: words.truth("count", text("count")) if "count" in asked else False,
    )
    shape, where, found, order, limit, cursor, counted = words.collect(steps)
    return Listing(seen, shape, where & found, order, limit, cursor, counted)


def shape(seen: Seen, asked: Texts) -> Shape:
    """How a record is asked for. Raises AskedWrongly with all that is not understood."""
    known = of_record(seen.resource)
    _of_the_present(seen, asked, names_of(known))
    all_known(asked, known)
    return _shape(seen, asked)


@dataclass(frozen=True)
class Writing:
    """How a record is told that is written, and why it is."""

    shape: Shape
    reason: str


def writing(seen: Seen, asked: Texts) -> Writing:
    """What a request that writes asks for besides its body. Raises AskedWrongly with all that is not understood."""
    all_known(asked, of_writing(seen.resource))
    reason = words.single(REASON.name, asked[REASON.name]) if REASON.name in asked else ""
    return Writing(_shape(seen, asked), reason)


def all_known(asked: Texts, known: Iterable[Parameter]) -> None:
    """That every parameter is known, and that none holds what no text of the ledger may. Raises AskedWrongly."""
    names = names_of(known)
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
        others = set(names_of(filters.parameters(seen.present.resource))) - set(known)
        errors = [
            Error(f"“{name}” rests on other records; ask it without `{AS_OF.name}`.", "not_of_the_past", name)
            for name in asked
            if name in others or name == "expand"
        ]
        if errors:
            raise AskedWrongly(*errors)


def _shape(seen: Seen, asked: Texts) -> Shape:
    columns = seen.resource.columns

    def listed(name: str, known: Iterable[str], noun: str) -> list[str]:
        return words.names(name, asked[name], known, noun) if name in asked else []

    wanted, left_out, expanded = words.collect(
        [
            lambda: listed("fields", columns, "column"),
            lambda: listed("omit", columns, "column"),
            lambda: listed("expand", _references(seen.resource), "column that names records"),
        ]
    )
    names = [name for name in columns if (not wanted or name in wanted) and name not in left_out]
    for name in expanded:
        if name not in names:
            told = f"“{name}” is left out by `fields` or `omit`; ask for it, or do not expand it."
            raise wrong("expand", told, APART)
    if not names:
        raise wrong("omit", "Every column is left out; keep one.", APART)
    return Shape(names, expanded)


def asked_of(request: Request) -> dict[str, list[str]]:
    """The query parameters of a request, each with all that it is given."""
    return dict(request.query_params.lists())


def _references(resource: Resource) -> list[str]:
    kinds = (Kind.REFERENCE, Kind.REFERENCES)
    return [name for name, column in resource.columns.items() if column.kind in kinds]


def nothing_more(asked: Texts) -> None:
    """That nothing but a format is asked for. Raises AskedWrongly."""
    all_known(asked, [formats.parameter([JSONRenderer])])

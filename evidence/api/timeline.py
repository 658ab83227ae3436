"""The timeline: everything that is dated, of all tables in one list, by the earliest day and then the latest.

Each date column of the contract is a branch, of which one query finds the rows of a page; one more query brings the
branches together. Nothing is listed here: a new date column stands in the timeline.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any, ClassVar

from django.db.models import Exists, F, Func, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from evidence.api import filters, formats, words
from evidence.api.asking import COUNTED, CURSOR, LIMIT, SEARCH, all_known, asked_of
from evidence.api.formats import LISTS, SheetRenderer
from evidence.api.keys import JOINED, encoded
from evidence.api.ordering import Order, Term
from evidence.api.paging import MOST, USUAL, cursor_of, values_at
from evidence.api.parameters import Parameter
from evidence.api.problems import APART, wrong
from evidence.api.resources import Api, Seen
from evidence.api.rows import ROWS_AT_A_TIME, Told
from evidence.api.schema import others, questions
from evidence.api.schema.operations import Operation
from evidence.api.schema.values import ref
from evidence.api.searching import search
from evidence.contract import Column, Kind
from evidence.exchange.exports import TYPES, some_at_a_time
from evidence.exchange.files import open_writer
from evidence.fields import OPEN_END, OPEN_START
from evidence.models import Record
from evidence.services.history import has_history
from evidence.services.readers import Reader

NAME = "timeline"
CONCERNING = "entity"
COLUMNS = ("date", "earliest", "latest", "what", "table", "key", "label")
TITLES = ("name", "title", "statement", "label", "text")
"""The columns by which people know a record, the first that it has."""


@dataclass(frozen=True)
class Branch:
    """One date column of a table as a reader sees it, with its number among all of them."""

    seen: Seen
    column: Column
    number: int

    @property
    def rows(self) -> QuerySet[Any]:
        """The rows that state this date."""
        return self.seen.rows.exclude(**{self.column.name: ""})

    @cached_property
    def order(self) -> Order:
        """By the earliest day, then the latest, then the key."""
        name = self.column.name
        number = Cast(Value(self.number), IntegerField())
        return Order(
            (
                Term(F(f"{name}_earliest")),
                Term(F(f"{name}_latest")),
                Term(self.key, nullable=False),
                Term(number, nullable=False),
            ),
            "of days",
        )

    @property
    def key(self) -> Func | Any:
        """The key as one text, as addresses take it."""
        first, *rest = (Cast(self.seen.sql(name), TextField()) for name in self.seen.resource.model.KEY)
        parts = [part for name in rest for part in (Value(JOINED, TextField()), name)]
        return Concat(first, *parts) if parts else first

    @property
    def label(self) -> Any:
        """By what people know the record: its title, or else its key."""
        table, quoting = self.seen.resource.table, self.seen.resource.model.QUOTING
        named = [name for name in TITLES if name in table.by_name and name not in quoting]
        return Cast(self.seen.sql(named[0]), TextField()) if named else self.key

    def told(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """What is told of rows: what they are ordered by, the date, and the label."""
        known = self.order.knowing(rows).order_by()
        shown = known.annotate(
            told_date=Cast(F(self.column.name), TextField()), told_label=Cast(self.label, TextField())
        )
        return shown.values_list(*self.order.names, "told_date", "told_label")


@dataclass(frozen=True)
class Timeline:
    """The dates that are asked for, and from where on."""

    branches: tuple[Branch, ...]
    wheres: tuple[Q, ...]

    def following(self, cursor: str, most: int | None) -> QuerySet[Any]:
        """What comes behind a cursor, as many as this, in its order. Raises AskedWrongly."""
        order = self.branches[0].order
        values = values_at(cursor, NAME, order) if cursor else None
        told = []
        for branch, where in zip(self.branches, self.wheres, strict=True):
            rows = branch.order.knowing(branch.rows.filter(where))
            if values is not None:
                rows = rows.filter(branch.order.after(values))
            if most is not None:  # no more than a page of each branch are brought together
                model = branch.seen.resource.model
                rows = model._default_manager.filter(pk__in=rows.values("pk")[:most]).order_by()
            told.append(branch.told(rows))
        terms = zip(order.names, order.terms, strict=True)
        whole = told[0].union(*told[1:], all=True).order_by(*(term.by(name) for name, term in terms))
        return whole if most is None else whole[:most]

    @property
    def count(self) -> int:
        """How many dates there are."""
        pairs = zip(self.branches, self.wheres, strict=True)
        told = [branch.told(branch.rows.filter(where)) for branch, where in pairs]
        return int(told[0].union(*told[1:], all=True).count())

    def item(self, row: Sequence[Any]) -> Told:
        """One of its dates as JSON."""
        earliest, latest, key, number, date, label = row
        branch = next(one for one in self.branches if one.number == number)
        return {
            "date": date,
            "earliest": None if earliest in (None, OPEN_START) else earliest.isoformat(),
            "latest": None if latest in (None, OPEN_END) else latest.isoformat(),
            "what": branch.column.name,
            "table": branch.seen.resource.name,
            "key": key,
            "label": label,
        }


class TimelineView(APIView):
    """Everything that is dated, by the earliest day and then the latest; what is of no known day comes last."""

    api: ClassVar[Api]
    about: ClassVar[type[Record]]
    """What dates may concern."""

    renderer_classes = LISTS

    def named(self, reader: Reader, slugs: Sequence[str]) -> list[int]:
        """The row ids of what the dates are to concern. Raises AskedWrongly."""
        raise NotImplementedError

    def operation(self, _method: str) -> Operation:
        """What its documentation says."""
        return others.timeline(self.parameters, dated_tables(self.api))

    @property
    def parameters(self) -> list[Parameter]:
        """What it can be asked for."""
        tables = {"type": "string", "enum": dated_tables(self.api)}
        concerning = "Dates that concern one of these entities: their own, and those of all that names them."
        return [
            Parameter("table", "Dates of these tables.", tables, several=True),
            Parameter(CONCERNING, concerning, ref("Slugs"), example="nano-one"),
            *questions.days(),
            SEARCH,
            LIMIT,
            CURSOR,
            COUNTED,
            formats.parameter(LISTS),
        ]

    def get(self, request: Request) -> HttpResponseBase:
        """A page of it, or all of it as a sheet."""
        asked = asked_of(request)
        all_known(asked, self.parameters)

        def text(name: str) -> str:
            return words.single(name, asked[name]) if name in asked else ""

        reader = Reader(request.user)
        timeline, limit, cursor, counted = words.collect(
            [
                lambda: self._timeline(reader, asked),
                lambda: words.whole_number("limit", text("limit"), most=MOST) if "limit" in asked else None,
                lambda: text("cursor"),
                lambda: words.truth("count", text("count")) if "count" in asked else False,
            ]
        )
        renderer: Any = request.accepted_renderer
        if isinstance(renderer, SheetRenderer):
            if counted:
                raise wrong(
                    "count", "A sheet has no place for `count`; leave it out, or ask for JSON.", APART
                )
            return _sheet(
                renderer, timeline, timeline.following(cursor, limit), head=request.method == "HEAD"
            )
        return self._page(request, timeline, cursor, limit or USUAL, counted=counted)

    def _page(
        self, request: Request, timeline: Timeline, cursor: str, limit: int, *, counted: bool
    ) -> Response:
        rows = list(timeline.following(cursor, limit + 1))
        order = timeline.branches[0].order
        following = cursor_of(NAME, order, rows[limit - 1][: len(order.terms)]) if len(rows) > limit else ""
        here = request.build_absolute_uri()
        address = replace_query_param(here, "cursor", following) if following else None
        results = [timeline.item(row) for row in rows[:limit]]
        for one in results:
            table = reverse(f"api:{one['table']}-list")
            one["url"] = request.build_absolute_uri(f"{table}{encoded(one['key'])}/")
        body = {"count": timeline.count} if counted else {}
        headers = {"Link": f'<{address}>; rel="next"'} if address else {}
        return Response({**body, "next": address, "results": results}, headers=headers)

    def _timeline(self, reader: Reader, asked: Mapping[str, Sequence[str]]) -> Timeline:
        branches = self._branches(reader)
        tables = list(dict.fromkeys(branch.seen.resource.name for branch in branches))
        named = asked.get("table", ())
        chosen = words.names("table", named, tables, "table with dates") if named else tables
        slugs = words.several(CONCERNING, asked.get(CONCERNING, ()))
        rows = self.named(reader, slugs) if slugs else None
        kept = tuple(branch for branch in branches if branch.seen.resource.name in chosen)
        return Timeline(kept, tuple(self._where(branch, asked, rows) for branch in kept))

    def _where(
        self, branch: Branch, asked: Mapping[str, Sequence[str]], concerning: Sequence[int] | None
    ) -> Q:
        looked_for = words.single("search", asked["search"]) if "search" in asked else ""
        where = search(branch.seen, looked_for)
        for parameter, condition in filters.days(branch.column.name).items():
            if parameter in asked:
                where &= condition(asked[parameter])
        return where if concerning is None else where & _concerning(branch.seen, self.about, concerning)

    def _branches(self, reader: Reader) -> tuple[Branch, ...]:
        columns = [
            (Seen(resource, reader), column)
            for resource in self.api.by_name.values()
            if has_history(resource.model)
            for column in resource.table.columns
            if column.kind is Kind.DATE
        ]
        return tuple(Branch(seen, column, number) for number, (seen, column) in enumerate(columns))


def dated_tables(api: Api) -> list[str]:
    """The tables that have dates."""
    kept = [resource for resource in api.by_name.values() if has_history(resource.model)]
    return [one.name for one in kept if one.table.of_kind(Kind.DATE)]


def _concerning(seen: Seen, about: type[Record], rows: Sequence[int]) -> Q:
    """The rows that are one of these records, or name one."""
    model = seen.resource.model
    found = Q(pk__in=rows) if issubclass(model, about) else Q(pk__in=[])
    for column in seen.resource.table.columns:
        target = column.target
        if target is None or not issubclass(target, about):
            continue
        if column.kind is Kind.REFERENCE:
            found |= Q(**{f"{column.name}__in": rows})
        else:
            other = column.field.m2m_reverse_field_name()
            found |= Q(Exists(seen.links(column).filter(**{f"{other}__in": rows})))
    return found


def _sheet(
    renderer: SheetRenderer, timeline: Timeline, rows: QuerySet[Any], *, head: bool
) -> StreamingHttpResponse:
    def write(out: IO[bytes]) -> Iterator[None]:
        writer = open_writer(renderer.form, out, NAME)
        writer.header(COLUMNS)
        for row in rows.iterator(chunk_size=ROWS_AT_A_TIME):
            item = timeline.item(row)
            writer.row([item[name] for name in COLUMNS])
            yield
        writer.close()

    answer = StreamingHttpResponse(() if head else some_at_a_time(write), content_type=TYPES[renderer.form])
    answer["Content-Disposition"] = f'attachment; filename="{NAME}.{renderer.form.value}"'
    return answer

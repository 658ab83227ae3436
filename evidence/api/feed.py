"""The feed of changes: what readers are to look at again since a cursor, so that a copy of the ledger stays complete.

It tells the notices that changes left behind (`services.noticing`), in the order in which these settled. Who sees a
table as a whole is told all of them, with who, why and what differs. Everybody else is told of what is public: of a
record that is public, each notice; of one that is so no longer, that it is gone, and only to who may have seen it:
a cursor knows where its walk began, and what was gone by then is not named at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from zlib import crc32

from django.core import signing
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from evidence.api import formats, words
from evidence.api.asking import LIMIT, all_known, asked_of
from evidence.api.keys import JOINED, encoded
from evidence.api.paging import MOST, USUAL
from evidence.api.parameters import Parameter
from evidence.api.problems import AskedWrongly, wrong
from evidence.api.resources import Api, Resource, Seen
from evidence.api.rows import Rows, Told
from evidence.api.schema import others
from evidence.api.schema.operations import Operation
from evidence.api.schema.values import ref
from evidence.models import Change, Notice
from evidence.services.history import has_history
from evidence.services.readers import Reader
from evidence.services.roles import may

SALT = "evidence.api.feed"
NOW = "now"
"""The cursor of who wants to know only of what changes from now on."""

RECORD = "record"
ACTIONS = {Notice.CREATED: "created", Notice.CHANGED: "changed", Notice.DELETED: "deleted"}


@dataclass(frozen=True)
class Cursor:
    """A place in the feed: up to which notice it was read, and which one was the last as the walk began."""

    place: int
    began: int


@dataclass(frozen=True)
class Feed:
    """The feed of some tables as a reader sees it."""

    api: Api
    reader: Reader
    tables: tuple[str, ...]
    after: datetime | None = None

    @cached_property
    def labels(self) -> dict[str, Resource]:
        """The tables that are asked for, by the label of their model; all where none is named."""
        told = {name: one for name, one in self.api.by_name.items() if has_history(one.model)}
        return {told[name].model._meta.label_lower: told[name] for name in self.tables or told}

    @cached_property
    def whole(self) -> frozenset[str]:
        """The labels of the models of which the reader sees every row."""
        models = {one.model for one in self.api.by_name.values() if has_history(one.model)}
        return frozenset(model._meta.label_lower for model in models if self.reader.may_see(model))

    @cached_property
    def sees_who(self) -> bool:
        """Whether the reader may know who changed something, and why."""
        return may(self.reader.user, "view", Change)

    def notices(self, cursor: Cursor, newest: int) -> QuerySet[Notice]:
        """What is to be told behind a cursor, up to this notice, in its order."""
        rows = Notice.objects.filter(model__in=self.labels, pk__gt=cursor.place, pk__lte=newest)
        told = self._told_of_all
        if self.labels.keys() - self.whole:
            same = Notice.objects.filter(model=OuterRef("model"), key=OuterRef("key"), pk__lte=newest)
            last = same.exclude(public=Notice.NOTHING).order_by("-pk")
            rows = rows.annotate(
                fate=Subquery(last.values("public")[:1]), last=Subquery(last.values("pk")[:1])
            )
            gone = Q(fate=Notice.DELETED)
            stands = ~gone | Q(gone, pk=F("last"), pk__gt=cursor.began)
            told |= ~Q(model__in=self.whole) & ~Q(public=Notice.NOTHING) & stands
        if self.after is not None:
            rows = rows.filter(change__at__gte=self.after)
        return rows.filter(told).select_related("change__actor").order_by("pk")

    @property
    def _told_of_all(self) -> Q:
        """What is told of tables that are seen as a whole; where others are not, all that may have to do with those."""
        partly = len(self.whole) < sum(1 for one in self.api.by_name.values() if has_history(one.model))
        return Q(model__in=self.whole) & (Q() if partly else ~Q(whole=Notice.NOTHING))

    def told(self, notice: Notice) -> Told:
        """One item, without its address."""
        change, sees_all = notice.change, notice.model in self.whole
        sees_who = sees_all and self.sees_who
        action = ACTIONS[(notice.whole or Notice.CHANGED) if sees_all else notice.public]
        return {
            "at": change.at.isoformat(),
            "door": change.door,
            "actor": change.actor.get_username() if sees_who else None,
            "reason": change.reason or None if sees_who else None,
            "table": self.labels[notice.model].name,
            "key": notice.key,
            "action": action,
            "version": None if action == "deleted" else notice.version,
            "differs": notice.differs.split() if sees_all else [],
        }

    def records(self, notices: Iterable[Notice]) -> dict[tuple[str, str], Told]:
        """The records that notices speak of, as the reader sees them now, by table and key; one query a table."""
        rows: dict[str, set[int]] = {}
        for notice in notices:
            rows.setdefault(notice.model, set()).add(notice.row)
        found = {}
        for label, keys in rows.items():
            resource = self.labels[label]
            seen = Seen(resource, self.reader)
            reading = Rows(seen, list(resource.columns))
            for told in map(reading.told, map(reading.row, reading.chosen(seen.rows.filter(pk__in=keys)))):
                key = JOINED.join(told[name] or "" for name in resource.model.KEY)
                found[resource.name, key] = told
        return found

    def place(self, text: str, newest: int) -> Cursor:
        """Where a cursor leads. Raises AskedWrongly where it was not given out to this reader for these tables."""
        if text in ("", NOW):
            return Cursor(newest if text else 0, newest)
        try:
            tables, rights, place, began, stamp = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError) as error:
            raise _unusable(
                "was not given out here; take the one in `next`, or begin anew without"
            ) from error
        if tables != list(self.tables):
            raise _unusable(f"belongs to {', '.join(tables) or 'all tables'}; ask for these")
        if rights != self._rights:
            raise _unusable(
                "was given out to somebody who sees more or less than you do now; begin anew without"
            )
        if stamp != _stamp(place):
            raise _unusable(
                "is of a later state than the ledger has, which was restored since; begin anew without"
            )
        return Cursor(place, began)

    def cursor_at(self, cursor: Cursor) -> str:
        """The text of a cursor, which is good for ever."""
        held = [self.tables, self._rights, cursor.place, cursor.began, _stamp(cursor.place)]
        return signing.dumps(held, salt=SALT, compress=True)

    @property
    def _rights(self) -> int:
        return crc32(",".join(sorted(self.whole)).encode())


class ChangesView(APIView):
    """What changed since a cursor, oldest first."""

    api: ClassVar[Api]
    renderer_classes = (JSONRenderer,)

    @property
    def tables(self) -> list[str]:
        """The tables of which it tells."""
        return [name for name, one in self.api.by_name.items() if has_history(one.model)]

    def operation(self, _method: str) -> Operation:
        """What its documentation says."""
        return others.changes(self.parameters, self.tables, ACTIONS.values())

    @property
    def parameters(self) -> list[Parameter]:
        """What it can be asked for."""
        tables: Any = {"type": "string", "enum": self.tables}
        expanded: Any = {"type": "string", "enum": [RECORD]}
        behind = f"Behind which place: the cursor of a `next`; empty: from the beginning; `{NOW}`: only what comes."
        return [
            Parameter("cursor", behind, ref("Text"), example=NOW),
            Parameter("table", "Changes of these tables only.", tables, several=True),
            Parameter("after", "Changes made on or after this day or moment.", ref("DayOrMoment")),
            LIMIT,
            Parameter("expand", "Whether to tell the records as they are now.", expanded, several=True),
            formats.parameter(self.renderer_classes),
        ]

    def get(self, request: Request) -> Response:
        """A page of it."""
        asked = asked_of(request)
        feed, cursor, limit, expanded = self._read(asked, Reader(request.user))
        newest = Notice.objects.aggregate(newest=Max("pk"))["newest"] or 0
        start = feed.place(cursor, newest)
        notices = list(feed.notices(start, newest)[: limit + 1])
        more, page = len(notices) > limit, notices[:limit]
        end = Cursor(page[-1].pk if more else max(newest, start.place), start.began)
        results = [self._item(request, feed, notice) for notice in page]
        if expanded:
            records = feed.records(page)
            results = [{**one, RECORD: records.get((one["table"], one["key"]))} for one in results]
        following = replace_query_param(request.build_absolute_uri(), "cursor", feed.cursor_at(end))
        headers = {"Link": f'<{following}>; rel="next"'}
        return Response({"next": following, "more": more, "results": results}, headers=headers)

    def _read(self, asked: Mapping[str, Sequence[str]], reader: Reader) -> tuple[Feed, str, int, bool]:
        all_known(asked, self.parameters)

        def text(name: str) -> str:
            return words.single(name, asked[name]) if name in asked else ""

        steps = (
            lambda: words.names("table", asked.get("table", ()), self.tables, "table of this feed"),
            lambda: words.first_moment("after", text("after")) if "after" in asked else None,
            lambda: text("cursor"),
            lambda: words.whole_number("limit", text("limit"), most=MOST) if "limit" in asked else USUAL,
            lambda: words.names("expand", asked.get("expand", ()), (RECORD,), "part of an item to expand"),
        )
        named, after, cursor, limit, expanded = words.collect(steps)
        return Feed(self.api, reader, tuple(sorted(named)), after), cursor, limit, bool(expanded)

    @staticmethod
    def _item(request: Request, feed: Feed, notice: Notice) -> Told:
        told = feed.told(notice)
        table, key = reverse(f"api:{told['table']}-list"), encoded(notice.key)
        return {**told, "url": request.build_absolute_uri(f"{table}{key}/")}


def _stamp(place: int) -> str:
    """When the change of a notice was made: what tells it from one that took its number after a backup was restored."""
    at = Notice.objects.filter(pk=place).values_list("change__at", flat=True).first() if place else None
    return at.isoformat() if at else ""


def _unusable(why: str) -> AskedWrongly:
    return wrong("cursor", f"This cursor {why}.", "invalid_cursor")

"""The views that write: records made, changed, replaced, deleted, and taken through review."""

from typing import Any, ClassVar

from django.urls import reverse
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from evidence.api import asking, preconditions
from evidence.api.bodies import How, Item, ItemReader
from evidence.api.conditional import VERSION
from evidence.api.deleting import delete
from evidence.api.keys import JOINED, cells, encoded, lookups, merged_into, missing
from evidence.api.parsing import body_of, nothing_sent
from evidence.api.problems import Error, Refused
from evidence.api.resources import Api, Resource, Seen
from evidence.api.rows import Told, by_key, expand
from evidence.api.values import WRONG_TYPE, plain
from evidence.api.writing import MERGED, Writer, merged
from evidence.domain import review
from evidence.exchange.directory import Key
from evidence.exchange.files.objects import Pairs
from evidence.exchange.writing import COLLIDING
from evidence.services.readers import Reader
from evidence.services.roles import is_reviewer, may


class Editing:
    """What a view of one table does to its rows."""

    api: ClassVar[Api]
    resource: ClassVar[Resource]
    verb: ClassVar[str] = ""
    """The step in review that an address takes, by its verb."""

    request: Request

    @property
    def seen(self) -> Seen:
        """The table as whoever asks sees it."""
        return Seen(self.resource, Reader(self.request.user))

    def create(self, request: Request) -> Response:
        """Make the record of the body, or those of a list, all or none."""
        self._allow("add")
        asked, body = self._asked(request), body_of(request)
        reader = ItemReader(self.api, self.resource, How.MAKE)
        if is_list(body):
            return self._several(asked, reader.several(body), status=201)
        return self._single(request, asked, reader.single(body), status=201)

    def update_many(self, request: Request) -> Response:
        """Change the records of a list, each named by its key and with its version, all or none."""
        self._allow("change")
        asked, body = self._asked(request), body_of(request)
        if not is_list(body):
            message = "Send a list of objects here; a single record is changed at its own address."
            raise Refused(400, Error(message, WRONG_TYPE, pointer=""))
        items = ItemReader(self.api, self.resource, How.CHANGE).several(body)
        for item in items:
            take_version(item)
        return self._several(asked, items)

    def update(self, request: Request, key: str) -> Response:
        """Change what the body says of a record."""
        self._allow("change")
        _, version = self._existing(request, key)
        return self._write_at(request, key, How.CHANGE, version)

    def replace(self, request: Request, key: str) -> Response:
        """Make the record with this key once, or say all of what there is anew."""
        found = self._stored(key)
        self._allow("change" if found else "add")
        _, version = found or (None, None)
        preconditions.check(request, version, may_create=True)
        return self._write_at(request, key, How.REPLACE if found else How.MAKE, version)

    def destroy(self, request: Request, key: str) -> Response:
        """Delete a record with its parts, where nothing else names it."""
        self._allow("delete")
        reason = asking.writing(self.seen, asking.asked_of(request)).reason
        row, version = self._existing(request, key)
        nothing_sent(request)
        home = request.build_absolute_uri(reverse("api:home"))
        delete(self.api, self.seen, row=row, version=version, home=home, reason=reason)
        return Response(status=204)

    def take_step(self, request: Request, key: str) -> Response:
        """Take a record one step on in review."""
        self._allow("change")
        state = review.STEPS[self.verb]
        if state in review.BY_REVIEWERS and not is_reviewer(request.user):
            raise PermissionDenied(f"Only a reviewer may {self.verb} a record; submit it and ask one.")
        asked = self._asked(request)
        _, version = self._existing(request, key)
        nothing_sent(request)
        said = {**cells(self.resource, key), "review": state}
        return self._single(request, asked, Item(self.resource, How.CHANGE, None, said, version=version))

    def _write_at(self, request: Request, key: str, how: How, version: int | None) -> Response:
        """Write the body to the record at this address."""
        asked, body = self._asked(request), body_of(request)
        item = ItemReader(self.api, self.resource, how).single(body, cells(self.resource, key))
        item.version = version
        return self._single(request, asked, item, status=201 if how is How.MAKE else 200)

    def _single(self, request: Request, asked: asking.Writing, item: Item, *, status: int = 200) -> Response:
        (key,) = self._writer(asked).write([item])
        (record,), (version,) = self._told(asked, [key])
        address = f"{reverse(f'api:{self.resource.name}-list')}{encoded(JOINED.join(key))}/"
        headers = {VERSION: version, "Content-Location": request.build_absolute_uri(address)}
        headers |= {"Location": headers["Content-Location"]} if status == 201 else {}
        return Response(record, status=status, headers=headers)

    def _several(self, asked: asking.Writing, items: list[Item], *, status: int = 200) -> Response:
        keys = self._writer(asked).write(items) if items else []
        records, _ = self._told(asked, keys)
        return Response(records, status=status)

    def _told(self, asked: asking.Writing, keys: list[Key]) -> tuple[list[Told], list[str]]:
        """What is told of the records with these keys, in their order, and the versions of these."""
        shape, seen = asked.shape, self.seen
        known = by_key(seen, [*shape.names, "version"], keys)
        if any(key not in known for key in keys):
            raise Refused(409, Error("It was written, and somebody deleted it since.", COLLIDING))
        records = [{name: known[key][name] for name in shape.names} for key in keys]
        expand(self.api, seen.reader, self.resource, records, shape.expanded)
        return records, [str(known[key]["version"]) for key in keys]

    def _writer(self, asked: asking.Writing) -> Writer:
        return Writer(self.api, self.seen, asked.reason)

    def _asked(self, request: Request) -> asking.Writing:
        return asking.writing(self.seen, asking.asked_of(request))

    def _allow(self, action: str) -> None:
        """That whoever asks may do this to rows of the table, and look at what came of it."""
        user = self.seen.reader.user
        for needed in (action, "view"):
            if not may(user, needed, self.resource.model):
                label = self.resource.table.label
                raise PermissionDenied(f"{user} may not {needed} {label}; ask an administrator.")

    def _stored(self, key: str) -> tuple[int, int] | None:
        """The row id and the version of the record with this key. Raises Refused where it was merged away."""
        seen = self.seen
        rows = seen.rows.filter(**lookups(self.resource, key))
        found: tuple[int, int] | None = rows.values_list("pk", "version").first()
        if found is None and (kept := merged_into(seen, key)):
            raise Refused(409, Error(merged(key, kept), MERGED))
        return found

    def _existing(self, request: Request, key: str) -> tuple[int, int]:
        """The row id and the version of the record with this key, which is the one that the request is about."""
        if (found := self._stored(key)) is None:
            raise missing(self.seen, key)
        preconditions.check(request, found[1])
        return found


def is_list(body: Any) -> bool:
    """Whether a body is a list, and no object."""
    return isinstance(body, list) and not isinstance(body, Pairs)


def take_version(item: Item) -> None:
    """Take the version that an object of a list names, without which it would not be conditional on anything."""
    version = plain(item.besides.pop("version", None))
    if version is None:
        message = "Name the version that you read; without it, what somebody else wrote could get lost."
        item.reject("version", message, preconditions.REQUIRED)
    elif not isinstance(version, int) or isinstance(version, bool):
        item.reject("version", "“version” holds the number that was read.", WRONG_TYPE)
    else:
        item.version = version

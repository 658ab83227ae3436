"""Imports of sheets by programs, in the two steps of the browser and with its very batches: send a file and see what it
would do, then confirm that and nothing else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from evidence.api import asking, words
from evidence.api.paging import MOST, USUAL
from evidence.api.parsing import nothing_sent
from evidence.api.problems import Error, Refused, wrong
from evidence.api.resources import Api
from evidence.choices import BatchState
from evidence.domain.text import TextRefused, tidy
from evidence.exchange.batches import BatchRefused, Options, confirm, look, open_batch, preview_of
from evidence.exchange.exports import TYPES
from evidence.exchange.files import UPLOAD, Format
from evidence.exchange.previews import Preview, shortened
from evidence.exchange.readings import Empty
from evidence.exchange.rejected import NONE_LEFT, rejected_file
from evidence.exchange.rows import Outcome
from evidence.exchange.sheets import Fault
from evidence.exchange.writing import ImportRefused
from evidence.models import ImportBatch
from evidence.services.roles import may, may_import

ENDINGS = {**{TYPES[form].partition(";")[0]: form.value for form in Format}, "application/zip": "zip"}
"""Which kind of file each media type is."""

NAME, TABLE, EMPTY, IGNORED, REASON = "name", "table", "empty", "ignored", "reason"
LONGEST = {NAME: 200, REASON: 500}
"""How many characters these may have."""

SHOWN = 100
"""How many of what speaks against an import its refusal tells."""


@dataclass(frozen=True)
class Sent:
    """A file as the body of a request: its bytes, and what its media type says that it is."""

    stream: IO[bytes]
    ending: str


class FileParser(BaseParser):
    """Takes a body as the file that it is."""

    media_type: str

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Sent:
        return Sent(stream, ENDINGS[self.media_type])


PARSERS = (
    MultiPartParser,
    *(type("FileParser", (FileParser,), {"media_type": media_type}) for media_type in ENDINGS),
)
"""One for each kind of file, and one for forms that send a file."""


class ImportsView(ViewSet):
    """Imports: those of whoever asks, each with what it would do or did."""

    api: ClassVar[Api]
    renderer_classes = (JSONRenderer,)
    parser_classes = PARSERS

    def list(self, request: Request) -> Response:
        """The imports that whoever asks may see, newest first."""
        asked = asking.only(request, ("limit", "cursor"))
        rows = self._seen(request)
        if "cursor" in asked:
            last = self._found(rows, words.single("cursor", asked["cursor"]))
            rows = rows.filter(Q(opened__lt=last.opened) | Q(opened=last.opened, pk__gt=last.pk))
        limit = words.count("limit", words.single("limit", asked["limit"]), MOST) if "limit" in asked else USUAL
        page = list(rows.select_related("owner")[: limit + 1])
        following = None
        if len(page) > limit:
            following = request.build_absolute_uri(f"{reverse('api:imports-list')}?limit={limit}&cursor={page[limit - 1].pk}")
        return Response({"next": following, "results": [_told(request, batch) for batch in page[:limit]]})

    def create(self, request: Request) -> Response:
        """Take a file, and say what importing it would do; nothing is written."""
        self._allow(request)
        asked = asking.only(request, (NAME, TABLE, EMPTY, IGNORED, REASON))
        options, reason = self._options(asked), _line(asked, REASON)
        stream, name = _sent(request, _line(asked, NAME), options.table)
        batch = open_batch(
            owner=request.user, upload=stream, name=name, tables=self.api.written, options=options, reason=reason
        )
        preview = preview_of(batch)
        if preview is None or preview.stopped:
            raise Refused(422, *_errors(preview.faults if preview else ()), detail="Nothing of this can be imported.")
        told = {**_told(request, batch), "preview": _shown(preview)}
        return Response(told, status=201, headers={"Location": told["url"]})

    def retrieve(self, request: Request, key: UUID) -> Response:
        """What an import would do, or did."""
        asking.only(request, ())
        return self._answer(request, self._batch(request, key))

    def confirm(self, request: Request, key: UUID) -> Response:
        """Write what was shown, once, without the rows that were rejected."""
        self._allow(request)
        asking.only(request, ())
        nothing_sent(request)
        batch = self._batch(request, key)
        try:
            batch = confirm(batch, user=request.user, tables=self.api.written)
        except BatchRefused as refused:
            raise Refused(409, Error(str(refused), "refused")) from refused
        except ImportRefused as refused:
            batch.refresh_from_db()
            look(batch, self.api.written)
            said = "Nothing was written; what it would do now stands at its address."
            raise Refused(409, *_errors(refused.faults), detail=said) from refused
        return self._answer(request, batch)

    def rejected(self, request: Request, key: UUID) -> HttpResponseBase:
        """The rejected rows with their reasons, to be mended and sent again."""
        asking.only(request, ())
        batch = self._batch(request, key)
        file = rejected_file(batch, self.api.written) if batch.owner_id == request.user.pk else None
        if file is None:
            raise Http404(NONE_LEFT)
        answer = HttpResponse(file.content, content_type=file.media_type)
        answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return answer

    def _answer(self, request: Request, batch: ImportBatch) -> Response:
        told = _told(request, batch)
        if batch.owner_id == request.user.pk or batch.state == BatchState.WRITTEN:
            preview = preview_of(batch)
            told["preview"] = None if preview is None else _shown(preview)
        return Response(told)

    def _allow(self, request: Request) -> None:
        if not may_import(request.user, [table.model for table in self.api.written]):
            raise PermissionDenied(f"{request.user} may not import; ask an administrator.")

    def _seen(self, request: Request) -> QuerySet[ImportBatch]:
        """The imports that whoever asks may see."""
        if not request.user.is_authenticated:
            raise NotAuthenticated("Imports are for who is signed in; send a token: `Authorization: Token …`.")
        own = ImportBatch.objects.filter(owner=request.user)
        return ImportBatch.objects.all() if may(request.user, "view", ImportBatch) else own

    def _batch(self, request: Request, key: UUID) -> ImportBatch:
        batch = self._seen(request).select_related("owner").filter(pk=key).first()
        if batch is None:
            raise Http404(f"There is no import {key}, or none that you may see.")
        return batch

    def _found(self, rows: QuerySet[ImportBatch], cursor: str) -> ImportBatch:
        try:
            found = rows.filter(pk=UUID(cursor)).first()
        except ValueError:
            found = None
        if found is None:
            told = "This cursor was not given out here; take the one in `next`, or leave it out."
            raise wrong("cursor", told, "invalid_cursor")
        return found

    def _options(self, asked: Mapping[str, Sequence[str]]) -> Options:
        """How the file is to be read. Raises AskedWrongly."""
        known = [table.name for table in self.api.written]
        table = words.single(TABLE, asked.get(TABLE, [""]))
        table = words.one_of(TABLE, table, known, "table", "unknown_name") if table else ""
        empty = words.single(EMPTY, asked.get(EMPTY, [Empty.KEEP.value]))
        words.one_of(EMPTY, empty, [one.value for one in Empty], "way of reading empty cells", "unknown_code")
        ignored = [name for text in asked.get(IGNORED, ()) for name in words.split(text)]
        return Options(table, Empty(empty), tuple(ignored))


def _line(asked: Mapping[str, Sequence[str]], name: str) -> str:
    """A text of one line. Raises AskedWrongly where it is too long."""
    said = words.single(name, asked[name]) if name in asked else ""
    if len(said) > LONGEST[name]:
        raise wrong(name, f"It has {len(said)} characters, and may have {LONGEST[name]}.", "max_length")
    return said


def _sent(request: Request, name: str, table: str) -> tuple[Any, str]:
    """The file that was sent, and its name, which tells its kind. Raises Refused."""
    if request.stream is None:
        raise Refused(400, Error("The body is empty; send a file.", "malformed", pointer=""))
    sent = request.data
    if isinstance(sent, Sent):
        return sent.stream, name or f"{table or 'sent'}.{sent.ending}"
    files = [file for of_name in request.FILES.values() for file in [of_name]]
    if len(files) != 1 or len(request.FILES.getlist(next(iter(request.FILES)))) != 1 or sent.keys() - request.FILES.keys():
        message = "A form sends one file and nothing else; all that is said of it stands in the address."
        raise Refused(400, Error(message, "malformed", pointer=""))
    return files[0], name or files[0].name or ""


def _told(request: Request, batch: ImportBatch) -> dict[str, Any]:
    """An import, without what it would do in particular."""
    here = request.build_absolute_uri(reverse("api:imports-detail", args=[batch.pk]))
    return {
        "id": str(batch.pk),
        "url": here,
        "state": batch.state,
        "owner": batch.owner.get_username(),
        "opened": batch.opened,
        "written": batch.written,
        "door": batch.door,
        "name": batch.name,
        "sha256": batch.sha256,
        "table": batch.table or None,
        "empty": batch.empty,
        "ignored": batch.ignored,
        "reason": batch.reason or None,
        "counts": {outcome.value: getattr(batch, column) for column, outcome in COUNTED.items()},
    }

"""Imports of sheets by programs, in the two steps of the browser and with its very batches: send a file and see what it
would do, then confirm that and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
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
from rest_framework.utils.urls import replace_query_param
from rest_framework.viewsets import ViewSet

from evidence.api import asking, words
from evidence.api.asking import CURSOR, LIMIT, REASON
from evidence.api.paging import MOST, USUAL
from evidence.api.parameters import Parameter
from evidence.api.parsing import nothing_sent
from evidence.api.problems import Error, Refused, wrong
from evidence.api.resources import Api
from evidence.api.schema import imports as described
from evidence.api.schema.operations import Operation
from evidence.api.schema.shared import SHARED
from evidence.api.schema.values import ref
from evidence.choices import BatchState
from evidence.exchange.batches import COUNTED, BatchRefused, Options, confirm, open_batch, preview_of
from evidence.exchange.exports import TYPES
from evidence.exchange.files import Format
from evidence.exchange.previews import Preview, shortened
from evidence.exchange.readings import Empty
from evidence.exchange.rejected import NONE_LEFT, rejected_file
from evidence.exchange.sheets import Fault
from evidence.exchange.writing import ImportRefused
from evidence.models import ImportBatch
from evidence.services.roles import may, may_import

NAME = "imports"
"""Its name in addresses."""

ENDINGS = {**{TYPES[form].partition(";")[0]: form.value for form in Format}, "application/zip": "zip"}
"""Which kind of file each media type is."""

FILE_NAME = Parameter(
    "name",
    "The name of the file, which tells its kind, and its table where `table` does not.",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": SHARED["Line"]["pattern"]},
    example="companies.csv",
)
IGNORED = Parameter(
    "ignored", "Columns to be left out, which would be refused; separated by commas.", ref("Texts")
)

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


KINDS = {
    MultiPartParser.media_type: {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
        "additionalProperties": False,
    },
    **{kind: {"type": "string", "format": "binary", "minLength": 1} for kind in ENDINGS},
    TYPES[Format.JSON]: {"type": "array", "items": {"type": "object"}},
}
"""What is sent, by media type."""

PARSERS = (
    MultiPartParser,
    *(type("FileParser", (FileParser,), {"media_type": media_type}) for media_type in ENDINGS),
)
"""One for each kind of file, and one for forms that send a file."""


class ImportsView(ViewSet):
    """Imports: those of whoever asks, each with what it would do or did."""

    api: ClassVar[Api]
    renderer_classes = (JSONRenderer,)

    def operation(self, _method: str) -> Operation:
        """What its documentation says."""
        return described.operation(self.action, self.parameters, KINDS)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """What the address can be asked."""
        by_action: dict[str, tuple[Parameter, ...]] = {"list": (LIMIT, CURSOR), "create": self._creating()}
        return by_action.get(self.action, ())

    def list(self, request: Request) -> Response:
        """The imports that whoever asks may see, newest first."""
        rows, asked = self._seen(request), self._asked(request)
        if last := _said(asked, CURSOR):
            rows = _behind(rows, last)
        told = _said(asked, LIMIT)
        limit = words.whole_number(LIMIT.name, told, most=MOST) if told else USUAL
        page = list(rows.select_related("owner")[: limit + 1])
        following = None
        if len(page) > limit:
            here = request.build_absolute_uri()
            following = replace_query_param(here, CURSOR.name, str(page[limit - 1].pk))
        return Response({"next": following, "results": [_told(request, batch) for batch in page[:limit]]})

    def create(self, request: Request) -> Response:
        """Take a file, and say what importing it would do; nothing is written."""
        self._allow(request)
        asked = self._asked(request)
        options, reason = self._options(asked), _said(asked, REASON)
        stream, name = _sent(request, _said(asked, FILE_NAME), options.table)
        tables = self.api.written
        batch = open_batch(
            owner=request.user, upload=stream, name=name, tables=tables, options=options, reason=reason
        )
        preview = preview_of(batch)
        if preview is None or preview.stopped:
            said = "Nothing of this file can be imported."
            raise Refused(422, *_errors(preview.faults if preview else ()), detail=said)
        told = {**_told(request, batch), "preview": _shown(preview)}
        return Response(told, status=201, headers={"Location": told["url"]})

    def retrieve(self, request: Request, key: str) -> Response:
        """What an import would do, or did."""
        self._asked(request)
        return self._answer(request, self._batch(request, key))

    def confirm(self, request: Request, key: str) -> Response:
        """Write what was shown, once, without the rows that were rejected."""
        self._allow(request)
        self._asked(request)
        nothing_sent(request)
        batch = self._batch(request, key)
        try:
            batch = confirm(batch, user=request.user, tables=self.api.written)
        except BatchRefused as refused:
            raise Refused(409, Error(str(refused), "refused")) from refused
        except ImportRefused as refused:
            said = "Nothing was written; what it would do now stands at its address."
            raise Refused(409, *_errors(refused.faults), detail=said) from refused
        return self._answer(request, batch)

    def rejected(self, request: Request, key: str) -> HttpResponseBase:
        """The rejected rows with their reasons, to be mended and sent again."""
        self._asked(request)
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
            raise NotAuthenticated(
                "Imports are for who is signed in; send a token: `Authorization: Token …`."
            )
        own = ImportBatch.objects.filter(owner=request.user)
        return ImportBatch.objects.all() if may(request.user, "view", ImportBatch) else own

    def _batch(self, request: Request, key: str) -> ImportBatch:
        batch = _one(self._seen(request).select_related("owner"), key)
        if batch is None:
            raise Http404(f"There is no import “{key[: words.SHOWN]}”, or none that you may see.")
        return batch

    def _creating(self) -> tuple[Parameter, ...]:
        """What a file can be sent with."""
        tables = [table.name for table in self.api.written]
        table = "The table that its rows belong to; it need not be named where the name of the file tells it."
        empty = "What an empty cell does: keep what is there, or clear the field; #CLEAR always empties its field."
        return (
            Parameter("table", table, {"type": "string", "enum": tables}),
            Parameter("empty", empty, {"type": "string", "enum": [one.value for one in Empty]}),
            IGNORED,
            FILE_NAME,
            REASON,
        )

    def _asked(self, request: Request) -> asking.Texts:
        """The query parameters. Raises AskedWrongly where one is not known."""
        asked = asking.asked_of(request)
        asking.all_known(asked, self.parameters)
        return asked

    def _options(self, asked: Mapping[str, Sequence[str]]) -> Options:
        """How the file is to be read. Raises AskedWrongly."""
        table, empty, *_ = self.parameters
        ignored = [name for text in asked.get(IGNORED.name, ()) for name in words.split(text)]
        chosen = _one_of(asked, empty) or Empty.KEEP.value
        return Options(_one_of(asked, table), Empty(chosen), tuple(ignored))


def _one_of(asked: Mapping[str, Sequence[str]], parameter: Parameter) -> str:
    said = _said(asked, parameter)
    known = parameter.schema["enum"]
    return words.one_of(parameter.name, said, known, parameter.name, "unknown_name") if said else ""


def _one(rows: QuerySet[ImportBatch], key: str) -> ImportBatch | None:
    """The import with this key, if there is one."""
    try:
        return rows.filter(pk=UUID(key)).first()
    except ValueError:
        return None


def _behind(rows: QuerySet[ImportBatch], cursor: str) -> QuerySet[ImportBatch]:
    """The imports behind the one that a cursor names."""
    if (last := _one(rows, cursor)) is None:
        told = "This cursor was not given out here; take the one in `next`, or leave it out."
        raise wrong(CURSOR.name, told, "invalid_cursor")
    return rows.filter(Q(opened__lt=last.opened) | Q(opened=last.opened, pk__gt=last.pk))


def _said(asked: Mapping[str, Sequence[str]], parameter: Parameter) -> str:
    """What a parameter says that may be given once; empty where it is not. Raises AskedWrongly."""
    said = words.single(parameter.name, asked[parameter.name]) if parameter.name in asked else ""
    longest = parameter.schema.get("maxLength", len(said))
    if len(said) > longest:
        told = f"It has {len(said):,} characters, and may have {longest:,}."
        raise wrong(parameter.name, told, "max_length")
    return said


def _sent(request: Request, name: str, table: str) -> tuple[Any, str]:
    """The file that was sent, and its name, which tells its kind. Raises Refused."""
    if request.stream is None:
        raise Refused(422, Error("The body is empty; send a file.", "empty", pointer=""))
    sent = request.data
    if isinstance(sent, Sent):
        return sent.stream, name or f"{table or 'sent'}.{sent.ending}"
    files = [file for _, of_name in request.FILES.lists() for file in of_name]
    if len(files) != 1 or sent.keys() != request.FILES.keys():
        message = "A form sends one file and nothing else; what is said of it stands in the address."
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


def _shown(preview: Preview) -> dict[str, Any]:
    """What an import would do: counts by table, and the first rows and reasons, with how many there are."""
    return {
        "tables": preview.counts,
        "unknown_columns": preview.unknown,
        "rows": [
            {
                "table": row.table,
                "file": row.file,
                "line": row.line,
                "key": row.key,
                "outcome": row.outcome,
                "changes": {
                    name: {"before": before, "after": after} for name, (before, after) in row.changes.items()
                },
            }
            for row in preview.rows
        ],
        "rows_found": preview.rows_found,
        "errors": [error.told() for error in _errors(preview.faults)],
        "errors_found": preview.faults_found,
    }


def _errors(faults: Iterable[Fault]) -> list[Error]:
    """What is wrong with a file: where in it, with which value, and the way out."""
    return [Error(fault.message, fault.code, cell=fault) for fault in shortened(list(faults)[:SHOWN])]


def routes(api: Api) -> list[URLPattern]:
    """The addresses of imports."""
    view: Any = type("ImportsView", (ImportsView,), {"api": api, "__doc__": ImportsView.__doc__})
    of_list = view.as_view({"get": "list", "post": "create"}, parser_classes=PARSERS)
    return [
        path("imports/", of_list, name="imports-list"),
        path("imports/<str:key>/", view.as_view({"get": "retrieve"}), name="imports-detail"),
        path("imports/<str:key>/confirm/", view.as_view({"post": "confirm"}), name="imports-confirm"),
        path("imports/<str:key>/rejected/", view.as_view({"get": "rejected"}), name="imports-rejected"),
    ]

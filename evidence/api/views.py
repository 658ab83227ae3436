"""The addresses of the API: the list of tables, the rows of each, and each record."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from evidence.api import asking, imports
from evidence.api.conditional import VERSION
from evidence.api.editing import Editing
from evidence.api.formats import LISTS, RECORDS, SheetRenderer
from evidence.api.keys import merged_into, missing
from evidence.api.past import as_of
from evidence.api.past import found as found_rows
from evidence.api.problems import APART, wrong
from evidence.api.resources import Api
from evidence.api.rows import Rows, expand
from evidence.api.schema import tables
from evidence.api.schema.operations import Operation
from evidence.domain.review import STEPS
from evidence.exchange.exports import TYPES, Export

READING_LIST, READING_RECORD = {"get": "list"}, {"get": "retrieve"}
OF_LIST = {**READING_LIST, "post": "create", "patch": "update_many"}
OF_RECORD = {**READING_RECORD, "put": "replace", "patch": "update", "delete": "destroy"}
"""What each method does at the address of a table, and at that of a record."""


class Home(APIView):
    """The tables that there are, and what else can be asked for, each with its address."""

    names: ClassVar[tuple[str, ...]]
    renderer_classes = (JSONRenderer,)

    def operation(self, _method: str) -> Operation:
        """What its documentation says."""
        return tables.home(self.names)

    def get(self, request: Request) -> Response:
        """List them."""
        asking.nothing_more(asking.asked_of(request))
        return Response({name: _absolute(request, f"{name}-list") for name in self.names})


class TableView(Editing, ViewSet):
    """The rows of one table: its list, and each record under its key."""

    renderer_classes = LISTS

    def get_renderers(self) -> list[Any]:
        return [kind() for kind in (LISTS if self.action == "list" else RECORDS)]

    def get_view_name(self) -> str:
        return self.resource.table.label

    def operation(self, _method: str) -> Operation:
        """What its documentation says."""
        return tables.operation(self.api, self.resource, self.action, self.verb)

    def list(self, request: Request) -> HttpResponseBase:
        """A page of rows, or all of them as a sheet."""
        texts = asking.asked_of(request)
        asked = asking.listing(as_of(self.seen, texts), texts)
        renderer: Any = request.accepted_renderer
        return (
            self._sheet(renderer, asked)
            if isinstance(renderer, SheetRenderer)
            else self._page(request, asked)
        )

    def retrieve(self, request: Request, key: str) -> HttpResponseBase:
        """One record by its key, or the way to the one with which it was merged."""
        texts = asking.asked_of(request)
        seen = as_of(self.seen, texts)
        shape = asking.shape(seen, texts)
        reading = Rows(seen, shape.names, ["version"])
        found = reading.chosen(found_rows(seen, key))
        for values in found:
            told = reading.told(reading.row(values))
            expand(self.api, seen.reader, self.resource, [told], shape.expanded)
            return Response(told, headers={VERSION: str(values[-1])})
        if slug := merged_into(seen.present, key):
            return self._moved(request, slug)
        raise missing(seen, key)

    def _page(self, request: Request, asked: asking.Listing) -> Response:
        reading = Rows(asked.seen, asked.shape.names, asked.order.names)
        page = asked.page(reading)
        results = [reading.told(reading.row(values)) for values in page.rows]
        expand(self.api, asked.seen.reader, self.resource, results, asked.shape.expanded)
        here = request.build_absolute_uri()
        following = replace_query_param(here, "cursor", page.following) if page.following else None
        body = {"count": asked.matching.count()} if asked.counted else {}
        headers = {"Link": f'<{following}>; rel="next"'} if following else {}
        return Response({**body, "next": following, "results": results}, headers=headers)

    def _sheet(self, renderer: SheetRenderer, asked: asking.Listing) -> HttpResponseBase:
        for name, given in (("expand", asked.shape.expanded), ("count", asked.counted)):
            if given:
                raise wrong(name, f"A sheet has no place for `{name}`; leave it out, or ask for JSON.", APART)
        columns = tuple(name for name in asked.shape.names if name in self.resource.table.by_name)
        sheet = Export(self.resource.table, renderer.form, columns=columns or self.resource.model.KEY)
        rows = asked.following if asked.limit is None else asked.following[: asked.limit]
        export = replace(sheet, rows=Rows(asked.seen, sheet.names).streamed(rows))
        pieces = () if self.request.method == "HEAD" else export.streamed()
        answer = StreamingHttpResponse(pieces, content_type=TYPES[export.form])
        answer["Content-Disposition"] = f'attachment; filename="{export.file}"'
        return answer

    def _moved(self, request: Request, slug: str) -> HttpResponse:
        here = reverse(f"api:{self.resource.name}-detail", args=[slug])
        query = request.META.get("QUERY_STRING", "")
        place = request.build_absolute_uri(f"{here}?{query}" if query else here)
        return HttpResponse(status=308, headers={"Location": place})


def routes(api: Api, others: Mapping[str, type[APIView]]) -> list[URLPattern]:
    """The addresses of all tables, of what else can be asked for, by name, and of the list of both."""
    names = (*api.by_name, *others, imports.NAME)
    home: Any = type("Home", (Home,), {"names": names, "__doc__": Home.__doc__})
    found = [path("", home.as_view(), name="home"), *imports.routes(api)]
    for name, kind in others.items():
        other: Any = type(kind.__name__, (kind,), {"api": api, "__doc__": kind.__doc__})
        found.append(path(f"{name}/", other.as_view(), name=f"{name}-list"))
    for resource in api.by_name.values():
        of_table = {"api": api, "resource": resource, "__doc__": TableView.__doc__}
        view: Any = type(f"{resource.model.__name__}View", (TableView,), of_table)
        key = "<path:key>" if resource.has_free_key else "<str:key>"
        of_list, of_record = (OF_LIST, OF_RECORD) if resource.is_written else (READING_LIST, READING_RECORD)
        found += [
            path(f"{resource.name}/", view.as_view(of_list), name=f"{resource.name}-list"),
            path(f"{resource.name}/{key}/", view.as_view(of_record), name=f"{resource.name}-detail"),
        ]
        for verb in STEPS if resource.is_written and resource.is_reviewed else ():
            step = view.as_view({"post": "take_step"}, verb=verb)
            found.append(path(f"{resource.name}/{key}/{verb}/", step, name=f"{resource.name}-{verb}"))
    return found


def _absolute(request: Request, name: str) -> str:
    return str(request.build_absolute_uri(reverse(f"api:{name}")))

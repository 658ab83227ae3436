"""The addresses of the API: the list of tables, the rows of each, and each record."""

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

from evidence.api import asking
from evidence.api.conditional import VERSION
from evidence.api.formats import LISTS, RECORDS, SheetRenderer
from evidence.api.keys import lookups, merged_into, missing
from evidence.api.problems import APART, wrong
from evidence.api.resources import Api, Resource, Seen
from evidence.api.rows import Rows, expand
from evidence.api.schema import tables
from evidence.api.schema.operations import Operation
from evidence.exchange.exports import TYPES, Export
from evidence.services.readers import Reader


class Home(APIView):
    """The tables that there are, each with its address."""

    api: ClassVar[Api]
    renderer_classes = (JSONRenderer,)

    def operation(self, _method: str) -> Operation:
        """What its documentation says."""
        return tables.home(self.api)

    def get(self, request: Request) -> Response:
        """List them."""
        asking.nothing_more(_asked(request))
        return Response({name: _absolute(request, f"{name}-list") for name in self.api.by_name})


class TableView(ViewSet):
    """The rows of one table: its list, and each record under its key."""

    api: ClassVar[Api]
    resource: ClassVar[Resource]
    renderer_classes = LISTS

    def get_renderers(self) -> list[Any]:
        return [kind() for kind in (LISTS if self.action == "list" else RECORDS)]

    def get_view_name(self) -> str:
        return self.resource.table.label

    def operation(self, _method: str) -> Operation:
        """What its documentation says."""
        return tables.operation(self.api, self.resource, self.action)

    @property
    def seen(self) -> Seen:
        """The table as whoever asks sees it."""
        return Seen(self.resource, Reader(self.request.user))

    def list(self, request: Request) -> HttpResponseBase:
        """A page of rows, or all of them as a sheet."""
        asked = asking.listing(self.seen, _asked(request))
        renderer: Any = request.accepted_renderer
        return (
            self._sheet(renderer, asked)
            if isinstance(renderer, SheetRenderer)
            else self._page(request, asked)
        )

    def retrieve(self, request: Request, key: str) -> HttpResponseBase:
        """One record by its key, or the way to the one with which it was merged."""
        seen = self.seen
        shape = asking.shape(seen, _asked(request))
        reading = Rows(seen, shape.names, ["version"])
        found = reading.chosen(seen.rows.filter(**lookups(self.resource, key)))
        for values in found:
            told = reading.told(reading.row(values))
            expand(self.api, seen.reader, self.resource, [told], shape.expanded)
            return Response(told, headers={VERSION: str(values[-1])})
        if slug := merged_into(seen, key):
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


def routes(api: Api) -> list[URLPattern]:
    """The addresses of all tables, and of their list."""
    home: Any = type("Home", (Home,), {"api": api, "__doc__": Home.__doc__})
    found = [path("", home.as_view(), name="home")]
    for resource in api.by_name.values():
        of_table = {"api": api, "resource": resource, "__doc__": TableView.__doc__}
        view: Any = type(f"{resource.model.__name__}View", (TableView,), of_table)
        key = "<path:key>" if resource.has_free_key else "<str:key>"
        lists, records = view.as_view({"get": "list"}), view.as_view({"get": "retrieve"})
        found += [
            path(f"{resource.name}/", lists, name=f"{resource.name}-list"),
            path(f"{resource.name}/{key}/", records, name=f"{resource.name}-detail"),
        ]
    return found


def _asked(request: Request) -> dict[str, list[str]]:
    return dict(request.query_params.lists())


def _absolute(request: Request, name: str) -> str:
    return str(request.build_absolute_uri(reverse(f"api:{name}")))

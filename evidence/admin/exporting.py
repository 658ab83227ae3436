"""Exporting from a list: what it shows or what is marked in it, the columns that are chosen, in any format."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse

from evidence.contract import Table
from evidence.exchange.exports import TYPES, Export
from evidence.exchange.files import Format

FORM, COLUMN = "_format", "_column"
"""What the page asks for besides the filters of the list, which nothing of the list is named like."""


class Exporting(admin.ModelAdmin):
    """A list that can be exported as it is filtered."""

    table: ClassVar[Table]

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export), name=name), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        if self.has_view_permission(request) and IS_POPUP_VAR not in request.GET:
            words = str(export_selected.short_description)  # type: ignore[attr-defined]  # put there by the decorator
            action: Any = export_selected  # its types have the desk in front, those of the base any callable
            found[export_selected.__name__] = (action, export_selected.__name__, words)
        return found

    def export(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Ask for format and columns, then send the rows that the list would show."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked, filters = request.GET.getlist(COLUMN), _without_choices(request.GET)
        form = request.GET.get(FORM, "")
        if form not in {known.value for known in Format} or not set(asked) <= set(self.table.by_name):
            return self._asking(request, filters)
        request.GET = filters  # type: ignore[assignment]  # the list reads its filters from here
        rows = self.get_changelist_instance(request).get_queryset(request)
        export = Export(self.table, Format(form), rows, tuple(asked))
        answer = StreamingHttpResponse(export.streamed(), content_type=TYPES[export.form])
        answer["Content-Disposition"] = f'attachment; filename="{export.file}"'
        return answer

    def _asking(self, request: HttpRequest, filters: QueryDict) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Export {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "formats": [(known.value, known.name) for known in Format],
            "columns": [column.name for column in self.table.columns],
            "key": self.table.model.KEY,
            "filters": [(name, value) for name, values in filters.lists() for value in values],
            "form_name": FORM,
            "column_name": COLUMN,
        }
        return TemplateResponse(request, "admin/export.html", context)


def _without_choices(asked: QueryDict) -> QueryDict:
    filters = asked.copy()
    for name in (FORM, COLUMN):
        filters.pop(name, None)
    return filters


@admin.action(description="Export the selected …", permissions=["view"])
def export_selected(desk: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet) -> HttpResponse:
    """Go to the page that exports the marked rows, or all that the list shows where all were marked."""
    page = reverse(f"admin:{desk.opts.app_label}_{desk.opts.model_name}_export")
    if request.POST.get("select_across") == "1":
        return HttpResponseRedirect(f"{page}?{request.GET.urlencode()}")
    keys = ",".join(str(key) for key in chosen.order_by("pk").values_list("pk", flat=True))
    return HttpResponseRedirect(f"{page}?{urlencode({'pk__in': keys})}")

"""Investigations, publishers, snapshots and changes. Sources stand one floor up, beside the claims that cite them."""

from itertools import islice
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from evidence.admin.bases import RecordAdmin, register
from evidence.admin.panels import change_url
from evidence.choices import Door
from evidence.contract import TABLES, by_name
from evidence.models import Change, Record, Snapshot
from evidence.services.findings import ChangeRefused
from evidence.services.history import has_history
from evidence.services.stories import touched_by
from evidence.services.undoing import undo, undone_by

TOUCHED_SHOWN = 200
"""How many records the page of a change lists."""

FINDINGS_SHOWN = 20
"""How many of the reasons are told why a change cannot be undone."""

tables = by_name(TABLES)
register((tables["investigations"], tables["publishers"]), admin.site)


@admin.register(Snapshot)
class SnapshotAdmin(RecordAdmin):
    """Snapshots are added by commands and never overwritten, so that here they are only read."""

    table = tables["snapshots"]
    list_display = ("source", "captured", "method", "media_type")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return self.list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Change)
class ChangeAdmin(admin.ModelAdmin):
    """Who did what, when, by which door and why; read only."""

    list_display = ("at", "actor", "door", "reason")
    list_filter = ("door",)
    list_select_related = ("actor",)
    search_fields = ("reason", "actor__username")
    show_full_result_count = False
    change_form_template = "admin/change_page.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        own = path("<int:key>/undo/", self.admin_site.admin_view(self.undo), name="evidence_change_undo")
        return [own, *super().get_urls()]

    def undo(self, request: HttpRequest, key: int) -> HttpResponse:
        """Put back what a change wrote, and show the change that did so."""
        undone = Change.objects.filter(pk=key).first()
        if request.method != "POST" or undone is None or not self.has_undo_permission(request):
            raise PermissionDenied
        try:
            reason = request.POST.get("reason", "") or f"Undo of change {key}"
            done = undo(undone=undone, actor=request.user, door=Door.ADMIN, reason=reason)
        except ChangeRefused as refused:
            for finding in refused.findings[:FINDINGS_SHOWN]:
                self.message_user(request, str(finding), messages.ERROR)
            left = len(refused.findings) - FINDINGS_SHOWN
            told = f" There are {left} more such places." if left > 0 else ""
            self.message_user(request, f"Nothing was undone.{told}", messages.ERROR)
            return HttpResponseRedirect(reverse("admin:evidence_change_change", args=[key]))
        told = (
            f"Change {key} is undone." if done else f"All that change {key} wrote had been put back already."
        )
        self.message_user(request, told, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:evidence_change_change", args=[done.pk if done else key]))

    def has_undo_permission(self, request: HttpRequest) -> bool:
        """Whether the user writes records at all; what exactly they may put back is seen on doing it."""
        return request.user.has_perm("evidence.change_source")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        change = self.get_object(request, object_id)
        recorded = [model for model in self.admin_site._registry if issubclass(model, Record)]
        rows = touched_by(change, [model for model in recorded if has_history(model)]) if change else ()
        touched = [
            {"kind": model._meta.verbose_name, "sort": sort, "name": name, "url": page_of(model, row)}
            for model, row, sort, name in islice(rows, TOUCHED_SHOWN + 1)
        ]
        context = {
            "touched": touched[:TOUCHED_SHOWN],
            "more": len(touched) > TOUCHED_SHOWN,
            "may_undo": change is not None and self.has_undo_permission(request),
            "undone_by": undone_by(change) if change else None,
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)


def page_of(model: type[Record], row: int) -> str:
    """The address of a record's page; empty where the record is gone."""
    record = model._base_manager.filter(pk=row).first()
    return change_url(record) if record else ""

"""Investigations, publishers, snapshots and changes. Sources stand one floor up, beside the claims that cite them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from evidence.admin.bases import RecordAdmin, register
from evidence.contract import TABLES, by_name
from evidence.models import Change, Snapshot

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
    date_hierarchy = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

"""What merges leave behind, and the pairs that were judged to be different, as lists of their own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from claims.contract import TABLES
from claims.models import Distinction, FormerSlug
from evidence.admin.bases import RecordAdmin
from evidence.contract import by_model

tables = by_model(TABLES)


@admin.register(FormerSlug)
class FormerSlugAdmin(RecordAdmin):
    """The slugs that lead to other records."""

    table = tables[FormerSlug]
    search_fields = ("slug", "entity__slug", "entity__name")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("slug", "entity", "reason")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return self.search_fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = super().get_readonly_fields(request, obj)
        return (*fixed, "entity") if obj is not None else fixed


@admin.register(Distinction)
class DistinctionAdmin(RecordAdmin):
    """The pairs that look alike and are different."""

    table = tables[Distinction]
    search_fields = ("entity__slug", "entity__name", "other__slug", "other__name")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("__str__", "entity", "other", "reason")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return self.search_fields

"""Pages and searches that lead from a record that was merged to the one that stands for it."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from claims.services.merging import stands_for
from evidence.admin.panels import change_url, is_key
from evidence.domain.text import SLUG


class LeadsOn(ModelAdmin):
    """Mixed into the admin of entities: the address of a record that was merged opens the one that stands for it."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        return super().get_object(request, object_id, from_field) if is_key(object_id) else None

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        found = stands_for(int(object_id)) if is_key(object_id) else None
        if found is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]  # missing in the stubs
        slug, kept = found
        self.message_user(request, f"The record “{slug}” was merged with this one.", messages.INFO)
        return HttpResponseRedirect(change_url(kept))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        found, twice = super().get_search_results(request, queryset, search_term)
        model: Any = self.model
        led = model.find_former([search_term]) if SLUG.fullmatch(search_term) else {}
        return (found | queryset.filter(pk__in=[one.pk for one in led.values()]) if led else found), twice

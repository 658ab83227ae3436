"""Entities of every type: companies, people, agreements, investments, plants, patents, events, topics."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from claims.admin.compare import compare_selected
from claims.admin.conflicts import cannot_all_be_true
from claims.admin.duplicates import TellsOfDuplicates
from claims.admin.leading import LeadsOn
from claims.admin.merge import merge_selected
from claims.admin.readings import ReadingAdmin
from claims.admin.standing import FieldStandings
from claims.contract import TABLES
from claims.models import Claim, Entity, Ownership, Person, Position
from evidence.admin.bases import PartInline, inline_for, register
from evidence.admin.panels import Panel, change_url, gone, list_url
from evidence.contract import by_model, by_name

tables = by_name(TABLES)
leaves = [table for table in TABLES if issubclass(table.model, Entity)]

claims_about = Panel(
    "Claims",
    lambda entity: Claim.objects.filter(subject=entity.pk).select_related("predicate"),
    ("statement", "predicate", "value", "when", "confidence", "review"),
    lambda entity: list_url(Claim, subject__id__exact=entity.pk),
    pick=cannot_all_be_true(),
)


class OwnerInline(PartInline):
    """Who owns the entity."""

    model = Ownership
    table = tables["ownerships"]
    fk_name = "owned"
    verbose_name = "owner"
    verbose_name_plural = "owners"


class EntityAdmin(LeadsOn, TellsOfDuplicates, FieldStandings, ReadingAdmin):
    """The page of an entity of any type, with the standing of its fields, its owners and the claims about it."""

    change_form_template = "admin/entity_change_form.html"
    change_list_template = "admin/entity_change_list.html"
    panels = (claims_about,)
    actions = (compare_selected, merge_selected)
    inlines: ClassVar[tuple[type[PartInline], ...]] = (OwnerInline,)

    class Media:
        js = ("claims/similar.js",)


class PersonAdmin(EntityAdmin):
    """The page of a person, with the positions they hold."""

    inlines = (inline_for(tables["positions"]),)


for table in leaves:
    base = PersonAdmin if table.model is Person else EntityAdmin
    admin.site.register(table.model, type(f"{table.model.__name__}Admin", (base,), {"table": table}))

register((by_model(TABLES)[Ownership], by_model(TABLES)[Position]), admin.site)


@admin.register(Entity)
class AnyEntityAdmin(LeadsOn):
    """All entities in one list, for searching and choosing; each opens as its own type."""

    change_list_template = "admin/entity_change_list.html"
    list_display = ("name", "slug", "type", "basis", "confidence", "review")
    list_filter = ("type", "basis", "confidence", "review")
    actions = (compare_selected,)
    search_fields = ("name", "slug", "as_company__aliases", "as_topic__aliases", "as_plant__aliases")
    ordering = ("name",)
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        entity = self.get_object(request, object_id)
        if entity is None:
            return gone(self, request, object_id)
        return HttpResponseRedirect(change_url(entity))

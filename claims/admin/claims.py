"""Predicates, claims with their citations and premises, and these parts in lists of their own."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from claims.admin.conflicts import cannot_all_be_true, note_conflict
from claims.admin.readings import PredicateChoices, PredicateSelect, ReadingAdmin
from claims.contract import TABLES
from claims.forms import ClaimPreview, reading_of, versus_of
from claims.models import Citation, Claim, Conflict, Predicate, Premise
from evidence.admin.bases import PartInline, RecordAdmin, register
from evidence.admin.panels import Panel, list_url
from evidence.contract import by_name

tables = by_name(TABLES)


class CitationInline(PartInline):
    """Where the claim stands: document, place and words, and how the document puts it."""

    model = Citation
    table = tables["citations"]
    layout = (
        ("source", "locator", "stance"),
        "quote",
        ("prefix", "suffix"),
        ("presented_as", "certainty", "credibility"),
        ("attributed_to", "said", "via"),
        "note",
        "slug",
    )


class PremiseInline(PartInline):
    """What the claim is inferred from."""

    model = Premise
    table = tables["premises"]
    fk_name = "conclusion"
    layout = (("premise", "role"), "note")


class ContestedFilter(admin.SimpleListFilter):
    """Whether something speaks against a claim."""

    title = "contested"
    parameter_name = "contested"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "In an open conflict, or refuted"), ("no", "Not contested")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        asked = {"yes": queryset.contested, "no": queryset.uncontested}.get(self.value() or "")
        return asked() if asked else None


@admin.register(Claim)
class ClaimAdmin(ReadingAdmin):
    """The page of a claim: what it states, where that stands, and what it is inferred from."""

    table = tables["claims"]
    layout = (
        "statement",
        ("subject", "predicate", "object"),
        ("value", "unit", "negated"),
        "reading",
        ("when", "scope", "modality"),
        "compared",
        "reasoning",
        "investigations",
        "slug",
    )
    inlines = (CitationInline, PremiseInline)
    actions = (note_conflict,)

    class Media:
        js = ("claims/claim_form.js",)

    panels = (
        Panel(
            "Conflicts it is in",
            lambda claim: Conflict.objects.filter(members=claim),
            ("explanation", "kind", "status", "resolution"),
            lambda claim: list_url(Conflict, members__id__exact=claim.pk),
        ),
        Panel(
            "Conclusions drawn from it",
            lambda claim: Premise.objects.filter(premise=claim).select_related("conclusion", "premise"),
            ("conclusion", "role", "note"),
            lambda claim: list_url(Premise, premise__id__exact=claim.pk),
        ),
    )

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("statement", "subject", "basis", "confidence", "review", "contested")

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        codes = ("review", "basis", "confidence", "value_state", "modality", "negated", "subject__type")
        return (ContestedFilter, *codes)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        claims: Any = super().get_queryset(request)
        return claims.with_contested()

    @admin.display(description="Contested", empty_value="")
    def contested(self, claim: Any) -> str:
        """Whether it is in an open conflict, or refuted by a citation."""
        return "contested" if claim.contested else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), "reading", "compared")

    @admin.display(description="Read as")
    def reading(self, claim: Claim) -> str:
        """What the value is read as; while it is typed the form's script keeps it up to date."""
        found = reading_of(claim)
        return format_html(
            '<output id="reading" class="reading" for="id_value id_unit" aria-live="polite" '
            'data-preview="{}" data-state="{}">{}</output>',
            reverse("admin:claims_claim_preview"),
            found["state"],
            found["told"],
        )

    @admin.display(description="Against the others")
    def compared(self, claim: Claim) -> str:
        """How it stands to the other claims of its subject and predicate, kept up to date like the reading."""
        found = mark_safe(versus_of(claim))  # noqa: S308 - rendered by a template, which escapes
        return format_html(
            '<div id="compared" aria-live="polite" data-claim="{}">{}</div>', claim.pk or "", found
        )

    def get_urls(self) -> list[Any]:
        asked = {"preview": self.preview, "predicates": PredicateChoices.as_view(admin_site=self.admin_site)}
        own = [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"claims_claim_{name}")
            for name, view in asked.items()
        ]
        return [*own, *super().get_urls()]

    def preview(self, request: HttpRequest) -> JsonResponse:
        """What the ledger makes of a claim while it is typed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        key = request.GET.get("claim", "")
        stored = Claim.objects.filter(pk=key).first() if key.isascii() and key.isdigit() else None
        return JsonResponse(ClaimPreview(request.GET, instance=stored).answer())

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "predicate":
            kwargs["widget"] = PredicateSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Predicate)
class PredicateAdmin(RecordAdmin):
    """The page of a predicate, with claims that use it."""

    table = tables["predicates"]
    panels = (
        Panel(
            "Claims",
            lambda predicate: Claim.objects.filter(predicate=predicate).select_related("subject"),
            ("statement", "subject", "value", "review"),
            lambda predicate: list_url(Claim, predicate__id__exact=predicate.pk),
            pick=cannot_all_be_true(),
        ),
    )


@admin.register(Citation)
class CitationAdmin(RecordAdmin):
    """The list of citations, in which claims of one source can be marked."""

    table = tables["citations"]
    actions = (note_conflict,)


register((tables["premises"],), admin.site)

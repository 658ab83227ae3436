"""Predicates, claims with their citations and premises, and these parts in lists of their own."""

from django.contrib import admin
from django.http import HttpRequest

from claims.admin.conflicts import cannot_all_be_true, note_conflict
from claims.contract import TABLES
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


@admin.register(Claim)
class ClaimAdmin(RecordAdmin):
    """The page of a claim: what it states, where that stands, and what it is inferred from."""

    table = tables["claims"]
    layout = (
        "statement",
        ("subject", "predicate", "object"),
        ("value", "unit", "negated"),
        ("when", "scope", "modality"),
        "reasoning",
        "investigations",
        "slug",
    )
    inlines = (CitationInline, PremiseInline)
    actions = (note_conflict,)
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
        return ("statement", "subject", "basis", "confidence", "review")

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        return ("review", "basis", "confidence", "modality", "negated", "subject__type")


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

"""Sources, with the claims that cite them."""

from django.contrib import admin

from claims.admin.conflicts import cannot_all_be_true
from claims.contract import TABLES
from claims.models import Citation
from evidence.admin.bases import RecordAdmin
from evidence.admin.panels import Panel, list_url
from evidence.contract import by_name
from evidence.models import Source


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    """The page of a document."""

    table = by_name(TABLES)["sources"]
    panels = (
        Panel(
            "Citations",
            lambda source: Citation.objects.filter(source=source).select_related("claim"),
            ("claim", "locator", "quote", "stance"),
            lambda source: list_url(Citation, source__id__exact=source.pk),
            pick=cannot_all_be_true("claim_id"),
        ),
    )

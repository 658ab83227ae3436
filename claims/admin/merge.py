"""Merging two entities: both side by side, field by field, what would move, and the reason."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from claims.admin.choosing import ENTITY, ChoosingForm, address, with_added
from claims.admin.duplicates import MERGE, may_merge
from claims.forms import MergeForm
from claims.models import Entity
from claims.services.merging import Preview, merge, preview
from claims.services.side_by_side import find_sides
from evidence.admin.panels import change_url
from evidence.choices import Door
from evidence.domain.text import counted
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused
from evidence.services.roles import may

TWICE_SHOWN = 10
"""How many of the records that name both are listed."""


def merge_page(request: HttpRequest) -> HttpResponse:
    """Two entities, the first of which stays: what merging them would do, and doing it."""
    if not may(request.user, "view", Entity):
        raise PermissionDenied
    if added := with_added(request, MERGE):
        return HttpResponseRedirect(added)
    sides, refused = find_sides(request.GET.getlist(ENTITY))
    if len(sides) > 2:
        refused = [*refused, "Two at a time; uncheck the others."]
    if refused or len(sides) < 2:
        return _page(request, {"entities": sides, "refused": refused, "hint": not refused})
    kept, gone = (Entity.objects.get(pk=side.row) for side in sides)
    if not (may_merge(request.user, kept) and may_merge(request.user, gone)):
        raise PermissionDenied
    return _merging(request, preview(kept=kept, gone=gone))


@admin.action(description="Merge the two selected records …", permissions=["change"])
def merge_selected(desk: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet) -> HttpResponse | None:
    """Open the page on which the two marked entities are merged."""
    slugs = list(chosen.order_by("pk").values_list("slug", flat=True)[:3])
    if len(slugs) == 2:
        return HttpResponseRedirect(address(MERGE, slugs))
    desk.message_user(request, "Mark two records to merge them.", messages.ERROR)
    return None


def _merging(request: HttpRequest, shown: Preview) -> HttpResponse:
    """The page of two records that can be merged or cannot, and what was sent from it."""
    form = MergeForm(shown, request.POST if request.method == "POST" else None)
    refused = [str(finding) for finding in shown.refused]
    if not refused and request.method == "POST" and form.is_valid():
        try:
            with change(actor=request.user, door=Door.ADMIN, reason=form.cleaned_data["reason"]):
                merge(kept=shown.kept, gone=shown.gone, choose=form.choose)
        except ChangeRefused as found:
            refused = [str(finding) for finding in found.findings]
        else:
            messages.success(request, _done(shown))
            return HttpResponseRedirect(change_url(shown.kept))
    slugs = [shown.kept.slug, shown.gone.slug]
    context = {
        "shown": shown,
        "form": form,
        "refused": refused,
        "refusable": not shown.refused,
        "turned": address(MERGE, reversed(slugs)),
        "compare": address("admin:claims_compare", slugs),
        "kept_url": change_url(shown.kept),
        "gone_url": change_url(shown.gone),
        "twice": [(change_url(one), str(one)) for one in shown.twice[:TWICE_SHOWN]],
        "more_twice": len(shown.twice) > TWICE_SHOWN,
    }
    return _page(request, context)


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    choosing = ChoosingForm()
    own = {"title": "Merge two records", "choosing": choosing, "media": choosing.media}
    return TemplateResponse(
        request, "admin/merge.html", {**admin.site.each_context(request), **own, **context}
    )


def _done(shown: Preview) -> str:
    moved = sum(one.rows for one in shown.moves)
    return (
        f"“{shown.gone}” ({shown.gone.slug}) was merged into this record; {counted(moved, 'place')} that named it "
        f"{'names' if moved == 1 else 'name'} this one now."
    )

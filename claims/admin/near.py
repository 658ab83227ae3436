"""What is nearly in conflict, as a page beside the list of conflicts."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.admin.badges import KINDS_OF_NEAR
from claims.admin.choosing import ENTITY, ChoosingForm, address, with_added
from claims.models import Conflict
from claims.services.conflicts.near import START, Group, Kind, near_conflicts
from claims.services.showing import cited
from claims.services.side_by_side import Side, find_sides
from evidence.admin.panels import is_key
from evidence.services.roles import may

PAGE = "admin:claims_conflict_near"
KIND, AFTER = "kind", "after"


def near_page(request: HttpRequest) -> HttpResponse:
    """Pairs kept apart by scope or modality alone, and pairs compatible in a reading only."""
    user: Any = request.user
    if not user.has_perm("claims.view_claim"):
        raise PermissionDenied
    if added := with_added(request, PAGE):
        return HttpResponseRedirect(added)
    return TemplateResponse(request, "admin/conflict_near.html", _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    sides, refused = find_sides(request.GET.getlist(ENTITY))
    if len(sides) > 1:
        refused = [*refused, "One entity at a time; uncheck the others."]
    kind, after = request.GET.get(KIND, ""), request.GET.get(AFTER, "")
    if kind and kind not in list(Kind):
        refused = [*refused, f"There is no kind “{kind}”; there are {', '.join(Kind)}."]
    if after and _group(after) is None:
        refused = [*refused, f"“{after}” is no place in the list; start at its beginning."]
    return {
        **admin.site.each_context(request),
        "title": "Nearly in conflict",
        "entities": sides,
        "refused": refused,
        "kind": kind,
        "kinds": KINDS_OF_NEAR.items(),
        "form": (form := ChoosingForm()),
        "media": form.media,
        "may_note": may(request.user, "add", Conflict),
        **({} if refused else _found(request, sides)),
    }


def _found(request: HttpRequest, sides: list[Side]) -> dict[str, Any]:
    kind = request.GET.get(KIND)
    page = near_conflicts(
        kinds=(Kind(kind),) if kind else tuple(Kind),
        subject=sides[0].row if sides else None,
        after=_group(request.GET.get(AFTER, "")) or START,
    )
    slugs, kept = [side.slug for side in sides], {KIND: kind} if kind else {}
    following = {**kept, AFTER: "{}.{}".format(*page.next)} if page.next else {}
    return {
        "page": page,
        "pairs": [(pair, [KINDS_OF_NEAR[kind] for kind in pair.near.kinds]) for pair in page.pairs],
        "sources": cited(claim for pair in page.pairs for claim in (pair.a, pair.b)),
        "next": address(PAGE, slugs, following) if page.next else "",
        "first": address(PAGE, slugs, kept) if request.GET.get(AFTER) else "",
        "note": reverse("admin:claims_conflict_add"),
    }


def _group(text: str) -> Group | None:
    """The group that a cursor names, as “12.7”; None where it names none."""
    subject, _, predicate = text.partition(".")
    return (int(subject), int(predicate)) if is_key(subject) and is_key(predicate) else None

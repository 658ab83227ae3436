"""Entities side by side by predicate, as a page and as JSON, and the action that opens it from a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse

from claims.admin.badges import LIKENESSES, ONE_SIDED, Badge
from claims.admin.choosing import ADD, ENTITY, ChoosingForm, address, with_added
from claims.domain.comparing.likeness import AGREEING
from claims.exchange.compared import as_json
from claims.services.showing import cited
from claims.services.side_by_side import (
    FEWEST,
    MOST,
    CompareRefused,
    PairOfClaims,
    PairOfEntities,
    Row,
    SideBySide,
    find_sides,
    side_by_side,
)

PAGE = "admin:claims_compare"
COMMON = "common"
"""The parameter that leaves out what is claimed of one entity only."""

FORMAT = "format"
WORDS = {ENTITY: (), ADD: (), COMMON: ("1",), FORMAT: ("json",)}
"""The parameters, and the words that they take; none where they take any."""


@dataclass(frozen=True, slots=True)
class ShownPair:
    """Two entities under one predicate: the verdict, the pairs of claims that show it, and the rest."""

    pair: PairOfEntities
    badge: Badge
    telling: tuple[tuple[Badge, PairOfClaims], ...]
    rest: tuple[tuple[Badge, PairOfClaims], ...]

    @property
    def alone(self) -> bool:
        """Whether the one pair that stands open says no other word than the two entities."""
        return [badge for badge, _ in self.telling] == [self.badge]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the table, with its badge."""

    row: Row
    badge: Badge
    pairs: tuple[ShownPair, ...]


def compare_page(request: HttpRequest) -> HttpResponse:
    """What is claimed of some entities, side by side."""
    user: Any = request.user
    if not user.has_perm("claims.view_claim"):
        raise PermissionDenied
    if added := with_added(request, PAGE):
        return HttpResponseRedirect(added)
    slugs = request.GET.getlist(ENTITY)
    compared, refused = _compared(slugs)
    if FORMAT in request.GET:
        return _json(request, compared, refused)
    return TemplateResponse(request, "admin/compare.html", _context(request, slugs, compared, refused))


@admin.action(description="Compare the selected entities side by side", permissions=["view"])
def compare_selected(
    desk: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet
) -> HttpResponseRedirect | None:
    """Open the comparison for the marked entities."""
    slugs = list(chosen.order_by("slug").values_list("slug", flat=True)[: MOST + 1])
    if FEWEST <= len(slugs) <= MOST:
        return HttpResponseRedirect(address(PAGE, slugs))
    desk.message_user(request, f"Mark {FEWEST} to {MOST} entities to compare them.", messages.ERROR)
    return None


def _compared(slugs: list[str]) -> tuple[SideBySide, tuple[str, ...]]:
    """The comparison, or why there is none."""
    try:
        return side_by_side(slugs=slugs), ()
    except CompareRefused as found:
        return SideBySide((), ()), found.messages


def _json(request: HttpRequest, compared: SideBySide, refused: tuple[str, ...]) -> HttpResponse:
    if errors := [*_unknown_parameters(request), *refused]:
        problem = {"title": "Bad request", "status": 400, "detail": " ".join(errors), "errors": errors}
        return JsonResponse(problem, status=400, content_type="application/problem+json")
    return JsonResponse(as_json(compared, _chosen(request, compared)))


def _unknown_parameters(request: HttpRequest) -> Iterator[str]:
    for name, value in request.GET.items():
        if name not in WORDS:
            yield f"There is no parameter “{name}”; there are {', '.join(WORDS)}."
        elif WORDS[name] and value not in WORDS[name]:
            yield f"The parameter {name} does not take “{value}”; it takes {' or '.join(WORDS[name])}."


def _kept(request: HttpRequest) -> dict[str, str]:
    return {COMMON: request.GET[COMMON]} if COMMON in request.GET else {}


def _chosen(request: HttpRequest, compared: SideBySide) -> tuple[Row, ...]:
    return compared.common if request.GET.get(COMMON) == "1" else compared.rows


def _context(
    request: HttpRequest, slugs: list[str], compared: SideBySide, refused: tuple[str, ...]
) -> dict[str, Any]:
    form, rows = ChoosingForm(), _chosen(request, compared)
    sides, wrong = find_sides(slugs)
    return {
        **admin.site.each_context(request),
        "title": "Entities side by side",
        "entities": sides,
        "refused": wrong,
        "hint": "" if wrong else " ".join(refused),
        "rows": [_shown(row) for row in rows],
        "sources": cited(claim for row in rows for cell in row.cells for claim in cell.claims),
        "hidden": len(compared.rows) - len(rows),
        "most": MOST,
        "common": request.GET.get(COMMON) == "1",
        "form": form,
        "media": form.media,
        "json": address(PAGE, [side.slug for side in compared.entities], {**_kept(request), FORMAT: "json"}),
    }


def _shown(row: Row) -> ShownRow:
    badge = LIKENESSES[row.likeness] if row.likeness else ONE_SIDED
    return ShownRow(row, badge, tuple(map(_shown_pair, row.pairs)))


def _shown_pair(pair: PairOfEntities) -> ShownPair:
    """The pairs of claims whose values agree stand open, else the closest; the others can be unfolded."""
    told = [(LIKENESSES[one.likened.likeness], one) for one in pair.claims]
    agreeing = [one for one in told if one[1].likened.likeness in AGREEING and not one[1].likened.separators]
    telling = agreeing or told[:1]
    rest = [one for one in told if one not in telling]
    return ShownPair(pair, LIKENESSES[pair.summary.likeness], tuple(telling), tuple(rest))

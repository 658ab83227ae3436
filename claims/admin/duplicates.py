"""What may be one thing: told while a new entity is typed and when it is saved, and listed to be judged."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.admin.choosing import ENTITY, address
from claims.choices import EntityType
from claims.forms import resembled_part
from claims.models import Distinction, Entity
from claims.services.duplicates import Proposal, Similar, hold_apart, proposals, similar
from evidence.admin.panels import change_url
from evidence.choices import Door
from evidence.services.changes import change
from evidence.services.findings import ChangeRefused
from evidence.services.roles import may

PAGE, DIFFERENT, MERGE = "admin:claims_duplicates", "admin:claims_different", "admin:claims_merge"
TYPE, FROM = "type", "from"
SHOWN = 50
"""How many proposals a page shows."""


class TellsOfDuplicates(ModelAdmin):
    """Mixed into the admin of entities: a new one that resembles another is told of, and never refused."""

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_similar"
        return [path("similar/", self.admin_site.admin_view(self.similar), name=name), *super().get_urls()]

    def similar(self, request: HttpRequest) -> JsonResponse:
        """What a new entity may be the same as, as it is typed so far."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return JsonResponse({"similar": resembled_part(self.model, request.GET)})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for one in () if change else similar(form.instance):
            self.message_user(request, told(form.instance, one), messages.WARNING)


def told(saved: Entity, one: Similar) -> SafeString:
    """That an entity which was saved resembles another, and the ways out."""
    return format_html(
        'It may be the same as <a href="{}">{}</a> ({}). If it is, <a href="{}">merge the two</a>; if it is not, '
        'say so in the <a href="{}">list of duplicates</a>.',
        change_url(one.entity),
        one.entity,
        "; ".join(one.reasons),
        address(MERGE, [one.entity.slug, saved.slug]),
        f"{reverse(PAGE)}?{TYPE}={saved.type}",
    )


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A pair for the page, with the addresses of what can be done about it; empty where the user may not."""

    proposal: Proposal
    merge: str
    compare: str

    @property
    def entities(self) -> tuple[Entity, Entity]:
        """Both, the one first that had better stay."""
        return self.proposal.first, self.proposal.second


def duplicates_page(request: HttpRequest) -> HttpResponse:
    """The pairs of entities that may be one, with what speaks for it."""
    if not may(request.user, "view", Entity):
        raise PermissionDenied
    refused, type_, start = _asked(request)
    found, number = ([], 0) if refused else proposals(types=[type_] if type_ else [], most=start + SHOWN)
    shown = found[start:]
    kept = {TYPE: type_} if type_ else {}
    following = address(PAGE, (), {**kept, FROM: str(start + SHOWN)}) if number > start + SHOWN else ""
    context = {
        **admin.site.each_context(request),
        "title": "Possible duplicates",
        "refused": refused,
        "type": type_,
        "types": EntityType.choices,
        "proposals": [_shown(request, one) for one in shown],
        "number": number,
        "start": start,
        "next": following,
        "first": address(PAGE, (), kept) if start else "",
        "may_judge": may(request.user, "add", Distinction),
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/duplicates.html", context)


def different(request: HttpRequest) -> HttpResponse:
    """Remember that two entities are different, and why."""
    if request.method != "POST" or not may(request.user, "add", Distinction):
        raise PermissionDenied
    back = reverse(PAGE)
    if request.POST.get(TYPE, "") in EntityType.values:
        back += f"?{TYPE}={request.POST[TYPE]}"
    pair = list(Entity.objects.filter(slug__in=request.POST.getlist(ENTITY)).order_by("slug"))
    said, level = _judge(request, pair)
    messages.add_message(request, level, said)
    return HttpResponseRedirect(back)


def may_merge(user: Any, entity: Entity) -> bool:
    """Whether the user may merge entities of this one's type: it changes one and deletes the other."""
    leaf: Any = entity.leaf_model
    return may(user, "change", leaf) and may(user, "delete", leaf)


def _judge(request: HttpRequest, pair: list[Entity]) -> tuple[str, int]:
    if len(pair) != 2:
        return "One of the two is there no longer; look at the list again.", messages.ERROR
    reason = request.POST.get("reason", "")
    if not reason.strip():
        return f"Say what tells “{pair[0]}” and “{pair[1]}” apart; nothing was remembered.", messages.ERROR
    try:
        with change(actor=request.user, door=Door.ADMIN, reason=reason):
            hold_apart(entity=pair[0], other=pair[1], reason=reason)
    except ValidationError as refused:
        return " ".join(refused.messages), messages.ERROR
    except ChangeRefused as refused:
        return str(refused), messages.ERROR
    return f"“{pair[0]}” and “{pair[1]}” are different, and are not proposed again.", messages.SUCCESS


def _asked(request: HttpRequest) -> tuple[list[str], str, int]:
    """What is wrong with the request, the type of entities asked for, and the place in the list."""
    type_, start = request.GET.get(TYPE, ""), request.GET.get(FROM, "0")
    refused = []
    if type_ and type_ not in EntityType.values:
        refused.append(f"There is no type “{type_}”; there are {', '.join(EntityType.values)}.")
    if not (start.isascii() and start.isdigit() and len(start) < 7):
        refused.append(f"“{start}” is no place in the list; start at its beginning.")
    return refused, type_, 0 if refused else int(start)


def _shown(request: HttpRequest, one: Proposal) -> ShownProposal:
    slugs = [one.first.slug, one.second.slug]
    merge = address(MERGE, slugs) if may_merge(request.user, one.first) else ""
    return ShownProposal(one, merge, address("admin:claims_compare", slugs))

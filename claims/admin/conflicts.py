"""Conflicts: found ones are decided here, others are noted here; their positions stand side by side."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from claims.choices import ConflictStatus, Resolution, Within
from claims.contract import TABLES
from claims.models import Claim, Conflict
from claims.services import conflicts
from claims.services.conflicts.telling import tell
from evidence.admin.bases import RecordAdmin
from evidence.admin.panels import Pick, is_key
from evidence.choices import Door
from evidence.contract import by_name
from evidence.domain.text import counted
from evidence.forms import RecordForm
from evidence.services.changes import change
from evidence.services.history import history_model
from evidence.services.slugs import numbered, propose_slug

CHOSEN = "claim"
"""The name under which pages send the claims that somebody marked."""


class ConflictForm(RecordForm):
    """The form of a conflict: with a resolution it is resolved, without one it is open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "explanation" in self.fields:
            self.fields["explanation"].required = True

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if "resolution" in cleaned:
            decided = bool(cleaned["resolution"])
            self.instance.status = ConflictStatus.RESOLVED if decided else ConflictStatus.OPEN
        return cleaned

    def _take_proposed_slug(self, cleaned: dict[str, Any]) -> None:
        """Numbered where the same was said of other claims; of the same, it was noted already."""
        proposed = propose_slug(Conflict, cleaned)
        said = Conflict.objects.filter(explanation=cleaned.get("explanation")).prefetch_related("members")
        members = set(cleaned.get("members") or ())
        if not proposed or any(set(conflict.members.all()) == members for conflict in said):
            super()._take_proposed_slug(cleaned)
        else:
            cleaned["slug"] = numbered(Conflict, proposed, ())

    def _get_validation_exclusions(self) -> set[str]:
        # The status follows from the form, so the rules about it are checked although it is none of its fields.
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # missing in the stubs
        return excluded - {"status"}


class WithinFilter(admin.SimpleListFilter):
    """Between what the claims disagree."""

    title = "between what"
    parameter_name = "within"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Within.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(within__contains=self.value()) if self.value() else queryset


@admin.register(Conflict)
class ConflictAdmin(RecordAdmin):
    """The page of a conflict."""

    table = by_name(TABLES)["conflicts"]
    form = ConflictForm
    change_form_template = "admin/conflict_change_form.html"
    change_list_template = "admin/conflict_change_list.html"
    ordering = ("status", "slug")
    layout = (
        "explanation",
        "members",
        ("kind", "subject", "predicate"),
        "extent",
        ("standing", "resolution"),
        "reason",
        "slug",
    )
    search_fields = ("slug", "explanation", "subject__name", "predicate__label", "members__statement")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return ("explanation", "subject", "predicate", "kind", "standing", "extent")

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        return ("status", "kind", "resolution", WithinFilter, "subject__type")

    def get_list_select_related(self, request: HttpRequest) -> tuple[str, ...]:
        return ("subject", "predicate")

    @admin.display(description="Between what")
    def extent(self, conflict: Conflict) -> str:
        """Between what the claims disagree, in words."""
        return "; ".join(str(Within(word).label) for word in conflict.within)

    @admin.display(description="Status", ordering="status")
    def standing(self, conflict: Conflict) -> str:
        """Whether it is open, or how it was resolved."""
        decision = f": {conflict.get_resolution_display().lower()}" if conflict.resolution else ""
        return f"{conflict.get_status_display()}{decision}"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        shown = ("kind", "subject", "predicate", "extent", "standing")
        fixed = (*super().get_readonly_fields(request, obj), *shown)
        return (*fixed, *obj.derived_columns) if obj is not None else fixed

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        sets = super().get_fieldsets(request, obj)
        if obj is None:
            sets[0] = (None, {"fields": ["explanation", "members", "slug"]})
        elif obj.is_derived:
            sets[0] = (None, {"fields": [name for name in self.layout if name != "members"]})
        else:
            shown = ("explanation", "members", "kind", "extent", ("standing", "resolution"), "reason", "slug")
            sets[0] = (None, {"fields": shown})
        return sets

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        chosen = [row for row in request.GET.getlist(CHOSEN) if is_key(row)]
        return {**super().get_changeform_initial_data(request), "members": chosen}

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_derived)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = kwargs.get("obj") or (args[3] if len(args) > 3 else None)
        told = {"told": tell(record)} if record is not None else {}
        return super().render_change_form(request, {**context, **told}, *args, **kwargs)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """A conflict goes when its claims agree, also while somebody has its page open."""
        past = history_model(Conflict).objects.filter(id=object_id) if is_key(object_id) else []
        if not past:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        said = f"The conflict “{past[0].slug}” is gone: its claims conflict no longer, or it was deleted."
        self.message_user(request, said, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:claims_conflict_changelist"))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        if self.has_change_permission(request):
            for code in Resolution:
                name = f"resolve_{code.value}"
                found[name] = (_resolve(code), name, f"Resolve: {code.label.lower()}")
            found["reopen"] = (_reopen, "reopen", "Open again")
        return found


def _resolve(code: Resolution) -> Callable[[ConflictAdmin, HttpRequest, QuerySet], None]:
    def action(desk: ConflictAdmin, request: HttpRequest, chosen: QuerySet) -> None:
        reason = request.POST.get("reason", "")
        _decide(
            desk, request, chosen, lambda one: conflicts.resolve(conflict=one, resolution=code, reason=reason)
        )

    return action


def _reopen(desk: ConflictAdmin, request: HttpRequest, chosen: QuerySet) -> None:
    reason = request.POST.get("reason", "")
    _decide(desk, request, chosen, lambda one: conflicts.reopen(conflict=one, reason=reason))


def _decide(
    desk: ConflictAdmin, request: HttpRequest, chosen: QuerySet, decide: Callable[[Conflict], Conflict]
) -> None:
    """Decide about all that were chosen, or about none."""
    try:
        with change(actor=request.user, door=Door.ADMIN, reason=request.POST.get("reason", "")):
            decided = [decide(conflict) for conflict in chosen]
    except ValidationError as refused:
        for message in refused.messages:
            desk.message_user(request, f"{message} Write it in the bar above the list.", messages.ERROR)
        return
    desk.message_user(request, f"Decided: {counted(len(decided), 'conflict')}.", messages.SUCCESS)


@admin.action(description="These cannot all be true …", permissions=["view"])
def note_conflict(desk: admin.ModelAdmin, request: HttpRequest, chosen: QuerySet) -> HttpResponse | None:
    """Open the page on which a conflict between the marked claims is noted."""
    claims = list(dict.fromkeys(chosen.values_list(_claim_column(desk), flat=True)))
    if len(claims) < 2:
        desk.message_user(request, "A conflict is between claims; mark at least two.", messages.ERROR)
        return None
    address = reverse("admin:claims_conflict_add")
    return HttpResponseRedirect(f"{address}?{urlencode({CHOSEN: claims}, doseq=True)}")


def _claim_column(desk: admin.ModelAdmin) -> str:
    """The column by which a list names claims."""
    return "pk" if desk.model is Claim else "claim"


def cannot_all_be_true(column: str = "pk") -> Pick:
    """What a panel of claims, or of what names claims in a column, offers for those that are marked."""
    return Pick("These cannot all be true …", lambda: reverse("admin:claims_conflict_add"), CHOSEN, column)

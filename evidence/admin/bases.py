"""The admin of any record, derived from the contract: lists, forms, parts inline, and one change a form."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse

from evidence.admin.exporting import Exporting
from evidence.admin.panels import Panel, gone, is_key, list_url
from evidence.admin.widgets import RecordSelect, RecordSelectMultiple, tell_labels
from evidence.choices import Door, Review
from evidence.contract import JUDGED, Kind, Table
from evidence.domain.review import BY_REVIEWERS, NEW, Step, objection
from evidence.domain.text import counted
from evidence.fields import LineField, PartialDateField
from evidence.forms import SEEN, SHOWN_PARTS, PartForm, PartFormSet, RecordForm, date_reading
from evidence.models import Part, Reviewed
from evidence.services.changes import change, close
from evidence.services.findings import ChangeRefused
from evidence.services.roles import is_reviewer
from evidence.services.stories import story
from evidence.services.units import Unit

WIDGETS: dict[Any, dict[str, Any]] = {
    LineField: {"widget": AdminTextInputWidget},
    PartialDateField: {"widget": AdminTextInputWidget(attrs={"data-reads": "date"})},
}
"""A field of one line is typed into one line, although it is stored as text; a date is read while it is typed."""

MOST_PARTS_SENT = 300
"""How many parts a form may send; somebody who asks for thousands would keep the server busy."""

ROWS_A_PAGE = 50
LISTED = (
    "name",
    "title",
    "statement",
    "label",
    "text",
    "explanation",
    "claim",
    "conclusion",
    "premise",
    "hypothesis",
)
REASON = "change_reason"


def listed(value: str | list[str]) -> list[str]:
    """The texts that an address gives for a column of one or of several references."""
    return [value] if isinstance(value, str) else value


class ReasonedActionForm(ActionForm):
    """The bar above a list: what to do with the chosen records, and why."""

    reason = forms.CharField(required=False, label="Reason", max_length=500)


class RecordAdmin(Exporting):
    """Lists and forms of one table."""

    table: ClassVar[Table]
    panels: ClassVar[tuple[Panel, ...]] = ()
    layout: ClassVar[tuple[str | tuple[str, ...], ...]] = ()
    """The main columns in the order of the form, those of one row together; the contract's order by default."""

    form = RecordForm
    formfield_overrides = WIDGETS
    action_form = ReasonedActionForm
    change_form_template = "admin/record_change_form.html"
    change_list_template = "admin/record_change_list.html"
    list_per_page = ROWS_A_PAGE
    show_full_result_count = False
    save_on_top = False

    class Media:
        js = ("evidence/readings.js",)

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_dates"
        return [path("dates/", self.admin_site.admin_view(self.dates), name=name), *super().get_urls()]

    def dates(self, request: HttpRequest) -> JsonResponse:
        """What a date is read as while it is typed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return JsonResponse(date_reading(request.GET.get("text", "")))

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        names = self.table.by_name
        leading = [name for name in LISTED if name in names][:2] or ["__str__"]
        standing = [name for name in (*JUDGED, "review") if name in names]
        codes = [name for name in self.table.of_kind(Kind.CODE) if name not in standing][:2]
        return (*leading, *(["slug"] if "slug" in names else []), *codes, *standing)

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        return (*self.table.of_kind(Kind.CODE), *self.table.of_kind(Kind.BOOL))

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return self.table.searched or tuple(f"{name}__slug" for name in self.table.of_kind(Kind.REFERENCE))

    def get_list_select_related(self, request: HttpRequest) -> tuple[str, ...]:
        return tuple(self.table.of_kind(Kind.REFERENCE))

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return tuple(self.table.of_kind(Kind.REFERENCE, Kind.REFERENCES))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = tuple(column.name for column in self.table.columns if column.computed)
        return (*fixed, "slug") if obj is not None and "slug" in self.table.by_name else fixed

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address fills in; where that names no row, it is left empty."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        for name in self.table.of_kind(Kind.REFERENCE, Kind.REFERENCES):
            if not all(map(is_key, listed(initial.get(name, [])))):
                del initial[name]
        return initial

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        names = list(self.table.by_name)
        standing = [name for name in (*JUDGED, "review") if name in names]
        main = self.layout or [name for name in names if name not in (*standing, "notes")]
        sets: list[Any] = [(None, {"fields": main})]
        if standing:
            sets.append(("Standing", {"fields": [*standing, "notes"]}))
        own = [REASON, *([SEEN] if obj is not None else [])]
        return [*sets, ("This change", {"fields": own})] if self._may_write(request, obj) else sets

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        fields = [
            name
            for name in kwargs.pop("fields", None) or self._form_fields(request, obj)
            if name not in (REASON, SEEN)
        ]
        made = super().get_form(request, obj, change, fields=fields, **kwargs)
        reason = forms.CharField(
            required=False, label="Reason for this change", help_text="It stands in the history."
        )
        extra = {REASON: reason, "findings": getattr(request, "findings", ())}
        if obj is not None:
            extra[SEEN] = forms.IntegerField(widget=forms.HiddenInput, initial=obj.version, required=False)
        bound = type(made.__name__, (made,), extra)
        self._limit_review(bound, obj, request)
        return bound

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", RecordSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", RecordSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        show = super().changeform_view
        if request.method != "POST":
            return show(request, object_id, form_url, extra_context)
        try:
            reason = request.POST.get(REASON, "")
            with change(actor=request.user, door=Door.ADMIN, reason=reason) as unit:
                request.unit = unit  # type: ignore[attr-defined]  # carried to save_related
                return show(request, object_id, form_url, extra_context)
        except ChangeRefused as refused:
            # Sent again with what the rules found, the form is shown as it was typed, and nothing is saved.
            request.findings = refused.findings  # type: ignore[attr-defined]
            return show(request, object_id, form_url, extra_context)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        unit: Unit = request.unit  # type: ignore[attr-defined]  # put there by changeform_view
        close(unit)  # before anybody is told that it was saved
        if any(touched.submitted_again for touched in unit.kept(Reviewed)):
            self.message_user(
                request, "It was accepted, and is submitted again: a reviewer has to accept it anew."
            )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = kwargs.get("obj") or (args[3] if len(args) > 3 else None)
        panels = [panel.first(record) for panel in self.panels] if record is not None else []
        return super().render_change_form(request, {**context, "panels": panels}, *args, **kwargs)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        # An entity's row in the table of identity goes with its leaf; nobody deletes it by itself.
        parents = {str(parent._meta.verbose_name) for parent in self.model._meta.all_parents}
        return listed, counts, forbidden - parents, protected

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        with change(actor=request.user, door=Door.ADMIN, reason=request.POST.get("reason", "")):
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with change(actor=request.user, door=Door.ADMIN, reason=request.POST.get("reason", "")):
            super().delete_queryset(request, queryset)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ChangeRefused as refused:
            self._tell(request, refused)
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[object_id]))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        may_import = request.user.has_perm("evidence.add_importbatch") and self.has_add_permission(request)
        context = {"table": self.table, "may_import": may_import, **(extra_context or {})}
        try:
            return super().changelist_view(request, context)
        except ChangeRefused as refused:
            self._tell(request, refused)
            return HttpResponseRedirect(request.get_full_path())

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        record = self.get_object(request, object_id)
        if record is None:
            return gone(self, request, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"History: {record}",
            "chapters": list(story(record)),
            "object": record,
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/record_history.html", context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        found = super().get_actions(request)
        if issubclass(self.model, Reviewed) and self.has_change_permission(request):
            mine = [state for state in STEPS if state not in BY_REVIEWERS or is_reviewer(request.user)]
            for state, words in ((state, STEPS[state]) for state in mine):
                action: Any = _set_review(state, words)
                found[f"set_{state}"] = (action, f"set_{state}", f"{words} the selected records")
        return found

    def _may_write(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_change_permission(request, obj) if obj else self.has_add_permission(request)

    def _form_fields(self, request: HttpRequest, obj: Any) -> list[str]:
        return flatten_fieldsets(self.get_fieldsets(request, obj))

    def _limit_review(self, form: Any, obj: Any, request: HttpRequest) -> None:
        """Offer the states that this user may set, by the rules that the change then applies."""
        field = form.base_fields.get("review")
        if field is None:
            return
        user: Any = request.user
        now, own = (obj.review, obj.edited_by_id == user.pk) if obj else (NEW, False)
        refused = {
            state: objection(
                Step(now, state, content_changed=False, own=own), reviewer=is_reviewer(user), reason="-"
            )
            for state in Review.values
        }
        field.choices = [choice for choice in Review.choices if not refused[choice[0]]]
        if message := refused.get(request.POST.get("review", "")):
            field.error_messages = {**field.error_messages, "invalid_choice": message}

    def _tell(self, request: HttpRequest, refused: ChangeRefused) -> None:
        for finding in refused.findings:
            self.message_user(request, str(finding), messages.ERROR)


STEPS = {
    Review.SUBMITTED: "Submit",
    Review.ACCEPTED: "Accept",
    Review.REJECTED: "Reject",
    Review.RETRACTED: "Retract",
    Review.DRAFT: "Take back to draft",
}


def _set_review(state: Review, words: str) -> Callable[[RecordAdmin, HttpRequest, models.QuerySet], None]:
    def action(desk: RecordAdmin, request: HttpRequest, chosen: models.QuerySet) -> None:
        with change(actor=request.user, door=Door.ADMIN, reason=request.POST.get("reason", "")):
            moved = [record for record in chosen if record.review != state]
            for record in moved:
                record.review = state
                record.save()
        desk.message_user(request, f"{words}: {counted(len(moved), 'record')}.", messages.SUCCESS)

    return action


class PartInline(admin.StackedInline):
    """The parts of a record inside its form, the first of them; the rest stand in their own list."""

    table: ClassVar[Table]
    layout: ClassVar[tuple[str | tuple[str, ...], ...]] = ()
    form = PartForm
    formset = PartFormSet
    formfield_overrides = WIDGETS
    extra = 0
    max_num = MOST_PARTS_SENT
    show_change_link = True
    template = "admin/part_inline.html"

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        references, many = self.table.of_kind(Kind.REFERENCE), self.table.of_kind(Kind.REFERENCES)
        rows = super().get_queryset(request).order_by(*(self.table.model._meta.ordering or ()))
        return rows.select_related(*references).prefetch_related(*many)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = (self.fk_name, *(column.name for column in self.table.columns if column.computed))
        return self.layout or [name for name in self.table.by_name if name not in fixed]

    def get_autocomplete_fields(self, request: HttpRequest) -> tuple[str, ...]:
        return tuple(self.table.of_kind(Kind.REFERENCE, Kind.REFERENCES))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", RecordSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", RecordSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        made = super().get_formset(request, obj, absolute_max=MOST_PARTS_SENT, **kwargs)
        return type(made.__name__, (LabelledFormSet, made), {"table": self.table})


class LabelledFormSet:
    """Tells the record selects of every row what they show, and whether parts are left out."""

    table: ClassVar[Table]

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # of the formset it is mixed into
        if form.instance.pk and not form.is_bound:
            tell_labels(form, form.instance)
        return form

    @property
    def left_out(self) -> str:
        """The address of the list of all parts where the form does not show them all; else empty."""
        if self.initial_form_count() < SHOWN_PARTS:  # type: ignore[attr-defined]
            return ""
        return list_url(self.table.model, **{f"{self.table.model.PARENT}__id__exact": self.instance.pk})  # type: ignore[attr-defined]


def inline_for(part: Table, *, parent: str = "") -> type[PartInline]:
    """The inline of a table of parts."""
    model = part.model
    assert issubclass(model, Part)  # noqa: S101  # for the type checker; a table that is none is our own mistake
    named = {"model": model, "table": part, "fk_name": parent or model.PARENT, "__module__": __name__}
    return type(f"{model.__name__}Inline", (PartInline,), named)


def register(tables: Iterable[Table], site: admin.AdminSite, **options: Any) -> None:
    """Put tables into the admin with what the contract says, and nothing else."""
    for table in tables:
        site.register(
            table.model, type(f"{table.model.__name__}Admin", (RecordAdmin,), {"table": table, **options})
        )

"""Importing in the browser: upload or paste, look at what it would do, confirm that."""

from io import BytesIO
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from claims.admin.templates import offered_templates
from claims.contract import TABLES
from evidence.choices import BatchState
from evidence.domain.text import TextRefused, tidy
from evidence.exchange.batches import (
    BatchRefused,
    Options,
    confirm,
    open_batch,
    preview_of,
)
from evidence.exchange.previews import Preview, shortened
from evidence.exchange.readings import Empty
from evidence.exchange.rejected import NONE_LEFT, rejected_file
from evidence.exchange.writing import ImportRefused
from evidence.models import ImportBatch
from evidence.services.roles import may_import
from evidence.services.undoing import undone_by

NAMED = "pasted"


class UploadForm(forms.Form):
    """What to import, and how to read it."""

    file = forms.FileField(
        required=False, help_text="A file named after its table (companies.csv), or choose one."
    )
    pasted = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 100, "spellcheck": "false"}),
        help_text="Or the rows themselves, the names of the columns first.",
    )
    table = forms.ChoiceField(required=False, help_text="Only where the name of the file does not tell it.")
    empty = forms.ChoiceField(
        label="Empty cells",
        choices=[(Empty.KEEP.value, "keep what is there"), (Empty.CLEAR.value, "empty the field")],
        help_text="The cell #CLEAR always empties its field.",
    )
    reason = forms.CharField(
        required=False, max_length=500, help_text="It stands in the history of every record."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tables = [(table.name, table.name) for table in TABLES]
        self.fields["table"].choices = [("", "as the file is named"), *tables]  # type: ignore[attr-defined]

    def clean_reason(self) -> str:
        try:
            return tidy(self.cleaned_data["reason"])
        except TextRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("file")) == bool((cleaned.get("pasted") or "").strip()):
            raise forms.ValidationError("Choose a file, or paste rows; one of the two.")
        if cleaned.get("pasted") and not cleaned.get("table"):
            self.add_error("table", "Say which table the pasted rows belong to.")
        return cleaned


@admin.register(ImportBatch)
class ImportBatchAdmin(admin.ModelAdmin):
    """Imports: those waiting for their confirmation, and what was written by whom."""

    list_display = ("name", "owner", "opened", "state", "created", "updated", "unchanged", "rejected")
    list_filter = ("state", "door")
    list_select_related = ("owner",)
    search_fields = ("name", "sha256", "reason", "owner__username")
    show_full_result_count = False

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        own = [
            path("<uuid:key>/confirm/", wrap(self.confirm_view), name="evidence_importbatch_confirm"),
            path("<uuid:key>/refused/", wrap(self.refused_view), name="evidence_importbatch_refused"),
        ]
        return [*own, *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may import."""
        return may_import(request.user, [table.model for table in TABLES])

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Take an upload, and show what it would do."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, initial=self._asked(request))
        if request.method == "POST" and form.is_valid():
            batch = self._opened(request, form.cleaned_data)
            return HttpResponseRedirect(reverse("admin:evidence_importbatch_change", args=[batch.pk]))
        asked = request.POST if request.method == "POST" else request.GET
        context = {
            **self.admin_site.each_context(request),
            "title": "Import",
            "form": form,
            "opts": self.opts,
            "ignored": asked.getlist("ignored"),
            "templates": offered_templates(request.user),
        }
        return TemplateResponse(request, "admin/import_upload.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What an import would do, or did."""
        batch = self.get_object(request, object_id)
        if batch is None:
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        own = batch.owner_id == request.user.pk
        preview = preview_of(batch) if own or batch.state == BatchState.WRITTEN else None
        context = {
            **self.admin_site.each_context(request),
            **_shown(preview),
            "title": f"Import of {batch.name}",
            "opts": self.opts,
            "batch": batch,
            "waiting": own and batch.state == BatchState.PREVIEWED,
            "undone_by": undone_by(batch.change) if batch.change else None,
        }
        return TemplateResponse(request, "admin/import_batch.html", context)

    def confirm_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """Write what was shown, once."""
        batch = self.get_object(request, str(key))
        if request.method != "POST" or batch is None or not self.has_add_permission(request):
            raise PermissionDenied
        back = HttpResponseRedirect(reverse("admin:evidence_importbatch_change", args=[key]))
        try:
            confirm(batch, user=request.user, tables=TABLES)
        except BatchRefused as refused:
            self.message_user(request, str(refused), messages.ERROR)
        except ImportRefused as refused:
            for fault in shortened(refused.faults[:20]):
                told = f"In {fault} ({fault.value})" if fault.value else f"In {fault}"
                self.message_user(request, told, messages.ERROR)
            self.message_user(
                request, "Nothing was written. What it would do now stands below.", messages.ERROR
            )
        return back

    def refused_view(self, request: HttpRequest, key: Any) -> HttpResponse:
        """The refused rows with their reasons, as a sheet to be mended and imported."""
        batch = self.get_object(request, str(key))
        if batch is None or batch.owner_id != request.user.pk:
            raise PermissionDenied
        file = rejected_file(batch, TABLES)
        if file is None:
            self.message_user(request, NONE_LEFT, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:evidence_importbatch_change", args=[key]))
        answer = HttpResponse(file.content, content_type=file.media_type)
        answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
        return answer

    def _asked(self, request: HttpRequest) -> dict[str, str]:
        known = {table.name for table in TABLES}
        return {"table": request.GET["table"]} if request.GET.get("table") in known else {}

    def _opened(self, request: HttpRequest, asked: dict[str, Any]) -> ImportBatch:
        ignored = request.POST.getlist("ignored")
        uploaded = asked["file"] or BytesIO(asked["pasted"].encode("utf-8", "surrogatepass"))
        return open_batch(
            owner=request.user,
            upload=uploaded,
            name=getattr(uploaded, "name", "") or f"{NAMED}.csv",
            tables=TABLES,
            options=Options(asked["table"], Empty(asked["empty"]), tuple(filter(_is_name, ignored))),
            reason=asked["reason"],
        )


def _is_name(text: str) -> bool:
    """Whether a column may have this name: no file that is read holds control characters."""
    try:
        return tidy(text) == text
    except TextRefused:
        return False


def _shown(preview: Preview | None) -> dict[str, Any]:
    """A preview as its page tells it: bounded, whatever was uploaded."""
    if preview is None:
        return {}
    return {
        "preview": preview,
        "counts": [(table, found) for table, found in preview.counts.items()],
        "faults": [(fault, fault.value) for fault in preview.faults],
        "more_faults": preview.faults_found - len(preview.faults),
        "rows": [
            (row, [(name, before, after) for name, (before, after) in row.changes.items()])
            for row in preview.rows
        ],
        "more_rows": preview.rows_found - len(preview.rows),
    }

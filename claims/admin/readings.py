"""What the admin tells of printed values: kept unread when a record is saved, and predicates as they are chosen."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import QuerySet
from django.http import HttpRequest

from claims.models import Entity, Predicate
from claims.services.readings import unread
from evidence.admin.bases import RecordAdmin
from evidence.admin.panels import is_key
from evidence.admin.widgets import RecordSelect


class ReadingAdmin(RecordAdmin):
    """A page whose values are read: saving tells of those that are not understood."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for column, reason in unread(form.instance):
            printed = getattr(form.instance, column)
            said = f"“{printed}” is kept as printed, and compares with nothing: {reason}."
            self.message_user(request, said, messages.WARNING)


class PredicateSelect(RecordSelect):
    """Chooses a predicate among those that are said of the claim's subject."""

    url_name = "%s:claims_claim_predicates"


class PredicateChoices(AutocompleteJsonView):
    """What the choice of a predicate offers: those for the type of the subject, with what they ask for."""

    def get_queryset(self) -> QuerySet:
        found: Any = super().get_queryset()
        subject = self.request.GET.get("subject", "")
        kind = (
            Entity._base_manager.filter(pk=subject).values_list("type", flat=True) if is_key(subject) else ()
        )
        return found.said_of(kind[0]) if kind else found

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        predicate: Predicate = obj
        return super().serialize_result(predicate, to_field_name) | {"text": predicate.described}

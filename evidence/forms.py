"""Forms over records: a slug proposed where none is given, a reason for the change, and rules' findings in place."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from evidence.domain import dates
from evidence.models import Record, Slugged
from evidence.services.findings import Finding
from evidence.services.slugs import is_free, numbered, propose_slug
from evidence.services.stories import story

SEEN = "seen_version"
"""The field of a form that says which version of the record was on the screen."""

SHOWN_PARTS = 50
"""How many parts a form shows inline; the rest stand in their own list."""


def changed_meanwhile(record: Record) -> str:
    """Who changed a record last, and what, for somebody who was about to write over it."""
    last = next(iter(story(record)))
    found = [*last.differences, *(difference for part in last.parts for difference in part.differences)]
    changes = "; ".join(f"{one.label}: “{one.before}” → “{one.after}”" for one in found)
    return (
        f"{last.change.actor} changed this after you opened it ({changes}). What you typed is kept: "
        "look at it again, and save once more to set it over theirs."
    )


def date_reading(text: str) -> dict[str, str]:
    """What a date field makes of a text: its state (read, unread, refused, or empty), and that in words."""
    if not text.strip():
        return {"state": "", "told": ""}
    try:
        date = dates.read(text)
    except dates.DateRefused as refusal:
        return {"state": "refused", "told": f"Refused. {refusal}."}
    return {"state": "unread" if date.unread else "read", "told": dates.told(date)}


class RecordForm(forms.ModelForm):
    """The form of any record."""

    findings: Iterable[Finding] = ()
    """What the rules over several rows found when the form was first sent; set on a class made for the request."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if SEEN in self.fields:
            self._refuse_to_overwrite(cleaned.get(SEEN))
        if "slug" in self.fields and not cleaned.get("slug") and "slug" not in self.errors:
            self._take_proposed_slug(cleaned)
        return cleaned

    def _refuse_to_overwrite(self, seen: int | None) -> None:
        """Refuse a form that was opened before somebody else's change, once: sent again, it is meant."""
        model: type[Record] = self._meta.model
        now = model._base_manager.filter(pk=self.instance.pk).values_list("version", flat=True).first()
        if seen == now:
            return
        self.add_error(None, changed_meanwhile(model._base_manager.get(pk=self.instance.pk)))
        sent = cast("QueryDict", self.data).copy()
        sent[self.add_prefix(SEEN)] = str(now)
        self.data = sent

    def _take_proposed_slug(self, cleaned: dict[str, Any]) -> None:
        model: type[Slugged] = self._meta.model
        slug = propose_slug(model, cleaned)
        if not slug and not self.errors.keys().isdisjoint(model.SLUG_FROM):
            return  # what it would be proposed from is missing, which is said there
        if not slug:
            self.add_error("slug", "No slug can be proposed; write one.")
        elif not is_free(model, slug):
            taken = f"“{slug}”, proposed from the name, is taken; write another if this is another record."
            self.add_error("slug", taken)
        cleaned["slug"] = slug

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook, which its stubs leave out
        for finding in self.findings:
            self._add_finding(finding)

    def _add_finding(self, finding: Finding) -> None:
        own = isinstance(finding.record, self._meta.model)
        if own and finding.field in self.fields:
            self.add_error(finding.field, finding.message)
        else:
            self.add_error(None, finding.message if own and not finding.field else str(finding))


class PartForm(RecordForm):
    """The form of a part inside the form of its record: its slug is numbered where the proposed one is taken."""

    proposed: set[str]

    def _take_proposed_slug(self, cleaned: dict[str, Any]) -> None:
        model: type[Slugged] = self._meta.model
        base = propose_slug(model, cleaned) or model.__name__.lower()
        cleaned["slug"] = numbered(model, base, self.proposed)
        self.proposed.add(cleaned["slug"])


class PartFormSet(forms.BaseInlineFormSet):
    """The parts of a record inline: the first of them, with their references loaded in a fixed number of queries."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.proposed: set[str] = set()
        super().__init__(*args, **kwargs)

    def get_queryset(self) -> Any:
        if not hasattr(self, "_queryset"):
            self._queryset = super().get_queryset()[:SHOWN_PARTS]
        return self._queryset

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]  # Django's own hook
        form.proposed = self.proposed
        return form

    def clean(self) -> None:
        super().clean()
        if any(form.errors for form in self.forms):
            return
        keys = [form.cleaned_data.get("slug") for form in self.forms if form.has_changed()]
        twice = next((key for key in keys if key and keys.count(key) > 1), None)
        if twice:
            raise ValidationError(f"“{twice}” stands twice; each part has a slug of its own.")

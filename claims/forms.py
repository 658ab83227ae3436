"""Forms of the upper floor that are more than their model says."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from claims.choices import ValueType
from claims.domain.reading import READ, UNREAD, misfit
from claims.domain.telling import told
from claims.models import Claim, Entity
from claims.services.duplicates import Similar, similar
from claims.services.merging import MergedField, Preview, Side
from claims.services.versus import versus

REFUSED = "refused"


class ClaimPreview(forms.ModelForm):
    """A claim as it is being typed: what it says so far, which may be little. It is never saved.

    `answer()` is what the page is told; its `reading` has a state (read, unread, refused, or empty where there is
    nothing to read), the words for it, and the set itself.
    """

    class Meta:
        model = Claim
        fields = (
            "subject",
            "predicate",
            "object",
            "value",
            "unit",
            "negated",
            "when",
            "scope",
            "modality",
        )

    def answer(self) -> dict[str, Any]:
        """What the ledger makes of it."""
        self.is_valid()  # fills the claim with the fields that can be taken; what is wrong is told by them
        return {"reading": self.reading(), "offers": self.offers(), "versus": self.versus()}

    def versus(self) -> str:
        """How it stands to the other claims of its subject and predicate, as a part of a page."""
        keys = cast("QueryDict", self.data).getlist("source")
        typed = [int(key) for key in keys if key.isascii() and key.isdigit()]
        return versus_of(self.instance, sources=typed)

    def reading(self) -> dict[str, Any]:
        """What the value is read as, or why it is not."""
        return reading_of(self.instance)

    def offers(self) -> dict[str, list[str]]:
        """What may be typed, by field: the units of the predicate, and the words of one of type code."""
        predicate = self.cleaned_data.get("predicate")
        return {
            "unit": list(predicate.unit) if predicate else [],
            "value": list(predicate.codes) if predicate else [],
        }


NAMING = ("name", "aliases", "tickers", "website", "number", "jurisdiction")
"""The columns by which an entity may turn out to be one that is there already."""


def resembled(model: type[Entity], typed: QueryDict) -> list[Similar]:
    """The stored entities that one which is being typed may be; what of it cannot be taken is left out."""
    names = [name for name in NAMING if any(field.name == name for field in model._meta.fields)]
    form = forms.modelform_factory(model, fields=names)(typed)
    form.is_valid()
    return similar(form.instance)


def resembled_part(model: type[Entity], typed: QueryDict) -> str:
    """The same as a part of a page; empty where there are none."""
    found = resembled(model, typed)
    return render_to_string("admin/similar.html", {"found": found}) if found else ""


WHOSE = {Side.KEPT: "as in the one that stays", Side.GONE: "as in the one that goes", Side.BOTH: "both"}


class MergeForm(forms.Form):
    """Two records are merged: whose value each field has afterwards, and why they are the same thing."""

    versions = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=500,
        label="Why they are the same",
        help_text="It stands in the history of everything that is changed.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": "Say why the two are the same."},
    )

    def __init__(self, shown: Preview, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        self.fields["versions"].initial = versions_of(shown)
        for field in shown.fields:
            if field.differs:
                self.fields[f"{CHOICE}{field.name}"] = forms.ChoiceField(
                    choices=[(side.value, WHOSE[side]) for side in field.options],
                    initial=field.side.value,
                    required=False,
                    label=field.label.capitalize(),
                    widget=forms.RadioSelect,
                )

    def clean_versions(self) -> str:
        """Refuse what was decided about records that somebody has changed since."""
        sent: str = self.cleaned_data["versions"]
        if sent != versions_of(self.shown):
            self.data = cast("QueryDict", self.data).copy()
            self.data["versions"] = versions_of(self.shown)
            raise forms.ValidationError(
                "Somebody changed one of the two after you opened this page; look at them again, and merge then."
            )
        return sent

    @property
    def choose(self) -> dict[str, str]:
        """What was chosen, by field."""
        chosen = {
            name.removeprefix(CHOICE): side
            for name, side in self.cleaned_data.items()
            if name.startswith(CHOICE)
        }
        return {name: side for name, side in chosen.items() if side}

    def rows(self) -> list[tuple[MergedField, Any]]:
        """The fields that either record fills, each with the choice where the two differ."""
        return [
            (field, self[f"{CHOICE}{field.name}"] if field.differs else None)
            for field in self.shown.fields
            if field.kept or field.gone
        ]


CHOICE = "choose-"


def versions_of(shown: Preview) -> str:
    """Which states of the two records were on the screen."""
    return f"{shown.kept.version}.{shown.gone.version}"


def reading_of(claim: Claim) -> dict[str, Any]:
    """What the value of a claim is read as, or why it is not; the claim may be unfinished."""
    blank: dict[str, Any] = {
        "state": "",
        "told": "",
        "low": None,
        "high": None,
        "unit": "",
        "currencies": [],
        "edtf": "",
    }
    if claim.predicate_id is None or not claim.value:
        return blank
    terms, stated = claim.predicate.terms, claim.readings()["value"]
    if terms.value_type == ValueType.CODE and claim.value not in terms.codes:
        words = f"It is none of the words of “{terms.label}”: {', '.join(terms.codes)}."
        return blank | {"state": REFUSED, "told": words}
    if wrong := misfit(terms.value_type, claim.value, unit=claim.unit, units=terms.units):
        return blank | {"state": REFUSED, "told": f"Refused. {wrong.message}"}
    if stated.refused is not None:
        words = f"Not understood, and kept as printed; it compares with nothing. {_sentence(told(stated))}"
        return blank | {"state": UNREAD, "told": words}
    found = {"low": stated.low, "high": stated.high, "unit": stated.unit, "edtf": stated.edtf}
    read = READ if stated.interval or stated.edtf else ""
    return blank | found | {"state": read, "told": told(stated), "currencies": list(stated.currencies)}


def versus_of(claim: Claim, *, sources: Iterable[int] | None = None) -> str:
    """How a claim, which may be unfinished, stands to the other claims of its subject and predicate."""
    stateable = claim.subject_id and claim.predicate_id and reading_of(claim)["state"] != REFUSED
    found = versus(claim, sources=sources) if stateable else []
    return render_to_string("admin/claim_versus.html", {"found": found, "compared": stateable})


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]

"""Forms of the upper floor that are more than their model says."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from claims.choices import ValueType
from claims.domain.reading import READ, UNREAD, misfit
from claims.domain.telling import told
from claims.models import Claim
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

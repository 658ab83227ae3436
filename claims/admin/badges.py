"""Words with a sign and a frame, so that they can be told apart without colour."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.domain.comparing.likeness import Likeness
from claims.services.conflicts.near import Kind
from claims.services.records import CONTESTED, SUPPORTED, UNSUPPORTED, Bearing


@dataclass(frozen=True, slots=True)
class Badge:
    """A word, the sign before it, and the name under which the style sheet knows it."""

    name: str
    sign: str
    word: str

    def __str__(self) -> SafeString:
        sign = format_html('<span class="sign" aria-hidden="true">{}</span>', self.sign)
        return format_html('<span class="badge badge-{}">{} {}</span>', self.name, sign, self.word)

    __html__ = __str__


LIKENESSES = {
    Likeness.DIFFER: Badge("differ", "≠", "differ"),
    Likeness.IN_PART: Badge("in-part", "◐", "the same in part"),
    Likeness.SAME_IF: Badge("same-if", "?", "the same in one reading"),
    Likeness.UNTOLD: Badge("untold", "…", "cannot be told"),
    Likeness.OVERLAP: Badge("overlap", "≈", "may be the same"),
    Likeness.SAME: Badge("same", "=", "the same"),
}
ONE_SIDED = Badge("one-sided", "–", "claimed of one only")

KINDS_OF_NEAR = {
    Kind.SCOPE: Badge("scope", "∥", "apart by scope"),
    Kind.MODALITY: Badge("modality", "∥", "apart by modality"),
    Kind.READING: Badge("reading", "?", "compatible in one reading"),
}

STATES = {
    CONTESTED: Badge("contested", "!", "contested"),
    SUPPORTED: Badge("supported", "✓", "supported"),
    UNSUPPORTED: Badge("unsupported", "○", "unsupported"),
}

BEARINGS = {
    Bearing.SUPPORTS: Badge("supports", "✓", "supports it"),
    Bearing.AGAINST: Badge("against", "✗", "against it"),
    Bearing.DECIDED: Badge("decided", "§", "against it, decided"),
    Bearing.PERHAPS: Badge("perhaps", "?", "supports it in one reading"),
    Bearing.PAST: Badge("past", "‹", "past"),
    Bearing.ASIDE: Badge("aside", "–", "neither for nor against"),
}

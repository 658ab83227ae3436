"""One side of a pair as a script writes it: the printed value alone, or an object of it and its qualifiers.

What is not of that form is refused. A value that is not understood is not: it compares with nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from claims.domain.comparing.statements import CODE, DATE, ENTITY, NONE, TEXT, Statement
from claims.domain.values import understand
from evidence.domain import dates
from evidence.domain.dates import DateRefused, PartialDate

SEVERAL = "|"  # joins what is written as one text
MODALITIES = ("actual", "planned", "projected", "possible", "conditional")
TEXTS = ("value", "unit", "modality", "when", "rated")
LISTS = ("scope", "published", "object", "source")
NEGATED = "negated"
KEYS = (*TEXTS, *LISTS, NEGATED)


class SideRefused(ValueError):
    """A side that is not of the form; the message says why."""


@dataclass(frozen=True, slots=True)
class Omitted:
    """What holds for every side that does not say it."""

    value_type: str
    unit: str = ""
    day: PartialDate | None = None


def statement(side: object, omitted: Omitted) -> Statement:
    """What the side states; SideRefused if it is of another form."""
    told = _told(side)
    when, rated = (_day(told.text(key), key) for key in ("when", "rated"))
    published = tuple(day for text in told.names("published") if (day := _day(text, "published")))
    objects = told.names("object")
    value_type, value = omitted.value_type, told.text("value")
    if value_type == ENTITY:
        if value and objects:
            raise SideRefused("its object is its value; give one of them")
        objects = objects or _parts(value)
    if bool(value or (value_type == ENTITY and objects)) == (value_type == NONE):
        raise SideRefused("it has a value, which its type has not" if value else "it has no value")
    numeric = value_type not in (CODE, TEXT, DATE, ENTITY, NONE)
    first = min(published, key=lambda day: day.sort_key, default=None)
    return Statement(
        value=understand(value_type, value, unit=told.text("unit") or omitted.unit) if numeric else None,
        days=_value_of_date(value) if value_type == DATE else None,
        code=value if value_type in (CODE, TEXT) else "",
        objects=frozenset(objects),
        negated=told.negated,
        scope=frozenset(part.casefold() for part in told.names("scope")),
        modality=told.modality,
        when=when,
        published=published,
        rated=rated or when or first or omitted.day,
        sources=frozenset(told.names("source")),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """The keys of a side, each of its form."""

    keys: Mapping[str, object]

    def text(self, key: str) -> str:
        """A text, empty where it is not given."""
        found = self.keys.get(key, "")
        if not isinstance(found, str):
            raise SideRefused(f"its {key} is not a text; put it in quotes")
        return found.strip()

    def names(self, key: str) -> list[str]:
        """A list of texts, or one text that joins them."""
        found = self.keys.get(key, "")
        if isinstance(found, list) and all(isinstance(one, str) for one in found):
            return [one.strip() for one in found if one.strip()]
        if isinstance(found, str):
            return _parts(found)
        raise SideRefused(f"its {key} is neither a text nor a list of texts")

    @property
    def negated(self) -> bool:
        """Whether the value is denied."""
        found = self.keys.get(NEGATED, False)
        if not isinstance(found, bool):
            raise SideRefused("its negated is neither true nor false")
        return found

    @property
    def modality(self) -> str:
        """The word for it, that of a fact where none is given."""
        found = self.text("modality") or MODALITIES[0]
        if found not in MODALITIES:
            raise SideRefused(f"its modality {found} is none of {', '.join(MODALITIES)}")
        return found


def _told(side: object) -> _Told:
    if isinstance(side, str):
        return _Told({"value": side})
    if not isinstance(side, dict):
        raise SideRefused("it is neither a text nor an object")
    if unknown := sorted(side.keys() - set(KEYS)):
        raise SideRefused(f"it has the key {unknown[0]}, which is none of {', '.join(KEYS)}")
    return _Told(side)


def _parts(joined: str) -> list[str]:
    return [part.strip() for part in joined.split(SEVERAL) if part.strip()]


def _day(text: str, key: str) -> PartialDate | None:
    try:
        return dates.read(text) if text else None
    except DateRefused as refusal:
        raise SideRefused(f"its {key} is not understood: {refusal.reason}") from refusal


def _value_of_date(text: str) -> PartialDate | None:
    try:
        return dates.read(text)
    except DateRefused:
        return None

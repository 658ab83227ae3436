"""Whether a claim fits the predicate it uses.

A predicate says which types of entity it may be said of and what kind of value it takes. For a predicate of type
`entity` the object is the value, and a printed value beside it would be a second answer; a predicate of type
`none` takes neither; every other takes a printed value, with or without an object. What that value means is read by
`domain.reading`, which also says whether it is refused.
"""

from dataclasses import dataclass

from claims.domain.reading import misfit

ENTITY, NONE, CODE = "entity", "none", "code"
UNITLESS = (ENTITY, NONE, CODE, "text", "date")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a predicate allows: types of subject (none: any), the type of value, its words where that is `code`, and
    the units it comes in (none: any)."""

    label: str
    applies_to: tuple[str, ...]
    value_type: str
    codes: tuple[str, ...]
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """What a claim states: the type of its subject, whether it has an object, its printed value and unit."""

    subject_type: str
    has_object: bool
    value: str
    unit: str


def misfits(terms: Terms, stated: Stated) -> dict[str, str]:
    """What does not fit, as field → message with the way out; empty where all fits."""
    found: dict[str, str] = {}
    if terms.applies_to and stated.subject_type not in terms.applies_to:
        kinds = ", ".join(terms.applies_to)
        found["predicate"] = (
            f"“{terms.label}” is said of {kinds}, not of a {stated.subject_type}; choose another predicate."
        )
    if message := _object_misfit(terms, stated):
        found["object"] = message
    if message := _value_misfit(terms, stated):
        found["value"] = message
    if stated.unit and terms.value_type in UNITLESS:
        found["unit"] = f"“{terms.label}” takes no unit; leave it empty."
    elif wrong := misfit(terms.value_type, stated.value, unit=stated.unit, units=terms.units):
        found["unit" if wrong.of_unit else "value"] = wrong.message
    return found


def _object_misfit(terms: Terms, stated: Stated) -> str:
    if terms.value_type == ENTITY and not stated.has_object:
        return f"“{terms.label}” says something of two entities; name the object."
    if terms.value_type == NONE and stated.has_object:
        return f"“{terms.label}” takes no object; leave it empty."
    return ""


def _value_misfit(terms: Terms, stated: Stated) -> str:
    if terms.value_type == ENTITY and stated.value:
        return f"The object is the value of “{terms.label}”; leave the value empty."
    if terms.value_type == NONE and stated.value:
        return f"“{terms.label}” takes no value; leave it empty."
    if terms.value_type not in (ENTITY, NONE) and not stated.value:
        return f"“{terms.label}” needs a value, as the document prints it."
    if terms.value_type == CODE and stated.value and stated.value not in terms.codes:
        return f"“{stated.value}” is none of the words of “{terms.label}”: {', '.join(terms.codes)}."
    return ""

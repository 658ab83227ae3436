"""The parameters by which the columns of a table ask for rows: their names, what they do, and what they take."""

from typing import Any

from evidence.api.parameters import MOST_VALUES, Parameter
from evidence.api.schema import values
from evidence.api.schema.shared import separated
from evidence.contract import Column, Kind

NOT, SURELY = "__not", "__surely"
AFTER, BEFORE = "_after", "_before"
SIDES = {AFTER: "on or after", BEFORE: "on or before"}


def forms(column: Column) -> tuple[str, ...]:
    """What may stand behind the name of a column in a parameter: nothing, or what it is asked for."""
    if column.kind is Kind.DATE:
        return ("", NOT, *(side + sure for side in SIDES for sure in ("", SURELY)))
    return ("", NOT, *(SIDES if column.kind is Kind.MOMENT else ()))


def question(column: Column, form: str) -> Parameter:
    """The parameter of a column in one of its forms."""
    name, label = column.name + form, column.label.lower()
    if form in ("", NOT):
        those = "All rows but those" if form else "Rows"
        how = "has among its members" if column.kind in values.MANY else "is"
        told = f"{those} whose {label} {how} one of these. {_what(column)}"
        return Parameter(name, told, _asked(column))
    side = SIDES[form.removesuffix(SURELY)]
    if column.kind is Kind.MOMENT:
        return Parameter(name, f"Rows {label} {side} this day or moment.", values.ref("DayOrMoment"))
    lies = "surely lies, in every reading of it," if form.endswith(SURELY) else "may lie"
    return Parameter(name, f"Rows whose {label} {lies} {side} this day.", values.ref("Day"))


def days() -> list[Parameter]:
    """The parameters that find dates by their days, where a list is of dates alone."""
    return [
        Parameter((side + sure).removeprefix("_"), f"Dates that {lie} {told} this day.", values.ref("Day"))
        for side, told in SIDES.items()
        for sure, lie in (("", "may lie"), (SURELY, "surely lie, in every reading of them,"))
    ]


def _what(column: Column) -> str:
    told = values.described(column)
    return told if column.kind is Kind.BOOL else f"{told} Empty: not stated."


def _asked(column: Column) -> dict[str, Any]:
    """What the values in a parameter are."""
    if column.kind is Kind.BOOL:
        return values.one(column)
    if codes := values.codes(column):
        listed = {"type": "array", "items": values.one(column), "minItems": 1, "maxItems": MOST_VALUES}
        return {"anyOf": [listed, {"type": "string", "pattern": separated("|".join(codes))}]}
    if column.kind is Kind.NUMBER:
        return {"type": "string", "pattern": separated(values.decimal(column))}
    return values.ref("Slugs" if column.name == "slug" else SEVERAL[column.kind])


SEVERAL = {
    Kind.TEXT: "Texts",
    Kind.LINE: "Lines",
    Kind.LIST: "Lines",
    Kind.DATE: "Days",
    Kind.MOMENT: "Moments",
    Kind.REFERENCE: "Slugs",
    Kind.REFERENCES: "Slugs",
}

"""The parameters by which the columns of a table ask for rows: their names, what they do, and what they take."""

from typing import Any

from evidence.api.parameters import Parameter
from evidence.api.schema import values
from evidence.contract import Column, Kind

NOT, SURELY = "__not", "__surely"
AFTER, BEFORE = "_after", "_before"
SIDES = {AFTER: "on or after", BEFORE: "on or before"}
NOTHING = {"type": "string", "maxLength": 0}
"""What asks for rows that do not state a column."""


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
        return Parameter(name, told, _asked(column), several=True, least=int(column.kind is Kind.BOOL))
    side = SIDES[form.removesuffix(SURELY)]
    if column.kind is Kind.MOMENT:
        return Parameter(name, f"Rows {label} {side} this day or moment.", MOMENT_OR_DAY)
    lies = "surely lies, in every reading of it," if form.endswith(SURELY) else "may lie"
    return Parameter(name, f"Rows whose {label} {lies} {side} this day.", values.ref("Day"))


def _what(column: Column) -> str:
    told = values.described(column)
    return told if column.kind is Kind.BOOL else f"{told} Empty: not stated."


def _asked(column: Column) -> dict[str, Any]:
    """What one value in a parameter is."""
    if column.words:
        return {"type": "string", "enum": [*column.words, ""]}
    schema = {
        Kind.DATE: values.ref("Day"),
        Kind.LINE: values.ref("Line"),  # a slug that nothing could have is only found nowhere
    }.get(column.kind, values.one(column))
    if column.kind in (Kind.BOOL, Kind.TEXT, Kind.LINE, Kind.LIST):
        return schema
    return {"anyOf": [schema, NOTHING]}


MOMENT_OR_DAY = {"anyOf": [values.ref("Moment"), values.ref("Day")]}

"""What can be asked of an address: parameters, each declared once for what checks them and what documents them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
"""A JSON Schema, in the dialect of OpenAPI 3.1."""


MOST_VALUES = 100
"""How many values one parameter may have; databases bound how deep a question may be."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, what it does, and the values that it takes.

    Where it takes `several`, the schema is that of each.
    """

    name: str
    description: str
    schema: Schema
    several: bool = False
    place: str = "query"
    required: bool = False
    example: Any = None

    def declared(self) -> dict[str, Any]:
        """It, as OpenAPI puts it; several values stand in one text, separated by commas."""
        schema: dict[str, Any] = dict(self.schema)
        if self.several:
            schema = {"type": "array", "items": schema, "minItems": 1, "maxItems": MOST_VALUES}
        told: dict[str, Any] = {"name": self.name, "in": self.place, "description": self.description}
        told |= {"required": True} if self.required else {}
        told |= {"style": "form", "explode": False} if self.several else {}
        told |= {"example": self.example} if self.example is not None else {}
        return {**told, "schema": schema}


def names_of(parameters: Iterable[Parameter]) -> list[str]:
    """Their names, in their order."""
    return [parameter.name for parameter in parameters]

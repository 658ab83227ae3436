"""What can be asked of an address: parameters, each declared once for what checks them and what documents them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
"""A JSON Schema, in the dialect of OpenAPI 3.1."""


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, what it does, and the values that it takes.

    Where it takes `several`, the schema is that of each, and there are at `least` so many.
    """

    name: str
    description: str
    schema: Schema
    several: bool = False
    least: int = 0
    place: str = "query"
    required: bool = False
    example: Any = None

    def declared(self) -> dict[str, Any]:
        """It, as OpenAPI puts it; several values stand in one text, separated by commas."""
        schema: dict[str, Any] = dict(self.schema)
        if self.several:
            fewest = {"minItems": self.least} if self.least else {}
            schema = {"type": "array", "items": schema, **fewest}
        told: dict[str, Any] = {"name": self.name, "in": self.place, "description": self.description}
        if self.required:
            told["required"] = True
        if self.several:
            told |= {"style": "form", "explode": False}
        told["schema"] = schema
        if self.example is not None:
            told["example"] = self.example
        return told


def names_of(parameters: Iterable[Parameter]) -> list[str]:
    """Their names, in their order."""
    return [parameter.name for parameter in parameters]

"""An operation, as a view declares it beside its code, and as OpenAPI puts it.

A view says `operation(method)`; its parameters are those that the view checks, so that nothing is listed twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from evidence.api.parameters import Parameter
from evidence.api.schema.answers import JSON, Answer, problems

TOKEN, SESSION, CSRF = "token", "session", "csrf"
READS: tuple[dict[str, list[str]], ...] = ({}, {TOKEN: []}, {SESSION: []})
"""Reading asks for nobody; who is known sees more."""
WRITES: tuple[dict[str, list[str]], ...] = ({TOKEN: []}, {SESSION: [], CSRF: []})
KNOWN: tuple[dict[str, list[str]], ...] = ({TOKEN: []}, {SESSION: []})
"""Reading what only those see who are known."""

ALWAYS = (400, 401, 406, 429)
"""What can go wrong with every request."""


@dataclass(frozen=True)
class Body:
    """What is sent: its schema by media type, and an example of it."""

    content: Mapping[str, Mapping[str, Any]]
    example: Any = None
    description: str = ""

    def declared(self) -> dict[str, Any]:
        """It, as OpenAPI puts it."""
        held = {kind: {"schema": dict(schema)} for kind, schema in self.content.items()}
        if self.example is not None:
            held[JSON]["example"] = self.example
        described = {"description": self.description} if self.description else {}
        return {**described, "required": True, "content": held}


@dataclass(frozen=True)
class Operation:
    """One method at one address: what it does, what it is asked by, and how it answers."""

    id: str
    tag: str
    summary: str
    description: str
    answers: Mapping[int, Answer]
    problems: tuple[int, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    writes: bool = False
    ways: tuple[Mapping[str, Any], ...] = READS
    """How whoever asks is known, where it only reads."""
    schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The components that its own schemas name."""

    def declared(self) -> dict[str, Any]:
        """It, as OpenAPI puts it."""
        answers = {str(status): answer.declared() for status, answer in self.answers.items()}
        wrong = problems((*ALWAYS, *self.problems))
        return {
            "operationId": self.id,
            "tags": [self.tag],
            "summary": self.summary,
            "description": self.description,
            "parameters": [parameter.declared() for parameter in self.parameters],
            **({"requestBody": self.body.declared()} if self.body else {}),
            "security": [dict(way) for way in (WRITES if self.writes else self.ways)],
            "responses": dict(sorted({**answers, **wrong}.items())),
        }

"""What answers hold: their media types, headers and schemas; and the problem details of those that refuse."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from evidence.api.problems import MEDIA_TYPE
from evidence.api.schema.values import ref

JSON = "application/json"

HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {
        "description": "A strong validator of the whole answer, for `If-None-Match`; that of a record begins with its "
        "version, and stands in `If-Match` of what is written.",
        "schema": {"type": "string", "pattern": '^"[^"]+"$'},
        "example": '"7.5f3a9c0e"',
    },
    "Link": {
        "description": "The address of the next page; not there on the last.",
        "schema": {"type": "string"},
        "example": '<https://ledger.example.org/api/v1/claims/?cursor=abc>; rel="next"',
    },
    "Location": {
        "description": "The address of the record; not there where several were made.",
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "In how many seconds to come back.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    },
    "WWW-Authenticate": {
        "description": "What authenticates: a token.",
        "required": True,
        "schema": {"type": "string"},
        "example": "Token",
    },
}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What went wrong, as problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {
            "type": "string",
            "description": "Always `about:blank`: the status says what kind of problem it is.",
        },
        "title": {"type": "string", "description": "The name of the status."},
        "status": {"type": "integer", "description": "The status, as in the answer itself."},
        "detail": {"type": "string", "description": "All that is wrong, in sentences."},
        "errors": {
            "type": "array",
            "description": "All that is wrong, one by one.",
            "items": ref("Error"),
        },
    },
}
ERROR: dict[str, Any] = {
    "type": "object",
    "description": "One thing that is wrong, where, and the way out.",
    "required": ["detail", "code"],
    "properties": {
        "parameter": {"type": "string", "description": "The query parameter that it speaks of."},
        "pointer": {
            "type": "string",
            "description": "The place in what was sent that it speaks of (RFC 6901).",
        },
        "detail": {
            "type": "string",
            "description": "One sentence: what is wrong, with the value, and the way out.",
        },
        "code": {"type": "string", "description": "A word for programs, which stays."},
        "record": {"type": "string", "description": "The address of the record that stands in the way."},
        "file": {"type": "string", "description": "The file that it speaks of."},
        "line": {"type": "integer", "minimum": 1, "description": "The line of that file."},
        "column": {"type": "string", "description": "The column of that line."},
        "value": {"type": "string", "description": "What stands there."},
    },
}
SCHEMAS = {"Problem": PROBLEM, "Error": ERROR}

PROBLEMS: dict[int, tuple[str, dict[str, str]]] = {
    400: (
        "What is asked for, or what was sent, is not understood.",
        {"parameter": "ordering", "detail": "“nme” is no column to order by; did you mean “name”?"}
        | {"code": "unknown_ordering"},
    ),
    401: (
        "The token is not known or has expired.",
        {
            "detail": "This token is not known, or it has expired; make a new one.",
            "code": "authentication_failed",
        },
    ),
    403: (
        "This needs a right, a token that may write, or a CSRF token.",
        {"detail": "This token is read-only; use one that may write.", "code": "permission_denied"},
    ),
    404: (
        "There is no such record, or none that you may see.",
        {
            "detail": "None of the companies has the key “nano-on”; did you mean “nano-one”?",
            "code": "not_found",
        },
    ),
    406: (
        "There is no such format.",
        {"detail": "Could not satisfy the request Accept header.", "code": "not_acceptable"},
    ),
    409: (
        "It is in the way of what is there: the key is taken, or another record names this one.",
        {"pointer": "/slug", "detail": "This slug is taken; choose another.", "code": "taken"},
    ),
    411: (
        "The body comes without its length; send `Content-Length`.",
        {"detail": "Send the length of the body.", "code": "length_required"},
    ),
    412: (
        "The precondition does not hold: the record has another version, which the header `ETag` tells, or exists.",
        {"detail": "The record has version 8 by now; read it again.", "code": "precondition_failed"},
    ),
    413: (
        "The body is larger than what is taken here.",
        {"detail": "The body has more than 8 MiB; send fewer records at a time.", "code": "too_large"},
    ),
    415: (
        "This type of body is not taken here; send JSON.",
        {"detail": "Unsupported media type “text/csv” in request.", "code": "unsupported_media_type"},
    ),
    422: (
        "It is understood, but a rule of the ledger refuses it.",
        {
            "parameter": "subject",
            "detail": "None of the entities has the slug “nano-on”; did you mean “nano-one”?",
        }
        | {"code": "unknown_slug"},
    ),
    428: (
        "It needs a precondition: the header `If-Match` with the ETag of what you have seen.",
        {"detail": "Send `If-Match` with the ETag of the record.", "code": "precondition_required"},
    ),
    503: (
        "The database is busy; `Retry-After` says when to try again.",
        {"detail": "The database is busy; try again.", "code": "busy"},
    ),
    429: (
        "Too often; `Retry-After` says in how many seconds to come back.",
        {"detail": "Request was throttled. Expected available in 12 seconds.", "code": "throttled"},
    ),
}
BEARING = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}
"""The headers of answers that say what is wrong."""


@dataclass(frozen=True)
class Answer:
    """An answer that is no problem: what it means, what it holds by media type, and which headers it bears."""

    description: str
    content: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    headers: tuple[str, ...] = ()
    example: Any = None

    def declared(self) -> dict[str, Any]:
        """It, as OpenAPI puts it."""
        told: dict[str, Any] = {"description": self.description}
        if self.headers:
            told["headers"] = {name: header(name) for name in self.headers}
        if self.content:
            told["content"] = {kind: {"schema": dict(schema)} for kind, schema in self.content.items()}
        if self.example is not None:
            told["content"][JSON]["example"] = self.example
        return told


def header(name: str) -> dict[str, Any]:
    """The component that tells of a header."""
    return {"$ref": f"#/components/headers/{name}"}


def problems(statuses: Iterable[int]) -> dict[str, Any]:
    """The components that tell of what can go wrong, by status."""
    return {str(status): {"$ref": f"#/components/responses/{_name(status)}"} for status in statuses}


def components() -> dict[str, dict[str, Any]]:
    """What operations name besides schemas: headers, and answers that say what is wrong."""
    return {"headers": HEADERS, "responses": {_name(status): _told(status) for status in PROBLEMS}}


def _told(status: int) -> dict[str, Any]:
    meaning, error = PROBLEMS[status]
    example = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": error["detail"],
        "errors": [error],
    }
    told: dict[str, Any] = {"description": meaning}
    if status in BEARING:
        told["headers"] = {name: header(name) for name in BEARING[status]}
    return told | {"content": {MEDIA_TYPE: {"schema": ref("Problem"), "example": example}}}


def _name(status: int) -> str:
    return HTTPStatus(status).name.title().replace("_", "")

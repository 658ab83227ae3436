"""Whatever goes wrong, told as problem details (RFC 9457): the status, one sentence, and a line for each error.

Errors name the query parameter (`parameter`) or the place in what was sent (`pointer`, RFC 6901), say in a sentence
what is wrong and the way out, and bear a stable code.
"""

import json
import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions

from evidence.exchange.files.text import halves_spelt
from evidence.exchange.sheets import Fault

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
APART = "not_together"
RULES = frozenset(
    {"unknown_slug", "invalid_cursor", "too_many_words", "too_many_values", "not_of_the_past", APART}
)
"""The codes of what is refused although it is understood: it names what is not there, or does not go together."""


@dataclass(frozen=True)
class Error:
    """One thing that is wrong: what, where, and its code."""

    detail: str
    code: str
    parameter: str = ""
    pointer: str | None = None
    record: str = ""
    """The address of the record that stands in the way, where one does."""
    cell: Fault | None = None
    """The cell or row of a file that it speaks of, where it does."""

    def told(self) -> dict[str, str | int]:
        """It, as JSON."""
        place: dict[str, str | int] = {"parameter": self.parameter} if self.parameter else {}
        place |= {} if self.pointer is None else {"pointer": self.pointer}
        place |= {"record": self.record} if self.record else {}
        if self.cell is not None:
            given = {"file": self.cell.file, "column": self.cell.column, "value": self.cell.value}
            place |= {name: halves_spelt(text) for name, text in given.items() if text}
            place |= {"line": self.cell.line} if self.cell.line else {}
        return {**place, "detail": halves_spelt(self.detail), "code": self.code}


def summed(errors: Iterable[Error]) -> str:
    """What is wrong, a sentence after the other; messages that end without a stop get one."""
    details = [error.detail for error in errors]
    return " ".join(detail if detail.endswith((".", "?", "!", "…")) else f"{detail}." for detail in details)


class Refused(Exception):
    """A request is refused with this status; every error is told, after a sentence that sums them up."""

    def __init__(
        self, status: int, *errors: Error, detail: str = "", headers: dict[str, str] | None = None
    ) -> None:
        self.status, self.errors, self.headers = status, errors, headers
        super().__init__(detail or summed(errors))


class AskedWrongly(Refused):
    """A list or record was asked for in a way that is not understood; every error is told."""

    def __init__(self, *errors: Error) -> None:
        understood = all(error.code in RULES for error in errors)
        super().__init__(422 if understood else 400, *errors)


def wrong(parameter: str, detail: str, code: str = "invalid_value") -> AskedWrongly:
    """What is wrong with one query parameter."""
    return AskedWrongly(Error(detail, code, parameter))


def problem(
    status: int, detail: str, errors: Iterable[Error] = (), headers: dict[str, str] | None = None
) -> HttpResponse:
    """An answer that says what went wrong."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": halves_spelt(detail),
        "errors": [error.told() for error in errors],
    }
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE, headers=headers)


def answer_to(error: Exception, _context: Any) -> HttpResponse | None:
    """The answer to an error that a view raised; None where it is a fault of ours, which is raised on."""
    if isinstance(error, Refused):
        return problem(error.status, str(error), error.errors, error.headers)
    if isinstance(error, OperationalError):
        logger.exception("The database did not answer")
        return _single(503, "The database is busy; try again.", "busy", {"Retry-After": "1"})
    if isinstance(error, Http404):
        return _single(404, str(error) or "There is nothing at this address.", "not_found")
    if isinstance(error, PermissionDenied):
        return _single(403, str(error) or "You may not do this.", "permission_denied")
    if isinstance(error, exceptions.ValidationError):
        errors = [Error(detail, code, pointer=place) for place, detail, code in _flat(error.detail)]
        return problem(400, summed(errors), errors)
    if isinstance(error, exceptions.APIException):
        return _single(error.status_code, str(error.detail), str(error.get_codes()), _headers(error))
    return None


def _single(status: int, detail: str, code: str, headers: dict[str, str] | None = None) -> HttpResponse:
    return problem(status, detail, [Error(detail, code)], headers)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


def _flat(detail: Any, place: str = "") -> Iterable[tuple[str, str, str]]:
    """Each message of what a serializer found, with the place that it speaks of."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else "/" + str(name).replace("~", "~0").replace("/", "~1")
            yield from _flat(inner, place + step)
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, (dict, list))
            yield from _flat(inner, f"{place}/{number}" if nested else place)
    else:
        yield place, str(detail), str(getattr(detail, "code", "invalid"))


class ProblemsMiddleware:
    """Under /api/, errors that no view answered (no such address, a fault of ours) are problem details too."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        answer = self.get_response(request)
        if answer.status_code == 301 and request.path_info.startswith("/api/"):
            answer.status_code = 308  # which keeps method and body, where a slash was left out
        is_page = answer.status_code >= 400 and not answer.get("Content-Type", "").startswith(MEDIA_TYPE)
        if not (is_page and request.path_info.startswith("/api/")):
            return answer
        code = HTTPStatus(answer.status_code).name.lower()
        told = _single(answer.status_code, SAID.get(answer.status_code, "This went wrong."), code)
        for name in KEPT:
            if name in answer.headers:
                told[name] = answer[name]
        return told


SAID = {
    400: "The request is not understood.",
    403: "You may not do this; where you are signed in by session, send its CSRF token along.",
    404: "There is nothing at this address; /api/v1/ lists the tables.",
    405: "This method is not allowed here.",
    500: "Something is wrong on our side; it has been noted.",
}
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")

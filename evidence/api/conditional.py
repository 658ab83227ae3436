"""Answers that need not be sent again, and compressed ones: strong validators over what is sent.

Every whole answer to a GET under /api/ bears the SHA-256 of its body as a strong ETag; that of a record begins with
its version, which writes are compared with; what is written is answered under the one that reading it has. A client
that has it already gets 304. Where the client takes gzip, the body is compressed here, under an ETag of its own:
Django's middleware for that makes validators weak, and a weak one never matches in `If-Match`.
"""

import gzip
import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.text import compress_sequence

VERSION = "X-Version"
"""The header by which a view says the version of a record; it goes into the ETag."""

TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")
COMPRESSED, SMALLEST = "gzip", 400
"""The name of the encoding, which also marks its ETags, and from how many bytes on it is worth it."""


class ConditionalMiddleware:
    """Validators, 304 and gzip for what is read under /api/."""

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        answer = self.get_response(request)
        if not request.path_info.startswith("/api/"):
            return answer
        patch_vary_headers(answer, ("Accept-Encoding", "Authorization", "Cookie"))
        answer.headers.setdefault("Cache-Control", "private, no-cache")
        version = answer.get(VERSION)
        del answer[VERSION]
        if request.method not in ("GET", "HEAD") or answer.has_header("Content-Encoding"):
            return _tagged(answer, version)
        zipped = bool(TAKES_GZIP.search(request.headers.get("Accept-Encoding", "")))
        if answer.streaming:
            return _compressed_stream(answer) if zipped else answer
        return _whole(request, answer, version, zipped=zipped)


def _whole(request: HttpRequest, answer: HttpResponse, version: str | None, *, zipped: bool) -> Any:
    tag = _tag(answer, version)
    if zipped and len(answer.content) >= SMALLEST:
        answer.content = gzip.compress(answer.content, 6, mtime=0)
        answer["Content-Encoding"] = COMPRESSED
        tag = f"{tag}-{COMPRESSED}"
    if answer.has_header("Content-Length"):
        answer["Content-Length"] = str(len(answer.content))
    if answer.status_code != 200:
        return answer
    etag = f'"{tag}"'
    answer["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=answer)


def _tagged(answer: Any, version: str | None) -> Any:
    """What was written, under the tag that reading it would give."""
    if version:
        answer["ETag"] = f'"{_tag(answer, version)}"'
    return answer


def _tag(answer: HttpResponse, version: str | None) -> str:
    digest = hashlib.sha256(answer.content).hexdigest()[:32]
    return f"{version}.{digest}" if version else digest


def _compressed_stream(answer: Any) -> Any:
    answer.streaming_content = compress_sequence(answer.streaming_content)
    answer["Content-Encoding"] = COMPRESSED
    del answer["Content-Length"]
    return answer

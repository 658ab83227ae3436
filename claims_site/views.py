"""Answers for whoever watches over the server."""

from __future__ import annotations

import logging

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims_site import schema

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers. Deliberately nothing more: a restart does not mend a database."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """The database answers and its tables are the ones that this code expects."""
    try:
        pending = schema.pending_migrations()
    except Error:
        logger.exception("The database does not answer.")
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    if pending:
        return HttpResponse("migrations are waiting\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")

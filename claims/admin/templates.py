"""Sheets to fill in, to download: on the page that brings sheets in, and above every list."""

from dataclasses import replace
from io import BytesIO
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from claims.exchange.templates import TEMPLATES
from evidence.exchange.exports import TYPES
from evidence.exchange.files import Format
from evidence.exchange.templates import FORMATS, Template
from evidence.services.roles import may


def template_file(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The template of a table in one of the formats."""
    if name not in TEMPLATES or form not in {known.value for known in FORMATS}:
        raise Http404
    template = replace(TEMPLATES[name], form=Format(form))
    if not may(request.user, "view", template.table.model):
        raise PermissionDenied
    out = BytesIO()
    template.write(out)
    answer = HttpResponse(out.getvalue(), content_type=TYPES[template.form])
    answer["Content-Disposition"] = f'attachment; filename="{template.file}"'
    return answer


def offered_templates(user: Any) -> list[Template]:
    """The templates of the tables that the user may see."""
    return [template for template in TEMPLATES.values() if may(user, "view", template.table.model)]

"""The pages under /api/docs/: guides, a page for each table and feed, and the values that they share.

They are written by the server from the guides and the OpenAPI document; a script of ours lets one try what is read.
"""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from evidence.api.docs import guides, scripts, telling
from evidence.api.schema.document import document


def home(request: HttpRequest) -> HttpResponse:
    """The guide to the API."""
    return guide(request, guides.HOME)


def guide(request: HttpRequest, name: str) -> HttpResponse:
    """One of the guides."""
    if name not in guides.files():
        raise Http404(f"There is no guide “{name}”.")
    return _page(request, "api/guide.html", guide=guides.guide(name, _site(request)), here=name)


def page(request: HttpRequest, tag: str) -> HttpResponse:
    """The operations of a tag, with the schemas of what they take and tell."""
    found = telling.operations().get(tag, [])
    if not found and tag != telling.SHARED:
        raise Http404(f"Nothing is called “{tag}”.")
    site = _site(request)
    shown = [
        {
            "operation": one,
            "curl": scripts.curl(one, site),
            "python": scripts.python(one, site),
            "sent": _json(one.sent),
            "told": _json(one.told),
        }
        for one in found
    ]
    return _page(request, "api/page.html", tag=tag, shown=shown, components=telling.components(tag), here=tag)


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    about = document()["info"]
    tags = [*telling.operations(), telling.SHARED]
    listed = [(name, title, guides.address_of(name)) for name, title in guides.reached().items()]
    return render(request, template, {"about": about, "tags": tags, "guides": listed, **context})


def _site(request: HttpRequest) -> str:
    return str(request.build_absolute_uri("/"))


def _json(value: Any) -> str:
    return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False)


urlpatterns = [
    path("", home, name="home"),
    path("guides/<slug:name>/", guide, name="guide"),
    path("<slug:tag>/", page, name="page"),
]

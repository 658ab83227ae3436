"""Addresses of the site."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from claims.admin.pages import PAGES
from claims.api.graph import GraphView
from claims.api.tables import API
from claims.api.timeline import Timeline
from claims_site import views
from evidence.api.docs.pages import urlpatterns as docs
from evidence.api.feed import ChangesView
from evidence.api.schema.views import SchemaView
from evidence.api.views import routes

tables, app, namespace = admin.site.urls

OTHERS = {"changes": ChangesView, "timeline": Timeline, "graph": GraphView}
"""What is read under /api/v1/ besides tables."""

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", ([*PAGES, *tables], app, namespace)),
    path("api/v1/", include((routes(API, OTHERS), "api"))),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", include((docs, "docs"))),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
]

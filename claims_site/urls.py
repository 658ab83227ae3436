"""Addresses of the site."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from claims.admin.pages import PAGES
from claims_site import views

tables, app, namespace = admin.site.urls

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", ([*PAGES, *tables], app, namespace)),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
]

"""Pages of the admin that belong to no one table; `claims_site.urls` puts them before those of the tables."""

from django.contrib import admin
from django.urls import path

from claims.admin.compare import compare_page
from claims.admin.duplicates import different, duplicates_page
from claims.admin.merge import merge_page
from claims.admin.near import near_page
from claims.admin.templates import template_file

PAGES = [
    path("claims/compare/", admin.site.admin_view(compare_page), name="claims_compare"),
    path("claims/conflict/near/", admin.site.admin_view(near_page), name="claims_conflict_near"),
    path("claims/duplicates/", admin.site.admin_view(duplicates_page), name="claims_duplicates"),
    path("claims/duplicates/different/", admin.site.admin_view(different), name="claims_different"),
    path("claims/merge/", admin.site.admin_view(merge_page), name="claims_merge"),
    path(
        "claims/template/<str:name>/<str:form>/",
        admin.site.admin_view(template_file),
        name="claims_template",
    ),
]

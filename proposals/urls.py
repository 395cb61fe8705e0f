"""Addresses of `proposals`."""

from django.urls import include, path

from proposals.views import case, cases, desk

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<slug:code>/", case.case, name="case"),
    path("cases/<slug:code>/participation/", case.participation, name="participation"),
    path("cases/<slug:code>/trail/", case.trail, name="trail"),
    path("", include("proposals.writing_urls")),
]

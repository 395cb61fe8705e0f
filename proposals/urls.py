"""Addresses of `proposals`."""

from django.urls import include, path

from proposals.views import bulk, case, cases, desk, notes, officers

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("officers/", officers.officers, name="officers"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/<int:pk>/", bulk.bulk_run, name="bulk_run"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<slug:code>/", case.case, name="case"),
    path("cases/<slug:code>/participation/", case.participation, name="participation"),
    path("cases/<slug:code>/notes/", notes.notes, name="notes"),
    path("cases/<slug:code>/notes/<int:pk>/answer/", notes.answer_note, name="answer_note"),
    path("cases/<slug:code>/notes/<int:pk>/change/", notes.change_note, name="change_note"),
    path("cases/<slug:code>/trail/", case.trail, name="trail"),
    path("", include("proposals.writing_urls")),
]

"""Addresses of `proposals`."""

from django.urls import include, path

from proposals.views import bulk, case, cases, desk, exports, joining, notes, officers, saved_views

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("officers/", officers.officers, name="officers"),
    path("bulk/", bulk.bulk, name="bulk"),
    path("bulk/<int:pk>/", bulk.bulk_run, name="bulk_run"),
    path("cases/", cases.cases, name="cases"),
    path("cases/export/", exports.export, name="export"),
    path("cases/export/<int:pk>/", exports.exported, name="exported"),
    path("cases/views/", saved_views.all_views, name="saved_views"),
    path("cases/views/save/", saved_views.save_view, name="save_view"),
    path("cases/views/<int:pk>/", saved_views.view, name="saved_view"),
    path("cases/views/<int:pk>/delete/", saved_views.delete_view, name="delete_view"),
    path("cases/views/<int:pk>/prefer/", saved_views.prefer_view, name="prefer_view"),
    path("join/", joining.join, name="join"),
    path("cases/<slug:code>/", case.case, name="case"),
    path("cases/<slug:code>/participation/", case.participation, name="participation"),
    path("cases/<slug:code>/notes/", notes.notes, name="notes"),
    path("cases/<slug:code>/notes/<int:pk>/answer/", notes.answer_note, name="answer_note"),
    path("cases/<slug:code>/notes/<int:pk>/change/", notes.change_note, name="change_note"),
    path("cases/<slug:code>/trail/", case.trail, name="trail"),
    path("", include("proposals.writing_urls")),
]

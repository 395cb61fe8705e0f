"""Addresses of `review`."""

from django.urls import include, path

from review import views

urlpatterns = [
    path("cases/<slug:code>/review/", views.review, name="review"),
    path("cases/<slug:code>/review/versions/", views.report_versions, name="report_versions"),
    path("cases/<slug:code>/decision/", views.decision, name="decision"),
    path("cases/<slug:code>/similar/", views.similar, name="similar"),
    path("experts/", views.experts, name="experts"),
    path("", include("review.meetings.urls")),
]

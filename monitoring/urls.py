"""Addresses of `monitoring`."""

from django.urls import path

from monitoring.views import pages

urlpatterns = [
    path("cases/<slug:code>/monitoring/", pages.monitoring, name="monitoring"),
    path("cases/<slug:code>/monitoring/reports/<int:number>/", pages.report, name="report"),
]

"""Addresses of `monitoring`."""

from django.urls import include, path

from monitoring.portfolio import views as portfolio
from monitoring.views import pages

urlpatterns = [
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("", include("monitoring.releases.urls")),
    path("cases/<slug:code>/monitoring/", pages.monitoring, name="monitoring"),
    path("cases/<slug:code>/monitoring/reports/<int:number>/", pages.report, name="report"),
]

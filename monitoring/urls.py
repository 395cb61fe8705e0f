"""Addresses of `monitoring`."""

from django.urls import include, path

from monitoring.portfolio import views as portfolio
from monitoring.research import views as research
from monitoring.views import pages, progress, workbook

urlpatterns = [
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/crossed/", portfolio.crossed, name="portfolio_crossed"),
    path("organisation/figures/", portfolio.waiver, name="figures_waiver"),
    path("portfolio/process/", portfolio.mechanism, name="portfolio_process"),
    path("portfolio/research/", research.applications, name="researchers"),
    path("portfolio/research/<slug:research>/", research.inside, name="research_inside"),
    path("research/", research.research, name="research"),
    path("research/apply/", research.apply, name="apply_research"),
    path("research/<slug:research>/", research.application, name="research_application"),
    path("research/<slug:research>/<slug:kind>/", research.extract, name="research_extract"),
    path("", include("monitoring.releases.urls")),
    path("cases/<slug:code>/monitoring/", pages.monitoring, name="monitoring"),
    path("cases/<slug:code>/monitoring/progress/", progress.page, name="progress"),
    path("cases/<slug:code>/monitoring/progress.pdf", progress.pdf, name="progress_pdf"),
    path("cases/<slug:code>/monitoring/plans/<int:number>/", pages.plan, name="monitoring_plan"),
    path("cases/<slug:code>/monitoring/reports/<int:number>/", pages.report, name="report"),
    path("cases/<slug:code>/monitoring/reports/<int:number>/figures.xlsx", workbook.download, name="report_workbook"),
    path("cases/<slug:code>/monitoring/reports/<int:number>/workbook/", workbook.upload, name="report_upload"),
]

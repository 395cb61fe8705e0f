"""Addresses of releases."""

from django.urls import path

from monitoring.releases.views import inside, public

urlpatterns = [
    path("releases/", public.releases, name="releases"),
    path("releases/release-1.json", public.schema, name="release_schema"),
    path("releases/<int:number>/", public.release, name="release_public"),
    path("releases/<int:number>/<slug:kind>/", public.file, name="release_file"),
    path("portfolio/releases/", inside.releases, name="releases_inside"),
    path("portfolio/releases/prepare/", inside.prepare, name="prepare_release"),
    path("portfolio/releases/<slug:release>/", inside.release, name="release"),
    path("portfolio/releases/<slug:release>/<slug:audience>/", inside.suppressed, name="release_suppressed"),
]

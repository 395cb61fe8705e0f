"""Every address of the portal, app by app."""

from django.contrib import admin
from django.urls import include, path

from aipbi import health, views

urlpatterns = [
    path("", views.start, name="start"),
    path("how-it-works/", views.how_it_works, name="how_it_works"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("healthz", health.healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("", include("aipbi.accounts.urls")),
    path("", include("aipbi.documents.urls")),
    path("", include("proposals.urls")),
    path("", include("review.urls")),
    path("", include("facilitation.urls")),
    path("", include("monitoring.urls")),
    path("", include("aipbi.workflow.urls")),
]

handler404 = "aipbi.views.not_found"
handler500 = "aipbi.views.fault"

"""The portal's addresses, and a page with nothing on it."""

from django.http import HttpResponse
from django.urls import include, path

from aipbi.accounts.request import PortalRequest


def empty(request: PortalRequest) -> HttpResponse:
    """Say who is signed in: a session and a person, nothing else."""
    return HttpResponse(request.user.email)


urlpatterns = [path("empty/", empty), path("", include("aipbi.urls"))]

"""The demonstration's door: any office with one click. Outside the demonstration it is not in the URL configuration."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from aipbi.accounts import demo
from aipbi.accounts.models import Person
from aipbi.accounts.second_factor import DEMO_KEY


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo office; no password and no second factor is asked."""
    if not settings.PORTAL_DEMO:
        raise Http404
    email = request.POST.get("person", "")
    person = get_object_or_404(Person, email=email, is_active=True) if email in demo.EMAILS else None
    if person is None:
        raise Http404
    request.session.flush()
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[DEMO_KEY] = True
    following = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(following, allowed_hosts={request.get_host()})
    return redirect(following if safe else "desk")

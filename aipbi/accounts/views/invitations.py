"""The page behind an invitation's link. Opening it changes nothing, so a mail scanner can't use it up."""

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aipbi.accounts.days import today
from aipbi.accounts.middleware import SESSION_KEY
from aipbi.accounts.models import Appointment, Invitation, Member, Partner
from aipbi.accounts.verbs import invitations


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what somebody is invited to; a press of the button, signed in under that address, accepts it."""
    found = get_object_or_404(Invitation.objects.select_related(*invitations.PLACES), token=token)
    if not request.user.is_authenticated:
        return _to_sign_in(request, found)
    fault = invitations.why_not(found, request.user)
    if request.method == "POST" and not fault:
        try:
            return _welcome(request, invitations.accept(invitation=found, person=request.user))
        except ValidationError as refused:
            fault = " ".join(refused.messages)
    return render(
        request, "accounts/invitation.html", {"invitation": found, "fault": fault}, status=409 if fault else 200
    )


def _to_sign_in(request: HttpRequest, found: Invitation) -> HttpResponse:
    back = urlencode({REDIRECT_FIELD_NAME: found.get_absolute_url()})
    context = {
        "invitation": found,
        "sign_in_url": f"{reverse('account_login')}?{back}",
        "sign_up_url": f"{reverse('account_signup')}?{back}&{urlencode({'email': found.email})}",
    }
    return render(request, "accounts/invitation_stranger.html", context, status=200 if found.open else 409)


def _welcome(request: HttpRequest, taken: Appointment | Member | Partner) -> HttpResponse:
    if taken.starts > today():
        messages.success(
            request, _("Accepted. You hold the office from %(day)s.") % {"day": f"{taken.starts:%-d %B %Y}"}
        )
        return redirect("account")
    if isinstance(taken, Partner):
        request.session[SESSION_KEY] = f"team-{taken.team_id}"
        messages.success(request, _("Accepted. You now work on %(place)s.") % {"place": taken.team})
        return redirect("desk")
    place = taken.office if isinstance(taken, Appointment) else taken.organisation
    kind = "office" if isinstance(taken, Appointment) else "organisation"
    request.session[SESSION_KEY] = f"{kind}-{place.pk}"
    messages.success(request, _("Accepted. You now act as %(place)s.") % {"place": place})
    return redirect("desk")

"""Whether this session has passed a second factor: an authenticator app, a recovery code or a passkey (U3)."""

from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_used
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Person

# Whose second factor this session has passed. Set by what allauth signals, and by nothing else.
SECOND_FACTOR_KEY = "second_factor_of"
# Set by the demonstration's sign-in; outside the demonstration nothing reads it.
DEMO_KEY = "demo_office"
# allauth's pages about second factors, and among them those on which one is proved.
_MANAGING = "/accounts/2fa/"
_PASSING = tuple(
    f"{_MANAGING}{page}/" for page in ("authenticate", "reauthenticate", "webauthn/login", "webauthn/reauthenticate")
)


@receiver(authenticator_used, dispatch_uid="accounts.second_factor_used")
@receiver(authenticator_added, dispatch_uid="accounts.second_factor_added")
def remember(request: HttpRequest, user: Person, **_kwargs: Any) -> None:
    """Note in the session that this person has just proved a second factor, or set up their first.

    The session gets another name: whoever knew it by the password alone is not let in by what was proved now.
    """
    request.session.cycle_key()
    request.session[SECOND_FACTOR_KEY] = user.pk


def passed(request: HttpRequest) -> bool:
    """Whether the second factor was passed in this session and is still there."""
    if settings.PORTAL_DEMO and request.session.get(DEMO_KEY):
        return True
    return request.session.get(SECOND_FACTOR_KEY) == request.user.pk and is_mfa_enabled(request.user)


def must_pass(request: HttpRequest, capacity: Capacity | None) -> bool:
    """Whether the capacity may not be used yet (U3)."""
    return capacity is not None and capacity.institutional and not passed(request)


def guards(request: HttpRequest) -> bool:
    """Whether this page changes a second factor that the session has not passed.

    A session older than the second factor knows the password alone; it may not exchange the factor.
    """
    page = request.path_info.startswith(_MANAGING) and not request.path_info.startswith(_PASSING)
    return page and is_mfa_enabled(request.user) and not passed(request)


def page_to_pass(request: HttpRequest) -> str:
    """Return the page that sets a second factor up, or asks for the one that the person has."""
    back = request.get_full_path() if request.method == "GET" else "/"
    if is_mfa_enabled(request.user, types=["totp", "recovery_codes"]):
        return f"{reverse('mfa_reauthenticate')}?{urlencode({REDIRECT_FIELD_NAME: back})}"
    if is_mfa_enabled(request.user, types=["webauthn"]):
        return f"{reverse('mfa_reauthenticate_webauthn')}?{urlencode({REDIRECT_FIELD_NAME: back})}"
    return reverse("mfa_index")

"""What is asked of somebody who signs up, beside address and password (U1)."""

from typing import Any

from allauth.core import context
from django import forms
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from aipbi.accounts import signing_up
from aipbi.accounts.forms.one_line import one_line
from aipbi.accounts.forms.organisation import OrganisationFields
from aipbi.accounts.models import Invitation, Person


class SignupForm(OrganisationFields):
    """The person's name and their organisation; who comes by an invitation brings none."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ("name", "email", "password1", "password2", "organisation", "country", "kind", "corporate_group")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation_of(context.request)
        if self.invitation:
            for field in ("organisation", "country", "kind", "corporate_group"):
                del self.fields[field]

    def signup(self, request: HttpRequest, user: Person) -> None:
        """Remember the organisation until the address is verified."""
        if not self.invitation:
            signing_up.keep(request, user, self.described())


def invitation_of(request: HttpRequest) -> signing_up.Asked | None:
    """Return what the page asks the person to, to which they go back after signing up, if it is open."""
    following = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    try:
        page = resolve(following)
    except Resolver404:
        return None
    asking = signing_up.ASKING.get(page.url_name or "")
    asked = asking(**page.kwargs) if asking else None
    return asked if asked and asked.open else None


def _invitation(token: str) -> Invitation | None:
    return Invitation.objects.filter(token=token).first()


signing_up.ASKING["invitation"] = _invitation

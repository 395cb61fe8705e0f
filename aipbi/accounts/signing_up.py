"""The organisation that somebody names when signing up: it exists once their address is verified (U1, U4)."""

from collections.abc import Callable
from typing import Any, Protocol

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver
from django.http import HttpRequest

from aipbi.accounts.models import Person
from aipbi.accounts.verbs import organisations

_KEY = "organisation_to_found"


class Asked(Protocol):
    """What somebody was asked to by e-mail: into which place, under which address, and whether it still holds."""

    @property
    def place(self) -> str:
        """The place in words."""

    @property
    def email(self) -> str:
        """The address that was asked."""

    @property
    def open(self) -> bool:
        """Whether it still holds."""


# By the name of a page that people are sent to by e-mail: what its address asks them to, from its parts.
# Who goes back to such a page after signing up brings no organisation: they get one there.
ASKING: dict[str, Callable[..., Asked | None]] = {}


def keep(request: HttpRequest, person: Person, organisation: dict[str, str]) -> None:
    """Remember in the session what this person named; an address never verified leaves nothing behind."""
    request.session[_KEY] = {"person": person.pk, "organisation": organisation}


@receiver(email_confirmed, dispatch_uid="accounts.found_organisation")
def found(request: HttpRequest, email_address: EmailAddress, **_kwargs: Any) -> None:
    """Found the organisation that was named, with the person as its owner."""
    named = request.session.get(_KEY)
    if named and named["person"] == email_address.user_id:
        del request.session[_KEY]
        organisations.found(person=email_address.user, **named["organisation"])

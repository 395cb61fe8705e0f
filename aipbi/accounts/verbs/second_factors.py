"""Removing a second factor that was lost (U3)."""

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from aipbi.accounts import rules
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Person


@transaction.atomic
def remove(*, person: Person, by: Capacity) -> None:
    """Remove every authenticator and recovery code of the person and tell them by e-mail."""
    rules.require(rules.runs_offices(by), by)
    removed, _rows = Authenticator.objects.filter(user=person).delete()
    if removed:
        transaction.on_commit(
            lambda: get_adapter().send_mail("accounts/email/second_factor_removed", person.email, {"by": by})
        )

"""The link by which a proponent confirms: one for each asking, and only the last one's holds (P8).

It is computed, never stored: whoever reads the database or a copy of it can't make one.
"""

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from proposals.models import OnBehalf

_SALT = "proposals.on_behalf"


def token(entered: OnBehalf, asked: int | None = None, key: str | None = None) -> str:
    """Return the secret of the link of an asking, by default the last one under the portal's key of today."""
    number = entered.asked if asked is None else asked
    return salted_hmac(_SALT, f"{entered.pk}:{number}", key, algorithm="sha256").hexdigest()[:48]


def path(entered: OnBehalf) -> str:
    """Return the address of the page on which it is confirmed."""
    return reverse("confirm_proposal", args=[entered.proposal.case.code, token(entered)])


def asking(entered: OnBehalf, given: str) -> int:
    """Return which asking the secret belongs to, also under an earlier key of the portal; 0 for none."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        for number in range(entered.asked, 0, -1):
            if constant_time_compare(token(entered, number, key), given):
                return number
    return 0

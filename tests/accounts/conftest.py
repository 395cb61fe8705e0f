"""Accounts with a password and a proved address, and the codes that are mailed to them."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache

from aipbi.accounts.models import Person

PASSWORD = "eleven-states-one-chain"


@pytest.fixture(autouse=True)
def fresh_limits():
    """The limits on attempts are live: each test begins with none used."""
    cache.clear()


@pytest.fixture(autouse=True)
def quick_and_at_hand(settings):
    """Mails in `mail.outbox`, and passwords that take no time to check."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def account(db):
    """Call it with an address for a person who can sign in with PASSWORD."""

    def make(email: str) -> Person:
        person = Person.objects.filter(email=email).first() or Person.objects.create_user(email=email, name="A person")
        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.get_or_create(user=person, email=email, defaults={"verified": True, "primary": True})
        return person

    return make


@pytest.fixture
def with_password(client, account):
    """Call it with a person for a test client signed in by password, as a browser would be."""

    def sign_in(person: Person):
        account(person.email)
        browser = client.__class__()
        browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
        return browser

    return sign_in


SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def app_of(db):
    """Call it with a person to give them an authenticator app, whose key is SECRET."""
    return lambda person: TOTP.activate(person, SECRET)


def shown(secret: str = SECRET, later: int = 0) -> str:
    """What an authenticator app shows now for a key; a code is taken once, so ask for a later one the second time."""
    before, *_now_and_next = yield_hotp_counters_from_time()
    return format_hotp_value(hotp_value(secret, before + 1 + later))


def code_mailed_to(email: str) -> str:
    """The code in the newest e-mail to the address."""
    text = next(message.body for message in reversed(mail.outbox) if message.to == [email])
    return re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", text, re.MULTILINE).group(1)


def text_of(response) -> str:
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())

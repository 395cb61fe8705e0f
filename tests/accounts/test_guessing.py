"""Guessing passwords and codes comes to an end, whatever address, host or spelling they are sent from (U3)."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from tests.accounts.conftest import PASSWORD, shown, text_of

MOST = 5
AUTHENTICATE, LOGIN = "/accounts/2fa/authenticate/", "/accounts/login/"


@pytest.fixture
def lead(people, account, app_of):
    """A SEOM lead with password, authenticator app and recovery codes."""
    person = people.seom("LA").person
    account(person.email)
    app_of(person)
    RecoveryCodes.activate(person)
    return person


def from_(client, place, **more):
    """A browser at an address of its own."""
    return client.__class__(REMOTE_ADDR=f"203.0.113.{place}", **more)


def signs_in(browser, login, password=PASSWORD):
    return browser.post(LOGIN, {"login": login, "password": password})


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(lambda _lead: shown(later=1), "000000"), (lambda lead: lead_codes(lead)[0], "aaaa-aaaa")],
    ids=["app", "recovery code"],
)
def test_u3_codes_are_not_guessed_from_many_browsers_and_addresses(client, lead, right, wrong):
    for place in range(MOST):
        browser = from_(client, place)
        signs_in(browser, lead.email)
        assert "not right" in text_of(browser.post(AUTHENTICATE, {"code": wrong}))
    browser = from_(client, 99)
    signs_in(browser, lead.email)
    assert "Too many attempts" in text_of(browser.post(AUTHENTICATE, {"code": right(lead)}))
    assert browser.get("/desk/")["Location"].startswith(LOGIN)


def lead_codes(lead):
    return lead.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()


def test_u3_a_password_is_not_guessed_from_many_addresses_hosts_and_spellings(client, account):
    """The Host header, whose port nobody checks, and the spelling of the address gave five more attempts each."""
    person = account("reader@lists.example.org")
    for place in range(MOST):
        assert "do not belong together" in text_of(
            signs_in(from_(client, place), person.email, "a-wrong-one-altogether")
        )
    for place, (login, more) in enumerate(
        [
            (person.email, {}),
            (person.email.upper(), {}),
            (f" {person.email} ", {}),
            (person.email, {"HTTP_HOST": "localhost:8443"}),
            (person.email, {"HTTP_HOST": "127.0.0.1"}),
            (person.email, {"HTTP_X_FORWARDED_FOR": "198.51.100.7"}),
            (person.email.replace("lists", "liſts"), {}),
            (person.email.replace("lists", "lısts"), {}),
        ],
        MOST,
    ):
        # Whoever is let in is led on; the form comes again to everybody else.
        assert signs_in(from_(client, place, **more), login).status_code == 200, (login, more)


def test_u3_the_session_has_another_name_after_signing_in_and_after_the_second_factor(client, lead):
    """Whoever planted or knows the name of a session is not let in by what its owner proves afterwards (fixation)."""
    browser = from_(client, 1)
    browser.get(LOGIN)
    session = browser.session
    session["planted"] = True
    session.save()
    browser.cookies["aipbi_session"] = planted = session.session_key
    signs_in(browser, lead.email)
    browser.post(AUTHENTICATE, {"code": shown()})
    assert browser.get("/desk/").status_code == 200
    thief = from_(client, 2)
    thief.cookies["aipbi_session"] = planted
    assert thief.get("/desk/")["Location"].startswith(LOGIN)


def test_u3_a_session_known_before_the_step_up_does_not_pass_with_it(client, people, with_password, app_of):
    person = people.seom("LA").person
    browser = with_password(person)
    known = browser.cookies["aipbi_session"].value
    app_of(person)
    asked = browser.get("/desk/")["Location"]
    assert "reauthenticate" in asked
    browser.post(asked, {"code": shown()})
    assert browser.get("/desk/").status_code == 200
    thief = from_(client, 2)
    thief.cookies["aipbi_session"] = known
    assert thief.get("/desk/").status_code == 302


def test_u3_a_code_of_the_app_is_taken_once(client, lead):
    code = shown()
    for place, passes in ((1, True), (2, False)):
        browser = from_(client, place)
        signs_in(browser, lead.email)
        browser.post(AUTHENTICATE, {"code": code})
        assert (browser.get("/desk/").status_code == 200) is passes

"""An institutional office shows nothing before a second factor is passed in the session (U3)."""

import pytest

from aipbi.accounts.enums import Role
from aipbi.accounts.middleware import DEMO_KEY, SESSION_KEY
from aipbi.accounts.verbs import second_factors
from tests.accounts.conftest import PASSWORD, SECRET, shown
from tests.support import cases

SET_UP = "/accounts/2fa/"


@pytest.fixture
def lead(people, with_password):
    """A SEOM lead signed in by password alone, and their browser."""
    capacity = people.seom("LA")
    return capacity, with_password(capacity.person)


@pytest.mark.parametrize(
    "office",
    [
        lambda people: people.seom("LA"),
        lambda people: people.fg_gvc("TH"),
        lambda people: people.expert(),
        lambda people: people.body("AMEM"),
        lambda people: people.asec(),
        lambda people: people.admin(),
    ],
    ids=["seom", "fg_gvc", "expert", "body", "asec", "admin"],
)
def test_u3_every_institutional_role_is_led_to_set_one_up(people, with_password, office):
    browser = with_password(office(people).person)
    for page in ("/", "/desk/", "/cases/", "/people/", "/admin/", "/notices/"):
        answer = browser.get(page)
        assert (answer.status_code, answer["Location"]) == (302, SET_UP), page


def test_u3_no_page_of_a_case_no_file_and_no_move_is_reached(people, lead):
    _capacity, browser = lead
    case = cases.submitted(people)
    for page in (
        f"/cases/{case.case.code}/",
        f"/cases/{case.case.code}/trail/",
        "/files/1/",
        "/cases/none/",
        "/nothing-here/",
    ):
        assert browser.get(page)["Location"] == SET_UP, page
    moved = browser.post(f"/cases/{case.case.code}/proposal/{case.pk}/support/", {"statement": "We support it."})
    assert moved["Location"] == SET_UP
    case.refresh_from_db()
    assert case.state == "with_seom"


def test_u3_the_page_that_sets_it_up_names_the_office_and_shows_no_case(people, lead):
    capacity, browser = lead
    case = cases.submitted(people)
    answer = browser.get(SET_UP)
    page = answer.content.decode()
    assert answer.wsgi_request.capacity is None
    assert capacity.label in page
    assert case.case.code not in page
    assert case.title not in page


def test_u3_setting_one_up_asks_for_the_password_first(lead):
    _capacity, browser = lead
    asked = browser.get("/accounts/2fa/totp/activate/")
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    browser.post(asked["Location"], {"password": PASSWORD})
    page = browser.get("/accounts/2fa/totp/activate/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page


def test_u3_a_wrong_code_opens_nothing(lead):
    _capacity, browser = lead
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.get("/accounts/2fa/totp/activate/")
    refused = browser.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "This code is not right" in refused.content.decode()
    assert browser.get("/desk/")["Location"] == SET_UP


def test_u3_signing_in_asks_for_the_app(people, with_password, app_of):
    lead = people.seom("LA").person
    app_of(lead)
    browser = with_password(lead)
    assert browser.get("/desk/")["Location"].startswith("/accounts/login/")
    browser.post("/accounts/2fa/authenticate/", {"code": shown()})
    assert browser.get("/desk/").status_code == 200


def test_u3_a_session_older_than_the_app_must_pass_it_too(people, lead, app_of):
    capacity, browser = lead
    app_of(capacity.person)
    asked = browser.get("/desk/")
    assert asked["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fdesk%2F"
    browser.post(asked["Location"], {"code": shown()})
    assert browser.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    "page", ["totp/deactivate/", "webauthn/add/", "recovery-codes/", "recovery-codes/generate/", ""]
)
def test_u3_a_session_that_knows_the_password_alone_cannot_exchange_the_app(people, lead, app_of, page):
    capacity, browser = lead
    app_of(capacity.person)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert browser.get(f"/accounts/2fa/{page}")["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_u3_the_app_is_guarded_below_another_address_too(people, with_password, app_of):
    """Of somebody without an institutional office: nothing else stands in the way of theirs."""
    person = people.proponent().person
    browser = with_password(person)
    app_of(person)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = browser.get("/accounts/2fa/", SCRIPT_NAME="/x")
    assert (answer.status_code, "/2fa/reauthenticate/" in answer.get("Location", "")) == (302, True)


def test_u3_switching_to_an_institutional_office_asks_at_once(people, with_password):
    lead = people.seom("LA")
    owner = people.proponent()
    owner.organisation.members.filter(person=owner.person).update(person=lead.person)
    browser = with_password(lead.person)
    browser.post("/accounts/switch/", {"capacity": f"organisation-{owner.organisation.pk}"})
    assert browser.get("/desk/").status_code == 200
    browser.post("/accounts/switch/", {"capacity": lead.key})
    assert browser.get("/desk/")["Location"] == SET_UP


def test_u3_a_proponent_needs_none(people, with_password):
    assert with_password(people.proponent().person).get("/desk/").status_code == 200


def test_u3_a_proponent_may_switch_it_on(people, with_password, app_of):
    owner = people.proponent().person
    app_of(owner)
    browser = with_password(owner)
    assert browser.get("/desk/")["Location"].startswith("/accounts/login/")
    browser.post("/accounts/2fa/authenticate/", {"code": shown()})
    assert browser.get("/desk/").status_code == 200


def test_u3_an_administrator_frees_somebody_who_lost_the_device(people, with_password, app_of):
    lead = people.seom("LA").person
    app_of(lead)
    browser = with_password(lead)
    browser.post("/accounts/2fa/authenticate/", {"code": shown()})
    second_factors.remove(person=lead, by=people.admin())
    assert browser.get("/desk/")["Location"] == SET_UP


def test_u3_the_demonstrations_flag_means_nothing_outside_it(people, with_password, settings):
    browser = with_password(people.seom("LA").person)
    session = browser.session
    session[DEMO_KEY] = True
    session.save()
    assert browser.get("/desk/").status_code == 200
    settings.PORTAL_DEMO = False
    assert browser.get("/desk/")["Location"] == SET_UP


def test_u3_the_key_of_an_app_is_not_readable_in_the_database(people, app_of):
    lead = people.seom("LA").person
    app_of(lead)
    assert SECRET not in str(list(lead.authenticator_set.values_list("data", flat=True)))


def test_u5_a_session_that_names_an_office_not_held_gets_one_that_is(people, signed_in):
    browser = signed_in(people.seom("LA"))
    session = browser.session
    session[SESSION_KEY] = people.asec().key
    session.save()
    assert browser.get("/accounts/").wsgi_request.capacity.role == Role.SEOM_LEAD

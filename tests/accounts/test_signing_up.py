"""Anyone registers as a proponent with a verified address (U1, U4), and no page tells whose address has an account."""

from typing import ClassVar

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.urls import reverse

from aipbi.accounts.enums import Membership
from aipbi.accounts.models import CorporateGroup, Member, Organisation, Person
from tests.accounts.conftest import PASSWORD, code_mailed_to, text_of

pytestmark = pytest.mark.django_db

ADDRESS = "owner@vientiane-wind.example.org"
ANSWERS = {
    "name": "Noy",
    "email": ADDRESS,
    "password1": PASSWORD,
    "password2": PASSWORD,
    "organisation": "Vientiane Wind",
    "country": "LA",
    "kind": "private",
    "corporate_group": "Wind of the Mekong",
}
CODE_PAGE = "/accounts/confirm-email/"


@pytest.fixture
def registered(client):
    """A client that has sent the form in."""
    assert client.post("/accounts/signup/", ANSWERS)["Location"] == CODE_PAGE
    return client


def test_u1_signing_up_verifying_and_beginning_a_first_draft(registered):
    assert registered.post(CODE_PAGE, {"code": code_mailed_to(ADDRESS)})["Location"] == "/desk/"
    member = Member.objects.select_related("organisation__corporate_group", "person").get()
    assert (member.person.email, member.role) == (ADDRESS, Membership.OWNER)
    assert (member.organisation.name, member.organisation.country) == ("Vientiane Wind", "LA")
    assert member.organisation.corporate_group.name == "Wind of the Mekong"
    assert registered.get("/desk/").wsgi_request.capacity.writes
    assert registered.get(reverse("new_proposal")).status_code == 200


def test_u1_before_the_address_is_verified_nothing_is_open(registered):
    assert registered.get("/desk/")["Location"].startswith("/accounts/login/")
    assert not Organisation.objects.exists()


def test_u1_a_wrong_code_verifies_nothing(registered):
    page = registered.post(CODE_PAGE, {"code": "BBBB-BBBB"})
    assert "This code is not right" in text_of(page)
    assert not Organisation.objects.exists()


def test_u1_after_three_wrong_codes_another_must_be_asked_for(registered):
    code = code_mailed_to(ADDRESS)
    for _n in range(3):
        registered.post(CODE_PAGE, {"code": "BBBB-BBBB"})
    assert registered.post(CODE_PAGE, {"code": code})["Location"] == "/accounts/login/"
    assert not Organisation.objects.exists()


def test_u1_who_verifies_in_another_session_creates_the_organisation_then(registered, client):
    other = client.__class__()
    other.get("/accounts/login/")
    # The first code was sent less than ten seconds ago.
    from django.core.cache import cache

    cache.clear()
    assert other.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})["Location"] == CODE_PAGE
    other.post(CODE_PAGE, {"code": code_mailed_to(ADDRESS)})
    welcome = other.get("/desk/", follow=True)
    assert "hold no office yet" in text_of(welcome)
    made = other.post(
        "/accounts/organisations/new/",
        {"organisation": "Vientiane Wind", "country": "LA", "kind": "private"},
        follow=True,
    )
    assert "Vientiane Wind is made" in text_of(made)
    assert other.get("/desk/").wsgi_request.capacity.writes


def test_u4_an_organisation_may_sit_outside_asean(client):
    client.post("/accounts/signup/", {**ANSWERS, "country": "JP"})
    client.post(CODE_PAGE, {"code": code_mailed_to(ADDRESS)})
    assert Organisation.objects.get().country == "JP"


def test_u4_a_corporate_group_is_one_whatever_its_capitals(client):
    CorporateGroup.objects.create(name="WIND OF THE MEKONG")
    client.post("/accounts/signup/", ANSWERS)
    client.post(CODE_PAGE, {"code": code_mailed_to(ADDRESS)})
    assert Organisation.objects.get().corporate_group == CorporateGroup.objects.get()


def test_what_was_typed_is_kept_and_each_fault_has_its_place(client):
    page = client.post(
        "/accounts/signup/", {**ANSWERS, "country": "XX", "password2": "something-else-long", "name": ""}
    )
    assert set(page.context["form"].errors) == {"name", "country", "password2"}
    assert 'value="Vientiane Wind"' in page.content.decode()
    assert not Person.objects.exists()


def test_an_address_with_an_account_is_answered_like_any_other(client, account):
    account(ADDRESS)
    known = client.post("/accounts/signup/", ANSWERS)
    known_page = text_of(client.get(known["Location"]))
    stranger = client.__class__()
    new = stranger.post("/accounts/signup/", {**ANSWERS, "email": "other@vientiane-wind.example.org"})
    new_page = text_of(stranger.get(new["Location"]))
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    assert known_page == new_page.replace("other@", "owner@")
    assert [message.subject for message in mail.outbox] == ["You have an account already", "Your code"]
    assert Person.objects.get(email=ADDRESS).name == "A person"


class Counted(MD5PasswordHasher):
    """A hasher that notes how often it worked: of all that signing up does, that takes the time."""

    times: ClassVar[list[str]] = []

    def encode(self, password, salt):
        self.times.append(password)
        return super().encode(password, salt)


def test_an_address_with_an_account_takes_the_same_work_as_any_other(client, account, settings):
    account(ADDRESS)
    settings.PASSWORD_HASHERS = [f"{__name__}.{Counted.__name__}"]
    worked = []
    for address in (ADDRESS, "other@vientiane-wind.example.org"):
        Counted.times.clear()
        assert client.__class__().post("/accounts/signup/", {**ANSWERS, "email": address}).status_code == 302
        worked.append(len(Counted.times))
    assert worked[0] == worked[1] > 0


def test_a_forgotten_password_is_answered_alike_with_and_without_an_account(client, account):
    account(ADDRESS)
    pages = []
    for address in (ADDRESS, "nobody@vientiane-wind.example.org"):
        visitor = client.__class__()
        answer = visitor.post("/accounts/password/reset/", {"email": address}, follow=True)
        pages.append(text_of(answer).replace(address, "…"))
    assert pages[0] == pages[1]


def test_a_wrong_password_and_an_unknown_address_are_refused_alike(client, account):
    account(ADDRESS)
    words = []
    for address in (ADDRESS, "nobody@vientiane-wind.example.org"):
        page = client.post("/accounts/login/", {"login": address, "password": "a-wrong-one-altogether"})
        words.append(page.context["form"].errors.as_text())
    assert (
        words[0] == words[1] == "* __all__\n  * The e-mail address and the password do not belong together. Check both."
    )


def test_passwords_cannot_be_tried_without_end(client, account):
    account(ADDRESS)
    for _n in range(5):
        client.post("/accounts/login/", {"login": ADDRESS, "password": "a-wrong-one-altogether"})
    page = client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    assert "Too many attempts" in text_of(page)


def test_signing_up_has_a_limit_with_a_page_of_its_own(client):
    for _n in range(20):
        client.post("/accounts/signup/", {})
    page = client.post("/accounts/signup/", ANSWERS)
    assert page.status_code == 429
    assert "Too many requests" in text_of(page)


def test_a_forgotten_password_is_chosen_anew_by_a_code(client, account):
    person = account(ADDRESS)
    client.post("/accounts/password/reset/", {"email": ADDRESS})
    client.post("/accounts/password/reset/confirm/", {"code": code_mailed_to(ADDRESS)})
    fresh = "another-good-pass-phrase"
    client.post("/accounts/password/reset/complete/", {"password1": fresh, "password2": fresh})
    person.refresh_from_db()
    assert person.check_password(fresh)
    assert mail.outbox[-1].subject == "Your password was changed"


def test_a_new_address_takes_the_old_ones_place_once_it_is_proved(people, with_password):
    owner = people.proponent().person
    old, new = owner.email, "moved@mekong.example.org"
    browser = with_password(owner)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post("/accounts/email/", {"action_add": "", "email": new})
    owner.refresh_from_db()
    assert owner.email == old
    browser.post(CODE_PAGE, {"code": code_mailed_to(new)})
    owner.refresh_from_db()
    assert owner.email == new
    assert [list(owner.emailaddress_set.values_list("email", "verified"))] == [[(new, True)]]
    assert [message.to for message in mail.outbox if message.subject == "Your e-mail address was changed"] == [[old]]


def test_every_mail_is_text_and_html_with_the_portals_links(client, account, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    account(ADDRESS)
    client.post("/accounts/signup/", ANSWERS)
    message = mail.outbox[0]
    html, kind = message.alternatives[0]
    assert kind == "text/html"
    for body in (message.body, html):
        assert "https://portal.example.org/accounts/password/reset/" in body


def test_a_mail_server_that_is_away_is_told_and_loses_nothing(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    page = client.post("/accounts/signup/", ANSWERS, follow=True)
    assert page.status_code == 200
    assert "could not be sent just now" in text_of(page)


def test_name_and_time_zone_are_ones_own_to_change(people, with_password):
    owner = people.proponent().person
    browser = with_password(owner)
    browser.post("/accounts/profile/", {"name": "Noy Somchai", "time_zone": "Asia/Vientiane"})
    owner.refresh_from_db()
    assert (owner.name, owner.time_zone) == ("Noy Somchai", "Asia/Vientiane")
    refused = browser.post("/accounts/profile/", {"name": "Noy", "time_zone": "Mars/Olympus"})
    assert refused.status_code == 422
    zones = [
        zone for _group, choices in refused.context["form"].fields["time_zone"].choices for zone, _label in choices
    ]
    assert len(zones[:11]) == len(set(zones[:11])) == 11
    assert {"Asia/Vientiane", "Asia/Dili", "Europe/Paris"} <= set(zones)


@pytest.mark.parametrize("page", ["login/", "signup/", "password/reset/"])
def test_pages_for_strangers_have_nothing_inline(client, page):
    content = client.get(f"/accounts/{page}").content.decode()
    assert " style=" not in content
    assert " onclick=" not in content
    assert "<style" not in content

"""ASEC administrators, and nobody else, keep offices and people (U1, U2, U5)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aipbi.accounts.capacity import in_force
from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment, Invitation, Office
from tests.accounts.conftest import text_of

DAY = timedelta(days=1)


@pytest.fixture
def admin(people, signed_in):
    return signed_in(people.admin())


def pages(people):
    held = people.seom("TH")
    appointment = Appointment.objects.get(office=held.office)
    invitation = Invitation.objects.create(
        email="a@th.example.org", office=held.office, invited_by=people.admin().person
    )
    return {
        "get": [
            reverse("people"),
            reverse("office", args=[held.office.pk]),
            reverse("appoint", args=[held.office.pk]),
            reverse("end_appointment", args=[appointment.pk]),
            reverse("invitations"),
            reverse("invite"),
            reverse("person", args=[held.person.pk]),
        ],
        "post": [
            reverse("exchange_appointment", args=[appointment.pk]),
            reverse("remove_second_factor", args=[held.person.pk]),
            reverse("change_invitation", args=[invitation.pk, "withdraw"]),
        ],
    }


@pytest.mark.parametrize(
    "who",
    [
        lambda people: people.proponent(),
        lambda people: people.seom("LA"),
        lambda people: people.fg_gvc("LA"),
        lambda people: people.expert(),
        lambda people: people.body("AMEM"),
        lambda people: people.asec(),
    ],
    ids=["proponent", "seom", "fg_gvc", "expert", "body", "asec"],
)
def test_u5_to_every_other_role_the_pages_do_not_exist(people, signed_in, who):
    known, browser = pages(people), signed_in(who(people))
    for page in known["get"] + known["post"]:
        assert browser.get(page).status_code == 404, page
        assert browser.post(page, {"on": today(), "email": "x@x.example.org"}).status_code == 404, page
    assert in_force(people.seom("TH"))
    assert Invitation.objects.get().open


def test_u5_a_stranger_is_led_to_the_sign_in(people, client):
    known = pages(people)
    for page in known["get"]:
        assert client.get(page)["Location"].startswith("/accounts/login/?next=%2Fpeople%2F"), page
    for page in known["post"]:
        assert client.post(page).status_code == 403, page
    assert in_force(people.seom("TH"))
    assert Invitation.objects.get().open


def test_u1_the_administrator_opens_them_all(people, admin):
    for page in pages(people)["get"]:
        assert admin.get(page).status_code == 200, page


def test_u1_an_administrator_sees_no_case(people, admin):
    assert admin.get("/cases/").status_code == 404


def test_u1_every_office_is_listed_with_who_holds_it(people, admin):
    people.seom("TH")
    page = text_of(admin.get("/people/"))
    assert page.count("Timor-Leste") == 2
    assert "Customs DGs" in page
    assert "Nobody" in page


def test_u1_offices_are_listed_at_the_cost_of_one(people, admin, django_assert_num_queries):
    admin.get("/people/")
    people.seom("TH")
    with django_assert_num_queries(10):
        admin.get("/people/")
    for ams in ("LA", "VN", "KH"):
        people.seom(ams)
    with django_assert_num_queries(10):
        admin.get("/people/")


def test_u1_an_invitation_to_an_office_is_sent_from_the_page(people, admin):
    admin.get("/people/")
    office = Office.objects.get(role=Role.FG_GVC, ams_id="VN")
    form = admin.get(f"/people/invitations/new/?office={office.pk}")
    assert f'value="{office.pk}" selected' in form.content.decode()
    listed = admin.post("/people/invitations/new/", {"email": "next@vn.example.org", "office": office.pk}, follow=True)
    assert "FG-GVC member, Viet Nam" in text_of(listed)
    again = admin.post("/people/invitations/new/", {"email": "next@vn.example.org", "office": office.pk})
    assert again.status_code == 422
    assert "has been invited already" in text_of(again)


def test_u2_an_overlap_is_told_in_words_and_keeps_what_was_typed(people, admin):
    held, rival = people.seom("TH"), people.person("rival@th.example.org")
    page = admin.post(reverse("appoint", args=[held.office.pk]), {"email": rival.email, "starts": today()})
    assert (
        "Somebody else holds this office in that time. End that appointment first, or appoint an alternate."
        in text_of(page)
    )
    assert f'value="{rival.email}"' in page.content.decode()
    assert page.status_code == 422


def test_u2_appointing_as_an_alternate(people, admin):
    held, other = people.seom("TH"), people.person("other@th.example.org")
    admin.post(reverse("appoint", args=[held.office.pk]), {"email": other.email, "starts": today(), "alternate": "on"})
    assert Appointment.objects.get(person=other).alternate
    page = text_of(admin.get(reverse("office", args=[held.office.pk])))
    assert "Alternate" in page


@pytest.mark.parametrize(
    ("entered", "field", "words"),
    [
        ({"email": "nobody@th.example.org", "starts": "2026-12-01"}, "email", "Nobody has an account"),
        (
            {"email": "rival@th.example.org", "starts": "2026-12-01", "ends": "2026-11-01"},
            "ends",
            "after the first day",
        ),
        ({"email": "rival@th.example.org", "starts": "31.12.26"}, "starts", ""),
    ],
)
def test_each_fault_of_an_appointment_has_its_place(people, admin, entered, field, words):
    people.person("rival@th.example.org")
    page = admin.post(reverse("appoint", args=[people.seom("TH").office.pk]), entered)
    assert words in " ".join(page.context["form"].errors[field])


def test_u2_ending_takes_access_at_once_and_the_work_stays_with_the_office(people, admin, signed_in):
    held = people.seom("TH")
    theirs = signed_in(held)
    assert theirs.get("/desk/").status_code == 200
    appointment = Appointment.objects.get(office=held.office)
    page = admin.post(reverse("end_appointment", args=[appointment.pk]), {"on": today()}, follow=True)
    assert held.person.email in page.content.decode() or str(held.person) in text_of(page)
    assert theirs.get("/desk/")["Location"] == "/accounts/welcome/"
    assert theirs.get("/cases/")["Location"] == "/accounts/welcome/"


def test_u2_an_end_in_the_future_holds_until_then(people, admin, signed_in):
    held = people.seom("TH")
    appointment = Appointment.objects.get(office=held.office)
    admin.post(reverse("end_appointment", args=[appointment.pk]), {"on": today() + DAY})
    assert signed_in(held).get("/desk/").status_code == 200
    appointment.refresh_from_db()
    assert appointment.ends == today() + DAY


def test_u2_a_closed_account_loses_access_at_once(people, signed_in):
    held = people.seom("TH")
    theirs = signed_in(held)
    assert theirs.get("/desk/").status_code == 200
    held.person.is_active = False
    held.person.save()
    assert theirs.get("/desk/")["Location"].startswith("/accounts/login/")


def test_u2_switching_between_ones_offices(people, signed_in):
    lead = people.seom("LA")
    second = Office.objects.get_or_create(role=Role.FG_GVC, ams_id="LA", body=None)[0]
    Appointment.objects.create(person=lead.person, office=second, starts=today())
    browser = signed_in(lead)
    page = browser.get("/accounts/")
    assert f'value="office-{second.pk}"' in page.content.decode()
    assert browser.post("/accounts/switch/", {"capacity": f"office-{second.pk}"})["Location"] == "/desk/"
    assert browser.get("/desk/").wsgi_request.capacity.role == Role.FG_GVC
    assert browser.post("/accounts/switch/", {"capacity": people.asec().key}).status_code == 404
    assert browser.get("/desk/").wsgi_request.capacity.role == Role.FG_GVC


def test_u5_without_any_capacity_every_page_says_what_to_do(people, signed_in, client):
    client.force_login(people.person("new@la.example.org"))
    for page in ("/desk/", "/cases/", "/people/", "/organisation/", "/cases/none/"):
        assert client.get(page)["Location"] == "/accounts/welcome/", page
    page = text_of(client.get("/accounts/welcome/"))
    assert "Create an organisation" in page
    assert "invited by the ASEAN Secretariat" in page

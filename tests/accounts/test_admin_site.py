"""The administration: reference data and people, for administrators alone, never a case (U1, U5)."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from aipbi.accounts.admin_site import ROOMS, PortalAdminSite
from aipbi.accounts.days import today
from aipbi.accounts.enums import Membership
from aipbi.accounts.models import Appointment, Invitation, Organisation, Person
from aipbi.accounts.verbs import invitations
from aipbi.workflow.models import Case
from proposals.models import Proposal
from tests.support import cases, world

OURS = [model for model in admin.site._registry if model._meta.app_label == "accounts"]


@pytest.fixture
def administrator(people, signed_in):
    return signed_in(people.admin())


def address(model, page, *args):
    return reverse(f"admin:accounts_{model._meta.model_name}_{page}", args=args)


def test_u1_it_is_the_default_site_and_holds_nothing_of_a_case():
    assert isinstance(admin.site, PortalAdminSite)
    registered = set(admin.site._registry)
    assert {model._meta.app_label for model in registered if not getattr(model, "administered", False)} == ROOMS
    assert not registered & {Authenticator, EmailAddress, Group, Case, Proposal}
    assert not [
        model for model in registered if {Case, Proposal} & {field.related_model for field in model._meta.fields}
    ]


def test_u1_no_way_leads_from_a_row_to_the_secret_address_of_an_invitation(people, administrator):
    """Django's own redirect to a row's page takes any row of any app; an invitation's page is named by its token."""
    owner = people.proponent()
    invited = invitations.invite_colleague(
        email="new@mekong.example.org", organisation=owner.organisation, membership=Membership.VIEWER, by=owner
    )
    kind = ContentType.objects.get_for_model(Invitation)
    assert administrator.get(f"/admin/r/{kind.pk}/{invited.pk}/").status_code == 404
    page = administrator.get(address(Invitation, "change", invited.pk))
    assert page.status_code == 200
    assert invited.token not in page.content.decode()


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        (Person, {"password__startswith": "pbkdf2"}),
        (Person, {"password__regex": "^p"}),
        (Invitation, {"token__startswith": "a"}),
        (Invitation, {"token__gt": "a"}),
        (Appointment, {"person__password__startswith": "p"}),
        (Appointment, {"office__role__in": "expert", "person__password__gt": "p"}),
    ],
)
def test_u5_no_secret_is_guessed_by_narrowing_a_list_to_what_begins_with_it(people, administrator, model, asked):
    """Not even whether it finds anything: an administrator reads no password and no invitation's token."""
    assert administrator.get(address(model, "changelist"), asked).status_code in (302, 400)


def test_u2_a_list_is_narrowed_by_what_its_page_offers(people, administrator):
    people.seom("TH")
    for asked in (
        {"office__role__exact": "seom_lead"},
        {"starts__year": today().year},
        {"q": "th"},
        {"alternate__exact": "0"},
    ):
        page = administrator.get(address(Appointment, "changelist"), asked)
        assert page.status_code == 200
    assert administrator.get(address(Person, "changelist"), {"is_active__exact": "1"}).status_code == 200


@pytest.mark.parametrize("who", ["proponent", "asec", "expert"])
def test_u5_to_every_other_role_it_does_not_exist(people, signed_in, who):
    browser = signed_in(getattr(people, who)())
    for page in ("/admin/", "/admin/login/", "/admin/accounts/person/", "/admin/asean/holiday/", "/admin/no/such/"):
        assert browser.get(page).status_code == 404, page


def test_a_stranger_is_led_to_the_portals_own_sign_in(client, db):
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/login/")


def test_u2_an_administrator_whose_appointment_ended_is_out_at_once(people, administrator):
    assert administrator.get("/admin/").status_code == 200
    Appointment.objects.filter(person=people.admin().person).update(ends=today())
    assert administrator.get("/admin/").status_code != 200


def test_an_administrator_acting_as_something_else_is_not_let_in(people, signed_in):
    own = people.proponent()
    capacity = people.admin()
    own.organisation.members.filter(person=own.person).update(person=capacity.person)
    browser = signed_in(capacity)
    assert browser.get("/admin/").status_code == 200
    browser.post("/accounts/switch/", {"capacity": own.key})
    assert browser.get("/admin/").status_code == 404


def one_of_each(people):
    own = people.proponent()
    Invitation.objects.create(
        email="a@la.example.org", organisation=own.organisation, membership="viewer", invited_by=own.person
    )
    world.partner(cases.draft(people), Membership.VIEWER)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_list_and_row_opens(people, administrator, model):
    one_of_each(people)
    assert administrator.get(address(model, "changelist")).status_code == 200
    assert administrator.get(address(model, "change", model.objects.first().pk)).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_u2_nothing_is_deleted_here(people, administrator, model):
    one_of_each(people)
    row = model.objects.first()
    assert administrator.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [Appointment, Invitation])
def test_u2_dated_rows_are_read_here_and_changed_on_their_own_pages(people, administrator, model):
    people.seom("TH")
    assert administrator.get(address(model, "add")).status_code == 403


def test_the_secret_of_an_invitation_is_not_shown(people, administrator):
    own = people.proponent()
    made = Invitation.objects.create(
        email="a@la.example.org", organisation=own.organisation, membership="viewer", invited_by=own.person
    )
    page = administrator.get(address(Invitation, "change", made.pk)).content.decode()
    assert made.email in page
    assert made.token not in page


def test_a_persons_password_and_address_cannot_be_set_here(people, administrator):
    lead = people.seom("TH").person
    page = administrator.get(address(Person, "change", lead.pk)).content.decode()
    assert 'name="password"' not in page
    assert 'name="email"' not in page
    sent = {"name": "New name", "time_zone": "Asia/Bangkok", "is_active": "on", "email": "evil@x.example.org"}
    administrator.post(address(Person, "change", lead.pk), sent)
    lead.refresh_from_db()
    assert (lead.name, lead.email) == ("New name", "seom@th.example.org")


def test_a_time_zone_that_does_not_exist_is_refused(people, administrator):
    lead = people.seom("TH").person
    page = administrator.post(
        address(Person, "change", lead.pk), {"name": "N", "time_zone": "Mars/Olympus", "is_active": "on"}
    )
    assert "is not a time zone" in page.content.decode()


def test_companies_are_put_into_one_corporate_group(people, administrator):
    own = people.proponent().organisation
    sent = {"name": own.name, "country": "SG", "kind": "private", "corporate_group": ""}
    administrator.post(address(Organisation, "change", own.pk), sent)
    own.refresh_from_db()
    assert (own.country, own.corporate_group) == ("SG", None)
    refused = administrator.post(address(Organisation, "change", own.pk), {**sent, "country": "sg1"})
    assert refused.status_code == 200
    own.refresh_from_db()
    assert own.country == "SG"

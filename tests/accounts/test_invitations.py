"""Every office is given by invitation, colleagues are invited by e-mail (U1, U4)."""

from datetime import timedelta

import pytest
from celery import Celery
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections
from django.utils import timezone

from aipbi.accounts import tasks
from aipbi.accounts.capacity import held_by
from aipbi.accounts.days import today
from aipbi.accounts.enums import InvitationState, Membership, Role
from aipbi.accounts.models import Appointment, Invitation, Member, Office
from aipbi.accounts.verbs import invitations, offices
from tests.accounts.conftest import PASSWORD, code_mailed_to, text_of

GUEST = "next@th.example.org"


@pytest.fixture
def seat(db):
    return Office.objects.get_or_create(role=Role.SEOM_LEAD, ams_id="TH", body=None)[0]


@pytest.fixture
def invited(people, seat):
    return invitations.invite_to_office(email=GUEST, office=seat, by=people.admin())


def page_of(invitation):
    return f"/accounts/invitations/{invitation.token}/"


def test_u1_accepting_gives_the_office_from_today(invited, account, with_password):
    guest = account(GUEST)
    browser = with_password(guest)
    assert "SEOM lead, Thailand" in text_of(browser.get(page_of(invited)))
    browser.post(page_of(invited))
    assert [(c.role, c.ams) for c in held_by(guest)] == [(Role.SEOM_LEAD, "TH")]
    assert browser.get("/desk/")["Location"] == "/accounts/2fa/"


def test_u1_opening_the_link_changes_nothing(invited, client, account, with_password):
    for browser in (client, with_password(account(GUEST))):
        browser.get(page_of(invited))
        browser.head(page_of(invited))
    invited.refresh_from_db()
    assert invited.open
    assert not Appointment.objects.filter(office=invited.office).exists()


def test_u1_a_post_by_a_stranger_changes_nothing(invited, client):
    page = client.post(page_of(invited))
    assert "/accounts/signup/?next=" in page.content.decode()
    invited.refresh_from_db()
    assert invited.open


def test_u1_an_invitation_is_used_once(invited, account, with_password):
    browser = with_password(account(GUEST))
    browser.post(page_of(invited))
    offices_held = Appointment.objects.count()
    again = browser.post(page_of(invited))
    assert again.status_code == 409
    assert "has been used" in text_of(again)
    assert Appointment.objects.count() == offices_held


def test_u1_an_expired_invitation_says_so(invited, account, with_password):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = with_password(account(GUEST)).post(page_of(invited))
    assert "has expired" in text_of(answer)
    assert not Appointment.objects.filter(office=invited.office).exists()


def test_u1_a_withdrawn_invitation_says_so(invited, people, account, with_password):
    invitations.withdraw(invitation=invited, by=people.admin())
    assert "was withdrawn" in text_of(with_password(account(GUEST)).post(page_of(invited)))


def test_u1_another_address_cannot_use_it(invited, account, with_password):
    other = account("other@th.example.org")
    answer = with_password(other).post(page_of(invited))
    assert "sent to another address" in text_of(answer)
    assert held_by(other) == []
    invited.refresh_from_db()
    assert invited.open


def test_u1_an_address_that_is_not_proved_cannot_use_it(invited, account):
    guest = account(GUEST)
    guest.emailaddress_set.update(verified=False)
    with pytest.raises(ValidationError, match="another address"):
        invitations.accept(invitation=invited, person=guest)


def test_u1_sending_again_makes_a_new_link_and_ends_the_old_one(invited, people, client):
    old = invited.token
    invitations.send_again(invitation=invited, by=people.admin())
    assert client.get(f"/accounts/invitations/{old}/").status_code == 404
    invited.refresh_from_db()
    assert client.get(page_of(invited)).status_code == 200


def test_u1_an_address_is_not_invited_twice_to_one_place(invited, people, seat):
    with pytest.raises(ValidationError, match="invited already"):
        invitations.invite_to_office(email=GUEST.upper(), office=seat, by=people.admin())


def test_u1_a_seat_that_is_taken_is_offered_to_alternates_only(people):
    held, admin = people.seom("TH"), people.admin()
    with pytest.raises(ValidationError, match="held by somebody else"):
        invitations.invite_to_office(email=GUEST, office=held.office, by=admin)
    assert invitations.invite_to_office(email=GUEST, office=held.office, alternate=True, by=admin).alternate


def test_u2_a_successor_accepts_before_the_predecessor_has_gone(people, account):
    held, admin, last = people.seom("TH"), people.admin(), today() + timedelta(days=30)
    offices.end(appointment=Appointment.objects.get(office=held.office), on=last, by=admin)
    invited = invitations.invite_to_office(email=GUEST, office=held.office, by=admin)
    taken = invitations.accept(invitation=invited, person=account(GUEST))
    assert taken.starts == last


def test_u1_a_seat_taken_meanwhile_keeps_the_invitation_open(invited, people, account):
    people.seom("TH")
    with pytest.raises(ValidationError, match="held by somebody else at present"):
        invitations.accept(invitation=invited, person=account(GUEST))
    invited.refresh_from_db()
    assert invited.open


def test_u1_only_an_administrator_invites_to_an_office(people, seat):
    with pytest.raises(PermissionDenied):
        invitations.invite_to_office(email=GUEST, office=seat, by=people.asec())


def test_u4_a_colleague_joins_with_the_role_that_was_given(people, account):
    owner = people.proponent()
    invited = invitations.invite_colleague(
        email=GUEST, organisation=owner.organisation, membership=Membership.EDITOR, by=owner
    )
    guest = account(GUEST)
    invitations.accept(invitation=invited, person=guest)
    capacity = held_by(guest)[0]
    assert (capacity.organisation, capacity.membership) == (owner.organisation, Membership.EDITOR)


@pytest.mark.parametrize("membership", [Membership.EDITOR, Membership.VIEWER])
def test_u4_only_an_owner_invites_colleagues(people, membership):
    by = people.proponent(membership=membership)
    with pytest.raises(PermissionDenied):
        invitations.invite_colleague(email=GUEST, organisation=by.organisation, membership=Membership.VIEWER, by=by)


def test_u4_an_owner_invites_nobody_into_another_organisation(people):
    owner = people.proponent()
    other = people.proponent("Other Works").organisation
    with pytest.raises(PermissionDenied):
        invitations.invite_colleague(email=GUEST, organisation=other, membership=Membership.OWNER, by=owner)


def test_u4_who_works_there_is_not_invited_again(people):
    owner, editor = people.proponent(), people.proponent(membership=Membership.EDITOR)
    with pytest.raises(ValidationError, match="works in this organisation already"):
        invitations.invite_colleague(
            email=editor.person.email, organisation=owner.organisation, membership=Membership.OWNER, by=owner
        )


def test_u1_somebody_new_signs_up_by_the_invitation_without_an_organisation(invited, client):
    stranger = client.get(page_of(invited))
    sign_up = stranger.context["sign_up_url"]
    form = client.get(sign_up)
    assert f'value="{GUEST}"' in form.content.decode()
    assert 'name="organisation"' not in form.content.decode()
    answers = {"name": "Next", "email": GUEST, "password1": PASSWORD, "password2": PASSWORD, "next": page_of(invited)}
    client.post(sign_up, answers)
    back = client.post("/accounts/confirm-email/", {"code": code_mailed_to(GUEST)})
    assert back["Location"] == page_of(invited)
    client.post(page_of(invited))
    assert Appointment.objects.get(office=invited.office).person.email == GUEST
    assert not Member.objects.exists()


def test_u1_who_waits_with_an_invitation_finds_it_after_signing_in(invited, account, with_password):
    page = with_password(account(GUEST)).get("/desk/", follow=True)
    assert page_of(invited) in page.content.decode()


def test_n2_an_invitation_is_mailed_once(invited, settings):
    settings.PORTAL_URL = "https://portal.example.org"
    assert tasks.mail_waiting_invitations() == 1
    assert tasks.mail_waiting_invitations() == 0
    message = next(m for m in mail.outbox if m.to == [GUEST])
    link = f"https://portal.example.org{page_of(invited)}"
    assert message.subject == "You are invited: SEOM lead, Thailand"
    assert link in message.body
    assert f'href="{link}"' in message.alternatives[0][0]
    invited.refresh_from_db()
    assert invited.state == InvitationState.SENT


def test_n2_a_mail_server_that_is_away_is_tried_again_later(invited, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert tasks.mail_waiting_invitations() == 0
    invited.refresh_from_db()
    assert (invited.state, invited.attempts) == (InvitationState.FAILING, 1)
    assert invited.next_try_at > timezone.now()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Invitation.objects.update(next_try_at=timezone.now())
    assert tasks.mail_waiting_invitations() == 1
    invited.refresh_from_db()
    assert (invited.state, invited.error) == (InvitationState.SENT, "")


def test_n2_what_is_withdrawn_or_expired_is_not_mailed(invited, people):
    invitations.withdraw(invitation=invited, by=people.admin())
    assert tasks.mail_waiting_invitations() == 0


def test_n2_a_lost_queue_loses_no_invitation(
    invited, settings, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    nowhere = Celery(broker="redis://127.0.0.1:9/0", set_as_current=False)
    nowhere.conf.update(task_publish_retry=False, broker_transport_options=settings.CELERY_BROKER_TRANSPORT_OPTIONS)
    monkeypatch.setattr(tasks, "current_app", nowhere)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.wake()
    assert "The queue did not take the invitation" in caplog.text
    assert tasks.mail_waiting_invitations() == 1


def test_u1_two_presses_at_once_give_one_office(committed_db, people):
    from concurrent.futures import ThreadPoolExecutor

    from allauth.account.models import EmailAddress

    seat = Office.objects.get_or_create(role=Role.EXPERT, ams=None, body=None)[0]
    invited = invitations.invite_to_office(email=GUEST, office=seat, by=people.admin())
    guest = people.person(GUEST)
    EmailAddress.objects.create(user=guest, email=GUEST, verified=True, primary=True)

    def press(_n):
        try:
            invitations.accept(invitation=invited, person=guest)
        except ValidationError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(6) as pool:
        accepted = list(pool.map(press, range(6)))
    assert sum(accepted) == 1
    assert Appointment.objects.filter(person=guest).count() == 1


def test_u4_the_e_mail_of_an_invitation_holds_no_words_of_a_stranger(people, signed_in, client):
    """A name of several lines would read as the portal's own e-mail, and an address in it be a link."""
    owner = people.proponent()
    browser = signed_in(owner)
    name = "Nobody\n\nYour account is locked: http://elsewhere.example.org/"
    assert "one line" in text_of(browser.post("/accounts/profile/", {"name": name, "time_zone": "Asia/Jakarta"}))
    details = {"organisation": name, "country": "LA", "kind": "private", "corporate_group": name}
    assert text_of(browser.post("/organisation/details/", details)).count("one line") >= 2
    assert "one line" in text_of(client.post("/accounts/signup/", {"name": name}))

    browser.post("/accounts/profile/", {"name": "See http://elsewhere.example.org/", "time_zone": "Asia/Jakarta"})
    browser.post("/organisation/invite/", {"email": "new@mekong.example.org", "role": "viewer"})
    tasks.mail_waiting_invitations()
    [sent] = mail.outbox
    [(html, _kind)] = sent.alternatives
    assert 'href="http://elsewhere' not in html
    assert f'href="http://localhost:8000{Invitation.objects.get().get_absolute_url()}"' in html


def test_u4_an_owner_does_not_send_e_mails_without_end(people):
    owner = people.proponent()

    def invite(number):
        return invitations.invite_colleague(
            email=f"{number}@mekong.example.org",
            organisation=owner.organisation,
            membership=Membership.VIEWER,
            by=owner,
        )

    sent = [invite(number) for number in range(invitations.COLLEAGUES_A_DAY)]
    invitations.withdraw(invitation=sent[0], by=owner)
    with pytest.raises(ValidationError, match="tomorrow"):
        invite("one-more")
    tasks.mail_waiting_invitations()
    sent[1].refresh_from_db()
    with pytest.raises(ValidationError, match="Wait an hour"):
        invitations.send_again(invitation=sent[1], by=owner)
    Invitation.objects.update(
        sent_at=timezone.now() - timedelta(hours=2), created_at=timezone.now() - timedelta(days=2)
    )
    invitations.send_again(invitation=sent[1], by=owner)
    assert invite("one-more").pk


def test_u1_an_address_that_is_no_invitation_is_not_found(db, client):
    for token in ("x", "a%00b", "a%0Ab", "x" * 500):
        assert client.get(f"/accounts/invitations/{token}/").status_code == 404

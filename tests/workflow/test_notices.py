"""Notices (N1, N2): written with the move, mailed once, without confidential content."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from aipbi.accounts.days import today
from aipbi.accounts.enums import Membership
from aipbi.accounts.models import Appointment
from aipbi.templatetags.portal import day_in_words
from aipbi.workflow import notices, parties, registry, topics
from aipbi.workflow.mailing import away
from aipbi.workflow.models import MailState, Notice, Obligation
from aipbi.workflow.moves import Tell
from aipbi.workflow.parties import Party
from tests.support import cases


class Refusing(BaseEmailBackend):
    """A mail server that knows none of the addresses at `la.example.org`."""

    def send_messages(self, messages):
        for message in messages:
            if "@la.example.org" in message.to[0]:
                raise SMTPRecipientsRefused({message.to[0]: (550, b"5.1.1 no such user")})
        return len(messages)


def test_n1_the_mail_says_what_until_when_and_where_and_nothing_confidential(people, mails):
    people.seom("LA")
    case = cases.submitted(people)
    notices.mail_waiting()
    [mail] = [mail for mail in mails() if mail["To"] == "seom@la.example.org"]
    for part in mails.parts(mail):
        assert f"/cases/{case.case.code}/" in part
        assert "A proposal asks for your support" in part
        assert "SEOM lead, Lao PDR" in part
        assert "23:59 Jakarta" in part
        assert "/notices/settings/" in part
        for secret in (case.title, case.organisation.name, "hydropower", "118000000"):
            assert secret.lower() not in part.lower()


def test_n1_whoever_is_given_something_to_do_by_a_day_is_told_the_day(people):
    people.seom("LA")
    case = cases.submitted(people)
    owed = Obligation.objects.get(case_id=case.pk)
    assert Notice.objects.get(case_id=case.pk, to_act=True).due_at == owed.due_at


def test_n1_a_person_is_reached_as_themselves_and_as_one_of_an_offices_holders(people):
    expert, officers = people.expert().person, [people.asec(), people.asec(2)]
    assert Party(person=expert).people() == [expert]
    assert parties.officer(officers[1].person).people() == [officers[1].person]
    assert parties.officer(expert).people() == Party().people() == []


def test_n2_each_notice_is_mailed_once(people, mails):
    people.seom("LA")
    cases.submitted(people)
    waiting = Notice.objects.count()
    assert notices.mail_waiting() == waiting
    assert notices.mail_waiting() == 0
    assert len(mails()) == waiting


def test_n2_a_rolled_back_move_tells_nobody(people):
    case = cases.draft(people)
    people.seom("LA")
    with transaction.atomic():
        cases.do(case, "submit", people.proponent(), declaration="on")
        assert Notice.objects.exists()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_n2_a_mail_server_that_is_away_wears_nothing_out_and_is_told_to_whoever_can_act(
    people, mails, settings, signed_in
):
    people.seom("LA")
    people.proponent(membership=Membership.EDITOR)
    cases.submitted(people)
    works = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for _n in range(notices.ATTEMPTS + 2):
        Notice.objects.update(next_try_at=timezone.now())
        assert notices.mail_waiting() == 0
    notice = Notice.objects.order_by("pk").first()
    assert (notice.mail_state, notice.attempts) == (MailState.WAITING, 0)
    assert notice.next_try_at > timezone.now() + timedelta(minutes=1)
    line = "E-mails do not go since"
    for capacity in (people.asec(), people.admin()):
        page = signed_in(capacity).get("/notices/").content.decode()
        assert line in page
        assert "The mail server does not answer: Connection refused" in page
    assert line not in signed_in(people.seom("LA")).get("/notices/").content.decode()

    settings.EMAIL_BACKEND = works
    Notice.objects.exclude(pk=notice.pk).update(next_try_at=timezone.now())
    assert Notice.objects.get(pk=notice.pk).next_try_at > timezone.now()
    assert notices.mail_waiting() == Notice.objects.count() == 2
    assert len(mails()) == Notice.objects.count()
    assert away.since() is None
    assert line not in signed_in(people.asec()).get("/notices/").content.decode()


def test_n2_a_refused_address_is_given_up_at_once_and_told_to_asec_in_a_line(people, settings, signed_in):
    people.asec()
    case = cases.in_inbox(people)
    Notice.objects.all().delete()
    people.seom("TH")
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    cases.do(case, "ask_completion", people.asec(), gaps="Annex 2")
    notices.mail_waiting()
    failed = Notice.objects.get(mail_state=MailState.FAILED)
    assert failed.person == people.seom("LA").person
    assert "refuses the address: 550 5.1.1 no such user" in failed.error
    told = Notice.objects.get(topic=topics.MAIL)
    assert told.person == people.asec().person
    assert "seom@" not in told.words
    page = signed_in(people.asec()).get("/outbox/").content.decode()
    assert "<strong>seom@la.example.org</strong>" in page
    assert "1 e-mail was not delivered." in page


def test_n2_a_server_that_asks_for_a_pause_is_tried_again_and_given_up_visibly(people, settings):
    people.seom("LA")
    cases.submitted(people)
    settings.EMAIL_BACKEND = f"{__name__}.Busy"
    notices.mail_waiting()
    assert set(Notice.objects.values_list("mail_state", "attempts")) == {(MailState.WAITING, 1)}
    Notice.objects.update(attempts=notices.ATTEMPTS - 1, next_try_at=timezone.now())
    notices.mail_waiting()
    assert set(Notice.objects.values_list("mail_state", flat=True)) == {MailState.FAILED}


class Busy(BaseEmailBackend):
    """A mail server that is never ready."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({messages[0].to[0]: (451, b"4.7.1 try again later")})


def test_n2_a_worker_that_died_while_sending_is_followed_by_another_with_the_same_message(people, mails):
    people.seom("LA")
    cases.submitted(people)
    Notice.objects.update(mail_state=MailState.SENDING, claimed_at=timezone.now())
    assert notices.mail_waiting() == 0
    Notice.objects.update(claimed_at=timezone.now() - timedelta(minutes=6))
    count = Notice.objects.count()
    assert notices.mail_waiting() == count
    assert len(mails()) == count


def test_u2_nobody_is_written_to_for_an_office_they_have_left(people, mails):
    seom = people.seom("LA")
    cases.submitted(people)
    Appointment.objects.filter(person=seom.person).update(ends=timezone.localdate())
    notices.mail_waiting()
    left = Notice.objects.get(person=seom.person)
    assert left.mail_state == MailState.DROPPED
    assert "no longer holds the office" in left.error
    assert not [mail for mail in mails() if mail["To"] == seom.person.email]


def test_n3_every_move_is_about_something(db):
    assert {topics.of_module(move.__module__) for move in registry.moves()} <= set(topics.TOPICS)
    with pytest.raises(LookupError):
        topics.of_module("elsewhere.moves")


def test_n1_a_notice_names_its_case_and_says_when_what_it_asked_was_done_and_how_late(people, signed_in):
    lead = signed_in(people.seom("LA"))
    case = cases.submitted(people)

    def said() -> str:
        return " ".join(lead.get("/notices/").content.decode().split())

    assert case.title in said()
    assert "Due in" in said()
    Obligation.objects.filter(case_id=case.pk).update(due_at=timezone.now() - timedelta(days=3))
    assert "Overdue by 3 days" in said()
    cases.do(case, "support", people.seom("LA"), statement="It serves the region.")
    assert f"Done on {day_in_words(today())}, 3 days late" in said()
    assert "Overdue" not in said()
    # What nobody needs any more was not done.
    other = cases.submitted(people, "02-ev-battery-chain")
    indonesia = signed_in(people.seom("ID"))
    notices.write_all(
        other.pk,
        "x",
        [Tell(parties.seom("ID"), "Support it", to_act=True)],
        reminds_of=Obligation.objects.get(case=other.pk),
    )
    cases.do(other, "withdraw", people.proponent(other.organisation.name, country="ID"), reason="No funds.")
    page = indonesia.get("/notices/").content.decode()
    assert f"Not asked any more since {day_in_words(today())}" in page
    assert "Done on" not in page
    # Whoever may not open the case reads no title.
    body = people.body("AMEM")
    Notice.objects.create(case_id=case.pk, person=body.person, office=body.office, what="x", words="You are asked")
    page = signed_in(body).get("/notices/").content.decode()
    assert "You are asked" in page
    assert case.title not in page

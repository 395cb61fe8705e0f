"""Replacing an expert, reminders that stop with the state, and a form still open when the appointment ended (R2, L5, P5)."""

from datetime import timedelta

import pytest
from django.core import mail

from aipbi.accounts.days import today
from aipbi.accounts.models import Appointment
from aipbi.asean import clocks
from aipbi.workflow import notices, reminders
from aipbi.workflow.errors import Invalid, NotYours
from aipbi.workflow.mailing import names
from aipbi.workflow.models import MailState, Notice, Obligation
from review.enums import Inviting
from review.models import Assessment, Employment, ExpertProfile, Invitation
from tests.review import steps
from tests.support.cases import do, registered

pytestmark = pytest.mark.django_db
OWN = {"Origin": "http://testserver"}
TYPED = "Half a page on the wheeling charges."


def of(people, case, number):
    return Invitation.objects.filter(proposal=case, expert=people.expert(number).person.pk).latest("pk")


def replace(people, case, first, second):
    invitation = of(people, case, first)
    return do(invitation, "replace_expert", people.asec(), reason="Ill.", expert=people.expert(second).person.pk)


def test_r2_an_expert_is_replaced_in_one_step_and_the_other_sees_nothing_of_the_draft(people, signed_in):
    case = steps.under_assessment(people)
    steps.save(people, case, 2, why_1=TYPED)
    replace(people, case, 2, 3)
    assert [one.state for one in (of(people, case, 2), of(people, case, 3))] == [Inviting.WITHDRAWN, Inviting.INVITED]
    owed = {one.kind for one in Obligation.objects.open().filter(person=people.expert(2).person)}
    assert owed == set()
    assert Obligation.objects.open().get(person=people.expert(3).person).kind == "declare_conflict"
    do(of(people, case, 3), "accept_invitation", people.expert(3), **steps.NO_CONFLICT)
    steps.file(people, case, 1)
    steps.file(people, case, 3)
    assert (
        Assessment.objects.get(expert=people.expert(2).person.pk).ratings.get(parameter__number=1).justification
        == TYPED
    )
    code = case.case.code
    for number in (1, 3):
        browser = signed_in(people.expert(number))
        for path in (
            f"/cases/{code}/review/",
            f"/cases/{code}/own-assessment/",
            "/assessments/",
            f"/cases/{code}/trail/",
        ):
            assert TYPED not in browser.get(path).text
        assert "expert-2" not in browser.get("/assessments/").text
    # Both were told, and neither by name of the other.
    words = {one.person.email: one.words for one in Notice.objects.filter(what="replace_expert")}
    assert words == {
        "expert-2@experts.example.org": "You are no longer asked to assess a proposal",
        "expert-3@experts.example.org": "You are asked to assess a proposal",
    }


def test_r1_who_is_barred_replaces_nobody_and_nothing_has_changed(people):
    case = registered(people)
    steps.invite(people, case, 1)
    profile = ExpertProfile.objects.get(person=people.expert(2).person)
    Employment.objects.create(expert=profile, employer="Straits Power Retail", starts=today(), state="stated")
    with pytest.raises(Invalid, match="Straits Power Retail"):
        replace(people, case, 1, 2)
    assert of(people, case, 1).state == Inviting.INVITED
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("ends", ["withdrawn", "answered", "office", "nothing"])
def test_l5_a_reminder_is_not_mailed_once_the_state_has_moved(people, ends):
    case, expert = registered(people), people.expert(1)
    invitation = steps.invite(people, case, 1)
    Notice.objects.update(mail_state=MailState.SENT)
    owed = Obligation.objects.get(kind="declare_conflict")
    assert reminders.remind(owed.due_at - timedelta(days=1)) >= 1
    reminder = Notice.objects.get(what="remind-before-1", person=expert.person)
    # The row is written, and the worker has not come to it yet.
    if ends == "withdrawn":
        do(invitation, "withdraw_invitation", people.asec(), reason="Another one is asked.")
    elif ends == "answered":
        do(invitation, "decline_invitation", expert, reason="")
    elif ends == "office":
        Appointment.objects.filter(person=expert.person).update(ends=today())
    mail.outbox.clear()
    notices.mail_waiting()
    reminder.refresh_from_db()
    sent = [one for one in mail.outbox if f"<{names.name(reminder)}@" in one.extra_headers["Message-ID"]]
    assert (reminder.mail_state, len(sent)) == ((MailState.SENT, 1) if ends == "nothing" else (MailState.DROPPED, 0))
    # Nor does a later one go.
    reminders.remind(clocks.calendar(owed.calendar).later(owed.due_at, 6))
    notices.mail_waiting()
    told = Notice.objects.filter(person=expert.person, what__startswith="remind-week", mail_state=MailState.SENT)
    assert told.exists() == (ends == "nothing")


@pytest.mark.parametrize(
    ("how", "words"), [("withdrawn", "taken you off this case"), ("office", "office of technical expert ended")]
)
def test_p5_whose_appointment_ended_keeps_the_words_and_saves_nothing(people, signed_in, how, words):
    case = steps.under_assessment(people)
    assessment = steps.of(people, case, 1)
    browser = signed_in(people.expert(1))
    path = f"/cases/{case.case.code}/assessment/{assessment.pk}/save_assessment/"
    assert browser.get(path).status_code == 200
    if how == "withdrawn":
        do(of(people, case, 1), "withdraw_invitation", people.asec(), reason="Left the institute.")
    else:
        Appointment.objects.filter(person=people.expert(1).person).update(ends=today())
    sent = {"seen": assessment.revision, "why_1": TYPED, "level_1": "3"}
    page = browser.post(path, sent, headers=OWN)
    assert page.status_code == 404
    assert TYPED in page.text
    assert words in page.text
    alone = browser.post(path, sent, headers={**OWN, "X-Saves-By-Itself": "1"})
    assert words in alone.json()["refused"]
    assert not assessment.ratings.exclude(justification="", level=None).exists()
    # A stranger to the case learns nothing of it.
    assert words not in signed_in(people.expert(3)).post(path, sent, headers=OWN).text


def test_r2_the_link_of_a_withdrawn_invitation_says_so_and_shows_the_project_no_more(people, signed_in):
    case = registered(people)
    invitation = steps.invite(people, case, 1)
    path = f"/cases/{case.case.code}/invitation/{invitation.pk}/accept_invitation/"
    browser = signed_in(people.expert(1))
    page = browser.get(path)
    assert "Straits Power Retail" in page.text
    assert "Answer until" in page.text
    do(invitation, "withdraw_invitation", people.asec(), reason="SECRETREASON")
    gone = browser.get(path)
    assert gone.status_code == 409
    assert "no longer asked" in gone.text
    for hidden in ("Straits Power Retail", case.title, "SECRETREASON"):
        assert hidden not in gone.text
    with pytest.raises(NotYours):
        do(invitation, "accept_invitation", people.expert(2), **steps.NO_CONFLICT)


def test_r2_the_own_page_tells_what_is_asked_written_and_done_and_nothing_of_others(people, signed_in):
    people.expert(3)
    assert "Nobody has asked you for an assessment yet" in signed_in(people.expert(3)).get("/assessments/").text
    case = steps.under_assessment(people)
    steps.save(people, case, 1)
    second = registered(people, "02-ev-battery-chain")
    steps.invite(people, second, 1)
    page = signed_in(people.expert(1)).get("/assessments/").text
    for words in (
        "Invitations to answer",
        second.title,
        "Answer until",
        "Jakarta",
        "9 of 9 parameters",
        "File it until",
    ):
        assert words in page
    assert "expert-2" not in page
    do(steps.of(people, case, 1), "file_assessment", people.expert(1), own_view="on")
    assert "What you have filed stands here" not in signed_in(people.expert(1)).get("/assessments/").text
    own = signed_in(people.expert(1)).get(f"/cases/{case.case.code}/own-assessment/")
    assert "nothing in it changes any more" in own.text
    assert signed_in(people.expert(3)).get(f"/cases/{case.case.code}/own-assessment/").status_code == 404
    assert signed_in(people.asec()).get(f"/cases/{case.case.code}/own-assessment/").status_code == 404

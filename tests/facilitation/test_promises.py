"""F2: what a body does beyond its answer: asking back, keeping its word, late answers; and what is taken above it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from aipbi.accounts.capacity import today
from aipbi.asean import clocks
from aipbi.workflow import reminders
from aipbi.workflow.errors import Invalid, NotYours
from aipbi.workflow.models import Notice, Obligation, TrailEntry
from aipbi.workflow.walk import Stopped
from facilitation.models import BodyRequest, Promise, RequestEscalation
from tests.support.cases import do


def owed(kind, pk):
    return Obligation.objects.open().filter(kind=kind, subject_pk=pk).first()


def test_f2_a_body_asks_back_and_asec_answers_with_more_time(story, signed_in):
    request, contact = story.sent(), story.people.body("AMEM")
    story.do("ask_back", request, contact, text="Which lines?")
    assert owed("answer_body", request.pk).office == story.asec.office
    day = clocks.calendar("ID").add(today(), 60)
    request = story.do("reply_to_body", request, story.asec, text="The western one.", answer_by=day)
    assert owed("answer_body", request.pk) is None
    assert owed("body_answer", request.pk).due_at == request.due_at == clocks.calendar("ID").end_of(day)
    assert Obligation.objects.filter(kind="body_answer", subject_pk=request.pk).count() == 2
    page = reverse("request", args=[request.pk])
    for reader in (contact, story.asec, story.people.seom("TH")):
        assert "Which lines?" in signed_in(reader).get(page).content.decode()
    assert signed_in(story.people.body("AIF")).get(page).status_code == 404
    assert signed_in(story.writer).get(page).status_code == 404


def test_f2_l5_the_clock_of_a_body_stands_still_while_it_waits_for_the_secretariat(story, signed_in):
    request, contact = story.sent(), story.people.body("AMEM")
    page = reverse("request", args=[request.pk])
    request = story.do("ask_back", request, contact, text="Which lines?", waits="on")
    asked = owed("body_answer", request.pk).paused_at
    assert request.paused_at == asked is not None
    assert "Clock paused" in signed_in(contact).get(page).content.decode()
    # It began to wait some days ago, and ran out of time meanwhile.
    then = asked - timedelta(days=14)
    dates = {"paused_at": then, "due_at": then + timedelta(days=3)}
    BodyRequest.objects.filter(pk=request.pk).update(**dates)
    Obligation.objects.filter(pk=owed("body_answer", request.pk).pk).update(**dates)
    assert "(1 late)" not in signed_in(story.asec).get(reverse("bodies")).content.decode()
    assert reminders.remind(clocks.add_working_days(asked, 1, "ID")) == 0
    request = story.do("reply_to_body", request, story.asec, text="The western one.")
    again = owed("body_answer", request.pk)
    assert (request.paused_at, again.paused_at) == (None, None)
    assert again.due_at == request.due_at == clocks.put_off(dates["due_at"], then, asked, "ID") > asked
    assert "Clock paused" not in signed_in(contact).get(page).content.decode()


def test_f2_several_bodies_are_asked_about_one_challenge_and_read_nothing_of_each_other(story, signed_in):
    bodies = [story.people.body(name) for name in ("AMEM", "AIF", "CCS")]
    data = {
        "body": [one.body_id for one in bodies],
        "question": "Can you?",
        "ams": ["TH"],
        "challenge": story.challenge().pk,
    }
    story.do("add_request", story.case, story.people.fg_gvc("TH"), **data)
    mine = list(BodyRequest.objects.filter(challenge=story.challenge()).order_by("number"))
    assert {one.body_id for one in mine} == set(data["body"])
    for one in mine:
        ready = story.do(
            "prepare_request", one, story.asec, question="Can you?", extract=f"For {one.body.acronym} alone."
        )
        story.do("send", ready, story.asec)
    [mine_of] = [one for one in mine if one.body_id == bodies[0].body_id]
    shown = signed_in(bodies[0]).get(reverse("requests")).content.decode()
    assert [one.number for one in mine if reverse("request", args=[one.pk]) in shown] == [mine_of.number]
    assert "For AIF alone." not in shown


def test_f2_a_promise_is_owed_reminded_of_put_off_with_the_reason_and_done(story):
    contact = story.people.body("AMEM")
    request = story.answered(days=200)
    promise = Promise.objects.get(request=request)
    due = owed("keep_promise", promise.pk)
    assert (due.office, clocks.calendar("ID").day(due.due_at)) == (contact.office, promise.by_when)
    reminders.remind(clocks.calendar("ID").later(due.due_at, 1))
    assert Notice.objects.filter(person=contact.person, what__startswith="remind", obligation=due).exists()
    later = today() + timedelta(days=400)
    with pytest.raises(Invalid) as refused:
        do(promise, "set_date", contact, by_when=today() - timedelta(days=1), reason="Late.")
    assert set(refused.value.form.errors) == {"by_when"}
    promise = story.do("set_date", promise, contact, by_when=later, reason="The meeting was moved.")
    assert clocks.calendar("ID").day(owed("keep_promise", promise.pk).due_at) == later
    [put_off] = promise.dates.all()
    assert (put_off.after, put_off.reason) == (later, "The meeting was moved.")
    with pytest.raises(Invalid) as refused:
        do(promise, "report_done", contact, result="One method.", done_on=today() + timedelta(days=1))
    assert set(refused.value.form.errors) == {"done_on"}
    story.do("close_request", request, story.asec, note="Taken up.")
    promise = story.do("report_done", promise, contact, result="One method.", done_on=today())
    assert promise.state == "done"
    assert owed("keep_promise", promise.pk) is None


def test_f2_nothing_is_promised_for_a_day_that_is_over(story):
    with pytest.raises(Stopped, match="by_when: This day is over"):
        story.answered(days=-1)


def test_f2_a_promise_that_is_late_says_so_on_the_page_of_the_body_and_counts_in_the_overview(story, signed_in):
    request = story.answered()
    Promise.objects.filter(request=request).update(by_when=today() - timedelta(days=3))
    body = reverse("body", args=[request.body_id])
    for reader, page in ((story.people.body("AMEM"), reverse("requests")), (story.people.fg_gvc("BN"), body)):
        assert ">Late</strong>" in signed_in(reader).get(page).content.decode()
    assert "(1 late)" in signed_in(story.asec).get(reverse("bodies")).content.decode()
    elsewhere = signed_in(story.people.seom("VN"))
    assert "A pilot." not in elsewhere.get(body).content.decode()
    assert "(1 late)" not in elsewhere.get(reverse("bodies")).content.decode()


def test_f2_an_answer_after_the_request_was_closed_is_kept_and_told(story, signed_in):
    request, contact = story.sent(), story.people.body("AMEM")
    client, code = signed_in(contact), story.case.case.code
    page = reverse("move", args=[code, "request", request.pk, "answer"])
    typed = {"seen": request.revision, "answer": "yes", "measure": "One common form.", "answer_text": ""}
    story.do("close_request", request, story.asec, note="No answer came.")
    refused = client.post(page, typed)
    shown = refused.content.decode()
    assert refused.status_code == 409
    assert "What you typed is not lost" in shown
    assert 'value="One common form."' in shown
    request.refresh_from_db()
    late = reverse("move", args=[code, "request", request.pk, "answer_late"])
    assert f'action="{late}"' in shown
    assert client.post(late, {**typed, "seen": request.revision}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.answer, request.measure) == ("closed", "yes", "One common form.")
    assert Notice.objects.filter(what="answer_late", person=story.asec.person).exists()
    assert Promise.objects.get(request=request).measure == "One common form."
    with pytest.raises(Stopped, match="answer is there"):
        story.do("answer_late", request, contact, answer="no", answer_text="No.")


def test_f2_a_request_is_escalated_until_a_day_and_the_answer_is_recorded(story, signed_in):
    request = story.answered()
    day = clocks.calendar("ID").add(today(), 30)
    data = {"forum": "AECC", "question": "May the pilot cover all lines?", "due": day}
    with pytest.raises(NotYours):
        do(request, "escalate_request", story.people.body("AMEM"), **data)
    story.do("escalate_request", request, story.people.fg_gvc("TH"), **data)
    up = RequestEscalation.objects.get(request=request)
    assert clocks.calendar("ID").day(owed("escalated", up.pk).due_at) == day
    with pytest.raises(Stopped, match="escalated already"):
        story.do("escalate_request", request, story.asec, **data)
    with pytest.raises(Invalid) as refused:
        do(up, "record_ministers", story.asec, answer="Yes.", given_on=today() + timedelta(days=1))
    assert set(refused.value.form.errors) == {"given_on"}
    up = story.do("record_ministers", up, story.asec, answer="Yes.", given_on=today())
    assert (up.state, up.answer) == ("answered", "Yes.")
    assert owed("escalated", up.pk) is None
    page = reverse("request", args=[request.pk])
    assert "May the pilot cover all lines?" in signed_in(story.people.seom("TH")).get(page).content.decode()
    assert "May the pilot cover all lines?" not in signed_in(story.people.body("AMEM")).get(page).content.decode()


def test_l4_what_a_body_did_stands_on_the_trail_and_the_proponent_reads_none_of_it(story):
    request = story.answered()
    told = TrailEntry.objects.filter(case=story.case.pk, subject_kind="request", subject_pk=request.pk)
    assert {"send", "answer"} <= set(told.values_list("action", flat=True))
    assert not told.visible_to(story.writer).exists()

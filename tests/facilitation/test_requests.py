"""F2: a sectoral body is asked, reads its extract alone, and answers."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from aipbi.accounts.capacity import today
from aipbi.asean import clocks
from aipbi.documents.models import StoredFile
from aipbi.workflow.errors import Blocked, Invalid, NotYours
from aipbi.workflow.models import Notice, Obligation, TrailEntry
from facilitation.models import AnswerDraft, Benefit, BodyRequest, Challenge, Letter
from proposals.models import Proposal
from tests.documents import samples
from tests.support.cases import do
from tests.support.client import Client
from tests.support.people import sign_in

ANSWER = {
    "answer": "in_part",
    "measure": "A pilot on one line.",
    "answer_text": "The rest needs the ministers.",
    "lead_ams": "TH",
}


def test_f2_from_draft_to_closed(story):
    contact = story.people.body("AMEM")
    request = story.request()
    assert request.state == "draft"
    data = {"question": request.question, "extract": "A line crosses two countries."}
    request = story.do("prepare_request", request, story.asec, **data)
    assert request.state == "draft"
    request = story.do("send", request, story.asec)
    assert request.state == "sent"
    assert request.due_at == clocks.due("sectoral_body", request.sent_at, "ID")
    owed = Obligation.objects.open().get(kind="body_answer", case_id=story.case.pk)
    assert (owed.office, owed.due_at) == (contact.office, request.due_at)
    request = story.do("acknowledge", request, contact)
    assert request.acknowledged_at
    request = story.do("answer", request, contact, **ANSWER, by_when=today() + timedelta(days=200))
    assert (request.state, request.answer, request.lead_ams_id) == ("answered", "in_part", "TH")
    assert not Obligation.objects.open().filter(kind="body_answer").exists()
    assert Obligation.objects.open().filter(kind="take_up_answer", office__role="asec_officer").exists()
    request = story.do("close_request", request, story.asec, note="Taken up.")
    assert request.state == "closed"
    assert not Obligation.objects.open().filter(subject_kind="request").exists()


def test_f2_a_body_may_answer_without_acknowledging_first(story):
    request = story.do("answer", story.sent(), story.people.body("AMEM"), **ANSWER)
    assert request.state == "answered"


def test_f2_asec_sends_and_an_extract_in_which_nothing_stands_is_refused(story):
    request = story.request()
    with pytest.raises(NotYours):
        do(request, "send", story.people.fg_gvc("TH"))
    with pytest.raises(Blocked, match="extract is empty"):
        do(request, "send", story.asec)
    with pytest.raises(Invalid) as refused:
        do(request, "prepare_request", story.asec, question=request.question, extract=" ")
    assert set(refused.value.form.errors) == {"extract"}
    request = story.prepared()
    with pytest.raises(Invalid) as refused:
        do(request, "send", story.asec, answer_by=today())
    assert set(refused.value.form.errors) == {"answer_by"}


def test_f2_a_deadline_of_its_own_is_the_end_of_that_day(story):
    day = clocks.calendar("ID").add(today(), 8)
    request = story.do("send", story.prepared(), story.asec, answer_by=day)
    assert clocks.calendar("ID").day(request.due_at) == day
    assert Obligation.objects.get(kind="body_answer", subject_pk=request.pk).due_at == request.due_at


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({"answer": "yes"}, {"measure"}),
        ({"answer": "in_part", "measure": "A pilot."}, {"answer_text"}),
        ({"answer": "no"}, {"answer_text"}),
        ({"answer": "no", "answer_text": "No mandate.", "measure": "A pilot."}, {"measure"}),
        ({"measure": "A pilot."}, {"answer"}),
    ],
)
def test_f2_an_answer_says_what_or_why(story, data, where):
    request = story.sent()
    with pytest.raises(Invalid) as refused:
        do(request, "answer", story.people.body("AMEM"), **data)
    assert set(refused.value.form.errors) == where


def test_f2_asec_records_an_answer_that_came_another_way(story):
    with pytest.raises(Invalid) as refused:
        do(story.sent(), "record_answer", story.asec, **ANSWER)
    assert set(refused.value.form.errors) == {"received"}
    request = BodyRequest.objects.get(proposal=story.case)
    request = story.do("record_answer", request, story.asec, **ANSWER, received="Letter of 3 November 2026")
    assert request.received == "Letter of 3 November 2026"


def test_f2_a_contact_sees_its_own_requests_and_nothing_else_of_the_case(story, signed_in):
    mine, other = story.sent(), story.sent("AIF")
    story.benefit()
    draft = story.request()
    contact = story.people.body("AMEM")
    assert list(BodyRequest.objects.visible_to(contact)) == [mine]
    for model in (Proposal, Challenge, Benefit, Letter):
        assert not model.objects.visible_to(contact).exists()
    client, case = signed_in(contact), story.case
    code = case.case.code
    for path in (
        f"/cases/{code}/",
        reverse("facilitation", args=[code]),
        reverse("letters", args=[code]),
        reverse("request", args=[other.pk]),
        reverse("request", args=[draft.pk]),
        reverse("move", args=[code, "request", other.pk, "answer"]),
        reverse("move", args=[code, "request", draft.pk, "answer"]),
    ):
        assert client.get(path).status_code == 404, path
    secret = [case.title, case.organisation.name, story.challenge().description, code]
    shown = [
        client.get(reverse("requests")),
        client.get(reverse("request", args=[mine.pk])),
        client.get(reverse("move", args=[code, "request", mine.pk, "answer"])),
        client.get(reverse("desk")),
        client.get(reverse("notices")),
    ]
    for page in shown:
        assert page.status_code == 200
        for words in secret[:3]:
            assert words not in page.content.decode()
    assert mine.extract in shown[1].content.decode()


def test_f2_the_body_answers_in_the_portal_without_opening_the_case(story, signed_in):
    request = story.sent()
    client = signed_in(story.people.body("AMEM"))
    page = reverse("move", args=[story.case.case.code, "request", request.pk, "answer"])
    shown = client.get(page).content.decode()
    assert request.question in shown
    assert request.extract in shown
    missing = client.post(page, {"seen": request.revision, "by_when": "soon"}).content.decode()
    assert "Can the body act on this?: Choose one." in missing
    assert "This is not a date. Write it as year-month-day" in missing
    done = client.post(page, {"seen": request.revision, **ANSWER})
    assert done.status_code == 302
    assert done.url == reverse("request", args=[request.pk])
    assert "A pilot on one line." in client.get(done.url).content.decode()


def test_n1_the_notice_to_a_body_leads_to_its_own_page(story):
    request = story.sent()
    told = Notice.objects.get(what="send", person=story.people.body("AMEM").person)
    assert told.path == reverse("request", args=[request.pk])
    assert told.to_act
    assert told.due_at == request.due_at


def test_u5_the_proponent_does_not_see_requests(story, signed_in):
    request = story.sent()
    assert not BodyRequest.objects.visible_to(story.writer).exists()
    page = signed_in(story.writer).get(reverse("facilitation", args=[story.case.case.code])).content.decode()
    assert request.question not in page
    assert story.challenge().description in page


def test_f2_nobody_answers_on_a_case_that_was_withdrawn(story):
    from aipbi.workflow.walk import Stopped

    request = story.sent()
    story.do("withdraw", story.case, story.writer, reason="No longer pursued.")
    assert not Obligation.objects.open().filter(case_id=story.case.pk).exists()
    with pytest.raises(Stopped, match="The case has ended"):
        story.do("answer", request, story.people.body("AMEM"), **ANSWER)


def test_f2_what_was_never_sent_is_closed_with_the_benefits_and_nothing_of_it_is_owed(story, signed_in):
    request = story.request()
    story.concur(story.benefit())
    story.explain()
    page = reverse("move", args=[story.case.case.code, "proposal", story.case.pk, "finalise_benefits"])
    shown = signed_in(story.chair).get(page).content.decode()
    assert f"Request {request.number} to {request.body.acronym} was not sent; it is closed." in shown
    story.do("finalise_benefits", story.case, story.chair)
    request.refresh_from_db()
    assert (request.state, request.note) == ("closed", "The benefits were finalised before it was sent.")
    assert not Obligation.objects.open().filter(kind="send_request", subject_pk=request.pk).exists()


def test_f2_a_challenges_page_leads_to_asking_a_body_and_several_requests_to_their_list(story, signed_in):
    code, challenge = story.case.case.code, story.challenge(2)
    page = reverse("challenge", args=[code, 2])
    ask = f"{reverse('move', args=[code, 'proposal', story.case.pk, 'add_request'])}?challenge=2"
    for who in (story.asec, story.people.fg_gvc("BN")):
        assert ask in signed_in(who).get(page).text, who.label
    for who in (story.people.seom("TH"), story.writer):
        assert "add_request" not in signed_in(who).get(page).text, who.label
    client = signed_in(story.asec)
    form = client.get(ask).context["form"]
    assert form["challenge"].value() == challenge.pk
    assert set(form["ams"].value()) == {one.code for one in challenge.ams.all()}
    assert client.get(ask.replace("=2", "=9%00")).context["form"]["challenge"].value() is None
    bodies = [story.people.body(one).body_id for one in ("AMEM", "AIF")]
    data = {"body": bodies, "challenge": challenge.pk, "question": "Can you?"}
    assert (
        client.post(ask, {**data, "seen": story.case.revision}).url
        == reverse("facilitation", args=[code]) + "#requests"
    )
    one = {**data, "body": bodies[:1], "seen": story.case.revision}
    # The same body again, alone: straight to that request.
    one["question"] = "And the other line?"
    last = client.post(ask, {**one, "seen": Proposal.objects.get(pk=story.case.pk).revision}).url
    assert last == reverse("request", args=[BodyRequest.objects.latest("pk").pk])


def test_f2_the_body_that_asked_back_is_written_to_first_and_its_desk_names_what_it_is_asked(story, signed_in):
    request = story.sent()
    page = reverse("request", args=[request.pk])
    body = story.people.body("AMEM")

    def first() -> str:
        return signed_in(story.asec).get(page).context["moves"][0]["name"]

    assert first() != "reply_to_body"
    named = f'href="{page}">Answer request {request.number}, {request.case.reference}</a>'
    assert named in signed_in(body).get(reverse("desk")).text
    assert named in signed_in(body).get(reverse("desk"), {"light": "later"}).text
    request = story.do("ask_back", request, body, text="Which line?")
    assert first() == "reply_to_body"
    assert "What the body is asked" in signed_in(story.asec).get(page).text
    assert "What your body is asked" in signed_in(body).get(page).text
    story.do("reply_to_body", request, story.asec, text="The northern one.")
    assert first() != "reply_to_body"


# --- the draft of an answer ---


def test_f2_an_answer_saves_by_itself_gaps_and_all_and_the_body_alone_reads_it_before_it_is_sent(story):
    request, contact = story.sent(), story.people.body("AMEM")
    draft, page = reverse("request_draft", args=[request.pk]), reverse("request", args=[request.pk])
    answer = reverse("move", args=[story.case.case.code, "request", request.pk, "answer"])
    body = sign_in(Client(), contact)
    before = request.revision
    typed = {"answer": "in_part", "measure": "Half a meas", "lead_ams": "TH", "by_when": "2031-0", "answer_text": ""}
    by_itself = {"X-Saves-By-Itself": "1"}
    first = body.post(draft, {**typed, "draft": 0, "seen": before}, headers=by_itself).json()
    assert (first["also"], first["seen"]) == ({"draft": 1}, str(before))
    request.refresh_from_db()
    assert (request.revision, request.measure) == (before, ""), "nothing happened on the case"
    shown = body.get(answer).text
    assert "Half a meas" in shown
    assert 'value="2031-0"' in shown, "also what is no date yet"
    assert re.search(r'value="in_part"[^>]*checked', shown)
    assert re.search(r'value="TH"[^>]*selected', shown)
    assert 'name="draft" value="1"' in shown
    assert "goes on where it was left" in body.get(page).text
    # Whoever else reads the request reads nothing of it.
    for reader in (story.asec, story.chair, story.people.seom("TH"), story.people.fg_gvc("TH")):
        other = sign_in(Client(), reader)
        for address in (
            page,
            answer,
            reverse("facilitation", args=[story.case.case.code]),
            reverse("trail", args=[story.case.case.code]),
        ):
            assert "Half a meas" not in other.get(address).text
        assert other.post(draft, {"measure": "x", "draft": 1}).status_code == 404
        assert not AnswerDraft.objects.visible_to(reader)
    assert sign_in(Client(), story.people.body("AIF")).post(draft, {"measure": "x", "draft": 1}).status_code == 404
    # A second contact who read an earlier one is told, and loses nothing; so does who types too much.
    late = body.post(draft, {**typed, "measure": "Mine", "draft": 0}, headers=by_itself)
    assert (late.status_code, late.json()) == (409, {"overtaken": True})
    kept = body.post(draft, {**typed, "measure": "Mine", "draft": 0})
    assert kept.status_code == 409
    assert ">\nMine</textarea>" in kept.text
    assert "Half a meas" in kept.text
    assert f'action="{answer}"' in kept.text
    long = body.post(draft, {**typed, "measure": "a" * 8001, "draft": 1})
    assert long.status_code == 422
    assert "a" * 8001 in long.text
    sent = {**typed, "measure": "A pilot.", "answer_text": "The rest waits.", "seen": before}
    unread = body.post(answer, {**sent, "draft": 1})
    assert unread.status_code == 422
    assert 'value="2031-0"' in unread.text
    stale = body.post(answer, {**sent, "by_when": "2031-06-30", "draft": 0})
    assert stale.status_code == 409
    assert "A pilot." in stale.text
    unsaid = body.post(answer, {**sent, "by_when": "2031-06-30"})
    assert (unsaid.status_code, AnswerDraft.objects.count()) == (409, 1)
    assert body.post(answer, {**sent, "by_when": "2031-06-30", "draft": 1}).status_code == 302
    request.refresh_from_db()
    assert (request.state, request.measure, str(request.by_when)) == ("answered", "A pilot.", "2031-06-30")
    assert not AnswerDraft.objects.exists()
    assert body.post(draft, {**typed, "draft": 0}).status_code == 404
    assert "draft" not in TrailEntry.objects.filter(case_id=story.case.pk, action="answer").latest("pk").details


def test_f2_files_of_a_draft_are_the_bodys_until_the_answer_goes_with_them(story):
    request, body = story.sent(), sign_in(Client(), story.people.body("AMEM"))
    asec = sign_in(Client(), story.asec)
    draft = reverse("request_draft", args=[request.pk])
    answer = reverse("move", args=[story.case.case.code, "request", request.pk, "answer"])
    body.post(draft, {"measure": "A pilot.", "draft": 0, "file": samples.upload(name="plan.pdf")})
    body.post(draft, {"measure": "A pilot.", "draft": 1, "file": samples.upload(name="wrong.pdf")})
    plan, wrong = StoredFile.objects.filter(purpose="request_draft").order_by("pk")
    gone = body.post(draft, {"measure": "A pilot.", "draft": 2, "take_off": plan.pk + 999})
    assert gone.status_code == 422
    assert "not on the draft any more" in gone.text
    assert f'value="{plan.pk + 999}"' not in gone.text
    assert body.post(draft, {"measure": "A pilot.", "draft": 2, "take_off": wrong.pk}).status_code == 302
    shown = body.get(answer).text
    assert "plan.pdf" in shown
    assert "wrong.pdf" not in shown
    file = reverse("file", args=[plan.pk])
    assert body.get(file).status_code == 200
    for reader in (story.asec, story.chair, story.people.seom("TH"), story.people.body("AIF"), story.writer):
        assert sign_in(Client(), reader).get(file).status_code == 404
    assert "plan.pdf" not in asec.get(reverse("request", args=[request.pk])).text
    sent = {"answer": "yes", "measure": "A pilot.", "seen": request.revision, "draft": 3}
    assert body.post(answer, {**sent, "file": samples.upload(name="map.pdf")}).status_code == 302
    page = asec.get(reverse("request", args=[request.pk])).text
    assert "plan.pdf" in page
    assert "map.pdf" in page
    assert "wrong.pdf" not in page
    assert asec.get(file).status_code == 200
    assert sign_in(Client(), story.people.body("AIF")).get(file).status_code == 404


def test_f2_a_draft_is_not_lost_where_the_secretariat_records_the_answer_or_closes_the_request(story):
    request, contact = story.sent(), story.people.body("AMEM")
    body = sign_in(Client(), contact)
    body.post(reverse("request_draft", args=[request.pk]), {"measure": "A pilot.", "draft": 0})
    request = story.do("close_request", request, story.asec, note="Too late.")
    late = reverse("move", args=[story.case.case.code, "request", request.pk, "answer_late"])
    assert "A pilot." in body.get(late).text
    other = story.sent()
    body.post(reverse("request_draft", args=[other.pk]), {"answer_text": "Not now.", "draft": 0})
    story.do("record_answer", other, story.asec, **ANSWER, received="A letter of 3 May.")
    page = body.get(reverse("request", args=[other.pk])).text
    assert "that was not sent" in page
    assert "Not now." in page
    assert "Not now." not in sign_in(Client(), story.asec).get(reverse("request", args=[other.pk])).text

"""F1: challenges come from the proposal's roadblocks and are worked out with the proponent."""

import pytest
from django.urls import reverse

from aipbi.documents.models import StoredFile
from aipbi.workflow.errors import Invalid, NotYours
from aipbi.workflow.models import Notice, Obligation
from aipbi.workflow.walk import Stopped
from facilitation.models import Challenge, ChallengeMessage, MessageDraft
from tests.documents import samples
from tests.support.cases import do
from tests.support.client import Client
from tests.support.people import sign_in


def test_f1_roadblocks_become_challenges_with_category_and_member_states(story):
    roadblocks = story.case.version.document["roadblocks"]
    found = list(Challenge.objects.filter(proposal=story.case).order_by("number"))
    assert len(found) == len(roadblocks) == 3
    for challenge, roadblock in zip(found, roadblocks, strict=True):
        assert challenge.category_id == roadblock["category"]
        assert challenge.description == roadblock["description"]
        assert {ams.code for ams in challenge.ams.all()} == set(roadblock["ams"])
    assert Obligation.objects.open().filter(case_id=story.case.pk, kind="work_out").exists()
    assert not Obligation.objects.open().filter(case_id=story.case.pk, kind="begin_facilitation").exists()


def test_f1_a_thread_goes_both_ways_and_each_side_is_told(story):
    challenge = story.challenge()
    Notice.objects.all().delete()
    story.do("comment", challenge, story.asec, text="Which office applies the rule?")
    assert Notice.objects.filter(person=story.writer.person, what="comment").exists()
    story.do("comment", challenge, story.writer, text="The grid office.")
    assert Notice.objects.filter(person=story.asec.person, what="comment").exists()
    assert [(m.from_proponent, m.text) for m in challenge.messages.all()] == [
        (False, "Which office applies the rule?"),
        (True, "The grid office."),
    ]
    assert Challenge.objects.visible_to(story.writer).filter(pk=challenge.pk).exists()


def test_f1_fg_gvc_adds_a_challenge_and_a_seom_lead_only_reads(story):
    data = {"category": "talent", "ams": ["TH"], "description": "Passes take a year.", "evidence": ""}
    story.do("add_challenge", story.case, story.people.fg_gvc("BN"), **data)
    added = Challenge.objects.get(proposal=story.case, category="talent")
    assert added.number == 4
    assert Challenge.objects.visible_to(story.people.seom("TH")).filter(pk=added.pk).exists()
    with pytest.raises(NotYours):
        do(added, "comment", story.people.seom("TH"), text="We read this.")


def test_f1_a_closed_challenge_says_how_it_ended_and_takes_no_more_messages(story):
    challenge = story.do("resolve", story.challenge(), story.asec, outcome="A benefit answers it.")
    assert (challenge.state, challenge.outcome) == ("resolved", "A benefit answers it.")
    with pytest.raises(Stopped, match="not open now"):
        story.do("comment", challenge, story.writer, text="One more thing.")
    assert not ChallengeMessage.objects.filter(challenge=challenge).exists()


def test_u5_another_proponent_sees_no_challenge(story, people):
    stranger = people.proponent("Straits Power Retail", country="SG")
    assert Challenge.objects.filter(proposal=story.case).exists()
    assert not Challenge.objects.visible_to(stranger).exists()
    with pytest.raises(NotYours):
        do(story.challenge(), "comment", stranger, text="Hello")


def test_l4_a_message_cannot_be_changed(story):
    from django.db import DatabaseError, transaction

    story.do("comment", story.challenge(), story.writer, text="The grid office.")
    with pytest.raises(DatabaseError), transaction.atomic():
        ChallengeMessage.objects.update(text="Nobody.")


def test_f1_a_question_waits_for_the_proponent_and_its_answer_takes_the_challenge_on(story):
    challenge = story.do("ask_proponent", story.challenge(), story.people.fg_gvc("BN"), text="Since when?")
    assert challenge.state == "waiting"
    owed = Obligation.objects.open().get(kind="answer_challenge", subject_pk=challenge.pk)
    assert owed.organisation == story.writer.organisation
    assert owed.due_at
    told = Notice.objects.get(what="ask_proponent", person=story.writer.person)
    assert (told.to_act, told.due_at) == (True, owed.due_at)
    with pytest.raises(Stopped, match="answer the question"):
        story.do("comment", challenge, story.writer, text="By the way.")
    challenge = story.do("answer_challenge", challenge, story.writer, text="Since 2022.")
    assert challenge.state == "in_progress"
    assert not Obligation.objects.open().filter(kind="answer_challenge").exists()
    assert [message.asks for message in challenge.messages.all()] == [True, False]


def test_f1_a_challenge_is_rated_in_described_levels_and_none_is_chosen_in_advance(story, signed_in):
    challenge = story.challenge()
    page = reverse("move", args=[story.case.case.code, "challenge", challenge.pk, "edit_challenge"])
    shown = signed_in(story.asec).get(page).content.decode()
    radios = [
        part.partition(">")[0] for part in shown.split("<input")[1:] if 'name="severity"' in part.partition(">")[0]
    ]
    assert len(radios) == 3
    assert not [radio for radio in radios if "checked" in radio]
    assert "cannot go on while the barrier stands" in shown
    data = {"category": challenge.category_id, "ams": ["TH", "MY"], "description": "No agreed method.", "evidence": ""}
    story.do("edit_challenge", challenge, story.asec, **data, severity="stops")
    challenge.refresh_from_db()
    assert (challenge.severity, challenge.description) == ("stops", "No agreed method.")
    with pytest.raises(Invalid):
        do(challenge, "edit_challenge", story.asec, **data, severity="worst")


def test_f1_an_ended_challenge_is_taken_up_again_with_the_reason(story):
    challenge = story.do("set_aside", story.challenge(), story.asec, outcome="Not for now.")
    assert challenge.ended_at
    challenge = story.do("reopen_challenge", challenge, story.people.fg_gvc("TH"), reason="It is back.")
    assert (challenge.state, challenge.ended_at, challenge.outcome) == ("in_progress", None, "")


def page_of(story, name="challenge"):
    return reverse(name, args=[story.case.case.code, 1])


def test_f1_a_draft_saves_by_itself_and_is_read_by_its_own_side_alone(story):
    mine, colleague = (
        sign_in(Client(), one) for one in (story.writer, story.people.as_("editor@mekong-hydropower.example.org"))
    )
    theirs = sign_in(Client(), story.asec)
    before = story.challenge().revision
    by_itself = {"X-Saves-By-Itself": "1"}
    first = mine.post(
        page_of(story, "challenge_draft"), {"text": "Half a sen", "draft": 0, "seen": before}, headers=by_itself
    ).json()
    assert first["also"] == {"draft": 1}
    assert first["seen"] == str(before)
    assert "Half a sen" in mine.get(page_of(story)).content.decode()
    assert "Half a sen" in colleague.get(page_of(story)).content.decode()
    assert "Half a sen" not in theirs.get(page_of(story)).content.decode()
    assert story.challenge().revision == before, "the other side is not in its way"
    late = colleague.post(page_of(story, "challenge_draft"), {"text": "Mine", "draft": 0}, headers=by_itself)
    assert (late.status_code, late.json()) == (409, {"overtaken": True})
    shown = colleague.post(page_of(story, "challenge_draft"), {"text": "Mine", "draft": 0})
    assert shown.status_code == 409
    assert "Half a sen" in shown.content.decode()
    assert ">\nMine</textarea>" in shown.content.decode()
    assert MessageDraft.objects.get().text == "Half a sen"


def test_f1_files_of_a_draft_are_its_sides_until_it_is_sent_with_them(story):
    mine, theirs = sign_in(Client(), story.writer), sign_in(Client(), story.asec)
    draft = page_of(story, "challenge_draft")
    mine.post(draft, {"text": "See the log.", "draft": 0, "file": samples.upload(name="log.pdf")})
    mine.post(draft, {"text": "See the log.", "draft": 1, "file": samples.upload(name="wrong.pdf")})
    log, wrong = StoredFile.objects.filter(purpose="challenge_draft").order_by("pk")
    mine.post(draft, {"text": "See the log.", "draft": 2, "take_off": wrong.pk})
    assert mine.get(reverse("file", args=[log.pk])).status_code == 200
    assert theirs.get(reverse("file", args=[log.pk])).status_code == 404
    challenge = story.challenge()
    send = reverse("move", args=[story.case.case.code, "challenge", challenge.pk, "comment"])
    stale = mine.post(send, {"seen": challenge.revision, "text": "Another", "draft": 1})
    unsaid = mine.post(send, {"seen": challenge.revision, "text": "Another"})
    assert (stale.status_code, unsaid.status_code) == (409, 409)
    assert not challenge.messages.exists()
    sent = mine.post(send, {"seen": challenge.revision, "text": "See the log.", "draft": 3})
    assert sent.status_code == 302
    again = mine.post(send, {"seen": challenge.revision, "text": "See the log.", "draft": 3}, follow=True)
    assert "not done twice" in again.content.decode()
    message = challenge.messages.get()
    assert [file.name for file in message.files.all()] == ["log.pdf"]
    assert not MessageDraft.objects.exists()
    assert theirs.get(reverse("file", args=[log.pk])).status_code == 200
    assert "log.pdf" in theirs.get(page_of(story)).content.decode()


def test_u5_a_viewer_and_another_office_reach_no_draft(story, people):
    story.do("comment", story.challenge(), story.writer, text="Hello")
    for who in (story.people.as_("viewer@mekong-hydropower.example.org"), story.people.seom("TH"), people.expert(3)):
        answer = sign_in(Client(), who).post(page_of(story, "challenge_draft"), {"text": "x", "draft": 0})
        assert answer.status_code == 404
    assert not MessageDraft.objects.exists()

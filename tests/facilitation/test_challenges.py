"""F1: challenges come from the proposal's roadblocks and are worked out with the proponent."""

import pytest

from aipbi.workflow.errors import NotYours
from aipbi.workflow.models import Notice, Obligation
from aipbi.workflow.walk import Stopped
from facilitation.models import Challenge, ChallengeMessage
from tests.support.cases import do


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

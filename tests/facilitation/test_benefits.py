"""F3: each Member State concurs in what it gives; what is not concurred does not enter the letter."""

from datetime import timedelta

import pytest

from aipbi.accounts.capacity import today
from aipbi.workflow import following
from aipbi.workflow.errors import Blocked, Invalid, NotYours
from aipbi.workflow.models import Notice, Obligation
from aipbi.workflow.walk import Stopped
from facilitation.letters.schedule import schedule
from facilitation.models import Benefit, Concurrence
from tests.support.cases import do


def test_f3_proposing_asks_every_member_state_that_would_give_it(story):
    benefit = story.benefit("TH", "MY")
    assert {word.ams_id: word.state for word in benefit.concurrences.all()} == {"TH": "asked", "MY": "asked"}
    owed = Obligation.objects.open().filter(kind="concurrence", case_id=story.case.pk)
    assert {(one.office.role, one.office.ams_id) for one in owed} == {("seom_lead", "TH"), ("seom_lead", "MY")}
    assert all(one.due_at for one in owed)


def test_f3_only_who_takes_part_can_be_asked(story):
    data = {"category": "goods", "measure": "A lane.", "given_by": ["VN"]}
    with pytest.raises(Invalid) as refused:
        do(story.case, "propose_benefit", story.asec, **data)
    assert set(refused.value.form.errors) == {"given_by"}


def test_f3_faults_in_a_benefit_are_shown_beside_their_fields(story):
    data = {
        "category": "gifts",
        "measure": "",
        "given_by": [],
        "starts": today(),
        "ends": today() - timedelta(days=1),
        "request_rank": 9,
    }
    with pytest.raises(Invalid) as refused:
        do(story.case, "propose_benefit", story.asec, **data)
    assert set(refused.value.form.errors) == {"category", "measure", "given_by", "ends", "request_rank"}
    assert not Benefit.objects.exists()


def test_f3_a_member_state_speaks_for_itself_alone_and_through_its_seom_lead(story):
    word = story.word(story.benefit(), "TH")
    for stranger in (story.people.seom("MY"), story.people.fg_gvc("TH"), story.asec, story.writer):
        with pytest.raises(NotYours):
            do(word, "concur", stranger, conditions="")


def test_f3_an_answer_may_change_until_the_benefits_are_final(story):
    benefit = story.benefit()
    lead = story.people.seom("TH")
    word = story.do("refuse", story.word(benefit, "TH"), lead, reason="No mandate.")
    assert (word.state, word.reason) == ("refused", "No mandate.")
    word = story.do("concur", word, lead, conditions="At two ports only.")
    assert (word.state, word.conditions, word.reason) == ("concurred_with_conditions", "At two ports only.", "")
    word = story.do("concur", word, lead, conditions="")
    assert (word.state, word.conditions) == ("concurred", "")
    assert not Obligation.objects.open().filter(kind="concurrence", subject_pk=word.pk).exists()
    story.concur(benefit, "MY")
    story.do("finalise_benefits", story.case, story.chair)
    with pytest.raises(Stopped, match="while the case is in facilitation"):
        story.do("refuse", word, lead, reason="Too late.")


def test_f3_finalising_is_refused_with_what_is_not_agreed_in_words(story):
    with pytest.raises(Blocked) as refused:
        do(story.case, "finalise_benefits", story.chair)
    assert refused.value.reasons[0] == "No benefit has been proposed yet."
    first, second = story.benefit("TH", "MY", request_rank=1), story.benefit("LA", "SG", measure="Certificates.")
    story.concur(first, "TH")
    story.do("refuse", story.word(second, "SG"), story.people.seom("SG"), reason="No mandate.")
    with pytest.raises(Blocked) as refused:
        do(story.case, "finalise_benefits", story.chair)
    assert refused.value.reasons == [
        "Benefit 1 waits for Malaysia.",
        "Benefit 2 waits for Lao PDR.",
        "Request 2 of the proponent is answered by no benefit: say why.",
        "Request 3 of the proponent is answered by no benefit: say why.",
    ]
    assert story.case.state == "facilitation"


def test_f3_a_benefit_nobody_gives_is_told_and_must_be_withdrawn(story):
    given, other = story.benefit("TH"), story.benefit("SG", measure="Certificates.")
    story.concur(given)
    story.do("refuse", story.word(other, "SG"), story.people.seom("SG"), reason="No mandate.")
    told = Notice.objects.filter(case_id=story.case.pk, person=story.asec.person, words__contains="is left")
    assert told.count() == 1
    story.explain()
    with pytest.raises(Blocked) as refused:
        do(story.case, "finalise_benefits", story.chair)
    assert refused.value.reasons == ["Benefit 2 is given by no Member State. Change it, or withdraw it."]
    story.do("withdraw_benefit", other, story.asec, reason="Nobody gives it.")
    assert story.do("finalise_benefits", story.case, story.chair).state == "benefits_finalised"


def test_f3_what_is_not_concurred_does_not_enter_the_letter(story):
    kept, dropped = story.benefit("TH", "MY"), story.benefit("LA", measure="Never given.")
    story.concur(kept, "TH")
    story.do("refuse", story.word(kept, "MY"), story.people.seom("MY"), reason="No mandate.")
    story.do("leave_out", story.word(kept, "MY"), story.people.fg_gvc("TH"), reason="It has no mandate.")
    story.do("withdraw_benefit", dropped, story.asec, reason="Nobody gives it.")
    story.do("finalise_benefits", story.case, story.chair)
    lines = schedule(story.case)
    assert [(line["number"], line["measure"]) for line in lines] == [(1, "One charge method.")]
    assert [state["code"] for state in lines[0]["given_by"]] == ["TH"]
    letter = story.approve(story.drafted())
    assert letter.content["schedule"] == lines
    assert "Never given." not in str(letter.content)


def test_f3_conditions_of_a_member_state_stand_beside_its_name(story):
    benefit = story.benefit("TH", "MY", conditions="The survey is updated first.")
    story.concur(benefit, "TH", conditions="At two ports only.")
    story.concur(benefit, "MY")
    line = schedule(story.case)[0]
    assert line["conditions"] == "The survey is updated first."
    assert [(state["name"], state["conditions"]) for state in line["given_by"]] == [
        ("Malaysia", ""),
        ("Thailand", "At two ports only."),
    ]


def test_f3_withdrawing_frees_who_was_asked(story):
    benefit = story.benefit()
    assert Obligation.objects.open().filter(kind="concurrence").count() == 2
    story.do("withdraw_benefit", benefit, story.asec, reason="Written twice.")
    assert not Obligation.objects.open().filter(kind="concurrence").exists()
    with pytest.raises(Stopped, match="withdrawn"):
        story.do("concur", story.word(benefit, "TH"), story.people.seom("TH"), conditions="")


def test_l3_the_last_word_makes_it_the_chairs_turn(story):
    benefit = story.benefit()
    story.explain()
    story.concur(benefit, "TH")
    waiting = Obligation.objects.open().filter(kind="finalise", case_id=story.case.pk)
    assert not waiting.exists()
    story.concur(benefit, "MY")
    assert waiting.get().office == story.chair.office


def test_f3_only_the_chair_finalises(story):
    story.concur(story.benefit())
    for other in (story.asec, story.people.fg_gvc("TH"), story.people.seom("LA")):
        with pytest.raises(NotYours):
            do(story.case, "finalise_benefits", other)


def test_u5_the_proponent_reads_benefits_in_its_letter_and_not_before(story):
    story.finalised()
    assert Benefit.objects.count() == 2
    assert not Benefit.objects.visible_to(story.writer).exists()
    assert not Concurrence.objects.visible_to(story.writer).exists()
    letter = story.approve(story.drafted())
    from aipbi.workflow import jobs

    jobs.run(story.job(letter).pk)
    assert not Benefit.objects.visible_to(story.writer).exists()
    story.do("issue_letter", story.case, story.chair)
    assert Benefit.objects.visible_to(story.writer).count() == 2
    assert not Concurrence.objects.visible_to(story.writer).exists()


def test_f7_a_non_approval_asks_asec_for_its_letter(story):
    class Decided:
        name = "record_decision"

        class subject:  # noqa: N801
            kind, state = "proposal", "not_approved"

    assert [owed.kind for owed in following.owes(Decided) if owed.kind == "draft_letter"] == ["draft_letter"]

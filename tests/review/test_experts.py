"""Experts (R1, R2): the roster, the bars that data show, the declaration, and who sees the case when."""

import re

import pytest

from aipbi.accounts.models import CorporateGroup, Member
from aipbi.workflow.errors import Blocked, Invalid, NotYours
from review.experts import roster
from review.models import ExpertProfile, Invitation
from tests.review import steps
from tests.support.cases import do, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people):
    return registered(people)


def bars(people, case, number=1):
    expert = people.expert(number)
    return next(one.bars for one in roster.against(steps.fresh(case)) if one.expert.pk == expert.person.pk)


def refused(people, case, number=1):
    """The reasons with which the door refuses to invite the expert."""
    with pytest.raises(Invalid) as refusal:
        do(steps.fresh(case), "invite_expert", people.asec(), expert=people.expert(number).person.pk)
    assert not Invitation.objects.exists()
    return str(refusal.value)


def test_r1_an_appointment_makes_an_entry_on_the_roster(people):
    expert = people.expert(1)
    assert ExpertProfile.objects.get().person == expert.person


def test_r1_nothing_bars_an_expert_without_ties(people, case):
    assert bars(people, case) == []


@pytest.mark.parametrize("employer", ["Mekong Hydropower Export Consortium", "straits  POWER retail"])
def test_r1_the_employer_of_lead_or_partner_bars(people, case, employer):
    ExpertProfile.objects.filter(person=people.expert(1).person).update(employer=employer)
    assert "takes part in the project" in refused(people, case)
    assert bars(people, case)


def test_r1_the_corporate_group_of_a_partner_bars(people, case):
    group = CorporateGroup.objects.create(name="Straits Power")
    ExpertProfile.objects.filter(person=people.expert(1).person).update(employer="Another Name", corporate_group=group)
    assert "corporate group Straits Power" in refused(people, case)


def test_r1_a_colleague_of_the_proponent_is_barred_also_after_leaving(people, case):
    expert = people.expert(1)
    Member.objects.create(
        person=expert.person, organisation=case.organisation, role="editor", starts="2025-01-01", ends="2025-06-30"
    )
    assert "proponent's organisation" in refused(people, case)


def test_r1_whoever_helped_to_write_is_barred(people):
    writer = people.proponent()
    case = registered(people)
    Member.objects.filter(person=writer.person).update(starts="2020-01-01", ends="2020-01-02")
    expert = people.expert(1)
    ExpertProfile.objects.get_or_create(person=writer.person)
    from review.experts import conflicts

    other = people.proponent("Straits Power Retail", country="SG")
    type(case).objects.filter(pk=case.pk).update(organisation=other.organisation)
    found = conflicts.found(ExpertProfile.objects.get(person=writer.person), steps.fresh(case))
    assert any("Helped to write" in one for one in found)
    assert conflicts.found(ExpertProfile.objects.get(person=expert.person), steps.fresh(case)) == []


def test_r1_who_speaks_for_a_member_state_is_barred(people, case):
    expert = people.expert(1)
    from aipbi.accounts.models import Appointment, Office

    seat = Office.objects.get_or_create(role="fg_gvc_member", ams_id="KH", body=None)[0]
    Appointment.objects.create(person=expert.person, office=seat, starts="2025-01-01")
    assert "Speaks for a Member State" in refused(people, case)


def test_r1_who_is_not_available_is_barred(people, case):
    ExpertProfile.objects.filter(person=people.expert(1).person).update(available=False)
    assert "not available" in refused(people, case)


def test_r1_nobody_is_invited_twice(people, case):
    steps.invite(people, case, 1)
    with pytest.raises(Invalid, match="already invited"):
        do(steps.fresh(case), "invite_expert", people.asec(), expert=people.expert(1).person.pk)


def test_r1_a_conflict_that_came_up_after_the_invitation_bars_accepting(people, case):
    invitation = steps.invite(people, case, 1)
    ExpertProfile.objects.filter(person=people.expert(1).person).update(employer="Peninsular Grid Services")
    with pytest.raises(Blocked, match="conflict of interest"):
        do(invitation, "accept_invitation", people.expert(1), **steps.NO_CONFLICT)


def test_r2_the_case_opens_with_acceptance_and_not_before(people, case, signed_in):
    invitation = steps.invite(people, case, 1)
    browser = signed_in(people.expert(1))
    code = case.case.code
    assert browser.get(f"/cases/{code}/").status_code == 404
    page = browser.get(f"/cases/{code}/invitation/{invitation.pk}/accept_invitation/")
    assert page.status_code == 200
    assert "Straits Power Retail" in page.text
    assert case.answers["background"][:60] not in page.text
    assert not re.search(r"<input[^>]* checked", page.text)
    answers = {**steps.NO_CONFLICT, "explanation": "", "seen": invitation.revision}
    done = browser.post(f"/cases/{code}/invitation/{invitation.pk}/accept_invitation/", answers)
    assert done.status_code == 302
    assert browser.get(f"/cases/{code}/").status_code == 200


@pytest.mark.parametrize("question", ["has_interest", "was_involved", "other_ties"])
def test_r2_one_yes_stands_the_expert_aside_on_the_record(people, case, signed_in, question):
    invitation = steps.invite(people, case, 1)
    answers = {**steps.NO_CONFLICT, question: "yes", "explanation": "I hold shares."}
    invitation = do(invitation, "accept_invitation", people.expert(1), **answers)
    assert invitation.state == "conflicted"
    assert getattr(invitation, question) is True
    assert invitation.explanation == "I hold shares."
    assert signed_in(people.expert(1)).get(f"/cases/{case.case.code}/").status_code == 404


def test_r2_a_yes_needs_its_explanation(people, case):
    invitation = steps.invite(people, case, 1)
    with pytest.raises(Invalid, match="Say what the conflict"):
        do(invitation, "accept_invitation", people.expert(1), **{**steps.NO_CONFLICT, "was_involved": "yes"})


def test_r2_every_question_must_be_answered(people, case):
    invitation = steps.invite(people, case, 1)
    with pytest.raises(Invalid, match="other_ties"):
        do(invitation, "accept_invitation", people.expert(1), has_interest="no", was_involved="no")


def test_r2_only_the_invited_expert_answers(people, case, signed_in):
    invitation = steps.invite(people, case, 1)
    with pytest.raises(NotYours):
        do(invitation, "accept_invitation", people.expert(2), **steps.NO_CONFLICT)
    path = f"/cases/{case.case.code}/invitation/{invitation.pk}/accept_invitation/"
    assert signed_in(people.expert(2)).get(path).status_code == 404
    assert signed_in(people.proponent()).get(path).status_code == 404


def test_r2_a_declining_expert_may_be_replaced(people, case):
    invitation = do(steps.invite(people, case, 1), "decline_invitation", people.expert(1), reason="No time.")
    assert invitation.state == "declined"
    assert steps.accept(people, case, 2).state == "accepted"


def test_start_needs_two_experts_cleared_of_conflict(people, case):
    steps.accept(people, case, 1)
    steps.invite(people, case, 2)
    with pytest.raises(Blocked, match="At least 2 experts"):
        do(steps.fresh(case), "start_assessment", people.asec())
    do(Invitation.objects.get(state="invited"), "accept_invitation", people.expert(2), **steps.NO_CONFLICT)
    assert do(steps.fresh(case), "start_assessment", people.asec()).state == "under_assessment"


def test_l5_the_declaration_is_owed_in_three_working_days_and_closed_by_the_answer(people, case):
    invitation = steps.invite(people, case, 1)
    owed = case.case.obligations.get(kind="declare_conflict")
    assert (owed.person, owed.closed_at, owed.clock) == (people.expert(1).person, None, "conflict")
    do(invitation, "accept_invitation", people.expert(1), **steps.NO_CONFLICT)
    owed.refresh_from_db()
    assert owed.closed_at


def test_r2_an_expert_taken_off_loses_sight_at_once_and_owes_nothing(people, signed_in):
    case = steps.under_assessment(people, 3)
    code = case.case.code
    browser = signed_in(people.expert(3))
    assert browser.get(f"/cases/{code}/review/").status_code == 200
    invitation = Invitation.objects.get(expert=people.expert(3).person.pk)
    do(invitation, "withdraw_invitation", people.asec(), reason="Left the institute.")
    assert browser.get(f"/cases/{code}/review/").status_code == 404
    assessment = steps.of(people, case, 3)
    assert browser.get(f"/cases/{code}/assessment/{assessment.pk}/save_assessment/").status_code == 404
    assert not case.case.obligations.open().filter(person=people.expert(3).person).exists()
    assert case.case.obligations.open().filter(kind="assess").count() == 2


def test_an_expert_invited_late_gets_an_assessment_on_accepting(people):
    case = steps.under_assessment(people)
    steps.accept(people, case, 3)
    assert steps.of(people, case, 3).state == "drafting"
    assert case.case.obligations.open().filter(kind="assess", person=people.expert(3).person).exists()


def test_r1_the_roster_is_asec_alone(people, signed_in):
    people.expert(1)
    ExpertProfile.objects.update(fields="Wheeling charges")
    page = signed_in(people.asec()).get("/experts/?q=wheeling")
    assert "Wheeling charges" in page.text
    assert "Wheeling charges" not in signed_in(people.asec()).get("/experts/?q=chips").text
    for other in (people.expert(1), people.proponent(), people.seom("LA"), people.fg_gvc("LA"), people.admin()):
        assert signed_in(other).get("/experts/").status_code == 404


def test_r1_a_search_for_signs_that_no_text_has_finds_what_the_rest_finds(people, signed_in):
    assert signed_in(people.asec()).get("/experts/?q=%00nobody").status_code == 200

"""Experts (R1, R2): the roster, the bars that data show, the declaration, and who sees the case when."""

import re
from datetime import timedelta

import pytest

from aipbi.accounts.days import today
from aipbi.accounts.models import CorporateGroup, Member, Organisation
from aipbi.asean.models import Default
from aipbi.workflow.errors import Blocked, Invalid, NotYours
from review.experts import matching
from review.models import Employment, ExpertProfile, Invitation
from tests.review import steps
from tests.support.cases import do, registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people):
    return registered(people)


def bars(people, case, number=1):
    expert = people.expert(number)
    return next(one.bars for one in matching.against(steps.fresh(case)) if one.expert.pk == expert.person.pk)


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


def employed(people, number, employer, *, group="", until=None, state="confirmed", since=2000):
    """State that the expert works, or worked until so many days ago, for an employer."""
    ends = today() - timedelta(days=until) if until is not None else None
    return Employment.objects.create(
        expert=ExpertProfile.objects.get(person=people.expert(number).person), employer=employer, corporate_group=group,
        starts=today() - timedelta(days=since), ends=ends, state=state,
    )  # fmt: skip


# The power-trade case is filed by the consortium; Straits Power Retail, of the group Straits Power, is a partner.
@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"employer": "Mekong Hydropower Export Consortium"}, "Is employed by Mekong"),
        ({"employer": "STRAITS  POWER Retail Pte. Ltd."}, "Is employed by STRAITS"),
        ({"employer": "Straits Power Retail", "until": 700}, "Was employed by Straits Power Retail"),
        ({"employer": "Another Name", "group": "Straits Power"}, "corporate group Straits Power"),
        ({"employer": "Straits Power Retail", "until": 30, "state": "stated"}, "Was employed by"),
        ({"employer": "Known Daughter"}, "corporate group Straits Power"),
    ],
)  # fmt: skip
def test_r1_an_employer_of_the_project_or_its_group_bars_now_and_for_three_years(people, case, entry, words):
    group = CorporateGroup.objects.create(name="Straits Power")
    Organisation.objects.create(name="Known Daughter", country="SG", corporate_group=group)
    employed(people, 1, **entry)
    assert words in refused(people, case)
    assert words in " ".join(bars(people, case))


@pytest.mark.parametrize(
    "entry",
    [
        {"employer": "Straits Power Retail", "until": 1200},
        {"employer": "Straits Power Retail", "state": "refused"},
        {"employer": "Straits Power Retail", "state": "replaced"},
        {"employer": "Straits Logistics"},
    ],
)
def test_r1_what_is_long_over_or_was_not_confirmed_does_not_bar(people, case, entry):
    employed(people, 1, **entry)
    assert bars(people, case) == []


def test_r1_the_years_are_a_setting_and_so_is_the_bar_for_nationals(people, case):
    employed(people, 1, "Straits Power Retail", until=700)
    ExpertProfile.objects.filter(person=people.expert(2).person).update(nationality="TH")
    people.expert(2)
    ExpertProfile.objects.filter(person=people.expert(2).person).update(nationality="TH")
    assert bars(people, case)
    second = next(one for one in matching.against(case) if one.expert.nationality == "TH")
    assert (second.bars, second.remarks) == ([], ["Has the nationality of a Member State that takes part: Thailand."])
    for key, value in (("conflict_years", 1), ("experts_nationals_barred", True)):
        setting = Default.objects.get(key=key)
        setting.value = value
        setting.save()
    assert bars(people, case) == []
    assert "nationality of a Member State that takes part: Thailand" in refused(people, case, 2)


def test_r1_a_name_that_is_perhaps_a_party_is_a_remark(people, case):
    employed(people, 1, "Straits Power Retail Academy")
    found = next(iter(matching.against(case)))
    assert found.bars == []
    assert "may be Straits Power Retail" in " ".join(found.remarks)


def test_r1_the_reasons_are_told_in_words_and_who_suits_best_comes_first(people, case):
    from aipbi.asean.models import Expertise, Sector

    for number in (1, 2, 3):
        people.expert(number)
    first, second, third = ExpertProfile.objects.order_by("person__email")
    second.sectors.set(Sector.objects.filter(pk="new_energy"))
    second.expertise.set(Expertise.objects.filter(pk__in=["power_systems", "semiconductor_engineering"]))
    ExpertProfile.objects.filter(pk=second.pk).update(languages=["en", "lo"], nationality="PH", most_at_once=2)
    ExpertProfile.objects.filter(pk=third.pk).update(languages=["km"], nationality="PH")
    steps.accept(people, case, 1)
    ExpertProfile.objects.filter(pk=first.pk).update(nationality="BN")
    one, two, _barred = matching.against(steps.fresh(case))
    assert (one.expert, two.expert) == (second, third)
    assert one.reasons == [
        "Works in the sector New energy.",
        "Power systems and grids: the project is in New energy.",
        "Speaks Lao, a language of Lao PDR.",
        "Adds Philippines to the nationalities of the experts on the case.",
    ]
    assert one.in_hand == "0 assessments in hand of at most 2; 0 filed in the past year."
    assert two.remarks == ["Does not name English, in which proposals are written."]


@pytest.mark.parametrize(("starts", "until", "barred"), [(-3, 0, True), (5, 9, False), (-9, -1, False)])
def test_r1_who_is_away_today_is_not_invited(people, case, starts, until, barred):
    profile = ExpertProfile.objects.get(person=people.expert(1).person)
    profile.absences.create(starts=today() + timedelta(days=starts), until=today() + timedelta(days=until))
    assert bool(bars(people, case)) == barred
    remarks = next(iter(matching.against(case))).remarks
    assert any("within the time for the assessment" in one for one in remarks) == (starts > 0)


def test_r1_nobody_is_given_more_than_the_entry_allows(people, case):
    profile = ExpertProfile.objects.filter(person=people.expert(1).person)
    profile.update(most_at_once=1)
    steps.accept(people, registered(people), 1)
    assert bars(people, case) == []
    do(Invitation.objects.get(), "withdraw_invitation", people.asec(), reason="Another case.")
    steps.invite(people, registered(people), 1)
    assert "1 assessment in hand" in " ".join(bars(people, case))


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
    employed(people, 1, "Peninsular Grid Services")
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

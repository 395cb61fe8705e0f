"""Positions and decisions (D2–D5) at the door and on the pages."""

import pytest
from django.db import connection, transaction
from django.db.utils import Error, IntegrityError

from aipbi.workflow import invariants
from aipbi.workflow.errors import Blocked, Invalid, NotYours, Stale
from review.models import ConsolidatedReport, Decision, Position, Round
from tests.review import steps
from tests.support.cases import do

pytestmark = pytest.mark.django_db

WHY = "Because of the transit rules."


# --- D2: positions


def test_d2_only_a_confirmed_member_states_offices_speak_for_it(people, case):
    position = steps.position(case, "TH")
    for other in (
        people.seom("LA"),
        people.fg_gvc("SG"),
        people.seom("VN"),
        people.asec(),
        people.proponent(),
        people.expert(1),
    ):
        with pytest.raises(NotYours):
            do(position, "give_position", other, value="approve")
    assert do(position, "give_position", people.seom("TH"), value="approve").office.role == "seom_lead"


def test_d2_one_place_for_each_member_state_in_the_database(people, case):
    one = Round.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Position.objects.create(proposal=case, round=one, ams_id="TH")


@pytest.mark.parametrize("value", ["approve_with_conditions", "defer", "object"])
def test_d2_conditions_question_and_reason_are_asked(people, case, value):
    with pytest.raises(Invalid, match="text"):
        do(steps.position(case, "TH"), "give_position", people.fg_gvc("TH"), value=value, text=" ")


def test_d2_a_position_changes_until_the_round_closes_and_each_is_kept(people, case, signed_in):
    steps.say(people, case, TH="object")
    do(steps.position(case, "TH"), "give_position", people.seom("TH"), value="no_objection", text="")
    page = signed_in(people.fg_gvc("SG")).get(f"/cases/{case.case.code}/decision/").text
    assert "Positions before" in page
    assert WHY in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM review_positionentry WHERE ams_id = 'TH' ORDER BY pgh_id")
        assert [value for (value,) in cursor.fetchall()] == ["", "object", "no_objection"]


@pytest.mark.parametrize(
    "statement", ["UPDATE review_positionentry SET value = 'approve'", "DELETE FROM review_positionentry"]
)
def test_d2_the_history_of_positions_cannot_be_changed(people, case, statement):
    steps.say(people, case, TH="object")
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_d2_both_offices_owe_the_position_and_one_answer_closes_both(people, case):
    owed = case.case.obligations.filter(kind="position")
    assert owed.filter(closed_at=None).count() == 8
    steps.say(people, case, TH="approve")
    assert owed.filter(closed_at=None).count() == 6
    assert not owed.filter(closed_at=None, office__ams="TH").exists()


def test_l2_two_offices_of_one_member_state_at_once_one_wins_and_the_other_is_told(people, case):
    seen = steps.position(case, "TH")
    do(seen, "give_position", people.fg_gvc("TH"), value="approve")
    with pytest.raises(Stale):
        do(seen, "give_position", people.seom("TH"), value="object", text=WHY)
    assert steps.position(case, "TH").value == "approve"


def test_d2_another_member_states_position_does_not_make_a_page_stale(people, case):
    mine, _theirs = steps.position(case, "TH"), steps.say(people, case, SG="approve", MY="approve")
    assert do(mine, "give_position", people.fg_gvc("TH"), value="approve").value == "approve"


def test_u5_proponents_and_experts_see_no_position(people, case, signed_in):
    steps.say(people, case, TH="object", SG="approve")
    code = case.case.code
    for path in (
        f"/cases/{code}/",
        f"/cases/{code}/decision/",
        f"/cases/{code}/trail/",
        f"/cases/{code}/review/",
        "/cases/",
    ):
        for reader in (people.proponent(), people.expert(1)):
            text = signed_in(reader).get(path).text
            assert WHY not in text
            assert "Thailand: " not in text
            assert "Give your country" not in text
            assert "Give the Member State" not in text
    paths = f"/cases/{code}/position/{steps.position(case, 'TH').pk}/give_position/"
    for reader in (people.proponent(), people.expert(1), people.body("AMEM"), people.admin()):
        assert signed_in(reader).get(paths).status_code == 404


# --- D3, D4, D5: decisions


def test_d3_consensus_is_recorded_by_the_chair(people, case):
    steps.say(people, case, LA="approve", TH="no_objection", MY="approve", SG="approve")
    case = steps.decide(people, case, "approved")
    decision = Decision.objects.get()
    assert (case.state, decision.basis, decision.silent) == ("approved", "consensus", [])
    assert case.decided_at == decision.recorded_at
    assert decision.positions["TH"] == {"value": "no_objection", "text": ""}
    assert Round.objects.get().state == "closed"
    assert invariants.violations() == {}


def test_d3_nothing_is_recorded_while_somebody_is_awaited(people, case):
    steps.say(people, case, LA="approve", TH="approve", MY="approve")
    with pytest.raises(Blocked, match="Still awaited: Singapore"):
        steps.decide(people, case, "approved")


@pytest.mark.parametrize("outcome", ["not_approved", "deferred"])
def test_d3_consensus_allows_approval_alone(people, case, outcome):
    steps.say(people, case, LA="approve", TH="approve", MY="approve", SG="approve")
    with pytest.raises(Invalid, match="outcome"):
        steps.decide(people, case, outcome)


def test_d3_an_objection_stands_against_all_approvals(people, case):
    steps.say(people, case, LA="approve", TH="object", MY="approve", SG="approve")
    with pytest.raises(Invalid, match=r"do not allow this outcome\. Thailand objects"):
        steps.decide(people, case, "approved")
    case = steps.decide(people, case, "not_approved")
    assert (case.state, Decision.objects.get().basis) == ("not_approved", "no_consensus")


def test_d3_silence_after_the_deadline_counts_only_if_the_round_was_opened_so(people, case):
    steps.say(people, case, LA="approve", TH="approve", MY="approve")
    steps.pass_deadline(case)
    with pytest.raises(Invalid, match="outcome"):
        steps.decide(people, case, "approved")
    assert steps.decide(people, case, "deferred").state == "deferred"


def test_d4_minus_x_is_recorded_with_its_basis(people, case, signed_in):
    steps.say(people, case, LA="approve", TH="object", MY="approve", SG="no_objection")
    steps.step_aside(people, case, "TH")
    with pytest.raises(Invalid, match="minus_x_basis"):
        steps.decide(people, case, "approved")
    steps.decide(people, case, "approved", minus_x_basis="The others go on, as agreed on 4 December.")
    decision = Decision.objects.get()
    assert (decision.basis, decision.stepped_aside) == ("minus_x", ["TH"])
    assert decision.positions["TH"]["aside_basis"] == "Note of TH of 3 December."
    thailand = case.participations.get(ams="TH")
    assert (thailand.state, [entry.state for entry in thailand.entries.all()]) == ("aside", ["confirmed", "aside"])
    text = signed_in(people.seom("TH")).get(f"/cases/{case.case.code}/decision/").text
    for said in ("Thailand steps aside under ASEAN Minus X.", "Note of TH of 3 December.", "as agreed on 4 December."):
        assert said in text
    assert "All three that remain have answered: Lao PDR, Malaysia and Singapore." in text
    assert invariants.violations() == {}


def test_d4_who_steps_aside_says_so_itself(people, case):
    steps.say(people, case, LA="approve", TH="object", MY="approve", SG="approve")
    thailand = steps.position(case, "TH")
    for other in (people.chair(), people.asec(), people.seom("MY")):
        if other.ams != "TH":
            with pytest.raises(NotYours):
                do(thailand, "step_aside", other, basis="So it is said.")
    with pytest.raises(Blocked, match="Only a Member State that objects"):
        do(steps.position(case, "SG"), "step_aside", people.seom("SG"), basis="So it is said.")
    do(thailand, "step_aside", people.seom("TH"), basis="Note of 3 December.")
    with pytest.raises(Blocked, match="already"):
        do(steps.position(case, "TH"), "step_aside", people.fg_gvc("TH"), basis="Again.")
    # Giving a position again takes it back; the record keeps both.
    do(steps.position(case, "TH"), "give_position", people.fg_gvc("TH"), value="object", text=WHY)
    with pytest.raises(Invalid, match="outcome"):
        steps.decide(people, case, "approved", minus_x_basis="So it is said.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT aside_basis FROM review_positionentry WHERE ams_id = 'TH' ORDER BY pgh_id")
        assert [basis for (basis,) in cursor.fetchall()] == ["", "", "Note of 3 December.", ""]


def test_d4_the_originating_one_cannot_step_aside_for_an_approval(people, case):
    steps.say(people, case, LA="object", TH="approve", MY="approve", SG="approve")
    steps.step_aside(people, case, "LA")
    with pytest.raises(Invalid, match="outcome"):
        steps.decide(people, case, "approved", minus_x_basis="So it is said.")


def test_d5_a_wish_to_wait_allows_deferral_alone(people, case):
    steps.say(people, case, LA="approve", TH="defer", MY="approve", SG="approve")
    for outcome in ("approved", "not_approved"):
        with pytest.raises(Invalid, match="outcome"):
            steps.decide(people, case, outcome)
    case = steps.decide(people, case, "deferred")
    assert (case.state, case.decided_at, Decision.objects.get().basis) == ("deferred", None, "question")


def test_d5_a_round_closes_by_its_decision_alone(people, case):
    steps.say(people, case, LA="approve", TH="object", MY="approve", SG="approve")
    with pytest.raises(Blocked, match="closed by recording the decision"):
        do(Round.objects.get(), "close_round", people.chair())
    steps.say(people, case, TH="approve")
    assert steps.decide(people, case, "approved").state == "approved"


def test_d2_conditions_set_are_answered_in_the_decision(people, case):
    steps.say(people, case, LA="approve", TH="approve_with_conditions", MY="approve", SG="approve")
    with pytest.raises(Blocked, match="Say what becomes of them"):
        steps.decide(people, case, "approved")
    assert (
        steps.decide(people, case, "approved", conditions="Transit rules are agreed within a year.").state == "approved"
    )


def test_d5_asec_records_only_on_the_chairs_instruction_saying_so(people, case):
    steps.say(people, case, LA="approve", TH="approve", MY="approve", SG="approve")
    with pytest.raises(Invalid, match="on_instruction"):
        steps.decide(people, case, "approved", people.asec(), instruction="By letter.")
    with pytest.raises(Invalid, match="instruction"):
        steps.decide(people, case, "approved", people.asec(), on_instruction="on")
    steps.decide(
        people, case, "approved", people.asec(), on_instruction="on", instruction="By letter of the chair, 3 December."
    )
    decision = Decision.objects.get()
    assert (decision.on_instruction, decision.instruction) == (True, "By letter of the chair, 3 December.")


def test_d5_nobody_else_records(people, case):
    from aipbi.accounts.capacity import today
    from aipbi.asean.models import ChairTerm

    steps.say(people, case, LA="approve", TH="approve", MY="approve", SG="approve")
    not_chair = next(ams for ams in ("TH", "MY") if ams != ChairTerm.objects.on(today()))
    for other in (people.fg_gvc(not_chair), people.seom("LA"), people.proponent(), people.expert(1), people.admin()):
        with pytest.raises(NotYours):
            steps.decide(people, case, "approved", other)


def test_u5_the_proponent_reads_outcome_and_reasons_alone(people, case, signed_in):
    steps.say(people, case, LA="approve", TH="object", MY="approve", SG="approve")
    steps.step_aside(people, case, "TH")
    steps.decide(people, case, "approved", minus_x_basis="Basis-of-minus-x-9912")
    code = case.case.code
    text = signed_in(people.proponent()).get(f"/cases/{code}/decision/").text
    assert "As the Member States agreed." in text
    for path in (f"/cases/{code}/decision/", f"/cases/{code}/trail/", f"/cases/{code}/"):
        text = signed_in(people.proponent()).get(path).text
        for hidden in (WHY, "Basis-of-minus-x-9912", "Note of TH", "Minus X", "object"):
            assert hidden not in text, (path, hidden)
    assert signed_in(people.expert(1)).get(f"/cases/{code}/decision/").text.count("As the Member States agreed.") == 0


@pytest.mark.parametrize("stage", ["assessed", "registered"])
def test_a_deferred_case_is_taken_up_again_and_gets_a_new_round(people, case, stage):
    steps.say(people, case, LA="approve", TH="defer", MY="approve", SG="approve")
    steps.decide(people, case, "deferred")
    assert case.case.obligations.open().filter(kind="take_up").exists()
    case = do(steps.fresh(case), "reopen", people.asec(), stage=stage, cleared_up="The line is named.")
    assert case.state == stage
    if stage == "registered":
        case = do(case, "start_assessment", people.asec())
        case = do(case, "file_consolidated", people.asec(), **steps.TEXTS)
        assert [one.edition for one in ConsolidatedReport.objects.all()] == [1, 2]
    steps.open_round(people, case)
    steps.say(people, case, LA="approve", TH="approve", MY="approve", SG="approve")
    case = steps.decide(people, case, "approved")
    assert (case.state, case.decisions.count()) == ("approved", 2)
    assert invariants.violations() == {}


def test_a_position_after_the_decision_is_refused(people, case):
    steps.say(people, case, LA="approve", TH="approve", MY="approve", SG="approve")
    position = steps.position(case, "TH")
    steps.decide(people, case, "approved")
    with pytest.raises(Blocked, match="closed"):
        do(position, "give_position", people.fg_gvc("TH"), value="object", text=WHY)


@pytest.mark.parametrize(
    "statement", ["UPDATE review_decision SET outcome = 'approved'", "DELETE FROM review_decision"]
)
def test_a_decision_is_written_once(people, case, statement):
    steps.say(people, case, LA="approve", TH="object", MY="approve", SG="approve")
    steps.decide(people, case, "not_approved")
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

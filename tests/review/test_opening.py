"""Opening a round (D1), and rounds that were opened otherwise than most: silence that counts, few that take part (D3, D4)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from aipbi.asean import clocks
from aipbi.workflow import invariants
from aipbi.workflow.errors import Blocked, Invalid
from proposals.document.rules import BENEFITS
from review.models import ConsolidatedReport, Decision, Round
from review.rounds import deadlines
from tests.review import steps
from tests.support import cases, remembered

pytestmark = pytest.mark.django_db


def test_d1_needs_two_confirmed_member_states(people):
    case = steps.assessed(people, steps.confirmed(people, "LA"))
    with pytest.raises(Blocked, match="At least two Member States"):
        steps.open_round(people, case)


def test_d1_p3_the_originating_one_must_be_among_them(people):
    case = steps.assessed(people, steps.confirmed(people, "TH", "SG"))
    with pytest.raises(Blocked, match="originating Member State has not confirmed"):
        steps.open_round(people, case)


def test_d1_the_round_holds_version_report_and_the_confirmed_alone(people):
    case = steps.assessed(people, steps.confirmed(people, "LA", "SG"))
    steps.open_round(people, case)
    one = Round.objects.get()
    assert (one.version, one.report) == (steps.fresh(case).version, ConsolidatedReport.objects.get())
    assert one.members == ["LA", "SG"]
    assert [position.ams_id for position in one.positions.all()] == ["LA", "SG"]
    assert steps.fresh(case).before_fg_gvc_at


def test_d1_a_deadline_that_does_not_do_is_answered_with_one_that_does(people, signed_in):
    case = steps.assessed(people)
    calendars = clocks.calendars({"ID", "LA", "MY", "SG", "TH"})
    day = steps.in_a_month()
    while calendars["TH"].works(day) or not all(one.works(day) for code, one in calendars.items() if code != "TH"):
        day += timedelta(days=1)
    free = deadlines.common(day, calendars)
    assert free > day
    page = f"/cases/{case.case.code}/proposal/{case.pk}/open_round/"
    officer = signed_in(people.asec())
    for entered, said in {
        "2020-01-02": "The deadline must be later than today.",
        day.isoformat(): f"{day} is a weekend or holiday in Thailand. The next day on which all of them work is {free}.",
        "someday": "This is not a date.",
        "": "This answer is missing.",
    }.items():
        told = {"instrument": "ad_referendum", "deadline": entered, "seen": case.revision}
        answer = officer.post(page, told)
        assert (answer.status_code, said in answer.text) == (422, True), entered
        # What was typed is still there.
        assert f'value="{entered}"' in answer.text or not entered
    with pytest.raises(Invalid, match="At a meeting silence does not count"):
        steps.open_round(people, case, instrument="meeting", silence_is_no_objection="on")
    steps.open_round(people, case, deadline=free.isoformat())
    # The end of that day in Jakarta, wherever the reader is.
    assert Round.objects.get().deadline == datetime.combine(free, time(23, 59, 59), ZoneInfo("Asia/Jakarta"))


def test_d3_counted_silence_is_named_in_the_record(people):
    case = steps.before_fg_gvc(people, silence=True)
    steps.say(people, case, LA="approve", TH="approve")
    with pytest.raises(Blocked, match="Still awaited"):
        steps.decide(people, case, "approved")
    steps.pass_deadline(case)
    steps.decide(people, case, "approved")
    decision = Decision.objects.get()
    assert (decision.basis, decision.silent) == ("silence", ["MY", "SG"])
    assert invariants.violations() == {}


def test_d4_two_must_remain_with_the_originating_one(people):
    case = steps.before_fg_gvc(people, case=steps.confirmed(people, "LA", "TH"))
    steps.say(people, case, LA="approve", TH="object")
    steps.step_aside(people, case, "TH")
    with pytest.raises(Invalid, match="outcome"):
        steps.decide(people, case, "approved", minus_x_basis="So it is said.")
    steps.decide(people, case, "not_approved")
    # Nobody was decided without: the record of a refusal names none that stepped aside.
    assert (Decision.objects.get().stepped_aside, case.participations.get(ams="TH").state) == ([], "confirmed")
    assert invariants.violations() == {}


def test_d4_criterion_2_is_checked_again_on_those_that_remain(people, monkeypatch):
    document = cases.document()
    nothing = dict.fromkeys(BENEFITS, 0)
    document["impacts"] = [row if row["ams"] in ("LA", "TH") else {**row, **nothing} for row in document["impacts"]]
    monkeypatch.setattr(cases, "document", lambda _name="": document)
    with remembered.anew():
        case = steps.before_fg_gvc(people, case=steps.confirmed(people))
    steps.say(people, case, LA="approve", TH="object", MY="approve", SG="approve")
    steps.step_aside(people, case, "TH")
    with pytest.raises(Invalid, match="outcome"):
        steps.decide(people, case, "approved", minus_x_basis="So it is said.")

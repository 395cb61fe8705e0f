"""Obligations (L5): opened and closed by moves, paused."""

from datetime import timedelta

from aipbi.workflow.models import Obligation
from tests.support import cases


def test_l5_a_move_closes_what_it_answers_and_opens_what_follows(people):
    case = cases.submitted(people)
    first = Obligation.objects.get(case_id=case.pk)
    cases.do(case, "support", people.seom("LA"), statement="We support it.")
    first.refresh_from_db()
    assert first.closed_by.action == "support"
    assert [o.kind for o in Obligation.objects.open().filter(case_id=case.pk)] == ["completeness"]


def test_l5_asking_for_completion_stops_asecs_clock_and_completing_starts_it(people):
    case = cases.in_inbox(people)
    owed = Obligation.objects.get(case_id=case.pk, kind="completeness")
    due = owed.due_at
    case = cases.do(case, "ask_completion", people.asec(), gaps="Annex 2")
    owed.refresh_from_db()
    assert owed.paused_at is not None
    Obligation.objects.filter(pk=owed.pk).update(paused_at=owed.paused_at - timedelta(days=14))
    cases.do(case, "complete", people.proponent(), declaration="on")
    owed.refresh_from_db()
    assert owed.paused_at is None
    assert owed.due_at - due >= timedelta(days=10)


def test_withdrawing_closes_everything(people):
    case = cases.registered(people)
    assert Obligation.objects.open().filter(case_id=case.pk).count() == 5
    cases.do(case, "withdraw", people.proponent(), reason="Changed plans")
    assert not Obligation.objects.open().filter(case_id=case.pk).exists()

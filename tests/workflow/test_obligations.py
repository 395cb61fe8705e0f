"""Obligations (L5): opened and closed by moves, paused, reminded once at each stage."""

from datetime import timedelta

from aipbi.workflow import obligations
from aipbi.workflow.models import Notice, Obligation, Reminder
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


def test_l5_each_reminder_is_written_once_and_late_ones_tell_asec(people):
    people.asec()
    people.seom("LA")
    case = cases.submitted(people)
    owed = Obligation.objects.get(case_id=case.pk)
    Notice.objects.all().delete()
    stages = {5: "before-5", 1: "before-1", 0: "day", -1: "week-1", -8: "week-2"}
    for days in stages:
        moment = owed.due_at - timedelta(days=days, hours=1)
        obligations.remind(moment)
        obligations.remind(moment)
    assert list(Reminder.objects.filter(obligation=owed).order_by("pk").values_list("stage", flat=True)) == list(
        stages.values()
    )
    assert Notice.objects.filter(person=people.seom("LA").person).count() == 5
    assert Notice.objects.filter(person=people.asec().person).count() == 2


def test_l5_no_reminder_after_the_matter_is_closed_or_while_it_is_paused(people):
    case = cases.in_inbox(people)
    case = cases.do(case, "ask_completion", people.asec(), gaps="Annex 2")
    paused = Obligation.objects.get(case_id=case.pk, kind="completeness")
    Obligation.objects.filter(case_id=case.pk, kind="completion").update(due_at=None)
    assert obligations.remind(paused.due_at) == 0


def test_withdrawing_closes_everything(people):
    case = cases.registered(people)
    assert Obligation.objects.open().filter(case_id=case.pk).count() == 5
    cases.do(case, "withdraw", people.proponent(), reason="Changed plans")
    assert not Obligation.objects.open().filter(case_id=case.pk).exists()

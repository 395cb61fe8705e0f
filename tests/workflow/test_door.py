"""The one door (L1, L2): whole or not at all, once, inside the lock."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.db.utils import Error

from aipbi.accounts.capacity import Capacity, today
from aipbi.accounts.models import Appointment
from aipbi.workflow import registry
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Blocked, Invalid, NotOpen, NotYours, Stale
from aipbi.workflow.models import Notice, Obligation, TrailEntry
from proposals import tasks
from proposals.models import Proposal, Version
from tests.support import cases


def test_l1_a_move_writes_state_version_trail_obligation_and_notices_together(people):
    people.seom("LA")
    case = cases.submitted(people)
    assert case.state == "with_seom"
    assert Version.objects.filter(proposal=case).count() == 1
    assert TrailEntry.objects.filter(case_id=case.pk, action="submit", target="with_seom").count() == 1
    owed = Obligation.objects.open().get(case_id=case.pk)
    assert (owed.kind, owed.office.ams_id) == ("seom_decision", "LA")
    assert Notice.objects.filter(case_id=case.pk, person=people.seom("LA").person, to_act=True).count() == 1


def test_l1_a_fault_in_the_effect_leaves_nothing_behind(people, monkeypatch):
    case = cases.draft(people)
    move = registry.get("proposal", "submit")

    def tells(_self):
        raise RuntimeError("the last thing that happens fails")

    monkeypatch.setattr(move, "tells", tells)
    with pytest.raises(RuntimeError), transaction.atomic():
        cases.do(case, "submit", people.proponent(), declaration="on")
    assert Proposal.objects.get(pk=case.pk).state == "draft"
    assert not Version.objects.exists()
    assert not TrailEntry.objects.filter(action="submit").exists()
    assert not Obligation.objects.exists()


def test_u2_an_appointment_that_ended_is_refused_inside_the_door(people):
    case = cases.submitted(people)
    seom = people.seom("LA")
    Appointment.objects.filter(person=seom.person).update(ends=today())
    with pytest.raises(NotYours):
        cases.do(case, "support", seom, statement="We support it.")


def test_u5_nobody_moves_as_somebody_else(people):
    case = cases.submitted(people)
    with pytest.raises(NotYours):
        perform(
            registry.get("proposal", "support"), case, by=people.proponent().person, as_=people.seom("LA"),
            data={"statement": "We support it."},
        )  # fmt: skip


def test_another_member_states_lead_may_not_support(people):
    case = cases.submitted(people)
    with pytest.raises(NotYours):
        cases.do(case, "support", people.seom("TH"), statement="We support it.")


def test_l2_a_stale_page_is_told_what_happened_meanwhile(people):
    case = cases.submitted(people)
    stale = Proposal.objects.get(pk=case.pk)
    cases.do(case, "return_to_proponent", people.seom("LA"), changes="More figures, please.")
    with pytest.raises(Stale) as refusal:
        cases.do(stale, "support", people.seom("LA"), statement="We support it.")
    assert refusal.value.lines == ["SEOM lead, Lao PDR: Returned to the proponent for changes"]


def test_a_move_from_a_state_it_does_not_start_from_is_refused(people):
    case = cases.draft(people)
    with pytest.raises(NotOpen):
        cases.do(case, "complete", people.proponent(), declaration="on")


def test_what_is_missing_in_the_form_is_told_with_its_place(people):
    case = cases.submitted(people)
    with pytest.raises(Invalid) as refusal:
        cases.do(case, "support", people.seom("LA"), statement="")
    assert list(refusal.value.form.errors) == ["statement"]


def test_p_rules_block_submission_with_the_reason(people):
    case = cases.draft(people)
    Proposal.objects.filter(pk=case.pk).update(answers={**case.answers, "title": ""})
    with pytest.raises(Blocked, match="1 answers"):
        cases.do(case, "submit", people.proponent(), declaration="on")


def test_plain_sql_cannot_move_a_state(people):
    case = cases.submitted(people)
    with pytest.raises(Error, match="no move leads"), transaction.atomic():
        Proposal.objects.filter(pk=case.pk).update(state="approved")
    statement = f"UPDATE proposals_proposal SET state = 'registered' WHERE case_id = {case.pk}"
    with pytest.raises(Error, match="no move leads"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT set_config('portal.move', 'support', true); {statement}")


def test_a_row_cannot_be_born_in_a_later_state(people):
    case = cases.draft(people)
    clone = Proposal.objects.get(pk=case.pk)
    new = Proposal(
        case=clone.case.__class__.objects.create(), organisation=clone.organisation,
        criteria_edition=clone.criteria_edition, indicator_edition=clone.indicator_edition, state="approved",
    )  # fmt: skip
    with pytest.raises(Error, match="no move leads"), transaction.atomic():
        new.save(force_insert=True)


def test_the_clock_lapses_only_after_sixty_days(people, monkeypatch):
    case = cases.in_inbox(people)
    case = cases.do(case, "ask_completion", people.asec(), gaps="Annex 2")
    lapse = registry.get("proposal", "lapse")
    with pytest.raises(Blocked):
        perform(lapse, case, by=None, as_=Capacity.clock())
    Proposal.objects.filter(pk=case.pk).update(moved_at=case.moved_at - timedelta(days=62))
    done = perform(lapse, case, by=None, as_=Capacity.clock())
    assert done.subject.state == "lapsed"
    assert not Obligation.objects.open().filter(case_id=case.pk).exists()


def test_l2_fifty_parallel_identical_moves_give_exactly_one(committed_db, people):
    case = cases.submitted(people)
    seom = people.seom("LA")
    before = TrailEntry.objects.filter(case_id=case.pk).count()
    outcomes: list[str] = []
    barrier = threading.Barrier(50)

    def go():
        try:
            barrier.wait()
            cases.do(case, "support", seom, statement="We support it.")
            outcomes.append("done")
        except (Stale, NotOpen) as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go) for _n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 50
    assert outcomes.count("done") == 1
    assert TrailEntry.objects.filter(case_id=case.pk).count() == before + 1
    assert Obligation.objects.filter(case_id=case.pk, kind="completeness").count() == 1


def test_a_revision_that_no_page_carried_is_not_found(people, signed_in):
    case = cases.draft(people)
    page = registry.get("proposal", "submit")(case, people.proponent()).url(case.case.code)
    for seen in ("", "-1", "x", "9" * 5000, "٣"):
        assert signed_in(people.proponent()).post(page, {"seen": seen, "declaration": "on"}).status_code == 404
    assert Proposal.objects.get().state == "draft"


def test_l6_the_worker_keeps_a_pdf_while_a_move_on_the_same_case_is_not_finished(committed_db, people):
    """What only points at the case waits for no move, so that the two never wait for each other."""
    case = cases.submitted(people)
    stored: list[bool] = []

    def keep():
        try:
            stored.append(tasks.store(case.version, b"%PDF-1.7"))
        finally:
            connections.close_all()

    with transaction.atomic():
        cases.do(case, "support", people.seom("LA"), statement="We support it.")
        worker = threading.Thread(target=keep)
        worker.start()
        worker.join(timeout=20)
        assert stored == [True]
    worker.join()
    assert Proposal.objects.get(pk=case.pk).state == "inbox"

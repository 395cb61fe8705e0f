"""Many cases at once: a dry run that changes nothing, then each case by itself, none twice (R7, L2)."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from aipbi.workflow import invariants, jobs, trail
from aipbi.workflow.models import Job, Notice, Obligation, Reminder, TrailEntry
from proposals.bulk import verbs
from proposals.bulk.models import Bulk, Outcome, Phase
from proposals.models import Proposal
from tests.review import steps
from tests.support.cases import do, in_inbox, registered, submitted
from tests.support.many import copies
from tests.support.people import sign_in


def choose(client, action: str, *cases, **more):
    return client.post(reverse("bulk"), {"action": action, "case": [case.case.code for case in cases], **more})


def prepared(client, action: str, *cases, answers=None, **more) -> Bulk:
    """Choose the cases and fill in the shared form; the dry run stands."""
    assert choose(client, action, *cases, **more).status_code == 302
    bulk = Bulk.objects.latest("pk")
    if answers is not None:
        assert client.post(reverse("bulk_run", args=[bulk.pk]), {"step": "plan", **answers}).status_code == 302
        bulk.refresh_from_db()
    return bulk


def run(client, bulk: Bulk):
    """Do it, as the page says that shows the dry run as it stands."""
    bulk.refresh_from_db()
    return client.post(reverse("bulk_run", args=[bulk.pk]), {"step": "run", "plan": bulk.plan}, follow=True)


def outcomes(bulk: Bulk) -> dict[int, str]:
    return dict(bulk.lines.values_list("case", "outcome"))


def test_r7_l2_of_two_hundred_cases_three_just_moved_are_left_alone_and_none_is_done_twice(
    committed_db, people, client
):
    first = in_inbox(people)
    cases = [first, *copies(Proposal.objects.select_related("case", "organisation").get(pk=first.pk), 199)]
    officer, other, third = people.asec(1), people.asec(2), people.asec(3)
    asec = sign_in(client, officer)
    bulk = prepared(asec, "assign_officer", *cases, answers={"officer": other.person.pk})
    # Larger than is done at once: it waits for the worker, whose part this thread takes.
    assert bulk.phase == Phase.PLANNING
    _work(verbs.PLAN, bulk)
    page = asec.get(reverse("bulk_run", args=[bulk.pk])).content.decode()
    assert "Do it for 200 cases" in page
    assert not Proposal.objects.filter(case_officer__isnull=False).exists()
    assert not TrailEntry.objects.filter(action="assign_officer").exists()

    moved = cases[3], cases[77], cases[199]
    for case in moved:
        do(Proposal.objects.get(pk=case.pk), "assign_officer", third, officer=third.person.pk)

    # A double click and a resent form: the second says the same and sets nothing going.
    run(asec, bulk)
    run(asec, bulk)
    workers = [threading.Thread(target=_worker, args=[bulk]) for _n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    _work(verbs.RUN, bulk)
    answer = run(asec, bulk).content.decode()

    assert "Done for 197 cases." in answer
    assert "Refused for 3, which were left as they are." in answer
    assert answer.count("It changed after you looked: ASEC officer: Case officer named") == 3
    assert {pk for pk, outcome in outcomes(bulk).items() if outcome == Outcome.REFUSED} == {c.pk for c in moved}
    assert Proposal.objects.filter(case_officer=other.person).count() == 197
    named = TrailEntry.objects.filter(action="assign_officer", person=officer.person)
    assert named.count() == named.values("case").distinct().count() == 197
    assert Notice.objects.filter(what="assign_officer", person=other.person).count() == 197
    assert not list(trail.broken())
    assert not invariants.violations()


def _work(kind: str, bulk: Bulk) -> None:
    """Do it as a worker does, and as one that takes it up again."""
    verbs.go_on(jobs.Progress(Job.objects.filter(kind=kind, subject_pk=bulk.pk).latest("pk")))


def _worker(bulk: Bulk) -> None:
    try:
        _work(verbs.RUN, bulk)
    finally:
        connections.close_all()


@pytest.fixture
def asec(db, people, signed_in):
    return signed_in(people.asec())


def test_r7_the_dry_run_asks_what_the_door_asks_and_changes_nothing(people, asec):
    waits, other = registered(people), steps.confirmed(people, "MY", "TH", name="02-ev-battery-chain")
    before = _all_rows()
    bulk = prepared(asec, "start_assessment", waits, other)
    said = dict(bulk.lines.values_list("case", "words"))
    assert said[waits.pk].startswith("At least 2 experts must have accepted")
    assert _all_rows() == before
    answer = run(asec, bulk).content.decode()
    waits.refresh_from_db()
    assert waits.state == "registered"
    assert "Not tried: something stood against it" in answer


def _all_rows() -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT case_id, state, revision FROM proposals_proposal ORDER BY 1")
        rows = cursor.fetchall()
        cursor.execute("SELECT id, trail_count FROM workflow_case ORDER BY 1")
        rows += cursor.fetchall()
        cursor.execute("SELECT count(*) FROM workflow_notice")
        return rows + cursor.fetchall()


def test_r7_none_chosen_unknown_and_hidden_cases_are_answered_plainly_and_alike(people, asec):
    hidden, seen = submitted(people), in_inbox(people, "02-ev-battery-chain")
    nothing = choose(asec, "assign_officer", back="/cases/?q=turbine")
    assert nothing.status_code == 422
    assert "Choose at least one case" in nothing.content.decode()
    assert 'href="/cases/?q=turbine"' in nothing.content.decode()
    searched = choose(asec, "assign_officer", search="q=is:open&sort=title")
    assert 'href="/cases/?q=is%3Aopen&amp;sort=title"' in searched.content.decode()

    def said(*codes):
        answer = asec.post(reverse("bulk"), {"action": "remind", "case": codes})
        return answer.status_code, answer.content.decode().replace(codes[0], "CODE")

    assert said(hidden.case.code)[0] == 422
    one, two = said(hidden.case.code), said("nosuchcase")
    assert "There is no such case: CODE." in one[1]
    assert _without_token(one[1]) == _without_token(two[1])

    bulk = prepared(asec, "remind", hidden, seen, answers={"whom": "all", "of": "all"})
    page = asec.get(reverse("bulk_run", args=[bulk.pk])).content.decode()
    assert list(bulk.lines.values_list("case", flat=True)) == [seen.pk]
    assert f"Left out, since there is no such case: {hidden.case.code}" in page
    assert asec.post(reverse("bulk"), {"action": "close the lot", "case": seen.case.code}).status_code == 422


def _without_token(page: str) -> str:
    import re

    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page)


def test_r7_a_dry_run_of_yesterday_is_not_carried_out(people, asec):
    case = in_inbox(people)
    bulk = prepared(asec, "assign_officer", case, answers={"officer": people.asec().person.pk})
    Bulk.objects.filter(pk=bulk.pk).update(planned_at=timezone.now() - timedelta(hours=25))
    answer = run(asec, bulk).content.decode()
    assert "more than a day old" in answer
    case.refresh_from_db()
    assert case.case_officer is None
    asec.post(reverse("bulk_run", args=[bulk.pk]), {"step": "plan"})
    run(asec, bulk)
    case.refresh_from_db()
    assert case.case_officer == people.asec().person
    assert "Done for 1 case." in asec.get(reverse("bulk_run", args=[bulk.pk])).content.decode()


def test_l2_only_what_the_page_showed_is_carried_out(people, asec):
    case, other = in_inbox(people), people.asec(2)
    bulk = prepared(asec, "assign_officer", case, answers={"officer": people.asec().person.pk})
    bulk.refresh_from_db()
    shown = bulk.plan
    page = reverse("bulk_run", args=[bulk.pk])
    assert f'name="plan" value="{shown}"' in asec.get(page).text
    asec.post(page, {"step": "plan", "officer": other.person.pk})
    for plan in (shown, ""):
        answer = asec.post(page, {"step": "run", "plan": plan}, follow=True).text
        assert "Nothing was done: what would happen was looked at again since." in answer
        assert "Do it for 1 case" in answer
    case.refresh_from_db()
    assert case.case_officer is None
    run(asec, bulk)
    case.refresh_from_db()
    assert case.case_officer == other.person


def test_u5_a_bulk_run_is_its_officers_alone(people, asec, signed_in):
    bulk = prepared(asec, "remind", in_inbox(people), answers={"whom": "all", "of": "all"})
    for other in (people.asec(2), people.admin(), people.seom("LA"), people.chair()):
        client = signed_in(other)
        assert client.get(reverse("bulk_run", args=[bulk.pk])).status_code == 404
        assert client.post(reverse("bulk_run", args=[bulk.pk]), {"step": "run"}).status_code == 404


def test_u2_who_has_left_carries_nothing_out(people, asec):
    from aipbi.accounts.days import today
    from aipbi.accounts.models import Appointment

    officer, case = people.asec(), in_inbox(people)
    bulk = prepared(asec, "assign_officer", case, answers={"officer": officer.person.pk})
    Bulk.objects.filter(pk=bulk.pk).update(phase=Phase.RUNNING)
    jobs.ask(verbs.RUN, bulk, by=officer)
    Appointment.objects.filter(person=officer.person).update(ends=today())
    _work(verbs.RUN, bulk)
    assert outcomes(bulk) == {case.pk: Outcome.REFUSED}
    assert bulk.lines.get().came == "You no longer hold the office."


def test_r7_whoever_owes_is_reminded_once_a_day_and_never_of_what_is_closed(people, asec):
    case = registered(people)
    case.refresh_from_db()
    owed = Obligation.objects.open().filter(case=case.pk, kind="participation").select_related("office")
    Obligation.objects.filter(case=case.pk).update(due_at=timezone.now() - timedelta(days=2))
    laos = owed.get(office__ams="LA")
    answers = {"whom": "seom", "of": "overdue"}
    bulk = prepared(asec, "remind", case, answers=answers)
    assert "SEOM lead, Thailand: Answer whether the Member State takes part" in bulk.lines.get().words
    # Answered after the dry run.
    row = case.participations.get(ams="LA")
    do(row, "confirm", people.seom("LA"))
    people.seom("TH")
    run(asec, bulk)
    line = bulk.lines.get()
    assert line.outcome == Outcome.DONE
    assert "Thailand" in line.came
    assert "Lao" not in line.came
    assert not Reminder.objects.filter(obligation=laos).exists()
    sent = Notice.objects.filter(what="remind-hand")
    assert {one.office.ams_id for one in sent} == {"TH"}
    assert sent.get().words == "Overdue: Answer whether the Member State takes part"
    # Nobody else reads on the trail that somebody was reminded.
    assert not TrailEntry.objects.visible_to(people.seom("TH")).filter(action="remind").exists()
    again = prepared(asec, "remind", case, answers=answers)
    assert again.lines.get().words == "Everyone was reminded by hand today."


def test_a_few_are_done_while_the_page_waits_and_no_worker_takes_them_away(
    people, signed_in, django_capture_on_commit_callbacks
):
    case, officer = in_inbox(people), people.asec(1)
    asec = signed_in(officer)
    bulk = prepared(asec, "assign_officer", case)
    with django_capture_on_commit_callbacks() as told:
        verbs.ask_plan(bulk, officer, f"officer={officer.person.pk}")
    bulk.refresh_from_db()
    assert (bulk.phase, told) == (Phase.PLANNED, [])
    # What breaks off before it is done is found all the same.
    left = jobs.ask(verbs.PLAN, bulk, by=officer, here=True)
    Job.objects.filter(pk=left.pk).update(next_try_at=timezone.now() - timedelta(seconds=11))
    assert left.pk in jobs.lost()


def test_r7_all_open_cases_of_an_officer_who_leaves_are_handed_over_at_once(people, asec):
    leaving, staying = people.asec(2), people.asec(3)
    cases = [in_inbox(people), in_inbox(people, "02-ev-battery-chain")]
    for case in cases:
        do(case, "assign_officer", people.asec(), officer=leaving.person.pk)
    page = asec.get(reverse("officers")).content.decode()
    assert "2 open cases" in page
    bulk = prepared(
        asec, "assign_officer", which="officer", officer=leaving.person.pk, answers={"officer": staying.person.pk}
    )
    run(asec, bulk)
    assert set(Proposal.objects.values_list("case_officer", flat=True)) == {staying.person.pk}
    told = Notice.objects.filter(what="assign_officer", person=leaving.person)
    assert told.filter(words="Another officer looks after a case of yours from now on").count() == 2
    assert Notice.objects.visible_to(staying).filter(words="You are the case officer").count() == 2


def test_r7_all_that_a_search_finds_is_chosen_by_the_search_itself(people, asec):
    one, _other = in_inbox(people), in_inbox(people, "02-ev-battery-chain")
    asec.post(reverse("bulk"), {"action": "remind", "which": "all", "search": "q=from:LA"})
    assert list(Bulk.objects.get().lines.values_list("case", flat=True)) == [one.pk]


def test_r7_a_code_that_no_database_can_hold_names_no_case(people, signed_in):
    said = signed_in(people.asec()).post(reverse("bulk"), {"action": "remind", "case": ["\0", "a\0b"]})
    assert said.status_code == 422
    assert not Bulk.objects.exists()

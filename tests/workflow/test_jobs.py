"""Work that belongs to no case: asked by somebody, done once, found again, and watched by them alone (F7, U5)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from aipbi.accounts.models import Appointment
from aipbi.workflow import jobs
from aipbi.workflow.models import Job

counted: list[str] = []


PAGE = jobs.Page(
    "Offices counted", lambda job: f"/people/?{job.pk}", "See them", lambda _job: "/people/", "Back to the people"
)


@jobs.handler("count_offices", page=PAGE)
def count_offices(progress: jobs.Progress) -> None:
    if progress.job.attempts == 1 and counted == ["fail"]:
        raise OSError("the disk is away")
    progress.say(40, "Counting the offices")
    asker = jobs.asker(progress.job)
    counted.append(asker.label if asker else "nobody")


@pytest.fixture
def asked(people):
    counted.clear()
    officer = people.asec()
    officer.office.kind = "office"
    return officer, jobs.ask("count_offices", officer.office, by=officer)


def test_f7_work_without_a_case_is_done_once_for_whoever_asked(asked):
    officer, job = asked
    assert jobs.ask("count_offices", officer.office, by=officer).pk == job.pk, "asked twice, queued once"
    assert [jobs.run(job.pk), jobs.run(job.pk)] == [True, False]
    assert counted == [officer.label]
    Job.objects.filter(pk=job.pk).update(state="queued", next_try_at=timezone.now())
    Appointment.objects.filter(person=officer.person).update(ends=timezone.localdate())
    jobs.run(job.pk)
    assert counted == [officer.label, "nobody"], "an appointment that ended asks for nothing any more (U2)"


def test_f7_the_sweep_finds_what_the_queue_lost(asked):
    _officer, job = asked
    assert job.pk not in jobs.lost()
    Job.objects.filter(pk=job.pk).update(next_try_at=F("next_try_at") - timedelta(minutes=1))
    assert job.pk in jobs.lost()


def test_work_belongs_to_a_case_or_to_somebody(asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="count_offices", subject_kind="office", subject_pk=7)


def test_u5_who_asked_watches_it_and_nobody_else(asked, people, signed_in):
    officer, job = asked
    mine = signed_in(officer)
    page = mine.get(f"/work/{job.pk}/")
    assert "Waiting for the worker" in page.text
    assert "hx-get" in page.text
    for other in (people.asec(2), people.seom("LA"), people.proponent(), people.admin()):
        assert signed_in(other).get(f"/work/{job.pk}/").status_code == 404
    jobs.Progress(job).say(40, "Counting the offices")
    part = mine.get(f"/work/{job.pk}/", headers={"HX-Request": "true"})
    assert "Counting the offices" in part.text
    assert 'value="40"' in part.text
    assert "<html" not in part.text
    jobs.run(job.pk)
    part = mine.get(f"/work/{job.pk}/", headers={"HX-Request": "true"})
    assert f'href="/people/?{job.pk}"' in part.text
    assert "hx-get" not in part.text


def test_what_failed_says_so_and_is_tried_again(asked, signed_in):
    officer, job = asked
    counted.append("fail")
    assert not jobs.run(job.pk)
    assert "The last try failed" in signed_in(officer).get(f"/work/{job.pk}/").text
    assert jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(state="failed", finished_at=None)
    assert "It could not be made" in signed_in(officer).get(f"/work/{job.pk}/").text

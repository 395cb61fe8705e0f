"""Worker and queue taken away in the middle: the work is rows, so nothing is lost and nothing is done twice (F7, N2)."""

import os
from contextlib import closing, contextmanager
from datetime import timedelta

import psycopg2
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import F

from aipbi.accounts.enums import Role
from aipbi.documents.models import StoredFile
from aipbi.workflow import invariants, trail
from aipbi.workflow.models import Job, Notice, Obligation, TrailEntry
from facilitation.letters import first
from facilitation.models import Letter
from proposals.models import Proposal
from tests.faults.waiting import until
from tests.support import cases, database, world
from tests.support.stack import manage


@pytest.fixture
def story(stack):
    """A case whose benefits are final, with the demonstration's people; the worker has nothing else to do."""
    here = world.bring("benefits_finalised")
    until(lambda: not Job.objects.exclude(state="done").exists())
    return here


def state_of_things():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT usename, state, wait_event_type, wait_event, query FROM pg_stat_activity WHERE datname = current_database()"
        )
        return list(Job.objects.values("kind", "state", "percent", "attempts", "error")), cursor.fetchall()


def approve(story) -> Letter:
    case = story.proposal
    story.walk.do(
        "draft_letter", case, story.tie("asec"), addressee=first.addressee(case), contact=first.contact(),
        decision_reference=first.decision_reference(case), particulars="",
    )  # fmt: skip
    letter = Letter.objects.get(proposal=case)
    checked = story.walk.do("check_letter", letter, story.walk.people.holders(Role.ASEC)[-1])
    return story.walk.do("approve_letter", checked, story.tie("fg_gvc_chair"))


def job() -> Job:
    return Job.objects.get(kind="letter_pdf")


@contextmanager
def locked(statement: str, *values: object):
    """Hold a lock from a connection of its own, on which another process stops until the block ends."""
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as other, other.cursor() as cursor:
        cursor.execute(statement, values)
        yield
        other.rollback()


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def kept() -> set[str]:
    """Return the names of all that is kept under a digest, whichever test it is from."""
    folders = default_storage.listdir("")[0]
    return {f"{folder}/{name}" for folder in folders for name in default_storage.listdir(folder)[1] if len(name) == 64}


def one_letter(story, letter: Letter, before: set[str]) -> None:
    """F7: one letter, sealed once, with one PDF that lies where its row says."""
    letter.refresh_from_db()
    assert letter.state == "sealed"
    file = StoredFile.objects.get(purpose="letter")
    assert (letter.pdf, letter.sha256) == (file, file.sha256)
    assert default_storage.size(file.content.name) == file.size
    assert kept() - before == {file.content.name}
    assert TrailEntry.objects.filter(case_id=letter.proposal_id, action="seal").count() == 1
    assert Notice.objects.filter(case_id=letter.proposal_id, what="seal").count() == 1
    assert list(trail.broken()) == []
    assert invariants.violations() == {}


# What the worker is doing when it is killed, and what stops it there.
MOMENTS = {
    "it has the finished PDF in memory": ("SELECT 1 FROM workflow_case WHERE id = %s FOR UPDATE", 90),
    "the file is written and its row is not": ("LOCK TABLE documents_storedfile IN SHARE MODE -- %s", 90),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_f7_a_worker_killed_while_it_makes_a_letter_leaves_exactly_one(stack, story, moment):
    before = kept()
    statement, percent = MOMENTS[moment]
    with stack.worker_held():
        letter = approve(story)
        stop = locked(statement, letter.proposal_id)
        stop.__enter__()
    until(lambda: job().percent == percent and waits_for_a_lock(), state_of_things)
    stack.kill_worker()
    stop.__exit__(None, None, None)
    killed = job()
    assert (killed.state, killed.attempts) == ("running", 1)
    letter.refresh_from_db()
    assert (letter.state, StoredFile.objects.filter(purpose="letter").count()) == ("approved", 0)
    # Its last sign of life grows old by itself; waiting for that would prove the clock, not the portal.
    Job.objects.filter(pk=killed.pk).update(beat_at=F("beat_at") - timedelta(minutes=2))
    stack.start_worker()
    until(lambda: job().state == "done")
    assert job().attempts == 2
    one_letter(story, letter, before)


def test_f7_a_worker_killed_as_soon_as_it_begins_leaves_exactly_one(stack, story):
    before = kept()
    letter = approve(story)
    until(lambda: job().state == "running")
    stack.kill_worker()
    Job.objects.filter(state="running").update(beat_at=F("beat_at") - timedelta(minutes=2))
    stack.start_worker()
    until(lambda: job().state == "done")
    one_letter(story, letter, before)


def test_a_queue_that_was_emptied_loses_neither_letter_nor_mails(stack, story):
    before = kept()
    with stack.worker_held():
        letter = approve(story)
        waiting = set(Notice.objects.filter(mail_state="waiting").values_list("pk", flat=True))
        assert waiting
        assert job().state == "queued"
        database.empty_queue_and_cache()
        Job.objects.update(next_try_at=F("next_try_at") - timedelta(minutes=1))
    until(lambda: job().state == "done")
    until(lambda: not Notice.objects.exclude(mail_state="sent").exists())
    one_letter(story, letter, before)
    assert len(list(stack.mails.glob("*.eml"))) == Notice.objects.count()


def test_a_session_outlives_an_emptied_queue_and_cache(stack, story, visitor):
    page = visitor()
    page.goto("/accounts/login/")
    page.locator('button[value="seom@la.example.org"]').click()
    database.empty_queue_and_cache()
    page.goto(f"/cases/{story.proposal.case.code}/")
    assert page.get_by_role("heading", level=1).inner_text() == story.proposal.title


def test_l1_moves_succeed_while_the_broker_is_away_and_are_told_of_later(stack):
    with stack.worker_held():
        away = {"REDIS_URL": "unix:///nowhere/valkey.sock"}
        said = manage("walk_case", str(cases.CASES / "01-power-trade.json"), "--until", "inbox", **away)
        assert said.returncode == 0, said.stderr
        assert "The queue did not take workflow.mail_notices" in said.stderr
        case = Proposal.objects.get()
        assert case.state == "inbox"
        assert Obligation.objects.open().filter(case_id=case.pk, kind="completeness").count() == 1
        assert set(Notice.objects.values_list("mail_state", flat=True)) == {"waiting"}
    until(lambda: not Notice.objects.exclude(mail_state="sent").exists())
    assert len(list(stack.mails.glob("*.eml"))) == Notice.objects.count()

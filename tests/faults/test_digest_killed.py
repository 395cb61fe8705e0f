"""A worker killed in the middle of a digest: there is one digest, one e-mail, and every notice is in it once (N2, N3)."""

import os
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes, policy

import psycopg2
import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from aipbi.workflow import invariants, notices, topics
from aipbi.workflow.mailing import digests, paces
from aipbi.workflow.models import Digest, Notice, Pace
from aipbi.workflow.moves import Tell
from aipbi.workflow.parties import Party
from tests.faults.waiting import until
from tests.support import world

WORDS = ("Your proposal moved on", "Your proposal moved on again")
# Where the worker is when it is killed, what stops it there, and how many e-mails have gone by then.
MOMENTS = {
    "it gathers": ("LOCK TABLE workflow_digest IN SHARE MODE", False, 0),
    "it has claimed the digest and not sent it": ("LOCK TABLE accounts_member IN ACCESS EXCLUSIVE MODE", True, 0),
    "the e-mail has gone and is not marked": ("SELECT 1 FROM workflow_notice WHERE digest_id IS NOT NULL FOR UPDATE", True, 1),
}  # fmt: skip


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize("moment", MOMENTS)
def test_n3_a_worker_killed_in_the_middle_of_a_digest_leaves_exactly_one(stack, moment):
    here = world.bring("draft")
    owner = here.tie("owner")
    until(lambda: not Notice.objects.exclude(mail_state="sent").exists())
    for mail in stack.mails.glob("*"):
        mail.unlink()
    statement, made, gone = MOMENTS[moment]
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as other, other.cursor() as cursor:
        with stack.worker_held():
            paces.choose(person=owner.person, paces={topics.CASE: Pace.DAILY}, hour=timezone.now().hour, weekday=1)
            for words in WORDS:
                notices.write_all(
                    here.proposal.pk, "test", [Tell(Party(person=owner.person), words)], topic=topics.CASE
                )
            Notice.objects.filter(words__in=WORDS).update(created_at=F("created_at") - timedelta(days=2))
            if made:
                assert digests.gather() == 1
            cursor.execute(statement)
        until(waits_for_a_lock)
        assert len(list(stack.mails.glob("*.eml"))) == gone
        stack.kill_worker()
        other.rollback()
    # Its claim grows old by itself; waiting for that would prove the clock, not the portal.
    Digest.objects.update(claimed_at=F("claimed_at") - timedelta(minutes=6))
    stack.start_worker()
    until(lambda: set(Notice.objects.filter(words__in=WORDS).values_list("mail_state", flat=True)) == {"sent"})
    digest = Digest.objects.get()
    assert digest.mail_state == "sent"
    assert set(Notice.objects.filter(words__in=WORDS).values_list("digest", flat=True)) == {digest.pk}
    [mail] = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in stack.mails.glob("*.eml")]
    text = mail.get_body(["plain"]).get_content()
    assert [text.count(f"- {words}\n") for words in WORDS] == [1, 1]
    assert invariants.violations() == {}

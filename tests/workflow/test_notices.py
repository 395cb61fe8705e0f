"""Notices (N1, N2): written with the move, mailed once, without confidential content."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from aipbi.workflow import notices
from aipbi.workflow.models import MailState, Notice
from tests.support import cases


@pytest.fixture
def mails(settings, tmp_path) -> Path:
    settings.EMAIL_BACKEND = "aipbi.workflow.mail.FolderBackend"
    settings.EMAIL_FOLDER = tmp_path
    return tmp_path


def test_n1_the_mail_says_what_until_when_and_where_and_nothing_confidential(people, mails):
    people.seom("LA")
    case = cases.submitted(people)
    notices.mail_waiting()
    [mail] = [path.read_text() for path in mails.glob("*.eml") if "To: seom@la" in path.read_text()]
    assert f"/cases/{case.case.code}/" in mail
    assert "A proposal asks for your support" in mail
    assert "text/plain" in mail
    assert "text/html" in mail
    for secret in (case.title, case.organisation.name, "hydropower", "118000000"):
        assert secret.lower() not in mail.lower()


def test_n2_each_notice_is_mailed_once(people, mails):
    people.seom("LA")
    cases.submitted(people)
    waiting = Notice.objects.count()
    assert notices.mail_waiting() == waiting
    assert notices.mail_waiting() == 0
    assert len(list(mails.glob("*.eml"))) == waiting


def test_n2_a_rolled_back_move_tells_nobody(people):
    case = cases.draft(people)
    people.seom("LA")
    with transaction.atomic():
        cases.do(case, "submit", people.proponent(), declaration="on")
        assert Notice.objects.exists()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_n2_a_mail_server_that_is_away_is_tried_again_later_and_given_up_visibly(people, settings):
    people.seom("LA")
    cases.submitted(people)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert notices.mail_waiting() == 0
    notice = Notice.objects.first()
    assert (notice.mail_state, notice.attempts) == (MailState.WAITING, 1)
    assert notice.next_try_at > timezone.now() + timedelta(minutes=1)
    assert notice.error
    Notice.objects.update(attempts=notices.ATTEMPTS - 1, next_try_at=timezone.now())
    notices.mail_waiting()
    assert set(Notice.objects.values_list("mail_state", flat=True)) == {MailState.FAILED}


def test_n2_a_worker_that_died_while_sending_is_followed_by_another_with_the_same_message(people, mails):
    people.seom("LA")
    cases.submitted(people)
    Notice.objects.update(mail_state=MailState.SENDING, claimed_at=timezone.now())
    assert notices.mail_waiting() == 0
    Notice.objects.update(claimed_at=timezone.now() - timedelta(minutes=6))
    count = Notice.objects.count()
    assert notices.mail_waiting() == count
    assert len(list(mails.glob("*.eml"))) == count

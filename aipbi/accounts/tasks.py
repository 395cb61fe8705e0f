"""Mailing invitations: each is a row, sent by the worker, and found again by the sweep when the queue lost it."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from celery import current_app, shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from aipbi.accounts import mail
from aipbi.accounts.models import Invitation

ATTEMPTS = 8

log = logging.getLogger(__name__)


def wake() -> None:
    """Ask the worker to mail what waits, once this transaction has committed."""
    transaction.on_commit(_send)


def _send() -> None:
    try:
        current_app.send_task("accounts.mail_invitations")
    except (OperationalError, RedisError, OSError) as fault:
        log.warning("The queue did not take the invitation (%s); the sweep will find it.", fault)


@shared_task(name="accounts.mail_invitations")
def mail_invitations() -> None:
    """Mail what waits."""
    mail_waiting_invitations()


def mail_waiting_invitations(limit: int = 100) -> int:
    """Mail the invitations that wait; return how many were sent. Safe to run at any time, by many."""
    sent = 0
    for _n in range(limit):
        with transaction.atomic():
            invitation = _next()
            if invitation is None:
                break
            sent += _mail(invitation)
    return sent


def _next() -> Invitation | None:
    now = timezone.now()
    waiting = Invitation.objects.filter(
        sent_at=None,
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=now,
        next_try_at__lte=now,
        attempts__lt=ATTEMPTS,
    )
    return waiting.select_for_update(skip_locked=True, of=("self",)).order_by("next_try_at", "pk").first()


def _mail(invitation: Invitation) -> bool:
    invitation.attempts += 1
    try:
        mail.invitation(invitation).send()
    except (OSError, SMTPException) as fault:
        invitation.next_try_at = timezone.now() + timedelta(minutes=2**invitation.attempts)
        invitation.error = str(fault)[:300]
    else:
        invitation.sent_at, invitation.error = timezone.now(), ""
    invitation.save(update_fields=["attempts", "sent_at", "next_try_at", "error"])
    return bool(invitation.sent_at)

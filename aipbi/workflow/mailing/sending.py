"""Mailing what waits: each row once, whatever crashes, and in the order in which it came (N2)."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.workflow.mailing import away, digests, needed, text
from aipbi.workflow.mailing.faults import Fault, read
from aipbi.workflow.models import Digest, MailEvent, MailState, Notice
from aipbi.workflow.queue import send

log = logging.getLogger(__name__)

ATTEMPTS = 8
_STUCK = timedelta(minutes=5)
# A server that is away is no fault of the e-mail: the attempt does not count, and none is given up for it.
_PAUSE = timedelta(minutes=2)

Row = Notice | Digest


def wake() -> None:
    """Ask the worker to mail what waits; a lost queue is made good by the sweep."""
    send("workflow.mail_notices")


def mail_waiting(limit: int = 200) -> int:
    """Mail the notices and digests that wait; return how many e-mails were sent.

    Each is claimed in a transaction of its own before it is sent. A worker that dies in between
    leaves the claim behind; after five minutes the same message, with the same Message-ID, is
    tried again, so that a mail system that already has it keeps one. A server that is away ends
    the round: what waits is not worn out on it.
    """
    digests.gather()
    sent = 0
    for _n in range(limit):
        row = _claim(Notice) or _claim(Digest)
        if row is None:
            break
        went = _mail(row)
        if went is None:
            break
        sent += went
    return sent


def _claim(model: type[Row]) -> Row | None:
    now = timezone.now()
    free = Q(mail_state=MailState.WAITING, next_try_at__lte=now)
    stuck = Q(mail_state=MailState.SENDING, claimed_at__lt=now - _STUCK)
    related = ("person", "case", "office__ams", "office__body", "message") if model is Notice else ("person",)
    with transaction.atomic():
        row: Row | None = (
            model.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(free | stuck)
            .select_related(*related)
            .order_by("next_try_at", "pk")
            .first()
        )
        if row:
            row.mail_state, row.claimed_at, row.attempts = MailState.SENDING, now, row.attempts + 1
            row.save(update_fields=["mail_state", "claimed_at", "attempts"])
    return row


def _mail(row: Row) -> bool | None:
    """Send a claimed row; return whether it went, None where the server is away."""
    told = [row] if isinstance(row, Notice) else list(row.notices.select_related("case", "office__ams", "office__body"))
    wanted, spared = needed.sort_out(row.person, told)
    drop(spared)
    if not wanted:
        if isinstance(row, Digest):
            _keep(row, MailState.DROPPED, error=_("Nothing in it was new any more."))
        return False
    try:
        mail = _build(row, wanted)
        mail.send()
    except Exception as fault:  # noqa: BLE001 - one that can't be sent must not stop the others; all is on record
        return _failed(row, wanted, fault)
    now = timezone.now()
    with transaction.atomic():
        _keep(row, MailState.SENT, sent_at=now)
        if isinstance(row, Digest):
            Notice.objects.filter(pk__in=[one.pk for one in wanted]).update(mail_state=MailState.SENT, sent_at=now)
    if away.over():
        for model in (Notice, Digest):
            model.objects.filter(mail_state=MailState.WAITING).exclude(error="").update(next_try_at=now)
    return True


def _build(row: Row, wanted: Sequence[Notice]) -> EmailMultiAlternatives:
    return text.of_notice(row) if isinstance(row, Notice) else text.of_digest(row, wanted)


def _keep(row: Row, state: MailState, **values: object) -> None:
    changed = {"mail_state": state, "error": "", **values}
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=[*changed, *(["sent_text"] if isinstance(row, Notice) and state == MailState.SENT else [])])


def _failed(row: Row, wanted: Sequence[Notice], fault: Exception) -> bool | None:
    """Keep why it did not go, when it is tried again, and, once it is given up, tell ASEC."""
    kind, words = read(fault)
    log.warning("%s %s did not go: %s", type(row).__name__, row.pk, words, exc_info=kind is Fault.LATER)
    if kind is Fault.AWAY:
        again = timezone.now() + _PAUSE
        _keep(row, MailState.WAITING, next_try_at=again, error=words[:300], attempts=row.attempts - 1)
        away.tell(words)
        return None
    given_up = kind is Fault.REFUSED or row.attempts >= ATTEMPTS
    with transaction.atomic():
        again = timezone.now() + timedelta(minutes=2 ** min(row.attempts, 9))
        _keep(row, MailState.FAILED if given_up else MailState.WAITING, next_try_at=again, error=words[:300])
        MailEvent.objects.bulk_create(MailEvent(notice=one, what=words[:300]) for one in wanted)
        if given_up:
            give_up(row, wanted)
    return False


def give_up(row: Row, wanted: Sequence[Notice]) -> None:
    """Let the notices of a digest share its fate, and tell ASEC of the cases it may see."""
    from aipbi.workflow.mailing import outbox  # noqa: PLC0415 - it retries what is sent here

    if isinstance(row, Digest):
        Notice.objects.filter(pk__in=[one.pk for one in wanted]).update(mail_state=MailState.FAILED, error=row.error)
    outbox.tell_asec(wanted)


def drop(spared: Sequence[tuple[Notice, str]]) -> None:
    """Leave out what nobody needs any more, with the reason."""
    for notice, why in spared:
        notice.mail_state, notice.error = MailState.DROPPED, why
        notice.save(update_fields=["mail_state", "error"])

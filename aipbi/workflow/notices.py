"""Writing notices in the move's transaction, and mailing each of them once (N1, N2)."""

from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.models import Person
from aipbi.workflow import following, parties
from aipbi.workflow.models import MailState, Notice
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.queue import send

ATTEMPTS = 8
_STUCK = timedelta(minutes=5)


def write(act: Move) -> None:
    """Write the move's notices; the one who moved is not told what they just did."""
    told = (*act.tells(), *following.tells(act))
    write_all(act.subject.case_pk, act.name, told, but=act.as_.person.pk if act.as_.person else None)


def write_all(case_pk: int, what: str, told: Iterable[Tell], *, but: int | None = None) -> None:
    """Write a notice to each person of each party, once for one path and words."""
    rows: dict[tuple[int, str], Notice] = {}
    for tell in told:
        for person in _reached(tell, case_pk):
            if person.pk != but:
                rows[person.pk, tell.words] = Notice(
                    case_id=case_pk, person=person, office=tell.party.office, organisation=tell.party.organisation,
                    what=what, words=tell.words, path=tell.path, to_act=tell.to_act, due_at=tell.due,
                )  # fmt: skip
    Notice.objects.bulk_create(rows.values())


def _reached(tell: Tell, case_pk: int) -> list[Person]:
    return [*tell.party.people(), *(parties.partners(case_pk) if tell.partners else ())]


def wake() -> None:
    """Ask the worker to mail what waits; a lost queue is made good by the sweep."""
    send("workflow.mail_notices")


def mail_waiting(limit: int = 200) -> int:
    """Mail the notices that wait; return how many were sent.

    Each is claimed in a transaction of its own before it is sent. A worker that dies in between
    leaves the claim behind; after five minutes the same message, with the same Message-ID, is
    tried again, so that a mail system that already has it keeps one.
    """
    sent = 0
    for _n in range(limit):
        notice = _claim()
        if notice is None:
            break
        sent += _mail(notice)
    return sent


def _claim() -> Notice | None:
    now = timezone.now()
    free = Q(mail_state=MailState.WAITING, next_try_at__lte=now)
    stuck = Q(mail_state=MailState.SENDING, claimed_at__lt=now - _STUCK)
    with transaction.atomic():
        notice = (
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(free | stuck)
            .select_related("person", "case")
            .order_by("next_try_at", "pk")
            .first()
        )
        if notice:
            notice.mail_state, notice.claimed_at, notice.attempts = MailState.SENDING, now, notice.attempts + 1
            notice.save(update_fields=["mail_state", "claimed_at", "attempts"])
    return notice


def _mail(notice: Notice) -> bool:
    try:
        message(notice).send()
    except (OSError, SMTPException) as fault:
        tired = notice.attempts >= ATTEMPTS
        notice.mail_state = MailState.FAILED if tired else MailState.WAITING
        notice.next_try_at = timezone.now() + timedelta(minutes=2 ** min(notice.attempts, 9))
        notice.error = str(fault)[:300]
        notice.save(update_fields=["mail_state", "next_try_at", "error"])
        return False
    notice.mail_state, notice.sent_at, notice.error = MailState.SENT, timezone.now(), ""
    notice.save(update_fields=["mail_state", "sent_at", "error"])
    return True


def message(notice: Notice) -> EmailMultiAlternatives:
    """Build the e-mail of a notice, as text and HTML, with its own Message-ID."""
    case = notice.case
    reference = case.reference or _("a proposal (%(code)s)") % {"code": case.code}
    context = {
        "notice": notice,
        "reference": reference,
        "link": f"{settings.PORTAL_URL}{notice.path or f'/cases/{case.code}/'}",
        "zone": notice.person.time_zone,
    }
    mail = EmailMultiAlternatives(
        subject=f"{notice.words} – {reference}"[:200],
        body=render_to_string("workflow/notice.txt", context),
        to=[notice.person.email],
        headers={"Message-ID": f"<notice-{notice.pk}@{settings.PORTAL_URL.partition('://')[2].split(':')[0]}>"},
    )
    mail.attach_alternative(render_to_string("workflow/notice.html", context), "text/html")
    return mail

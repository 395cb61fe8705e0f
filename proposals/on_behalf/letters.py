"""E-mails that ask a proponent to confirm: the row is the work, sent by the worker, each once (P8, N2)."""

from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from aipbi.accounts.days import SECRETARIAT
from aipbi.accounts.mail import frame
from aipbi.templatetags.portal import in_words
from aipbi.workflow.queue import send
from proposals.enums import State
from proposals.models import OnBehalf
from proposals.on_behalf import links

ATTEMPTS = 8
# So long before the link runs out the proponent is reminded, once.
REMINDED = timedelta(days=5)


def wake() -> None:
    """Ask the worker to mail what waits, once this transaction has committed."""
    transaction.on_commit(lambda: send("proposals.mail_confirmations"))


def mail_waiting(limit: int = 100) -> int:
    """Mail the links that wait, and remind of those about to run out; return how many were sent.

    Safe to run at any time, by many: each row is locked while its e-mail is sent.
    """
    sent = 0
    for _n in range(limit):
        with transaction.atomic():
            entered = _due().select_for_update(skip_locked=True, of=("self",)).order_by("next_try_at", "pk").first()
            if entered is None:
                break
            sent += _mail(entered)
    return sent


def _due() -> "QuerySet[OnBehalf]":
    now = timezone.now()
    unsent = Q(sent_at=None)
    late = Q(sent_at__isnull=False, reminded_at=None, expires_at__lte=now + REMINDED)
    # What was changed meanwhile can't be confirmed by that link: nobody is sent or reminded of it.
    found = OnBehalf.objects.filter(
        unsent | late, asked__gt=0, confirmed_at=None, refused_at=None, expires_at__gt=now, next_try_at__lte=now,
        attempts__lt=ATTEMPTS, proposal__state=State.DRAFT, proposal__saved_at__lte=F("asked_at"),
    )  # fmt: skip
    return found.select_related("proposal__case", "proposal__organisation")


def _mail(entered: OnBehalf) -> bool:
    again = entered.sent_at is not None
    entered.attempts += 1
    try:
        message(entered, again=again).send()
    except (OSError, SMTPException) as fault:
        entered.next_try_at = timezone.now() + timedelta(minutes=2**entered.attempts)
        entered.error = str(fault)[:300]
    else:
        entered.error, entered.attempts = "", 0
        if again:
            entered.reminded_at = timezone.now()
        else:
            entered.sent_at = timezone.now()
    entered.save(update_fields=["attempts", "sent_at", "reminded_at", "next_try_at", "error"])
    return not entered.error


def message(entered: OnBehalf, *, again: bool = False) -> EmailMultiAlternatives:
    """Build the e-mail; it says whose the proposal is and nothing of what is in it (N1).

    The e-mail of an asking, and its reminder, have the same Message-ID however often they are tried.
    """
    with timezone.override(SECRETARIAT):
        until = in_words(entered.expires_at) if entered.expires_at else ""
    context = {
        "entered": entered, "link": f"{settings.PORTAL_URL}{links.path(entered)}", "until": until, "again": again,
    }  # fmt: skip
    subject = " ".join(render_to_string("proposals/email/confirm_subject.txt", context).split())
    text = render_to_string("proposals/email/confirm.txt", context).strip()
    host = settings.PORTAL_URL.partition("://")[2].split(":")[0]
    number = f"{entered.proposal.case.code}-{entered.asked}{'-again' if again else ''}"
    mail = EmailMultiAlternatives(
        subject, text, to=[entered.contact_email], headers={"Message-ID": f"<confirm-{number}@{host}>"}
    )
    mail.attach_alternative(frame(subject, text), "text/html")
    return mail

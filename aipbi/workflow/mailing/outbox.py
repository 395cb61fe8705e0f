"""What was sent to whom and what failed, as ASEC sees it, and what ASEC may do about it (N2, N3)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.workflow import topics
from aipbi.workflow.models import Case, Digest, MailEvent, MailState, Message, Notice
from aipbi.workflow.titles import on_visible_cases, titled

PER_PAGE = 50
# What has not gone and may still be stopped.
_AHEAD = [MailState.WAITING, MailState.HELD, MailState.DIGEST]


def seen_by(viewer: Capacity) -> QuerySet[Notice]:
    """Keep the notices of cases that the officer may see, and of no case; a draft's and a SEOM lead's own stay theirs (U5)."""
    if viewer.role != Role.ASEC:
        return Notice.objects.none()
    return Notice.objects.filter(Q(case__isnull=True) | on_visible_cases(viewer))


def messages_of(viewer: Capacity) -> QuerySet[Message]:
    """Keep the messages in the Secretariat's name on cases that the officer may see."""
    if viewer.role != Role.ASEC:
        return Message.objects.none()
    return Message.objects.filter(on_visible_cases(viewer))


def find(found: QuerySet[Notice], *, q: str = "", topic: str = "", state: str = "") -> QuerySet[Notice]:
    """Narrow a list by words (a person's name or address, a case's reference or code), topic and state."""
    for word in q.split():
        found = found.filter(
            Q(person__email__icontains=word) | Q(person__name__icontains=word)
            | Q(case__reference__icontains=word) | Q(case__code__iexact=word)
        )  # fmt: skip
    if topic:
        found = found.filter(topic=topic)
    return found.filter(mail_state=state) if state else found


def failing() -> list[Any]:
    """Return, by person, how many e-mails were given up and why the last was; without their cases, which may be nobody's yet."""
    return list(
        Notice.objects.filter(mail_state=MailState.FAILED)
        .values("person__email", "person__name")
        .annotate(count=Count("pk"), last=Max("created_at"), why=Max("error"))
        .order_by("-last")[:20]
    )


def waiting_for_asec(viewer: Capacity) -> list[Message]:
    """Return the messages that wait for ASEC, or are held by it, oldest first, with their notices."""
    now = timezone.now()
    open_ones = Q(notices__mail_state=MailState.HELD) | Q(
        notices__mail_state=MailState.WAITING, notices__next_try_at__gt=now, notices__error=""
    )
    found = titled(messages_of(viewer).filter(open_ones).distinct(), viewer).select_related("case").order_by("pk")
    return list(found.prefetch_related("notices__person", "notices__office__ams", "notices__office__body")[:50])


def retry(notice: Notice, *, by: Capacity) -> None:
    """Try a given-up e-mail again, from now on as often as any. Raises ValidationError where it was not given up."""
    with transaction.atomic():
        locked = _locked(notice, [MailState.FAILED], _("It is not given up, so there is nothing to try again."))
        now = timezone.now()
        again = {"mail_state": MailState.WAITING, "attempts": 0, "next_try_at": now, "error": ""}
        if locked.digest_id:
            Digest.objects.filter(pk=locked.digest_id, mail_state=MailState.FAILED).update(**again)
            Notice.objects.filter(digest=locked.digest_id, mail_state=MailState.FAILED).update(
                mail_state=MailState.DIGEST, error=""
            )
        else:
            Notice.objects.filter(pk=locked.pk).update(sent_at=None, **again)
        _note([locked], _("Tried again"), by)


def give_up(notice: Notice, *, by: Capacity) -> None:
    """Stop an e-mail that has not gone; the notice in the portal stays. Raises ValidationError where it has gone."""
    with transaction.atomic():
        locked = _locked(notice, _AHEAD, _("It has gone already, or is on its way just now."))
        Notice.objects.filter(pk=locked.pk).update(mail_state=MailState.FAILED, error=_("Given up by ASEC."))
        _note([locked], _("Given up"), by)


def came_back(notice: Notice, *, by: Capacity | None, why: str) -> None:
    """Record that a sent e-mail was returned. Raises ValidationError where none was sent."""
    with transaction.atomic():
        locked = _locked(notice, [MailState.SENT], _("It was not sent, so it cannot have come back."))
        words = (_("It came back: %(why)s") % {"why": why})[:300]
        Notice.objects.filter(pk=locked.pk).update(mail_state=MailState.FAILED, error=words, sent_at=None)
        _note([locked], words, by)


def _locked(notice: Notice, states: Sequence[str], otherwise: str) -> Notice:
    locked = Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    if locked.mail_state not in states:
        raise ValidationError(otherwise)
    return locked


def _note(notices: Iterable[Notice], what: str, by: Capacity | None) -> None:
    person = by.person if by else None
    MailEvent.objects.bulk_create(MailEvent(notice=one, what=what, by=person) for one in notices)


def tell_asec(given_up: Sequence[Notice]) -> None:
    """Tell ASEC in a line of each case it may see, and of what belongs to no case; who it was for stands in the outbox, not in an e-mail (N1)."""
    from aipbi.workflow import notices, parties  # noqa: PLC0415 - they write what is given up here
    from aipbi.workflow.moves import Tell  # noqa: PLC0415

    cases = Case.objects.filter(on_visible_cases(Capacity(role=Role.ASEC), "pk"))
    visible = set(cases.filter(pk__in={n.case_id for n in given_up}).values_list("pk", flat=True))
    for one in given_up:
        if (one.case_id is None or one.case_id in visible) and one.topic != topics.MAIL:
            words = _("An e-mail could not be delivered: see the outbox")
            told = [Tell(parties.asec(), words, path=reverse("outbox_mail", args=[one.pk]))]
            notices.write_all(one.case_id, "mail_failed", told, topic=topics.MAIL)


def history(notice: Notice) -> list[dict[str, Any]]:
    """Return what befell one e-mail, in the order in which it happened."""
    told = [{"at": notice.created_at, "what": _("Written"), "by": None}]
    told += [{"at": one.at, "what": one.what, "by": one.by} for one in notice.events.select_related("by")]
    if notice.message and notice.message.edited_at:
        told.append({"at": notice.message.edited_at, "what": _("Text changed"), "by": notice.message.edited_by})
    if notice.digest:
        told.append({"at": notice.digest.created_at, "what": _("Put into a digest"), "by": None})
    if notice.read_at:
        told.append({"at": notice.read_at, "what": _("Marked as read in the portal"), "by": None})
    if notice.sent_at:
        told.append({"at": notice.sent_at, "what": _("Sent"), "by": None})
    return sorted(told, key=lambda one: one["at"])

"""What ASEC does with a message before it goes: change its text, hold it, send it (N3)."""

from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.workflow.mailing import standard
from aipbi.workflow.mailing.sending import wake
from aipbi.workflow.models import MailEvent, MailState, Message, Notice, StandardText

_AHEAD = [MailState.WAITING, MailState.HELD]
# What the e-mails of a case must not name, told by the app that knows (N1).
CONFIDENTIAL: list[Callable[[int], Iterable[str]]] = []
_SHORTEST = 4


def change_standard(kind: str, *, by: Capacity, subject: str, text: str, wait_hours: int) -> None:
    """Keep ASEC's wording of a kind. Raises ValidationError for a placeholder that is not known."""
    assert by.person  # noqa: S101 - the clock writes no letters
    for part in (subject, text):
        standard.check(part)
    with transaction.atomic():
        StandardText.objects.update_or_create(
            kind=kind,
            defaults={"subject": subject, "text": text, "wait_hours": wait_hours, "changed_by_id": by.person.pk},
        )


def change(message: Message, *, by: Capacity, subject: str, text: str, seen: int) -> None:
    """Give this one message a text of its own.

    Raises ValidationError for an unknown placeholder, for a text that names the project or its company (N1),
    where somebody changed it meanwhile, and where it has gone.
    """
    for part in (subject, text):
        standard.check(part)
        _refuse_confidential(message.case_id, part)
    with transaction.atomic():
        locked = _locked(message)
        if locked.revision != seen:
            raise ValidationError(
                _("%(who)s changed this message after you opened it. Read their text, then save yours again.")
                % {"who": locked.edited_by}
            )
        locked.subject, locked.text, locked.revision = subject, text, locked.revision + 1
        locked.edited_by, locked.edited_at = by.person, timezone.now()
        locked.save(update_fields=["subject", "text", "revision", "edited_by", "edited_at"])


def hold(message: Message, *, by: Capacity) -> None:
    """Keep the message back until ASEC sends it. Raises ValidationError where it has gone."""
    with transaction.atomic():
        _locked(message)
        _set(message, _("Held"), by, mail_state=MailState.HELD)


def release(message: Message, *, by: Capacity) -> None:
    """Send the message now. Raises ValidationError where it has gone."""
    with transaction.atomic():
        _locked(message)
        _set(message, _("Sent on its way"), by, mail_state=MailState.WAITING, next_try_at=timezone.now())
        transaction.on_commit(wake)


def ahead(message: Message) -> bool:
    """Whether some of it has not gone yet."""
    return message.notices.filter(mail_state__in=_AHEAD).exists()


def _locked(message: Message) -> Message:
    """Lock the message and what of it is ahead, so that the worker passes it by meanwhile."""
    locked = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    if not list(Notice.objects.select_for_update(no_key=True).filter(message=locked, mail_state__in=_AHEAD)):
        raise ValidationError(_("This message has gone already, or is on its way just now."))
    return locked


def _set(message: Message, what: str, by: Capacity, **values: object) -> None:
    meant = list(Notice.objects.filter(message=message, mail_state__in=_AHEAD))
    Notice.objects.filter(pk__in=[one.pk for one in meant]).update(**values)
    MailEvent.objects.bulk_create(MailEvent(notice=one, what=what, by=by.person) for one in meant)


def _refuse_confidential(case_pk: int, text: str) -> None:
    said = text.casefold()
    for function in CONFIDENTIAL:
        for name in function(case_pk):
            if len(name) >= _SHORTEST and name.casefold() in said:
                raise ValidationError(
                    _("The text names “%(name)s”. E-mails are read on their way: leave it out, the portal shows it.")
                    % {"name": name}
                )

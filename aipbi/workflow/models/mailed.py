"""What an e-mail is as a row: claimed, sent, tried again, and the history of it (N2)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Person


class MailState(models.TextChoices):
    """How far an e-mail has come."""

    WAITING = "waiting", _("Waiting")
    HELD = "held", _("Held by ASEC")
    DIGEST = "digest", _("For a digest")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    DROPPED = "dropped", _("No longer needed")


class Mailed(models.Model):
    """One e-mail to one person. The claim is in the row, so that two workers never send one e-mail."""

    mail_state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class Digest(Mailed):
    """The one e-mail of a person's day that gathers what they did not want at once (N3)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="digests")
    day = models.DateField()
    """The day on the person's own calendar; the constraint makes one digest of it."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Digest"]]

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="digest_once_a_day")]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(mail_state__in=["waiting", "sending"]), name="digest_to_send"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class MailEvent(models.Model):
    """What befell an e-mail beside being written and sent: a fault, a new attempt, giving up; by whom, if by somebody."""

    append_only: ClassVar[bool] = True

    notice = models.ForeignKey("workflow.Notice", on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    what = models.CharField(max_length=300)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["MailEvent"]]

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("event of an e-mail")
        verbose_name_plural = _("events of e-mails")

    def __str__(self) -> str:
        return self.what

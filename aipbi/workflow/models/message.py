"""Messages in the Secretariat's name: their standard texts, and what ASEC makes of one before it goes (N3)."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Person
from aipbi.asean.history import tracked
from aipbi.workflow.models.case import Case

MOST_HOURS = 168


@tracked
class StandardText(models.Model):
    """ASEC's own wording of a kind of message, in place of the one that comes with the portal."""

    kind = models.CharField(max_length=24, primary_key=True)
    subject = models.CharField(max_length=150)
    text = models.TextField(max_length=6000)
    wait_hours = models.PositiveSmallIntegerField(validators=[MaxValueValidator(MOST_HOURS)])
    """How long each waits for ASEC before it goes unchanged; 0 is at once."""
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["StandardText"]]

    class Meta:
        verbose_name = _("standard text")
        verbose_name_plural = _("standard texts")
        constraints = [models.CheckConstraint(condition=Q(wait_hours__lte=MOST_HOURS), name="standard_text_wait")]

    def __str__(self) -> str:
        return self.kind


@tracked
class Message(models.Model):
    """One message to one party, mailed to each of its people; an empty text is the standard one."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=24)
    subject = models.CharField(max_length=150, blank=True)
    text = models.TextField(max_length=6000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=0)
    edited_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["Message"]]

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

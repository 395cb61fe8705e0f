"""What a round goes through before its decision, and how a deferral was cleared up (D5); every row is written once."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Office, Person
from aipbi.documents.models import StoredFile
from proposals.enums import State
from review.enums import Forum
from review.rounds.models import Decision, Round
from review.rules import RecordQuerySet


class _Record(models.Model):
    """Who wrote it, as which office, and when."""

    append_only: ClassVar[bool] = True

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[RecordQuerySet] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True


class Consultation(_Record):
    """The Member States consult again: on what, and until when instead."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="consultations")
    words = models.TextField(_("what they consult on"))
    deadline_before = models.DateTimeField()
    deadline = models.DateTimeField()

    class Meta:
        verbose_name = _("further consultation")
        verbose_name_plural = _("further consultations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(deadline__gt=F("at")), name="consultation_deadline_ahead"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.deadline:%Y-%m-%d}"


class Escalation(_Record):
    """The FG-GVC asks the ministers or the council."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="escalations")
    forum = models.CharField(_("to"), max_length=4, choices=Forum)
    question = models.TextField(_("what is asked"))
    due = models.DateTimeField(_("answer expected by"))

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(forum__in=Forum.values), name="escalation_forum_known"),
            models.CheckConstraint(condition=Q(due__gt=F("at")), name="escalation_due_ahead"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} → {self.forum}"


class EscalationAnswer(_Record):
    """What came back, dated by whoever gave it."""

    escalation = models.OneToOneField(Escalation, primary_key=True, on_delete=models.PROTECT, related_name="answer")
    text = models.TextField(_("answer"))
    given_on = models.DateField(_("date of the answer"))
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("answer to an escalation")
        verbose_name_plural = _("answers to escalations")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.escalation_id}: {self.given_on}"


class Clearing(_Record):
    """How the question of a deferral was cleared up, and where the case went on."""

    decision = models.OneToOneField(Decision, primary_key=True, on_delete=models.PROTECT, related_name="cleared")
    text = models.TextField(_("what was cleared up"))
    stage = models.CharField(max_length=32, choices=State)

    class Meta:
        verbose_name = _("clearing of a deferral")
        verbose_name_plural = _("clearings of deferrals")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.decision_id} → {self.stage}"

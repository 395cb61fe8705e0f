"""Questions to the proponent and their answers (R5). Who asked is never shown to the proponent (R4)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.enums import Role
from aipbi.accounts.models import Person
from aipbi.asean.models import Parameter
from aipbi.workflow.models import StateField, Subject
from proposals.models import Proposal
from review.enums import Asking
from review.rules import ClarificationQuerySet


class Clarification(Subject):
    """One question and, once given, its answer."""

    kind: ClassVar[str] = "clarification"
    tab: ClassVar[str] = "review"
    starts_also: ClassVar[frozenset[str]] = frozenset({Asking.PROPOSED})

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="clarifications")
    state = StateField(_("question"), default=Asking.ASKED, choices=Asking)
    question = models.TextField(_("question"))
    # What it is about; the whole proposal where there is none.
    parameter = models.ForeignKey(Parameter, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups")
    turned_down = models.TextField(_("why it was not put"), blank=True, default="")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_as = models.CharField(max_length=16, choices=Role)
    asked_at = models.DateTimeField()
    pauses = models.BooleanField(_("the experts' clock stands still until it is answered"), default=False)
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # What the proponent has not sent yet: for its own organisation alone.
    draft = models.TextField(_("draft of the answer"), blank=True, default="")
    drafted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ClarificationQuerySet] = ClarificationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("question to the proponent")
        verbose_name_plural = _("questions to the proponent")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Asking.values), name="clarification_state_known"),
            models.CheckConstraint(condition=Q(asked_as__in=[Role.EXPERT, Role.ASEC]), name="clarification_asked_as"),
            models.CheckConstraint(condition=~Q(question=""), name="clarification_has_question"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} – {self.pk}"

    @transition(field=state, source=Asking.PROPOSED, target=Asking.ASKED)
    def put_question(self) -> None:
        """ASEC puts an expert's question to the proponent."""

    @transition(field=state, source=Asking.PROPOSED, target=Asking.TURNED_DOWN)
    def turn_down_question(self) -> None:
        """ASEC does not put it, and says why."""

    @transition(field=state, source=Asking.ASKED, target=Asking.ANSWERED)
    def answer_clarification(self) -> None:
        """The proponent answers."""

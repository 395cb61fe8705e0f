"""A request taken to the ministers or the council, and what they said (F2, D5)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity
from aipbi.workflow.models import StateField, Subject
from facilitation.enums import EscalationState
from facilitation.models.request import BodyRequest, OfRequest
from facilitation.rules import EscalationQuerySet
from review.enums import Forum


class RequestEscalation(OfRequest, Subject):
    """What AEM or AECC is asked about a request, until when, and its answer."""

    kind: ClassVar[str] = "escalation"
    case_path: ClassVar[str] = "request__case"

    request = models.ForeignKey(BodyRequest, on_delete=models.PROTECT, related_name="escalations")
    state = StateField(_("state"), default=EscalationState.PUT, choices=EscalationState)
    forum = models.CharField(_("escalated to"), max_length=4, choices=Forum)
    question = models.TextField(_("what is asked"))
    put_at = models.DateTimeField()
    due_at = models.DateTimeField(_("answer expected by"))
    answer = models.TextField(_("answer"), blank=True)
    given_on = models.DateField(_("date of the answer"), null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[EscalationQuerySet] = EscalationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("escalation of a request")
        verbose_name_plural = _("escalations of requests")
        ordering = ["request", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EscalationState.values), name="req_escalation_state_known"),
            models.CheckConstraint(condition=Q(forum__in=Forum.values), name="req_escalation_forum_known"),
            models.CheckConstraint(
                condition=Q(answer="", given_on__isnull=True, answered_at__isnull=True)
                | ~Q(answer="") & Q(given_on__isnull=False, answered_at__isnull=False),
                name="req_escalation_answer_dated",
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(answered_at__isnull=True), name="req_escalation_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.forum}"

    def home(self, code: str, viewer: Capacity) -> str:
        """Lead to the page of its request."""
        return reverse("request", args=[self.request_id])

    @transition(field=state, source=EscalationState.PUT, target=EscalationState.ANSWERED)
    def record_ministers(self) -> None:
        """The answer has come back."""

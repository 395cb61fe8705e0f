"""A request to a sectoral body, from draft to answer (F2)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.asean.models import Body, MemberState
from aipbi.workflow.models import StateField, Subject
from facilitation.enums import CanAct, RequestState
from facilitation.models.challenge import Challenge
from facilitation.rules import BodyRequestQuerySet
from proposals.models import Proposal


class BodyRequest(Subject):
    """What a body is asked. It reads `question` and `extract`, and nothing else of the case."""

    kind: ClassVar[str] = "request"
    tab: ClassVar[str] = "facilitation"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="body_requests")
    state = StateField(_("state"), default=RequestState.DRAFT, choices=RequestState)
    number = models.PositiveSmallIntegerField(_("number"))
    body = models.ForeignKey(Body, verbose_name=_("sectoral body"), on_delete=models.PROTECT, related_name="+")
    challenge = models.ForeignKey(
        Challenge,
        verbose_name=_("challenge"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="requests",
    )
    question = models.TextField(_("question"))
    extract = models.TextField(_("extract"), blank=True)
    ams = models.ManyToManyField(MemberState, verbose_name=_("Member States concerned"), related_name="+", blank=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(_("answer wanted by"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    answer = models.CharField(_("answer"), max_length=8, choices=CanAct, blank=True)
    answer_text = models.TextField(_("explanation"), blank=True)
    measure = models.TextField(_("measure"), blank=True)
    lead_ams = models.ForeignKey(
        MemberState,
        verbose_name=_("leading Member State"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    by_when = models.DateField(_("by when"), null=True, blank=True)
    received = models.TextField(_("how the answer came"), blank=True)
    note = models.TextField(_("closing note"), blank=True)

    objects: ClassVar[BodyRequestQuerySet] = BodyRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("request to a sectoral body")
        verbose_name_plural = _("requests to sectoral bodies")
        ordering = ["proposal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="request_number_once"),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="request_state_known"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | Q(answered_at__isnull=False, answer__in=CanAct.values),
                name="request_answer_dated",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(due_at__isnull=False) & ~Q(extract=""),
                name="request_sent_whole",
            ),
        ]
        indexes = [models.Index(fields=["body", "-sent_at"], name="request_of_body")]

    def __str__(self) -> str:
        return f"{self.number}. {self.body}"

    def home(self, code: str, viewer: Capacity) -> str:
        """Lead a body's contact to the request's own page, which is all they see."""
        return reverse("request", args=[self.pk]) if viewer.role == Role.BODY_CONTACT else super().home(code, viewer)

    @transition(field=state, source=RequestState.DRAFT, target=RequestState.SENT)
    def send(self) -> None:
        """ASEC hands it to the body."""

    @transition(field=state, source=RequestState.SENT, target=RequestState.ACKNOWLEDGED)
    def acknowledge(self) -> None:
        """The body says it has it."""

    @transition(field=state, source=[RequestState.SENT, RequestState.ACKNOWLEDGED], target=RequestState.ANSWERED)
    def answer_it(self) -> None:
        """The body says what it can do."""

    @transition(
        field=state,
        source=[RequestState.DRAFT, RequestState.SENT, RequestState.ACKNOWLEDGED, RequestState.ANSWERED],
        target=RequestState.CLOSED,
    )
    def close(self) -> None:
        """Nothing more is awaited from the body."""

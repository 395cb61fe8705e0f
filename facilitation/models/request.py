"""A request to a sectoral body, from draft to answer (F2)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Person
from aipbi.asean.models import Body, MemberState
from aipbi.documents.models import StoredFile
from aipbi.workflow.models import Case, StateField, Subject
from facilitation.enums import CanAct, RequestState
from facilitation.models.challenge import Challenge
from facilitation.models.common import CommonBarrier
from facilitation.rules import AnswerDraftQuerySet, BodyRequestQuerySet
from proposals.models import Proposal, Version


class OfRequest:
    """What belongs to a request belongs to its case."""

    request: Any

    @property
    def case_pk(self) -> int:
        """Primary key of the request's case."""
        return self.request.case_id

    @property
    def proposal(self) -> Any:
        """The request's proposal; None where it is about a barrier common to several."""
        return self.request.proposal

    @property
    def common(self) -> Any:
        """The common barrier that the request is about, where it is about one."""
        return self.request.common

    @property
    def caption(self) -> str:
        """Say which request of which case."""
        return self.request.caption


class BodyRequest(Subject):
    """What a body is asked, about one case or a barrier common to several.

    It reads `question`, `extract`, `reads` and the files given to it, and nothing else of the case.
    """

    kind: ClassVar[str] = "request"
    case_path: ClassVar[str] = "case"

    # The proposal's case, or the common barrier's own.
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="body_requests")
    proposal = models.ForeignKey(
        Proposal, null=True, blank=True, on_delete=models.PROTECT, related_name="body_requests"
    )
    common = models.ForeignKey(CommonBarrier, null=True, blank=True, on_delete=models.PROTECT, related_name="requests")
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
    # ASEC's own words about the case; and which parts and files of which version go with them.
    extract = models.TextField(_("extract"), blank=True)
    version = models.ForeignKey(Version, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    parts = models.JSONField(default=list, blank=True)
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True)
    annexes_because = models.TextField(_("why confidential annexes are given"), blank=True)
    # The chosen parts in words, as they stood when it was sent: see `extracts`.
    reads = models.JSONField(default=list, blank=True)
    ams = models.ManyToManyField(MemberState, verbose_name=_("Member States concerned"), related_name="+", blank=True)
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(_("answer wanted by"), null=True, blank=True)
    # Since when the body waits for an answer of the Secretariat; its own date stands still meanwhile.
    paused_at = models.DateTimeField(null=True, blank=True)
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
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="request_number_once"),
            models.CheckConstraint(
                condition=Q(proposal__isnull=False, common__isnull=True, case=F("proposal"))
                | Q(proposal__isnull=True, common__isnull=False, case=F("common")),
                name="request_of_one_case",
            ),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="request_state_known"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | Q(answered_at__isnull=False, answer__in=CanAct.values),
                name="request_answer_dated",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(due_at__isnull=False) & ~Q(extract="", reads=[]),
                name="request_sent_whole",
            ),
        ]
        indexes = [models.Index(fields=["body", "-sent_at"], name="request_of_body")]

    def __str__(self) -> str:
        return f"{self.number}. {self.body}"

    @property
    def case_pk(self) -> int:
        """Primary key of the case it belongs to."""
        return self.case_id

    @property
    def caption(self) -> str:
        """Say which request of which case."""
        return f"{self.case.reference} · {_('Request')} {self.number}"

    def home(self, code: str, viewer: Capacity) -> str:
        """Lead to the request's own page, which is all that a body's contact sees."""
        return reverse("request", args=[self.pk])

    @property
    def waiting(self) -> bool:
        """Whether the body still has to answer."""
        return self.state in (RequestState.SENT, RequestState.ACKNOWLEDGED)

    @property
    def escalated(self) -> bool:
        """Whether an escalation waits for its answer."""
        return self.escalations.filter(answered_at__isnull=True).exists()

    @property
    def where(self) -> Any:
        """What those inside see it as about: the proposal, or the common barrier."""
        return self.proposal or self.common

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


class RequestMessage(models.Model):
    """One message between a body and the Secretariat about a request: written once."""

    append_only: ClassVar[bool] = True

    request = models.ForeignKey(BodyRequest, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=250)
    from_body = models.BooleanField()
    text = models.TextField()
    files = models.ManyToManyField(StoredFile, related_name="+")

    objects: ClassVar[models.Manager["RequestMessage"]]

    class Meta:
        verbose_name = _("message about a request")
        verbose_name_plural = _("messages about requests")
        ordering = ["request", "pk"]

    def __str__(self) -> str:
        return f"{self.capacity}: {self.text[:60]}"


class AnswerDraft(models.Model):
    """The answer to a request while it is being written: the body's own until it is sent, and then gone.

    `typed` has each field as it was typed, also what cannot be read yet; `revision` counts its savings, so that
    two contacts of the body at one draft are told of each other.
    """

    request = models.OneToOneField(BodyRequest, on_delete=models.PROTECT, related_name="answer_draft")
    typed = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    objects: ClassVar[AnswerDraftQuerySet] = AnswerDraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("draft of an answer")
        verbose_name_plural = _("drafts of answers")

    def __str__(self) -> str:
        return f"{self.request_id}"

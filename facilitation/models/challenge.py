"""A barrier that the project meets, and the talk about it with the proponent (F1)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Office, Organisation, Person
from aipbi.asean.models import Category, MemberState
from aipbi.documents.models import StoredFile
from aipbi.workflow.models import StateField, Subject
from facilitation.enums import SEVERITY_MEANS, WORKED_ON, ChallengeState, Severity
from facilitation.models.common import CommonBarrier
from facilitation.rules import ChallengeQuerySet, DraftQuerySet
from proposals.models import Proposal


class Challenge(Subject):
    """One barrier in one category; `roadblock` is its place in the version's list when it came from there."""

    kind: ClassVar[str] = "challenge"
    tab: ClassVar[str] = "facilitation"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="challenges")
    state = StateField(_("state"), default=ChallengeState.OPEN, choices=ChallengeState)
    number = models.PositiveSmallIntegerField(_("number"))
    category = models.ForeignKey(Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="+")
    ams = models.ManyToManyField(MemberState, verbose_name=_("Member States concerned"), related_name="+")
    description = models.TextField(_("description"))
    evidence = models.TextField(_("evidence"), blank=True)
    # Empty until somebody has said it: nothing is rated by default.
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, blank=True, default="")
    # Where it is worked on together with the same barrier of other cases.
    common = models.ForeignKey(
        CommonBarrier, null=True, blank=True, on_delete=models.PROTECT, related_name="challenges"
    )
    roadblock = models.PositiveSmallIntegerField(null=True, blank=True)
    opened_at = models.DateTimeField()
    outcome = models.TextField(_("outcome"), blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ChallengeQuerySet] = ChallengeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        ordering = ["proposal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="challenge_number_once"),
            models.UniqueConstraint(fields=["proposal", "roadblock"], name="challenge_roadblock_once"),
            models.CheckConstraint(condition=models.Q(state__in=ChallengeState.values), name="challenge_state_known"),
            models.CheckConstraint(
                condition=Q(severity="") | Q(severity__in=Severity.values), name="challenge_severity_known"
            ),
        ]
        indexes = [models.Index(fields=["state", "-opened_at"], name="challenge_by_state")]

    def __str__(self) -> str:
        return f"{self.number}. {self.description[:80]}"

    def home(self, code: str, viewer: Capacity) -> str:
        """Return the address of its own page."""
        return reverse("challenge", args=[code, self.number])

    @property
    def caption(self) -> str:
        """Say which challenge of which case."""
        return f"{super().caption} · {_('Challenge')} {self.number}"

    @property
    def severity_means(self) -> Any:
        """What its severity means, in words; nothing where it is not rated."""
        return SEVERITY_MEANS[Severity(self.severity)] if self.severity else ""

    @property
    def worked_on(self) -> bool:
        """Whether it has not ended."""
        return self.state in WORKED_ON

    @transition(field=state, source=[ChallengeState.OPEN, ChallengeState.WAITING], target=ChallengeState.IN_PROGRESS)
    def take_up(self) -> None:
        """Somebody works on it now."""

    @transition(field=state, source=[ChallengeState.OPEN, ChallengeState.IN_PROGRESS], target=ChallengeState.WAITING)
    def ask_proponent(self) -> None:
        """It cannot go on before the proponent has answered."""

    @transition(field=state, source=ChallengeState.WAITING, target=ChallengeState.IN_PROGRESS)
    def answer_challenge(self) -> None:
        """The proponent has answered."""

    @transition(field=state, source=sorted(WORKED_ON), target=ChallengeState.RESOLVED)
    def resolve(self) -> None:
        """The barrier is gone, or a benefit answers it."""

    @transition(field=state, source=sorted(WORKED_ON), target=ChallengeState.SET_ASIDE)
    def set_aside(self) -> None:
        """It is not taken further in this case."""

    @transition(
        field=state, source=[ChallengeState.RESOLVED, ChallengeState.SET_ASIDE], target=ChallengeState.IN_PROGRESS
    )
    def reopen_challenge(self) -> None:
        """It has come back, or was ended too early."""


class ChallengeMessage(models.Model):
    """One message of the thread: written once, by an office or by the proponent's organisation."""

    append_only: ClassVar[bool] = True

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=250)
    from_proponent = models.BooleanField()
    text = models.TextField()
    # Whether it asks the proponent something that the challenge waits for.
    asks = models.BooleanField(default=False)
    files = models.ManyToManyField(StoredFile, related_name="+")

    objects: ClassVar[models.Manager["ChallengeMessage"]]

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["challenge", "pk"]

    def __str__(self) -> str:
        return f"{self.capacity}: {self.text[:60]}"


class MessageDraft(models.Model):
    """A message that is being written: the office's or the organisation's own until it is sent, and then gone.

    `revision` counts its savings, so that two colleagues at one draft are told of each other.
    """

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="drafts")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    objects: ClassVar[DraftQuerySet] = DraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("draft of a message")
        verbose_name_plural = _("drafts of messages")
        constraints = [
            models.UniqueConstraint(
                fields=["challenge", "office", "organisation"], nulls_distinct=False, name="draft_one_of_each_side"
            ),
            models.CheckConstraint(
                condition=Q(office__isnull=False, organisation__isnull=True)
                | Q(office__isnull=True, organisation__isnull=False),
                name="draft_one_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.office_id or self.organisation_id}"

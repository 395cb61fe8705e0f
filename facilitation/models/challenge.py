"""A barrier that the project meets, and the talk about it with the proponent (F1)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.models import Person
from aipbi.asean.models import Category, MemberState
from aipbi.workflow.models import StateField, Subject
from facilitation.enums import ChallengeState
from facilitation.rules import ChallengeQuerySet
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
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.description[:80]}"

    @transition(field=state, source=ChallengeState.OPEN, target=ChallengeState.RESOLVED)
    def resolve(self) -> None:
        """The barrier is gone, or a benefit answers it."""

    @transition(field=state, source=ChallengeState.OPEN, target=ChallengeState.SET_ASIDE)
    def set_aside(self) -> None:
        """It is not taken further in this case."""


class ChallengeMessage(models.Model):
    """One message of the thread: written once, by an office or by the proponent's organisation."""

    append_only: ClassVar[bool] = True

    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=250)
    from_proponent = models.BooleanField()
    text = models.TextField()

    objects: ClassVar[models.Manager["ChallengeMessage"]]

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["challenge", "pk"]

    def __str__(self) -> str:
        return f"{self.capacity}: {self.text[:60]}"

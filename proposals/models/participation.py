"""The part a Member State takes in a project (D1, D6): named by the proponent, answered by its SEOM lead."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.models import Office, Person
from aipbi.asean.models import MemberState
from aipbi.workflow.models import StateField, Subject
from proposals.enums import Taking
from proposals.models.proposal import Proposal
from proposals.rules import ParticipationQuerySet


class Participation(Subject):
    """One row per Member State: named in the submitted proposal, or joining later; `ParticipationEntry` keeps each answer.

    `categories` are the codes of those in which it takes part; none named means in all.
    """

    kind: ClassVar[str] = "participation"
    tab: ClassVar[str] = "participation"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="participations")
    ams = models.ForeignKey(MemberState, on_delete=models.PROTECT, related_name="+")
    state = StateField(_("participation"), default=Taking.NAMED, choices=Taking)
    categories = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ParticipationQuerySet] = ParticipationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(fields=["proposal", "ams"], name="participation_once"),
            models.CheckConstraint(condition=models.Q(state__in=Taking.values), name="participation_state_known"),
        ]
        indexes = [models.Index(fields=["ams", "proposal"], name="participation_of_ams")]

    def __str__(self) -> str:
        return f"{self.ams_id} – {self.get_state_display()}"

    @property
    def takes_part(self) -> bool:
        """Whether it decides and gives."""
        return self.state == Taking.CONFIRMED

    def covers(self, category: str) -> bool:
        """Whether the category is one of those in which it takes part (D6)."""
        return not self.categories or category in self.categories

    @transition(
        field=state,
        source=[Taking.NAMED, Taking.DECLINED, Taking.OBSERVING, Taking.LEFT, Taking.ASIDE],
        target=Taking.CONFIRMED,
    )
    def confirm(self) -> None:
        """The Member State takes part."""

    @transition(field=state, source=[Taking.NAMED, Taking.CONFIRMED, Taking.OBSERVING], target=Taking.DECLINED)
    def decline(self) -> None:
        """The Member State does not take part."""

    @transition(
        field=state, source=[Taking.NAMED, Taking.CONFIRMED, Taking.DECLINED, Taking.LEFT], target=Taking.OBSERVING
    )
    def observe(self) -> None:
        """The Member State follows without deciding."""

    @transition(field=state, source=Taking.CONFIRMED, target=Taking.LEFT)
    def leave(self) -> None:
        """The Member State takes no part from now on; what was done with it stands (D6)."""

    @transition(field=state, source=Taking.CONFIRMED, target=Taking.ASIDE)
    def set_aside(self) -> None:
        """The others decided without it, as it said itself (D4)."""

    @transition(field=state, source=[Taking.WISHING, Taking.NOT_ADMITTED], target=Taking.NAMED)
    def admit(self) -> None:
        """The Secretariat lets a Member State that the proposal does not name onto the case (D6)."""

    @transition(field=state, source=Taking.WISHING, target=Taking.NOT_ADMITTED)
    def turn_down(self) -> None:
        """The Secretariat says why not."""

    @transition(field=state, source=Taking.NAMED, target=Taking.WISHING)
    def wish(self) -> None:
        """The row of a Member State that asks to join begins here."""


class ParticipationEntry(models.Model):
    """What a Member State said of taking part, as which office and when; written once, the last one stands (D1, D6)."""

    append_only: ClassVar[bool] = True

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="entries")
    state = models.CharField(max_length=32, choices=Taking)
    categories = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["ParticipationEntry"]]

    class Meta:
        verbose_name = _("answer on participation")
        verbose_name_plural = _("answers on participation")
        ordering = ["participation", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=Taking.values), name="participation_entry_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.participation_id} {self.state}"

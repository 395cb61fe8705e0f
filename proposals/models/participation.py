"""The part a Member State takes in a project (D1): named by the proponent, answered by its SEOM lead."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from aipbi.asean.models import MemberState
from aipbi.workflow.models import Subject
from proposals.enums import Taking
from proposals.models.proposal import Proposal
from proposals.rules import ParticipationQuerySet


class Participation(Subject):
    """One row per Member State named in the submitted proposal; the answer may change until a decision."""

    kind: ClassVar[str] = "participation"
    tab: ClassVar[str] = "participation"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="participations")
    ams = models.ForeignKey(MemberState, on_delete=models.PROTECT, related_name="+")
    state = FSMField(_("participation"), default=Taking.NAMED, choices=Taking, protected=True, max_length=32)
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

    @transition(field=state, source=[Taking.NAMED, Taking.DECLINED, Taking.OBSERVING], target=Taking.CONFIRMED)
    def confirm(self) -> None:
        """The Member State takes part."""

    @transition(field=state, source=[Taking.NAMED, Taking.CONFIRMED, Taking.OBSERVING], target=Taking.DECLINED)
    def decline(self) -> None:
        """The Member State does not take part."""

    @transition(field=state, source=[Taking.NAMED, Taking.CONFIRMED, Taking.DECLINED], target=Taking.OBSERVING)
    def observe(self) -> None:
        """The Member State follows without deciding."""

"""A barrier that many projects meet, taken up once for all of them (F1).

It has a case of its own: lock, trail, obligations, notices and files hang on it as they do on a proposal's (L1-L4).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity
from aipbi.asean.models import Category
from aipbi.workflow.models import Case, StateField, Subject
from facilitation.enums import CommonState
from facilitation.rules import CommonBarrierQuerySet


class CommonBarrier(Subject):
    """What the challenges of several cases have in common; its reference `BARRIER/2027/01` stands on its case."""

    kind: ClassVar[str] = "common"
    case_path: ClassVar[str] = "case"
    tab: ClassVar[str] = "common_barrier"

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="common_barrier")
    state = StateField(_("state"), default=CommonState.OPEN, choices=CommonState)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"))
    category = models.ForeignKey(Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    outcome = models.TextField(_("outcome"), blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[CommonBarrierQuerySet] = CommonBarrierQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("common barrier")
        verbose_name_plural = _("common barriers")
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CommonState.values), name="common_barrier_state_known"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def case_pk(self) -> int:
        """Primary key of its own case."""
        return self.case_id

    @property
    def caption(self) -> str:
        """The reference and the title."""
        return f"{self.case.reference} · {self.title}"

    def home(self, code: str, viewer: Capacity) -> str:
        """Return the address of its page."""
        return reverse("common_barrier", args=[self.pk])

    @transition(field=state, source=CommonState.OPEN, target=CommonState.ENDED)
    def end_common(self) -> None:
        """Nothing more is done about it for all together."""

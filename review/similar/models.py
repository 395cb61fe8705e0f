"""An office's statement that another case is not relevant to one (P9)."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Office, Person
from proposals.models import Proposal


class SetAsideQuerySet(models.QuerySet["SetAside"]):
    """Statements by who made them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those of the capacity's own office about cases it may open; an expert's are the expert's alone (R4)."""
        seen = Proposal.objects.visible_to(viewer).values("pk")
        expert = viewer.person if viewer.role == Role.EXPERT else None
        return self.filter(office=viewer.office, expert=expert, proposal__in=seen, other__in=seen)


class SetAside(models.Model):
    """Beside `proposal`, the office does not want to see `other`; the row goes when it takes that back.

    All experts share one office and none may learn of another's work (R4), so theirs name the person.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="set_aside")
    other = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    expert = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField()

    objects: ClassVar[SetAsideQuerySet] = SetAsideQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("case that is not relevant")
        verbose_name_plural = _("cases that are not relevant")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "other", "office", "expert"], name="set_aside_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=~Q(proposal=F("other")), name="set_aside_other_case"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} – {self.other_id}"

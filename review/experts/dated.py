"""What an expert's entry says by date: for whom the expert works or worked, and when the expert is away (R1)."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Person
from aipbi.asean.history import tracked
from review.enums import Stating
from review.experts.models import ExpertProfile

# What may stand against an appointment: also what nobody has confirmed yet, so that stating it loosens nothing.
COUNTS = frozenset({Stating.STATED, Stating.CONFIRMED})


class EmploymentQuerySet(models.QuerySet["Employment"]):
    """Employers by date and standing."""

    def counted(self) -> "EmploymentQuerySet":
        """Keep those confirmed, and those stated and not settled yet."""
        return self.filter(state__in=sorted(COUNTS))

    def current(self, on: date) -> "EmploymentQuerySet":
        """Keep those in force on the day `on`."""
        return self.counted().filter(Q(ends__isnull=True) | Q(ends__gt=on), starts__lte=on)


@tracked
class Employment(models.Model):
    """An employer from a day and until a day (not included). A change is a new row that replaces the old once ASEC confirms it."""

    expert = models.ForeignKey(ExpertProfile, on_delete=models.PROTECT, related_name="employments")
    employer = models.CharField(_("employer"), max_length=200)
    corporate_group = models.CharField(_("corporate group"), max_length=200, blank=True)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(_("standing"), max_length=12, choices=Stating, default=Stating.STATED)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followers")
    stated_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(auto_now_add=True)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[EmploymentQuerySet] = EmploymentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("employer of an expert")
        verbose_name_plural = _("employers of experts")
        ordering = [F("ends").desc(nulls_first=True), "-starts", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Stating.values), name="employment_state_known"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="employment_dates",
                violation_error_message=_("The last day must not lie before the first."),
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(state=Stating.STATED), name="employment_changed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.employer

    def counts_on(self, day: date) -> bool:
        """Whether it is an employer on the day, confirmed or not yet."""
        return self.state in COUNTS and self.starts <= day and (self.ends is None or self.ends > day)

    @property
    def waits(self) -> bool:
        """Whether ASEC has still to confirm it."""
        return self.state == Stating.STATED


@tracked
class Absence(models.Model):
    """Days on which an expert takes nothing on, the last one included."""

    expert = models.ForeignKey(ExpertProfile, on_delete=models.PROTECT, related_name="absences")
    starts = models.DateField(_("away from"))
    until = models.DateField(_("away until, that day included"))

    objects: ClassVar[models.Manager["Absence"]]

    class Meta:
        verbose_name = _("absence of an expert")
        verbose_name_plural = _("absences of experts")
        ordering = ["starts", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("starts")),
                name="absence_dates",
                violation_error_message=_("The last day must not lie before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts} – {self.until}"

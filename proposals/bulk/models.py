"""What an officer does to many cases at once: what was asked, and what came of it on each case (R7)."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Office, Person
from aipbi.workflow.models import Case

# How long a dry run may be acted upon: a plan of yesterday says nothing about today.
HOLDS = timedelta(days=1)


class Phase(models.TextChoices):
    """How far it has come."""

    CHOSEN = "chosen", _("Waits for your answers")
    PLANNING = "planning", _("The dry run is being made")
    PLANNED = "planned", _("Dry run made, nothing done")
    RUNNING = "running", _("Being carried out")
    DONE = "done", _("Carried out")


class Outcome(models.TextChoices):
    """What came of it on one case."""

    OPEN = "", _("Not carried out yet")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class BulkQuerySet(models.QuerySet["Bulk"]):
    """Bulk runs by whose they are."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep the person's own, in the office they were prepared in."""
        if viewer.role != Role.ASEC:
            return self.none()
        return self.filter(person=viewer.person, office=viewer.office)


class Bulk(models.Model):
    """One action on many cases."""

    # What the worker knows it by.
    kind: ClassVar[str] = "bulk"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(_("action"), max_length=40)
    # What the shared form was answered, as a browser sends it.
    answers = models.TextField(blank=True, default="")
    # Codes that name no case the officer may open, as they were sent.
    unknown = models.JSONField(default=list, blank=True)
    phase = models.CharField(max_length=8, choices=Phase, default=Phase.CHOSEN)
    created_at = models.DateTimeField(auto_now_add=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[BulkQuerySet] = BulkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("bulk run")
        verbose_name_plural = _("bulk runs")
        constraints = [
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="bulk_phase_known"),
            models.CheckConstraint(
                condition=Q(phase=Phase.DONE, finished_at__isnull=False)
                | (~Q(phase=Phase.DONE) & Q(finished_at__isnull=True)),
                name="bulk_finished_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="bulk_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.action}"

    @property
    def standing(self) -> Any:
        """How far it has come, as its officer reads it."""
        return {Phase.PLANNING: _("Looking at each case"), Phase.PLANNED: _("Looked at, nothing done")}.get(
            Phase(self.phase),
            self.get_phase_display(),
        )

    @property
    def plan(self) -> str:
        """The name of the dry run that stands, as the page that shows it sends it back; another one has another."""
        return self.planned_at.isoformat() if self.planned_at else ""

    @property
    def out_of_date(self) -> bool:
        """Whether the dry run is too old to act upon."""
        return self.planned_at is None or self.planned_at < timezone.now() - HOLDS


class BulkLine(models.Model):
    """One case of a bulk run."""

    bulk = models.ForeignKey(Bulk, on_delete=models.PROTECT, related_name="lines")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    # The revision on which the dry run is based; None before it.
    seen = models.PositiveIntegerField(null=True, blank=True)
    would = models.BooleanField(null=True, blank=True)
    words = models.TextField(blank=True, default="")
    # What the action wants to find again: whom it would remind.
    data = models.JSONField(default=dict, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.OPEN, blank=True)
    came = models.TextField(blank=True, default="")
    at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["BulkLine"]]

    class Meta:
        verbose_name = _("case of a bulk run")
        verbose_name_plural = _("cases of a bulk run")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "case"], name="bulk_case_once"),
            models.CheckConstraint(
                condition=Q(outcome="", at__isnull=True) | (~Q(outcome="") & Q(at__isnull=False)),
                name="bulk_line_came_at",
            ),
            models.CheckConstraint(condition=Q(outcome="") | Q(would=True), name="bulk_line_was_open"),
        ]

    def __str__(self) -> str:
        return f"{self.bulk_id}/{self.place}"

"""Work for the worker as a row, so that nothing is lost when the queue is (architecture: data on disk)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Person
from aipbi.workflow.models.case import Case


class JobState(models.TextChoices):
    """How far a job has come."""

    QUEUED = "queued", _("Waiting for the worker")
    RUNNING = "running", _("In progress")
    DONE = "done", _("Done")
    FAILED = "failed", _("Given up")


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by who asked for them."""

    def visible_to(self, viewer: Capacity) -> "JobQuerySet":
        """Keep what this person asked for in this very capacity."""
        return self.filter(person=viewer.person, person__isnull=False, asked_as=viewer.key)


class Job(models.Model):
    """One piece of work about one subject, claimed by one worker at a time.

    It belongs to a case, or to whoever asked for it, as a list to download does; then `asked_as` is the
    key of the capacity they asked in.
    """

    kind = models.CharField(max_length=32)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="jobs")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_as = models.CharField(max_length=40, blank=True)
    subject_kind = models.CharField(max_length=20)
    subject_pk = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=JobState, default=JobState.QUEUED)
    percent = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    beat_at = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_pk"],
                condition=Q(state__in=["queued", "running"]),
                name="job_open_once",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="job_percent"),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(person__isnull=False) & ~Q(asked_as=""), name="job_of_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state__in=["queued", "running"]), name="job_to_run"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind}/{self.subject_pk}"

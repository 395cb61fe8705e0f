"""The consolidated report (R6): figures frozen from the filed assessments, texts by ASEC."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Person
from proposals.models import Proposal, Version
from review.rules import ReportQuerySet


class ConsolidatedReport(models.Model):
    """One edition, written once: a case that is assessed again gets the next."""

    # No row is ever changed or deleted; the database refuses it.
    append_only: ClassVar[bool] = True

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="consolidated_reports")
    edition = models.PositiveSmallIntegerField(_("edition"))
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    summary = models.TextField(_("summary"))
    majority_view = models.TextField(_("majority view"))
    minority_view = models.TextField(_("minority view"), blank=True)
    conditions = models.TextField(_("conditions proposed"), blank=True)
    figures = models.JSONField()
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("consolidated report")
        verbose_name_plural = _("consolidated reports")
        ordering = ["proposal", "edition"]
        constraints = [models.UniqueConstraint(fields=["proposal", "edition"], name="report_edition_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} – {self.edition}"

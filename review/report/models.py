"""The consolidated report (R6): figures frozen from the filed assessments, texts by ASEC."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Person
from aipbi.workflow.models import StateField, Subject
from proposals.models import Proposal, Version
from review.enums import Drafting, Kept
from review.rules import ReportDraftQuerySet, ReportQuerySet


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
    # What experts hold beside it, in their own words and without a name.
    alternative_views = models.JSONField(_("alternative views"), default=list, blank=True)
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


# Purpose, and kind of subject, of the PDF.
REPORT = "report_pdf"
TEXTS = ("summary", "majority_view", "minority_view", "conditions")


class ReportTexts(models.Model):
    """The four texts that ASEC writes; everything else in a report is computed."""

    summary = models.TextField(_("summary"), blank=True)
    majority_view = models.TextField(_("majority view"), blank=True)
    minority_view = models.TextField(_("minority view"), blank=True)
    conditions = models.TextField(_("conditions proposed"), blank=True)

    class Meta:
        abstract = True

    @property
    def texts(self) -> dict[str, str]:
        """The four by their names."""
        return {name: getattr(self, name) for name in TEXTS}


class ReportDraft(ReportTexts, Subject):
    """What ASEC has written so far; saves by itself, for ASEC alone until the report is filed."""

    kind: ClassVar[str] = "report_draft"
    tab: ClassVar[str] = "review"

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="report_draft")
    state = StateField(_("texts"), default=Drafting.OPEN, choices=Drafting)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ReportDraftQuerySet] = ReportDraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("draft of a consolidated report")
        verbose_name_plural = _("drafts of consolidated reports")
        constraints = [models.CheckConstraint(condition=models.Q(state__in=Drafting.values), name="report_draft_state")]

    def __str__(self) -> str:
        return f"{self.proposal_id}"


class ReportText(ReportTexts):
    """A version of the texts: who wrote it and when; never changed."""

    append_only: ClassVar[bool] = True

    draft = models.ForeignKey(ReportDraft, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    why = models.CharField(max_length=12, choices=Kept)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["ReportText"]]

    class Meta:
        verbose_name = _("version of a report's texts")
        verbose_name_plural = _("versions of reports' texts")
        ordering = ["draft", "number"]
        constraints = [
            models.UniqueConstraint(fields=["draft", "number"], name="report_text_once"),
            models.CheckConstraint(condition=models.Q(why__in=Kept.values), name="report_text_why_known"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} – {self.number}"

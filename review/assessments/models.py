"""Assessments (R3): ratings of the nine parameters, verdicts on the three criteria, and one on the whole."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.asean.models import Criterion, Parameter
from aipbi.workflow.models import StateField, Subject
from proposals.models import Proposal, Version
from review.enums import Assessing, Confidence, Level, Met, Overall
from review.experts.models import ExpertProfile
from review.rules import AssessmentQuerySet


def _frozen(name: str) -> pgtrigger.Trigger:
    """Refuse, in the database itself, every change of a part of a filed assessment (R3)."""
    return pgtrigger.Trigger(
        name=f"{name}_of_filed_is_kept",
        operation=pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("filed", "boolean")],
        func="""
            SELECT state = 'filed' INTO filed FROM review_assessment WHERE id = OLD.assessment_id;
            IF filed THEN RAISE EXCEPTION 'a filed assessment does not change: give it back first'; END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class Assessment(Subject):
    """One expert's assessment of one case, on a named version."""

    kind: ClassVar[str] = "assessment"
    tab: ClassVar[str] = "review"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="assessments")
    expert = models.ForeignKey(ExpertProfile, on_delete=models.PROTECT, related_name="assessments")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    state = StateField(_("assessment"), default=Assessing.DRAFTING, choices=Assessing)
    overall = models.CharField(_("verdict on the whole"), max_length=16, choices=Overall, blank=True)
    conditions = models.TextField(_("conditions"), blank=True)
    confidence = models.CharField(_("confidence"), max_length=8, choices=Confidence, blank=True)
    comments = models.TextField(_("comments to the Secretariat alone"), blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    given_back = models.TextField(_("why it was given back"), blank=True)
    # When this expert first read the others' work; a rating changed after that says so (R4).
    read_others_at = models.DateTimeField(null=True, blank=True)
    # What the expert wants read beside the consolidated report; empty where there is nothing (Framework 2.C).
    alternative_view = models.TextField(_("alternative view"), blank=True)

    objects: ClassVar[AssessmentQuerySet] = AssessmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Assessing.values), name="assessment_state_known"),
            models.CheckConstraint(condition=Q(overall__in=["", *Overall.values]), name="assessment_overall_known"),
            models.CheckConstraint(
                condition=Q(confidence__in=["", *Confidence.values]), name="assessment_confidence_known"
            ),
            models.UniqueConstraint(fields=["proposal", "expert"], name="assessment_once"),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(
                name="filed_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state = 'filed' AND NEW.state = 'filed' AND "
                    "(OLD.overall, OLD.conditions, OLD.confidence, OLD.comments, OLD.version_id, OLD.expert_id) IS DISTINCT FROM "
                    "(NEW.overall, NEW.conditions, NEW.confidence, NEW.comments, NEW.version_id, NEW.expert_id)"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} – {self.expert_id}"

    @property
    def is_being_written(self) -> bool:
        """Whether the expert still works on it."""
        return self.state == Assessing.DRAFTING

    @transition(field=state, source=Assessing.DRAFTING, target=Assessing.FILED)
    def file_assessment(self) -> None:
        """The expert files; nothing in it changes any more."""

    @transition(field=state, source=Assessing.FILED, target=Assessing.DRAFTING)
    def reopen_assessment(self) -> None:
        """ASEC gives it back, with a reason."""


class Rating(models.Model):
    """The level an expert gives one parameter, and why; empty until given."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="ratings")
    parameter = models.ForeignKey(Parameter, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, null=True, blank=True)
    justification = models.TextField(_("justification"), blank=True)
    # What it rests on, as `evidence.read` reads it: answers, questions, pages of files of the version assessed.
    evidence = models.JSONField(_("evidence"), default=list, blank=True)

    objects: ClassVar[models.Manager["Rating"]]

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["parameter__number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "parameter"], name="rating_once"),
            models.CheckConstraint(condition=Q(level__isnull=True) | Q(level__range=(0, 4)), name="rating_level"),
        ]
        triggers: ClassVar[list[Any]] = [_frozen("rating")]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.parameter_id}: {self.level}"


class CriterionVerdict(models.Model):
    """An expert's verdict on one criterion; empty until given."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="verdicts")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(_("verdict"), max_length=8, choices=Met, blank=True)

    objects: ClassVar[models.Manager["CriterionVerdict"]]

    class Meta:
        verbose_name = _("verdict on a criterion")
        verbose_name_plural = _("verdicts on criteria")
        ordering = ["criterion__number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="criterion_verdict_once"),
            models.CheckConstraint(condition=Q(verdict__in=["", *Met.values]), name="criterion_verdict_known"),
        ]
        triggers: ClassVar[list[Any]] = [_frozen("verdict")]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.criterion_id}: {self.verdict}"


class Filing(models.Model):
    """An assessment as it was filed, with the words of the criteria it answered: one row for each filing, never changed."""

    append_only: ClassVar[bool] = True

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="filings")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    filed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Filing"]]

    class Meta:
        verbose_name = _("assessment as filed")
        verbose_name_plural = _("assessments as filed")
        ordering = ["assessment", "number"]
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="filing_once")]

    def __str__(self) -> str:
        return f"{self.assessment_id} – {self.number}"

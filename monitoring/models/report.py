"""A report on results (M3): one figure per line of the plan, handed in, checked, frozen."""

from decimal import Decimal
from functools import reduce
from operator import or_
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity
from aipbi.workflow.models import StateField, Subject
from facilitation.models import Benefit
from monitoring.enums import ReportState, Use
from monitoring.kinds import Kind
from monitoring.models.plan import Plan, PlanLine, amount, not_negative
from monitoring.rules import FigureQuerySet, ReportQuerySet
from proposals.models import Proposal

HUNDRED = Decimal(100)


# What of a report does not change once it is accepted; its figures are corrected by new versions of them.
FROZEN = (
    "proposal", "plan", "state", "number", "period_from", "period_until", "due_on", "final", "narrative",
    "benefits_used", "benefits_stuck", "comment", "filed_at", "accepted_at",
)  # fmt: skip


def _changes(*fields: str) -> pgtrigger.Q:
    """Return the condition that an update changes one of the fields."""
    return reduce(or_, (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in fields))


class Report(Subject):
    """What the proponent tells of one period; opened by the portal, written by the proponent."""

    kind: ClassVar[str] = "report"
    tab: ClassVar[str] = "monitoring"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="reports")
    # The version of the plan that it answers, whatever is agreed later.
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reports")
    state = StateField(_("state"), default=ReportState.DRAFT, choices=ReportState)
    number = models.PositiveSmallIntegerField(_("number"))
    period_from = models.DateField(_("period begins"))
    period_until = models.DateField(_("period ends"))
    due_on = models.DateField(_("due on"))
    final = models.BooleanField(_("final report"), default=False)
    narrative = models.TextField(_("what happened"), blank=True)
    benefits_used = models.TextField(_("facilitation used"), blank=True)
    benefits_stuck = models.TextField(_("facilitation that is stuck"), blank=True)
    comment = models.TextField(_("what to correct"), blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ReportQuerySet] = ReportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["proposal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="report_once"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
            models.CheckConstraint(condition=Q(period_until__gte=F("period_from")), name="report_period"),
            models.CheckConstraint(condition=Q(due_on__gte=F("period_until")), name="report_due_after_period"),
            ExclusionConstraint(
                name="report_periods_apart",
                expressions=[
                    ("proposal", RangeOperators.EQUAL),
                    (
                        Func(
                            "period_from",
                            "period_until",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen_report",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__accepted_at__isnull=False) & _changes(*FROZEN),
            ),
            pgtrigger.Protect(
                name="accepted_report_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__accepted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.number}"

    @property
    def label(self) -> str:
        """Its name among the case's reports."""
        return (_t("Final report, number %(n)d") if self.final else _t("Report %(n)d")) % {"n": self.number}

    @property
    def caption(self) -> str:
        """The line above the page of a move."""
        return " · ".join(filter(None, [self.proposal.case.reference, self.label]))

    def home(self, code: str, viewer: Capacity) -> str:
        """Return the address of its own page."""
        return reverse("report", args=[code, self.number])

    @transition(field=state, source=[ReportState.DRAFT, ReportState.RETURNED], target=ReportState.FILED)
    def file_report(self) -> None:
        """The proponent hands it in."""

    @transition(field=state, source=ReportState.FILED, target=ReportState.ACCEPTED)
    def accept_report(self) -> None:
        """ASEC accepts every figure."""

    @transition(field=state, source=ReportState.FILED, target=ReportState.RETURNED)
    def return_report(self) -> None:
        """ASEC asks for corrections, figure by figure."""


class ReportFigure(models.Model):
    """The answer to one line of the plan. A share keeps its parts; what is not known is left empty and says why.

    An accepted figure never changes: a correction is the next version of it, with its reason, and counts from
    when ASEC accepts it (M3).
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="figures")
    line = models.ForeignKey(PlanLine, on_delete=models.PROTECT, related_name="figures")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    reason = models.TextField(_("why it is corrected"), blank=True)
    actual = amount(_("actual"))
    numerator = amount(_("numerator"))
    denominator = amount(_("denominator"))
    share_due_to_aipbi = models.DecimalField(
        _("share due to facilitation, in per cent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    reasoning = models.TextField(_("why that share is due to facilitation"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)

    objects: ClassVar[FigureQuerySet] = FigureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["report", "line__indicator__order", "line__own_number", "line__ams__order", "version"]
        constraints = [
            models.UniqueConstraint(fields=["report", "line", "version"], name="figure_once"),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="figure_correction_says_why"),
            not_negative("actual", "numerator", name="figure_not_negative"),
            models.CheckConstraint(
                condition=Q(denominator__isnull=True) | Q(denominator__gt=0),
                name="figure_denominator_above_zero",
            ),
            models.CheckConstraint(
                condition=Q(actual__isnull=True) | Q(numerator__isnull=True, denominator__isnull=True),
                name="figure_one_way_of_answering",
            ),
            models.CheckConstraint(
                condition=Q(share_due_to_aipbi__isnull=True) | Q(share_due_to_aipbi__range=(0, 100)),
                name="figure_share_percent",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True)
                | Q(accepted=False)
                | Q(actual__isnull=False)
                | Q(numerator__isnull=False, denominator__isnull=False)
                | ~Q(evidence=""),
                name="figure_accepted_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | Q(accepted=True) | ~Q(comment=""),
                name="figure_returned_says_why",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen_figure",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__accepted=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.line_id}"

    @property
    def value(self) -> Decimal | None:
        """The figure in the indicator's unit; for a share, numerator over denominator in per cent."""
        if self.line.kind != Kind.SHARE:
            return self.actual
        if self.numerator is None or not self.denominator:
            return None
        return self.numerator / self.denominator * HUNDRED

    @property
    def answered(self) -> bool:
        """Whether it says something: a figure with its share due to facilitation, or in words why there is none."""
        if self.value is None:
            half = self.numerator is not None or self.denominator is not None
            return bool(self.evidence.strip()) and not half
        return self.share_due_to_aipbi is not None and (not self.share_due_to_aipbi or bool(self.reasoning.strip()))


class BenefitUse(models.Model):
    """What became of one benefit of the letter in the period, and why (M3)."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="uses")
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="+")
    use = models.CharField(_("what became of it"), max_length=10, choices=Use, blank=True)
    words = models.TextField(_("what for, or why not"), blank=True)

    objects: ClassVar[models.Manager["BenefitUse"]]

    class Meta:
        verbose_name = _("use of a benefit")
        verbose_name_plural = _("uses of benefits")
        ordering = ["report", "benefit__number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "benefit"], name="benefit_use_once"),
            models.CheckConstraint(condition=Q(use__in=["", *Use.values]), name="benefit_use_known"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen_use",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("this_report", "bigint")],
                func="""
                    IF TG_OP = 'DELETE' THEN this_report := OLD.report_id; ELSE this_report := NEW.report_id; END IF;
                    IF EXISTS (SELECT 1 FROM monitoring_report WHERE id = this_report AND accepted_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'The report is accepted: it does not change'
                            USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.benefit_id}"

    @property
    def answered(self) -> bool:
        """Whether it says what became of the benefit, and why where it was not used."""
        return bool(self.use) and (self.use == Use.USED or bool(self.words.strip()))

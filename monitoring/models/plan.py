"""The plan of a project (M2): what is measured, from where to where, and when it is reported."""

from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity
from aipbi.asean.models import Indicator, MemberState
from aipbi.workflow.models import StateField, Subject
from monitoring.enums import OPEN_PLANS, PlanState, Side
from monitoring.kinds import Kind, kind_of
from monitoring.rules import PlanQuerySet
from proposals.models import Proposal


def amount(label: Any, **options: Any) -> Any:
    """Return a field for a quantity: not negative, up to sixteen digits before the point and six after it."""
    return models.DecimalField(
        label,
        max_digits=22,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        **options,
    )


def not_negative(*fields: str, name: str) -> models.CheckConstraint:
    """Return the constraint that none of the fields is below zero."""
    return models.CheckConstraint(
        condition=Q(*[Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}) for field in fields]),
        name=name,
    )


def frozen_with_plan(name: str) -> Any:
    """Return the trigger that refuses any change to a row of an agreed plan."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("this_plan", "bigint")],
        func="""
            IF TG_OP = 'DELETE' THEN this_plan := OLD.plan_id; ELSE this_plan := NEW.plan_id; END IF;
            IF EXISTS (SELECT 1 FROM monitoring_plan WHERE id = this_plan AND state = 'agreed') THEN
                RAISE EXCEPTION 'The plan is agreed: it does not change' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


class Plan(Subject):
    """Proposed by one side, agreed by both. A change is a plan of its own; the last one agreed is in force."""

    kind: ClassVar[str] = "plan"
    tab: ClassVar[str] = "monitoring"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    reason = models.TextField(_("why the plan changes"), blank=True)
    state = StateField(_("state"), default=PlanState.DRAFT, choices=PlanState)
    proposed_by = models.CharField(_("side that proposes"), max_length=12, choices=Side)
    comment = models.TextField(_("what the other side asks to change"), blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PlanQuerySet] = PlanQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("monitoring plan")
        verbose_name_plural = _("monitoring plans")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PlanState.values), name="plan_state_known"),
            models.CheckConstraint(condition=Q(proposed_by__in=Side.values), name="plan_side_known"),
            models.UniqueConstraint(fields=["proposal", "number"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(state__in=sorted(OPEN_PLANS)), name="plan_one_open"
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="plan_change_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.number} {self.get_state_display()}"

    @property
    def caption(self) -> str:
        """The line above the page of a move."""
        version = _t("Monitoring plan, version %(n)d") % {"n": self.number} if self.is_change else ""
        return " · ".join(filter(None, [super().caption, version]))

    def home(self, code: str, viewer: Capacity) -> str:
        """Return the page of a change; the first plan is shown on the tab."""
        return reverse("monitoring_plan", args=[code, self.number]) if self.is_change else super().home(code, viewer)

    @property
    def is_change(self) -> bool:
        """Whether it changes a plan that was agreed before it."""
        return self.number > 1

    @property
    def label(self) -> str:
        """Its name among the case's plans."""
        return _t("Version %(n)d") % {"n": self.number}

    @property
    def side(self) -> Side:
        """The side that drafts and proposes it."""
        return Side(self.proposed_by)

    @transition(field=state, source=PlanState.DRAFT, target=PlanState.PROPOSED)
    def propose(self) -> None:
        """The side that drafted it stands by it."""

    @transition(field=state, source=PlanState.PROPOSED, target=PlanState.AGREED)
    def agree(self) -> None:
        """The other side agrees."""

    @transition(field=state, source=PlanState.PROPOSED, target=PlanState.DRAFT)
    def send_back(self) -> None:
        """The other side asks for changes."""

    @transition(field=state, source=sorted(OPEN_PLANS), target=PlanState.DROPPED)
    def drop_change(self) -> None:
        """The change is not pursued; the plan before stays in force."""


class PlanLine(models.Model):
    """One indicator, for one Member State or the project as a whole.

    What a project defines itself stands under the indicator that lets it, with name, unit and kind of its own.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lines")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    own_number = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    own_name = models.CharField(_("name"), max_length=200, blank=True)
    own_unit = models.CharField(_("unit"), max_length=40, blank=True)
    own_kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, blank=True)
    ams = models.ForeignKey(MemberState, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    baseline = amount(_("baseline"))
    target = amount(_("target"))
    note = models.CharField(_("note"), max_length=1000, blank=True)

    objects: ClassVar[models.Manager["PlanLine"]]

    class Meta:
        verbose_name = _("line of a plan")
        verbose_name_plural = _("lines of a plan")
        ordering = ["plan", "indicator__order", "own_number", "ams__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "indicator", "own_number", "ams"], nulls_distinct=False, name="plan_line_once"
            ),
            models.CheckConstraint(
                condition=Q(own_number__isnull=True, own_name="", own_unit="", own_kind="")
                | (Q(own_number__gte=1, own_kind__in=Kind.values) & ~Q(own_name="")),
                name="plan_line_own_whole",
            ),
            not_negative("baseline", "target", name="plan_line_not_negative"),
        ]
        triggers = [frozen_with_plan("frozen_line")]

    def __str__(self) -> str:
        return f"{self.code} {self.ams_id or ''}".strip()

    @property
    def code(self) -> str:
        """The indicator's code; `E4.2` for the second that the project defines under it."""
        return f"{self.indicator.code}.{self.own_number}" if self.own_number else self.indicator.code

    @property
    def name(self) -> str:
        """What is measured."""
        return self.own_name or self.indicator.name

    @property
    def unit(self) -> str:
        """In what it is measured."""
        return self.own_unit if self.own_number else self.indicator.unit

    @property
    def price_year(self) -> int | None:
        """The year at whose prices money is told; None for what is no money."""
        return None if self.own_number else self.indicator.price_year

    @property
    def measured_in(self) -> str:
        """The unit as a page says it, money with the year of its prices."""
        if self.price_year:
            return _t("%(unit)s, prices of %(year)d") % {"unit": self.unit, "year": self.price_year}
        return self.unit

    @property
    def measure(self) -> tuple[int, int | None]:
        """What its figures share with those of other Member States: the indicator, and the project's own number."""
        return self.indicator_id, self.own_number

    @property
    def key(self) -> tuple[int, int | None, str | None]:
        """What the line is in any version of the plan."""
        return self.indicator_id, self.own_number, self.ams_id

    @property
    def kind(self) -> Kind:
        """What sort of answer it asks: a quantity, a count, a share or words."""
        return Kind(self.own_kind) if self.own_kind else kind_of(self.indicator)

    @property
    def place(self) -> str:
        """The Member State's name, or the project as a whole."""
        return self.ams.name if self.ams else str(_("Project"))


class ReportingDate(models.Model):
    """A report covers the time up to `period_until` and is due on `due_on`; the last one is final."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="dates")
    period_until = models.DateField(_("period ends"))
    due_on = models.DateField(_("report due"))

    objects: ClassVar[models.Manager["ReportingDate"]]

    class Meta:
        verbose_name = _("reporting date")
        verbose_name_plural = _("reporting dates")
        ordering = ["plan", "period_until"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "period_until"], name="reporting_date_once"),
            models.CheckConstraint(condition=Q(due_on__gte=F("period_until")), name="reporting_due_after_period"),
        ]
        triggers = [frozen_with_plan("frozen_date")]

    def __str__(self) -> str:
        return f"{self.period_until} → {self.due_on}"

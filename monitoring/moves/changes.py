"""Changing an agreed plan, by agreement, with the old plan kept; and what a project measures of its own (M2)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.asean.models import Indicator
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from monitoring import changes, parties, rules, verbs
from monitoring.enums import OPEN_PLANS, PlanState, Side
from monitoring.kinds import Kind
from monitoring.models import Plan
from monitoring.moves.plan import OnPlan
from monitoring.moves.shared import tab
from monitoring.obligations import AGREE_CHANGE, AGREE_PLAN, PROPOSE_CHANGE, PROPOSE_PLAN
from proposals.enums import State
from proposals.models import Proposal


class ReasonForm(MoveForm):
    """Why the plan changes."""

    reason = forms.CharField(
        label=gettext_lazy("Why the plan should change"),
        help_text=gettext_lazy("Whoever reads the plan reads this."),
        widget=forms.Textarea,
        max_length=4000,
    )


@register
class ChangePlan(Move):
    """Begin another version of the agreed plan, for the side that wants it to draft and propose."""

    name = "change_plan"
    model = Proposal
    during = frozenset({State.MONITORING})
    who = rules.either_side
    label = gettext_lazy("Change the monitoring plan")
    done = gettext_lazy("Change of the monitoring plan begun")
    help = gettext_lazy(
        "You draft and propose the change, the other side agrees. Until then the plan in force stays. "
        "Reports that are handed in keep the plan that they answered."
    )
    form = ReasonForm
    beside = True

    def reasons(self) -> Iterable[str]:
        """One change at a time, and none once the final report is accepted."""
        if Plan.objects.filter(proposal=self.subject, state__in=OPEN_PLANS).exists():
            yield _("A change of the plan is under way already.")
        if self.subject.reports.filter(final=True, accepted_at__isnull=False).exists():
            yield _("The final report is accepted: the plan does not change any more.")

    def effect(self) -> None:
        """Make the next version, with everything that the one in force has."""
        side = Side.PROPONENT if self.as_.role == Role.PROPONENT else Side.FG_GVC
        self.plan = changes.begin(self.subject, side, self.data["reason"])

    def owes(self) -> Iterable[Owes]:
        """The side that began it owes the proposal of it (L5)."""
        yield Owes(PROPOSE_CHANGE, parties.of_side(self.plan.side, self.plan), on=self.plan)

    def leads(self) -> str:
        """Notices lead to the plan."""
        return tab(self)

    def tells(self) -> Iterable[Tell]:
        """Tell the other side, which waits."""
        yield Tell(parties.of_side(self.plan.side.other, self.plan), _("A change of a monitoring plan has been begun"))

    def after(self) -> str:
        """Show the draft."""
        return reverse("monitoring_plan", args=[self.subject.case.code, self.plan.number])


@register
class DropChange(OnPlan):
    """draft or proposed → not pursued: the plan in force stays as it is."""

    name = "drop_change"
    on = "drop_change"
    who = rules.drafting_side
    label = gettext_lazy("Give up the change")
    done = gettext_lazy("Change of the monitoring plan given up")
    help = gettext_lazy("The plan in force stays as it is. What was drafted stays on record.")
    warning = True
    beside = True
    closes = {PROPOSE_PLAN, PROPOSE_CHANGE, AGREE_PLAN, AGREE_CHANGE}

    def reasons(self) -> Iterable[str]:
        """The first plan is not given up: a project that is followed has one."""
        yield from super().reasons()
        if not self.subject.is_change:
            yield _("A project has a plan: this one can be changed, and not given up.")

    def tells(self) -> Iterable[Tell]:
        """Tell the other side."""
        words = _("A change of a monitoring plan was given up")
        yield Tell(parties.of_side(self.subject.side.other, self.subject), words)


class MeasureForm(MoveForm):
    """What the project measures of its own: under which indicator, its name, its unit, its kind."""

    indicator = forms.ModelChoiceField(
        label=gettext_lazy("Under which indicator"),
        help_text=gettext_lazy("Those that Figure 6 of the Framework leaves to each project."),
        queryset=Indicator.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    own_name = forms.CharField(
        label=gettext_lazy("What is measured"),
        help_text=gettext_lazy("For example: women trained as line technicians; tonnes of coal not burnt in dryers."),
        max_length=200,
    )
    own_kind = forms.ChoiceField(label=gettext_lazy("What sort of figure it is"), choices=Kind, widget=forms.RadioSelect)  # fmt: skip
    own_unit = forms.CharField(
        label=gettext_lazy("Unit"),
        help_text=gettext_lazy("For example: person, t, MWh. Not for words or a share."),
        max_length=40,
        required=False,
    )

    def prepare(self) -> None:
        """Offer the indicators of the case's edition that let a project define its own."""
        found = verbs.plannable(self.move.subject.proposal).filter(own=True)
        self.fields["indicator"].queryset = found  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A quantity and a count have a unit; a share is in per cent."""
        data: dict[str, Any] = super().clean() or {}
        kind = data.get("own_kind")
        if kind in (Kind.QUANTITY, Kind.COUNT) and not data.get("own_unit"):
            self.add_error("own_unit", _("Say in what it is measured."))
        if kind == Kind.SHARE:
            data["own_unit"] = "percent"
        if kind == Kind.WORDS:
            data["own_unit"] = "text"
        return data


@register
class DefineMeasure(OnPlan):
    """Put an indicator of the project's own into the plan, for decarbonisation or a vulnerable group."""

    name = "define_measure"
    during = frozenset({PlanState.DRAFT})
    who = rules.drafting_side
    label = gettext_lazy("Add an indicator of the project’s own")
    done = gettext_lazy("Indicator of the project’s own added")
    help = gettext_lazy("It is reported for the project as a whole, and adds up with no other project’s.")
    form = MeasureForm
    beside = True

    def reasons(self) -> Iterable[str]:
        """The edition has an indicator that lets a project define its own."""
        yield from super().reasons()
        if not verbs.plannable(self.subject.proposal).filter(own=True).exists():
            yield _("No indicator of this edition lets a project define its own.")

    def effect(self) -> None:
        """Add its line."""
        self.line = changes.define(self.subject, **self.data)

    def kept(self) -> dict[str, Any]:
        """Keep what it is."""
        return {"code": self.line.code, "name": self.line.name, "unit": self.line.unit, "kind": self.line.kind}

    def after(self) -> str:
        """Go on to its baseline and target."""
        return reverse("move", args=[self.subject.proposal.case.code, self.subject.kind, self.subject.pk, "edit_plan"])


class DropMeasureForm(MoveForm):
    """Which one."""

    line = forms.ChoiceField(label=gettext_lazy("Which indicator"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Offer the project's own."""
        own = self.move.subject.lines.filter(own_number__isnull=False).select_related("indicator")
        self.fields["line"].choices = [(str(one.pk), f"{one.code} {one.name}") for one in own]  # type: ignore[attr-defined]


@register
class DropMeasure(OnPlan):
    """Take an indicator of the project's own out of the plan."""

    name = "drop_measure"
    during = frozenset({PlanState.DRAFT})
    who = rules.drafting_side
    label = gettext_lazy("Take off an indicator of the project’s own")
    done = gettext_lazy("Indicator of the project’s own taken off")
    form = DropMeasureForm
    beside = True

    def reasons(self) -> Iterable[str]:
        """There is one."""
        yield from super().reasons()
        if not self.subject.lines.filter(own_number__isnull=False).exists():
            yield _("The plan has no indicator of the project’s own.")

    def effect(self) -> None:
        """Remove its line."""
        self.line = self.subject.lines.select_related("indicator").get(pk=self.data["line"])
        self.gone = f"{self.line.code} {self.line.name}"
        self.line.delete()

    def kept(self) -> dict[str, Any]:
        """Keep which."""
        return {"left_out": self.gone}

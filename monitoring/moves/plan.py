"""How a plan comes about: one side drafts and proposes, the other agrees or sends it back (M2)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aipbi.workflow import parties as offices
from aipbi.workflow import two_persons
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from monitoring import changes, parties, rules, verbs
from monitoring.enums import PlanState
from monitoring.forms.plan import IndicatorsForm, PlanForm
from monitoring.kinds import Kind
from monitoring.models import Plan
from monitoring.moves.shared import tab
from monitoring.obligations import AGREE_CHANGE, AGREE_PLAN, PROPOSE_CHANGE, PROPOSE_PLAN, REPORT, START_MONITORING
from proposals.enums import State


class OnPlan(Move):
    """What all moves on a plan share."""

    model = Plan

    def leads(self) -> str:
        """Notices lead to the plan."""
        return tab(self)

    def reasons(self) -> Iterable[str]:
        """The first plan is made between the letter and the start of monitoring, a change of it afterwards."""
        if not self.subject.is_change and self.subject.proposal.state != State.LETTER_ISSUED:
            yield _("A plan is agreed once the letter is issued and before the monitoring starts.")
        if self.subject.is_change and self.subject.proposal.state != State.MONITORING:
            yield _("A plan is changed while the project is followed.")


@register
class ChooseIndicators(OnPlan):
    """Put indicators in the plan and leave others out."""

    name = "choose_indicators"
    during = frozenset({PlanState.DRAFT})
    who = rules.drafting_side
    label = gettext_lazy("Choose the indicators")
    done = gettext_lazy("Indicators of the plan chosen")
    form = IndicatorsForm

    def initial(self) -> dict[str, Any]:
        """Start from those in the plan."""
        chosen = self.subject.lines.filter(own_number__isnull=True)
        return {"indicators": list(chosen.values_list("indicator_id", flat=True).distinct())}

    def effect(self) -> None:
        """Add and remove lines."""
        self.added, self.left_out = verbs.choose_indicators(self.subject, self.data["indicators"])

    def kept(self) -> dict[str, Any]:
        """Keep what was chosen, added and left out, by code."""
        codes = [indicator.code for indicator in self.data["indicators"]]
        return {"indicators": codes, "added": self.added, "left_out": self.left_out}


@register
class EditPlan(OnPlan):
    """Write baselines, targets, notes and dates; gaps may stay until it is proposed."""

    name = "edit_plan"
    during = frozenset({PlanState.DRAFT})
    who = rules.drafting_side
    label = gettext_lazy("Write the plan")
    done = gettext_lazy("Monitoring plan written")
    form = PlanForm

    def effect(self) -> None:
        """Write the lines and dates that changed."""
        changes: dict[str, Any] = {}
        for line in self.subject.lines.select_related("indicator"):
            answer = self.data["lines"].get(line.pk, {})
            changed = {
                name: [getattr(line, name), value] for name, value in answer.items() if getattr(line, name) != value
            }
            if changed:
                for name, (_before, value) in changed.items():
                    setattr(line, name, value)
                line.save(update_fields=list(changed))
                changes[str(line)] = changed
        held = list(self.subject.dates.values_list("period_until", "due_on"))
        if held != self.data["dates"]:
            self.subject.dates.all().delete()
            for until, due in self.data["dates"]:
                self.subject.dates.create(period_until=until, due_on=due)
            changes["dates"] = [held, self.data["dates"]]
        self.changes = changes

    def kept(self) -> dict[str, Any]:
        """Keep what changed, not the whole form."""
        return {"changed": self.changes}


@register
class Propose(OnPlan):
    """draft → proposed: the side that drafted it stands by it."""

    name = "propose"
    on = "propose"
    who = rules.drafting_side
    label = gettext_lazy("Propose the plan")
    done = gettext_lazy("Monitoring plan proposed")
    help = gettext_lazy("The other side is asked to agree or to say what to change.")
    closes = {PROPOSE_PLAN, PROPOSE_CHANGE}

    @property
    def called(self) -> Any:
        """A change is called one: an agreed plan is in force beside it."""
        return _("Propose the change of the plan") if self.subject.is_change else self.label

    def reasons(self) -> Iterable[str]:
        """Every line has its target, and there is a date to report on."""
        yield from super().reasons()
        lines = list(self.subject.lines.select_related("indicator", "ams"))
        if not lines:
            yield _("The plan has no indicator yet.")
        bare = [line for line in lines if _is_bare(line)]
        if bare:
            which = ", ".join(str(line) for line in bare[:5]) + ("…" if len(bare) > 5 else "")  # noqa: PLR2004 - a glimpse
            yield ngettext(
                "%(n)d line has no baseline or target yet: %(which)s.",
                "%(n)d lines have no baseline or target yet: %(which)s.",
                len(bare),
            ) % {"n": len(bare), "which": which}
        if not self.subject.dates.exists():
            yield _("The plan has no reporting date yet.")

    def effect(self) -> None:
        """Date it; what the other side asked before is answered by this."""
        self.subject.proposed_at, self.subject.comment = self.now, ""
        self.subject.save(update_fields=["proposed_at", "comment"])

    def owes(self) -> Iterable[Owes]:
        """The other side owes its word (L5: 20 working days)."""
        yield Owes(
            AGREE_CHANGE if self.subject.is_change else AGREE_PLAN,
            parties.of_side(self.subject.side.other, self.subject),
        )

    def tells(self) -> Iterable[Tell]:
        """Tell the other side, which must act, and ASEC, which waits."""
        yield Tell(
            parties.of_side(self.subject.side.other, self.subject),
            _("A change of a monitoring plan asks for your agreement")
            if self.subject.is_change
            else _("A monitoring plan asks for your agreement"),
            to_act=True,
        )
        yield Tell(
            offices.asec(),
            _("A change of a monitoring plan was proposed")
            if self.subject.is_change
            else _("A monitoring plan was proposed"),
        )


def _is_bare(line: Any) -> bool:
    if line.kind == Kind.WORDS:
        return not line.note.strip()
    return line.baseline is None or line.target is None


@register
class Agree(OnPlan):
    """proposed → agreed: both sides stand by it, and it does not change any more."""

    name = "agree"
    on = "agree"
    who = rules.agreeing_side
    label = gettext_lazy("Agree to the plan")
    done = gettext_lazy("Monitoring plan agreed by both sides")
    help = gettext_lazy("Both sides then stand by these indicators, targets and dates.")
    closes = {AGREE_PLAN, AGREE_CHANGE}

    @property
    def called(self) -> Any:
        """A change is called one: an agreed plan is in force beside it."""
        return _("Agree to the change of the plan") if self.subject.is_change else self.label

    def refusals(self) -> Iterable[str]:
        """Not by who put it forward."""
        return two_persons.refusals(self, "propose")

    def effect(self) -> None:
        """Date it; where it changes a plan, the report that is being written answers it from now on."""
        self.subject.agreed_at = self.now
        self.subject.save(update_fields=["agreed_at"])
        self.opened = changes.take_over(self.subject)

    def owes(self) -> Iterable[Owes]:
        """ASEC owes the start of the monitoring; a changed plan may ask for one more report."""
        if not self.subject.is_change:
            yield Owes(START_MONITORING, offices.asec(), on=self.subject.proposal)
        if self.opened:
            party = parties.proponent(self.subject.proposal)
            yield Owes(REPORT, party, on=self.opened, due=parties.due_moment(self.opened, party))

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, which must act on a first plan, and the side that proposed."""
        if not self.subject.is_change:
            yield Tell(offices.asec(), _("A monitoring plan is agreed: start the monitoring"), to_act=True)
        else:
            yield Tell(offices.asec(), _("A change of a monitoring plan is agreed"))
        yield Tell(parties.of_side(self.subject.side, self.subject), _("Your monitoring plan is agreed"))


class ChangesForm(MoveForm):
    """What the other side asks."""

    comment = forms.CharField(
        label=gettext_lazy("What should be changed"),
        help_text=gettext_lazy("The side that drafts the plan reads this."),
        widget=forms.Textarea,
        max_length=8000,
    )


@register
class SendBack(OnPlan):
    """proposed → draft, saying what to change."""

    name = "send_back"
    on = "send_back"
    who = rules.agreeing_side
    label = gettext_lazy("Ask for changes")
    done = gettext_lazy("Changes to the monitoring plan asked for")
    form = ChangesForm
    closes = {AGREE_PLAN, AGREE_CHANGE}

    def effect(self) -> None:
        """Keep what is asked."""
        self.subject.comment = self.data["comment"]
        self.subject.save(update_fields=["comment"])

    def owes(self) -> Iterable[Owes]:
        """The drafting side owes the plan again."""
        yield Owes(
            PROPOSE_CHANGE if self.subject.is_change else PROPOSE_PLAN,
            parties.of_side(self.subject.side, self.subject),
        )

    def tells(self) -> Iterable[Tell]:
        """Tell the drafting side, which must act."""
        yield Tell(
            parties.of_side(self.subject.side, self.subject),
            _("Changes are asked for in your monitoring plan"),
            to_act=True,
        )

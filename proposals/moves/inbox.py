"""What ASEC does at the inbox: register, ask for completion; and the clock: lapse."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean import clocks
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.moves import ALL, Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules, verbs
from proposals.models import Proposal
from proposals.obligations import COMPLETENESS, COMPLETION, FIND_EXPERTS, PARTICIPATION
from proposals.standards import ASK_TO_COMPLETE, LAPSE, REGISTRATION

CHECKLIST = {
    "support_given": gettext_lazy("The SEOM lead's statement of support is there and plain"),
    "criterion_1": gettext_lazy("Criterion 1: the barriers and the ranked requests can be understood"),
    "criterion_2": gettext_lazy("Criterion 2: at least two Member States take part, with figures, methods and sources"),
    "criterion_3": gettext_lazy("Criterion 3: decarbonisation or inclusive development is described"),
    "files_readable": gettext_lazy("Every file opens and is what its name says"),
    "contact_clear": gettext_lazy("It is clear who the lead organisation and partners are"),
}


class RegisterForm(MoveForm):
    """The completeness checklist."""

    def prepare(self) -> None:
        """One yes or no per point; none is chosen beforehand."""
        for name, label in CHECKLIST.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[("yes", _("Yes")), ("no", _("No"))],
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        """All must be yes; a no belongs to “Ask for completion”."""
        data: dict[str, Any] = super().clean() or {}
        for name in CHECKLIST:
            if data.get(name) == "no":
                self.add_error(name, _("Every point must be yes. Ask the proponent to complete the proposal instead."))
        return data


@register
class Register(Move):
    """inbox → registered: complete, and given the reference `AIPBI/2026/0007`, gapless per year."""

    name = "register"
    model = Proposal
    on = "register"
    who = rules.asec
    label = gettext_lazy("Register it as complete")
    done = gettext_lazy("Registered")
    form = RegisterForm
    closes = {COMPLETENESS}

    def effect(self) -> None:
        """Give the reference, once; a case reopened earlier keeps its own."""
        verbs.stamp(self.subject, "registered_at", self.now)
        verbs.give_reference(self.subject, self.now)
        if self.subject.case_officer_id is None:
            self.subject.case_officer = self.as_.person
            self.subject.save(update_fields=["case_officer"])

    def owes(self) -> Iterable[Owes]:
        """ASEC owes experts; each named Member State owes its word on taking part (D1)."""
        yield Owes(FIND_EXPERTS, parties.asec())
        for participation in self.subject.participations.all():
            yield Owes(PARTICIPATION, parties.seom(participation.ams_id), on=participation)

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, and every named Member State, which must answer."""
        yield Tell(
            Party(organisation=self.subject.organisation), _("Your proposal is registered"), message=REGISTRATION
        )
        for participation in self.subject.participations.all():
            yield Tell(
                parties.seom(participation.ams_id),
                _("A registered proposal names your country: say whether it takes part"),
                to_act=True,
            )

    def details(self) -> dict[str, Any]:
        """Keep the reference given."""
        return {"reference": self.subject.case.reference}


class CompletionForm(MoveForm):
    """The list of gaps."""

    gaps = forms.CharField(
        label=gettext_lazy("What is missing"),
        help_text=gettext_lazy("One gap to a line. The proponent reads this."),
        widget=forms.Textarea,
        max_length=8000,
    )


@register
class AskCompletion(Move):
    """inbox → awaiting completion: ASEC's clock pauses; it lapses after 60 days (*default*)."""

    name = "ask_completion"
    model = Proposal
    on = "ask_completion"
    who = rules.asec
    label = gettext_lazy("Ask for completion")
    done = gettext_lazy("The proponent was asked to complete the proposal")
    form = CompletionForm
    shown = ("gaps",)
    pauses = {COMPLETENESS}

    def effect(self) -> None:
        """Date it."""
        verbs.stamp(self.subject)

    def owes(self) -> Iterable[Owes]:
        """The proponent owes the missing parts (L5: 10 working days)."""
        yield Owes(COMPLETION, Party(organisation=self.subject.organisation))

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, who must act, and the SEOM lead."""
        yield Tell(
            Party(organisation=self.subject.organisation),
            _("Your proposal needs to be completed"),
            to_act=True,
            partners=True,
            message=ASK_TO_COMPLETE,
        )
        yield Tell(
            parties.seom(self.subject.originating_ams_id), _("The Secretariat asked a proponent to complete a proposal")
        )


@register
class Lapse(Move):
    """awaiting completion → lapsed, by the clock."""

    name = "lapse"
    model = Proposal
    on = "lapse"
    who = rules.clock
    by_clock = True
    label = gettext_lazy("Lapse")
    done = gettext_lazy("Lapsed: it was not completed in time")
    closes = ALL

    def reasons(self) -> Iterable[str]:
        """Wait for the full time (*default* 60 calendar days)."""
        if self.now < lapses_at(self.subject):
            yield _("The time for completing it is not over.")

    def effect(self) -> None:
        """Date it."""
        verbs.stamp(self.subject)

    def tells(self) -> Iterable[Tell]:
        """Tell everyone who had it in hand."""
        yield Tell(
            Party(organisation=self.subject.organisation),
            _("Your proposal lapsed: it was not completed in time"),
            message=LAPSE,
        )
        yield Tell(parties.seom(self.subject.originating_ams_id), _("A proposal lapsed: it was not completed in time"))
        yield Tell(parties.asec(), _("A proposal lapsed: it was not completed in time"))


def lapses_at(proposal: Proposal) -> Any:
    """Return the moment at which a proposal awaiting completion lapses."""
    return clocks.due("completion_lapse", proposal.moved_at, "ID")

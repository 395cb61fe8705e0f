"""Benefits, each Member State's word on them, and finalising (F3)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import today
from aipbi.asean import clocks
from aipbi.asean.models import Body, Category, ChairTerm, MemberState
from aipbi.forms import Checkboxes, Radios
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience, Subject
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import GIVEN, BenefitState, ConcurrenceState
from facilitation.models import Benefit, Concurrence
from facilitation.moves.shared import DuringFacilitation, facilitation_tab, next_in
from facilitation.obligations import CONCURRENCE, DRAFT_LETTER, FINALISE, WORK_OUT
from facilitation.queries import in_a_sentence, not_agreed, participating
from proposals import rules as case_rules
from proposals import verbs
from proposals.enums import State
from proposals.models import Proposal
from proposals.taking import takes_part_in


class BenefitForm(MoveForm):
    """What is given, by whom, through which body, under which conditions, from when until when (F3)."""

    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        queryset=Category.objects.order_by("order"),
        widget=Radios,
        empty_label=None,
    )
    measure = forms.CharField(
        label=gettext_lazy("Measure"),
        help_text=gettext_lazy("What is done, in words that can stand in the letter."),
        widget=forms.Textarea,
        max_length=4000,
    )
    given_by = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Member States that would give it"),
        queryset=MemberState.objects.none(),
        widget=Checkboxes,
        help_text=gettext_lazy("Each is asked to concur through its SEOM lead."),
    )
    body = forms.ModelChoiceField(
        label=gettext_lazy("Responsible ASEAN body"),
        queryset=Body.objects.none(),
        required=False,
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions"),
        help_text=gettext_lazy("What the proponent must meet or keep to."),
        widget=forms.Textarea,
        max_length=4000,
        required=False,
    )
    starts = forms.DateField(label=gettext_lazy("From"), required=False)
    ends = forms.DateField(label=gettext_lazy("Until"), required=False)
    request_rank = forms.TypedChoiceField(
        label=gettext_lazy("Request of the proponent that it answers"),
        coerce=int,
        empty_value=None,
        required=False,
    )

    def prepare(self) -> None:
        """Offer who takes part, the bodies of today, and the proponent's ranked requests."""
        proposal: Proposal = self.move.subject.proposal
        codes = [state.code for state in participating(proposal)]
        self.fields["given_by"].queryset = MemberState.objects.filter(code__in=codes).order_by("order")  # type: ignore[attr-defined]
        self.fields["body"].queryset = Body.objects.on(today()).order_by("acronym")  # type: ignore[attr-defined]
        self.fields["body"].label_from_instance = lambda body: f"{body.acronym} – {body.name}"  # type: ignore[attr-defined]
        asked = proposal.version.document.get("requests", []) if proposal.version else []
        ranked = [
            (one["rank"], f"{one['rank']}. {one['measure'][:90]}") for one in sorted(asked, key=lambda one: one["rank"])
        ]
        self.fields["request_rank"].choices = [("", _("None")), *ranked]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Hold the dates to their order, and the givers to the categories in which they take part (D6)."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("starts") and data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", _("This is before “From”."))
        if data.get("category") and data.get("given_by"):
            inside = takes_part_in(self.move.subject.proposal, data["category"].pk)
            if outside := [state for state in data["given_by"] if state.pk not in inside]:
                self.add_error(
                    "given_by",
                    _("In this category these do not take part: %(states)s.") % {"states": in_a_sentence(outside)},
                )
        return data


@register
class ProposeBenefit(Move):
    """A measure is put to the Member States that would give it (F3)."""

    name = "propose_benefit"
    model = Proposal
    during = frozenset({State.FACILITATION})
    who = rules.engages
    label = gettext_lazy("Propose a benefit")
    done = gettext_lazy("Benefit proposed to the Member States that would give it")
    form = BenefitForm
    audience = Audience.STATES

    def effect(self) -> None:
        """Write it down and ask each Member State."""
        fields = {
            name: self.data[name]
            for name in ("category", "measure", "body", "conditions", "starts", "ends", "request_rank")
        }
        self.new = Benefit.objects.create(
            proposal=self.subject.proposal, number=next_in(Benefit, self.subject.proposal), proposed_at=self.now, **fields,
        )  # fmt: skip
        self.asked = [
            Concurrence.objects.create(proposal=self.subject.proposal, benefit=self.new, ams=state)
            for state in self.data["given_by"]
        ]

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"benefit": self.new.number}

    def owes(self) -> Iterable[Owes]:
        """Each Member State owes its word (L5: 20 working days)."""
        for concurrence in self.asked:
            yield Owes(CONCURRENCE, parties.seom(concurrence.ams_id), on=concurrence)

    def tells(self) -> Iterable[Tell]:
        """Tell each SEOM lead, who must answer, and ASEC."""
        path = facilitation_tab(self.subject.proposal)
        for concurrence in self.asked:
            yield Tell(
                parties.seom(concurrence.ams_id), _("Your country is asked to concur in a benefit"), to_act=True,
                due=_position_due(self.now, concurrence.ams_id), path=path,
            )  # fmt: skip
        yield Tell(parties.asec(), _("A benefit was proposed"), path=path)

    def after(self) -> str:
        """Go back to the benefits."""
        return facilitation_tab(self.subject.proposal)


def _position_due(now: datetime, ams: str) -> datetime:
    return clocks.due("position", now, ams)


class WhyForm(MoveForm):
    """A reason in words."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea, max_length=4000)


@register
class WithdrawBenefit(DuringFacilitation):
    """proposed → withdrawn: it is not pursued."""

    name = "withdraw_benefit"
    model = Benefit
    on = "withdraw"
    who = rules.engages
    label = gettext_lazy("Withdraw this benefit")
    done = gettext_lazy("Benefit withdrawn")
    form = WhyForm
    audience = Audience.STATES
    warning = True
    closes = {CONCURRENCE}

    def also(self) -> Iterable[Subject]:
        """Nobody needs to answer on it any more."""
        return list(self.subject.concurrences.all())

    def effect(self) -> None:
        """Keep why."""
        self.subject.withdrawn_because = self.data["reason"]
        self.subject.save(update_fields=["withdrawn_because"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"benefit": self.subject.number}

    def owes(self) -> Iterable[Owes]:
        """The chair may be able to finalise what is left."""
        yield from _finalise(self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell the Member States that were asked, and ASEC."""
        path = facilitation_tab(self.subject.proposal)
        for ams in self.subject.concurrences.values_list("ams_id", flat=True):
            yield Tell(parties.seom(ams), _("A benefit your country was asked about was withdrawn"), path=path)
        yield Tell(parties.asec(), _("A benefit was withdrawn"), path=path)


def chair() -> Party | None:
    """Return the FG-GVC member of the Member State that chairs today."""
    ams = ChairTerm.objects.on(today())
    return parties.fg_gvc(ams) if ams else None


def _finalise(proposal: Proposal) -> Iterable[Owes]:
    party = chair()
    if party and proposal.state == State.FACILITATION and not list(not_agreed(proposal)):
        yield Owes(FINALISE, party, on=proposal)


class _Word(DuringFacilitation):
    """What concurring, refusing and leaving out share: the benefit stands, and the benefits are not final."""

    model = Concurrence
    audience = Audience.STATES
    closes = {CONCURRENCE}

    def reasons(self) -> Iterable[str]:
        """Nothing is said of a benefit that was withdrawn."""
        yield from super().reasons()
        if self.subject.benefit.state == BenefitState.WITHDRAWN:
            yield _("This benefit was withdrawn.")
        elif self.subject.benefit.finalised_at:
            yield _("This benefit is final.")

    def effect(self) -> None:
        """Keep the words and the date; what was said before is on the trail."""
        self.subject.conditions = self.data.get("conditions", "")
        self.subject.reason = self.data.get("reason", "")
        self.subject.answered_at = self.now
        self.subject.save(update_fields=["conditions", "reason", "answered_at"])

    def details(self) -> dict[str, Any]:
        """Keep which benefit and which Member State."""
        return {"benefit": self.subject.benefit.number, "ams": self.subject.ams_id}

    def owes(self) -> Iterable[Owes]:
        """The last word makes it the chair's turn."""
        yield from _finalise(self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, and the chair when nothing is awaited any more."""
        path = facilitation_tab(self.subject.proposal)
        words = _("%(state)s: answer on benefit %(number)s") % {
            "state": self.subject.ams,
            "number": self.subject.benefit.number,
        }
        yield Tell(parties.asec(), words, path=path)
        for owed in _finalise(self.subject.proposal):
            yield Tell(
                owed.party, _("All Member States have answered: the benefits can be finalised"), to_act=True, path=path
            )


class ConcurForm(MoveForm):
    """Conditions, if any."""

    conditions = forms.CharField(
        label=gettext_lazy("Conditions of your country"),
        help_text=gettext_lazy(
            "They stand beside your country's name in the letter. Leave empty to concur without conditions."
        ),
        widget=forms.Textarea,
        max_length=4000,
        required=False,
    )


@register
class Concur(_Word):
    """The Member State would give it, with or without conditions."""

    name = "concur"
    on = "concur"
    who = case_rules.seom_of_its_ams
    label = gettext_lazy("Concur")
    done = gettext_lazy("Member State concurs in a benefit")
    help = gettext_lazy(
        "Your country would give this measure. You can change your answer until the benefits are finalised."
    )
    form = ConcurForm

    def target(self) -> str:
        """Conditions make it a concurrence with conditions."""
        return ConcurrenceState.WITH_CONDITIONS if self.data["conditions"] else ConcurrenceState.CONCURRED


@register
class Refuse(_Word):
    """The Member State would not give it."""

    name = "refuse"
    on = "refuse"
    who = case_rules.seom_of_its_ams
    label = gettext_lazy("Do not concur")
    done = gettext_lazy("Member State does not concur in a benefit")
    help = gettext_lazy(
        "Your country does not give this measure. You can change your answer until the benefits are finalised."
    )
    form = WhyForm


@register
class LeaveOut(_Word):
    """The benefit goes on without a Member State that does not, or not yet, concur (F3)."""

    name = "leave_out"
    on = "leave_out"
    who = rules.engages
    label = gettext_lazy("Go on without it")
    done = gettext_lazy("Member State left out of a benefit")
    help = gettext_lazy(
        "The benefit goes on with the other Member States. This one will not stand beside it in the letter."
    )
    form = WhyForm


@register
class FinaliseBenefits(Move):
    """facilitation → benefits finalised: what each Member State that gives it has concurred in (F3)."""

    name = "finalise_benefits"
    model = Proposal
    on = "finalise_benefits"
    who = case_rules.chair
    label = gettext_lazy("Finalise the benefits")
    done = gettext_lazy("Benefits finalised")
    help = gettext_lazy("The benefits can no longer be changed, and the Secretariat drafts the letter.")
    closes = {WORK_OUT, FINALISE, CONCURRENCE}

    def reasons(self) -> Iterable[str]:
        """Say what is not agreed yet, benefit by benefit."""
        return not_agreed(self.subject)

    def effect(self) -> None:
        """Date it, and make what stands final."""
        verbs.stamp(self.subject, now=self.now)
        self.finalised = Benefit.objects.filter(proposal=self.subject).standing().update(finalised_at=self.now)

    def details(self) -> dict[str, Any]:
        """Keep how many."""
        return {"benefits": self.finalised}

    def owes(self) -> Iterable[Owes]:
        """ASEC owes the letter."""
        yield Owes(DRAFT_LETTER, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, who must draft; the proponent and the Member States, who wait."""
        yield Tell(parties.asec(), _("The benefits are finalised: draft the letter"), to_act=True)
        yield Tell(
            Party(organisation=self.subject.organisation),
            _("The facilitation of your project is agreed; a letter follows"),
        )
        given = Concurrence.objects.filter(proposal=self.subject, state__in=GIVEN).values_list("ams_id", flat=True)
        for ams in sorted(set(given)):
            yield Tell(parties.seom(ams), _("The benefits your country gives are finalised"))

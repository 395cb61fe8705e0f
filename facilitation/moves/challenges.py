"""From approval to barriers worked out with the proponent (F1)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean.models import Category, MemberState
from aipbi.forms import Checkboxes, Radios
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import SEVERITY_MEANS, WORKED_ON, Severity
from facilitation.models import Challenge
from facilitation.moves.shared import (
    WhileTheCaseLives,
    challenge_page,
    facilitation_tab,
    next_in,
    told_proponent,
)
from facilitation.obligations import ANSWER_CHALLENGE, WORK_OUT
from facilitation.queries import participating
from proposals import rules as case_rules
from proposals import verbs
from proposals.enums import State
from proposals.models import Proposal
from review.obligations import BEGIN


@register
class StartFacilitation(Move):
    """approved → facilitation: the version's roadblocks become challenges."""

    name = "start_facilitation"
    model = Proposal
    on = "start_facilitation"
    who = case_rules.asec
    label = gettext_lazy("Start the facilitation")
    done = gettext_lazy("Facilitation started")
    help = gettext_lazy(
        "The barriers in the proposal become challenges, to be worked out with the proponent and those who can act on them."
    )
    closes = {BEGIN}
    in_bulk = True

    def effect(self) -> None:
        """Date it and take the barriers over (F1)."""
        verbs.stamp(self.subject, now=self.now)
        for place, roadblock in enumerate(self.subject.version.document.get("roadblocks", [])):
            challenge = Challenge.objects.create(
                proposal=self.subject,
                number=place + 1,
                category_id=roadblock["category"],
                description=roadblock["description"],
                evidence=roadblock.get("evidence") or "",
                roadblock=place,
                opened_at=self.now,
            )
            challenge.ams.set(roadblock["ams"])

    def owes(self) -> Iterable[Owes]:
        """ASEC sees to it that it is worked out."""
        yield Owes(WORK_OUT, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, who will be asked, and the Member States that take part."""
        path = facilitation_tab(self.subject)
        yield Tell(
            Party(organisation=self.subject.organisation),
            _("Work on the barriers of your project has begun"),
            path=path,
        )
        for state in participating(self.subject):
            yield Tell(parties.seom(state.code), _("Facilitation of an approved project has begun"), path=path)
            yield Tell(parties.fg_gvc(state.code), _("Facilitation of an approved project has begun"), path=path)

    def after(self) -> str:
        """Go to where it is worked out."""
        return facilitation_tab(self.subject)


class ChallengeForm(MoveForm):
    """A barrier: its category, where, what, and what shows it."""

    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        queryset=Category.objects.order_by("order"),
        widget=Radios,
        empty_label=None,
    )
    ams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Member States concerned"),
        queryset=MemberState.objects.order_by("order"),
        widget=Checkboxes,
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("How much it weighs"),
        choices=Severity,
        widget=Radios(hints=SEVERITY_MEANS),  # type: ignore[arg-type]
        required=False,
    )
    description = forms.CharField(label=gettext_lazy("What stands in the way"), widget=forms.Textarea, max_length=4000)
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy("Where this is seen: a record, a figure, a rule."),
        widget=forms.Textarea,
        max_length=4000,
        required=False,
    )


@register
class AddChallenge(Move):
    """A barrier that shows itself on the way."""

    name = "add_challenge"
    model = Proposal
    during = frozenset({State.FACILITATION})
    who = rules.engages
    label = gettext_lazy("Add a challenge")
    done = gettext_lazy("Challenge added")
    form = ChallengeForm

    def effect(self) -> None:
        """Write it down."""
        data = self.data
        self.new = Challenge.objects.create(
            proposal=self.subject, number=next_in(Challenge, self.subject.case_pk), category=data["category"],
            severity=data["severity"], description=data["description"], evidence=data["evidence"], opened_at=self.now,
        )  # fmt: skip
        self.new.ams.set(data["ams"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"challenge": self.new.number}

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, who may comment."""
        yield Tell(
            Party(organisation=self.subject.organisation),
            _("A challenge was added to your case"),
            path=challenge_page(self.new),
        )

    def after(self) -> str:
        """Go to its page."""
        return challenge_page(self.new)


@register
class EditChallenge(WhileTheCaseLives):
    """What is known of a barrier by now: where, how heavy, what shows it."""

    name = "edit_challenge"
    model = Challenge
    during = WORKED_ON
    who = rules.engages
    label = gettext_lazy("Change or rate it")
    done = gettext_lazy("Particulars of a challenge changed")
    form = ChallengeForm
    beside = True

    def initial(self) -> dict[str, Any]:
        """Start with what stands."""
        one = self.subject
        fields = {name: getattr(one, name) for name in ("category", "severity", "description", "evidence")}
        return {**fields, "ams": one.ams.all()}

    def effect(self) -> None:
        """Write it down; the trail keeps what stood before."""
        one = self.subject
        self.before = {"description": one.description, "severity": one.severity, "category": one.category_id}
        for name in ("category", "severity", "description", "evidence"):
            setattr(one, name, self.data[name])
        one.save(update_fields=["category", "severity", "description", "evidence"])
        one.ams.set(self.data["ams"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is and what it was."""
        return {"challenge": self.subject.number, "before": self.before}

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, who reads it."""
        yield told_proponent(self.subject, _("The particulars of a challenge of your project were changed"))


@register
class TakeUp(WhileTheCaseLives):
    """open or waiting → in progress: somebody works on it now."""

    name = "take_up"
    model = Challenge
    on = "take_up"
    who = rules.engages
    label = gettext_lazy("Take it up")
    done = gettext_lazy("Challenge taken up")
    help = gettext_lazy(
        "It then stands under “In progress”. A question to the proponent that is still open falls away."
    )
    closes = {ANSWER_CHALLENGE}

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"challenge": self.subject.number}

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent."""
        yield told_proponent(self.subject, _("A challenge of your project is being worked on"))


class OutcomeForm(MoveForm):
    """How a challenge ended."""

    outcome = forms.CharField(
        label=gettext_lazy("How it ended"),
        help_text=gettext_lazy("The proponent reads this."),
        widget=forms.Textarea,
        max_length=4000,
    )


class _End(WhileTheCaseLives):
    """What resolving and setting aside share."""

    model = Challenge
    who = rules.engages
    form = OutcomeForm
    closes = frozenset({ANSWER_CHALLENGE})
    shown = ("outcome",)

    def effect(self) -> None:
        """Keep how it ended."""
        self.subject.outcome, self.subject.ended_at = self.data["outcome"], self.now
        self.subject.save(update_fields=["outcome", "ended_at"])

    def details(self) -> dict[str, Any]:
        """Keep which challenge it is."""
        return {"challenge": self.subject.number}

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent."""
        yield told_proponent(self.subject, _("A challenge of your project was closed"))


@register
class Resolve(_End):
    """The barrier is gone, or a benefit answers it."""

    name = "resolve"
    on = "resolve"
    label = gettext_lazy("Mark as resolved")
    done = gettext_lazy("Challenge resolved")


@register
class SetAside(_End):
    """It is not taken further in this case."""

    name = "set_aside"
    on = "set_aside"
    label = gettext_lazy("Set aside")
    done = gettext_lazy("Challenge set aside")
    warning = True


class ReopenForm(MoveForm):
    """Why it is worked on again."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is taken up again"),
        help_text=gettext_lazy("The proponent reads this."),
        widget=forms.Textarea,
        max_length=4000,
    )


@register
class ReopenChallenge(WhileTheCaseLives):
    """resolved or set aside → in progress."""

    name = "reopen_challenge"
    model = Challenge
    on = "reopen_challenge"
    who = rules.engages
    label = gettext_lazy("Take it up again")
    done = gettext_lazy("Challenge taken up again")
    form = ReopenForm
    shown = ("reason",)

    def effect(self) -> None:
        """It has not ended; how it once did stays on the trail."""
        self.before = self.subject.outcome
        self.subject.outcome, self.subject.ended_at = "", None
        self.subject.save(update_fields=["outcome", "ended_at"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is, and how it had ended."""
        return {"challenge": self.subject.number, "ended_with": self.before}

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent."""
        yield told_proponent(self.subject, _("A challenge of your project is being worked on again"))

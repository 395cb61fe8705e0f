"""From approval to barriers worked out with the proponent (F1)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.asean.models import Category, MemberState
from aipbi.forms import Checkboxes, Radios
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import ChallengeState
from facilitation.models import Challenge, ChallengeMessage
from facilitation.moves.shared import WhileTheCaseLives, facilitation_tab, next_in
from facilitation.obligations import WORK_OUT
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
            proposal=self.subject, number=next_in(Challenge, self.subject), category=data["category"],
            description=data["description"], evidence=data["evidence"], opened_at=self.now,
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
            path=facilitation_tab(self.subject),
        )

    def after(self) -> str:
        """Go back to the challenges."""
        return facilitation_tab(self.subject)


class CommentForm(MoveForm):
    """A message."""

    text = forms.CharField(
        label=gettext_lazy("Message"),
        help_text=gettext_lazy("The proponent, the Member States on the case and the Secretariat read it."),
        widget=forms.Textarea,
        max_length=8000,
    )


@register
class Comment(WhileTheCaseLives):
    """A message in the thread, from either side (F1)."""

    name = "comment"
    model = Challenge
    during = frozenset({ChallengeState.OPEN})
    who = rules.talks
    label = gettext_lazy("Write a message")
    done = gettext_lazy("Message sent")
    form = CommentForm

    def effect(self) -> None:
        """Keep the message."""
        ChallengeMessage.objects.create(  # type: ignore[misc]
            challenge=self.subject, at=self.now, person=self.as_.person, capacity=self.as_.label,
            from_proponent=self.as_.role == Role.PROPONENT, text=self.data["text"],
        )  # fmt: skip

    def details(self) -> dict[str, Any]:
        """Keep which challenge it is about."""
        return {"challenge": self.subject.number}

    def tells(self) -> Iterable[Tell]:
        """Tell the other side."""
        path = facilitation_tab(self.subject.proposal)
        if self.as_.role == Role.PROPONENT:
            yield Tell(parties.asec(), _("The proponent wrote about a challenge"), path=path)
        else:
            yield Tell(
                Party(organisation=self.subject.proposal.organisation),
                _("There is a message about a challenge of your project"),
                path=path,
            )


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

    def effect(self) -> None:
        """Keep how it ended."""
        self.subject.outcome, self.subject.ended_at = self.data["outcome"], self.now
        self.subject.save(update_fields=["outcome", "ended_at"])

    def details(self) -> dict[str, Any]:
        """Keep which challenge it is."""
        return {"challenge": self.subject.number}

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent."""
        path = facilitation_tab(self.subject.proposal)
        yield Tell(
            Party(organisation=self.subject.proposal.organisation),
            _("A challenge of your project was closed"),
            path=path,
        )


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

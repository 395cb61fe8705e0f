"""The forms of opening a round, giving a position, deciding, and taking a deferred case up again."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.asean import clocks
from aipbi.asean.names import member_state_names
from aipbi.forms import Radios
from aipbi.workflow.forms import MoveForm
from proposals.enums import State
from review import consensus
from review.enums import NEEDS_TEXT, Answer, Instrument, Outcome
from review.rounds import verbs

LONG = 8000
SECRETARIAT = "ID"


class RoundForm(MoveForm):
    """How and until when the Member States decide."""

    instrument = forms.ChoiceField(
        label=gettext_lazy("How the Member States decide"), choices=Instrument, widget=forms.RadioSelect,
    )  # fmt: skip
    deadline = forms.DateField(
        label=gettext_lazy("Positions are asked for by"),
        help_text=gettext_lazy(
            "The day of the meeting, or the deadline ad referendum: until the end of that day in Jakarta. For example 2027-03-31",
        ),
    )
    silence_is_no_objection = forms.BooleanField(
        label=gettext_lazy("After the deadline, silence counts as no objection"),
        help_text=gettext_lazy(
            "Only ad referendum, and only if the Member States agreed to it. The record will say who was silent."
        ),
        required=False,
    )

    def clean_deadline(self) -> date:
        """Refuse a day that is over, and one on which nobody works at the Secretariat."""
        day: date = self.cleaned_data["deadline"]
        here = clocks.calendar(SECRETARIAT)
        if day <= here.day(self.move.now):
            raise forms.ValidationError(_("The deadline must be later than today."))
        if not here.works(day):
            raise forms.ValidationError(
                _("%(day)s is a weekend or holiday at the Secretariat. The next working day is %(next)s.")
                % {"day": day.isoformat(), "next": here.add(day, 1).isoformat()},
            )
        return day

    def clean(self) -> dict[str, Any]:
        """Silence needs a deadline in writing."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("silence_is_no_objection") and data.get("instrument") == Instrument.MEETING:
            self.add_error(
                "silence_is_no_objection",
                _("At a meeting silence does not count. Untick this, or decide ad referendum."),
            )
        return data


class PositionForm(MoveForm):
    """Where a Member State stands."""

    value = forms.ChoiceField(
        label=gettext_lazy("Your country's position"),
        choices=Answer,
        widget=Radios(
            hints={
                Answer.APPROVE: gettext_lazy("Your country agrees that the project is facilitated."),  # type: ignore[dict-item]
                Answer.NO_OBJECTION: gettext_lazy("Your country does not stand in the way."),  # type: ignore[dict-item]
                Answer.CONDITIONS: gettext_lazy("Say which conditions below."),  # type: ignore[dict-item]
                Answer.DEFER: gettext_lazy("Ask your question below. While this stands, nobody decides over it."),  # type: ignore[dict-item]
                Answer.OBJECT: gettext_lazy("Give the reason below. While this stands, there is no consensus."),  # type: ignore[dict-item]
            },
        ),
    )
    text = forms.CharField(
        label=gettext_lazy("Conditions, question, reason or remark"),
        help_text=gettext_lazy("The Member States on the case and the Secretariat read it; the proponent does not."),
        widget=forms.Textarea,
        required=False,
        max_length=LONG,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words where the position is nothing without them."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("value") in NEEDS_TEXT and not data.get("text"):
            wanted = {
                Answer.CONDITIONS: _("Say which conditions your country sets"),
                Answer.DEFER: _("Write the question that has to be answered first"),
                Answer.OBJECT: _("Give the reason why your country objects"),
            }
            self.add_error("text", wanted[Answer(data["value"])])
        return data


class DecisionForm(MoveForm):
    """What the positions allow, and the reasons."""

    outcome = forms.ChoiceField(label=gettext_lazy("What the Member States decided"), widget=Radios)
    step_aside = forms.MultipleChoiceField(
        label=gettext_lazy("Which objecting Member States step aside (ASEAN Minus X)"),
        help_text=gettext_lazy("Only those that said so themselves, so that the others can go on."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    minus_x_basis = forms.CharField(
        label=gettext_lazy("Basis of ASEAN Minus X"),
        help_text=gettext_lazy("Needed where a Member State steps aside: when and how it said so."),
        widget=forms.Textarea,
        required=False,
        max_length=LONG,
    )
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        help_text=gettext_lazy("The proponent reads them. Name no Member State's position and no expert."),
        widget=forms.Textarea,
        max_length=LONG,
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions of the approval"),
        help_text=gettext_lazy("The proponent reads them. Say what becomes of each condition that a Member State set."),
        widget=forms.Textarea,
        required=False,
        max_length=LONG,
    )
    on_instruction = forms.BooleanField(
        label=gettext_lazy("I record this on the instruction of the chair of the FG-GVC"),
        error_messages={"required": gettext_lazy("The Secretariat records a decision only on the chair's instruction")},
    )
    instruction = forms.CharField(
        label=gettext_lazy("The chair's instruction"),
        help_text=gettext_lazy("When and how it was given."),
        widget=forms.Textarea,
        max_length=LONG,
    )

    def prepare(self) -> None:
        """Offer what the positions can allow, with or without somebody stepping aside; nothing is chosen."""
        round_ = self.move.round  # type: ignore[attr-defined]
        objecting, names = verbs.objecting(round_), member_state_names()
        plain = verbs.verdict(round_, self.move.now)
        aside = verbs.verdict(round_, self.move.now, objecting) if objecting else plain
        field: Any = self.fields["outcome"]
        field.choices = [(one, label) for one, label in Outcome.choices if one in plain.outcomes | aside.outcomes]
        if consensus.Outcome.APPROVED in aside.outcomes - plain.outcomes:
            field.widget.hints = {Outcome.APPROVED.value: _("Only if every objecting Member State steps aside.")}
            self.fields["step_aside"].choices = [(code, names[code]) for code in objecting]  # type: ignore[attr-defined]
        else:
            del self.fields["step_aside"], self.fields["minus_x_basis"]
        if Outcome.APPROVED not in dict(field.choices):
            del self.fields["conditions"]
        if self.move.as_.role != Role.ASEC:
            del self.fields["on_instruction"], self.fields["instruction"]

    def clean(self) -> dict[str, Any]:
        """Minus X serves approval alone, and needs its basis (D4)."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("step_aside") and data.get("outcome") != Outcome.APPROVED:
            self.add_error(
                "step_aside", _("A Member State steps aside so that the others approve. Untick it for another outcome.")
            )
        if data.get("step_aside") and not data.get("minus_x_basis"):
            self.add_error("minus_x_basis", _("Say on what it rests that the Member State steps aside"))
        if data.get("minus_x_basis") and not data.get("step_aside"):
            self.add_error("step_aside", _("Tick which Member State steps aside, or leave the basis empty"))
        return data


class ReopenForm(MoveForm):
    """What was cleared up, and where the case goes on."""

    stage = forms.ChoiceField(
        label=gettext_lazy("Where it is taken up again"),
        choices=[
            (State.ASSESSED.value, gettext_lazy("As assessed: the next round can be opened")),
            (State.REGISTERED.value, gettext_lazy("As registered: it is assessed once more")),
        ],
        widget=forms.RadioSelect,
    )
    cleared_up = forms.CharField(
        label=gettext_lazy("What was cleared up"),
        help_text=gettext_lazy(
            "Everyone on the case reads it, the proponent too. Name no Member State's position and no expert."
        ),
        widget=forms.Textarea,
        max_length=LONG,
    )

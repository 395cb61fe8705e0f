"""The forms of opening a round, giving a position, deciding, and taking a deferred case up again."""

from copy import copy
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.asean import clocks
from aipbi.documents import uploads
from aipbi.forms import Radios
from aipbi.workflow.forms import MoveForm
from proposals.enums import State
from review import consensus
from review.enums import NEEDS_TEXT, Answer, Forum, Instrument, Outcome
from review.rounds import deadlines, verbs, words

LONG = 8000


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
        """Refuse a day that is over, and one on which somebody who decides does not work."""
        return _day(self, "deadline")

    def clean(self) -> dict[str, Any]:
        """Silence needs a deadline in writing."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("silence_is_no_objection") and data.get("instrument") == Instrument.MEETING:
            self.add_error(
                "silence_is_no_objection",
                _("At a meeting silence does not count. Untick this, or decide ad referendum."),
            )
        return data


def _day(form: MoveForm, name: str) -> date:
    """Return the day that was entered. Raises ValidationError with what stands against it, and a day that would do."""
    day: date = form.cleaned_data[name]
    if fault := deadlines.fault(day, form.move.now, form.move.members):  # type: ignore[attr-defined]
        raise forms.ValidationError(fault)
    return day


class ConsultForm(MoveForm):
    """On what the Member States consult again, and until when."""

    words = forms.CharField(
        label=gettext_lazy("What the Member States consult on"),
        help_text=gettext_lazy("The Member States on the case and the Secretariat read it; the proponent does not."),
        widget=forms.Textarea,
        max_length=LONG,
    )
    deadline = forms.DateField(
        label=gettext_lazy("Positions are asked for by"),
        help_text=gettext_lazy(
            "Instead of the deadline until now: until the end of that day in Jakarta. For example 2027-03-31"
        ),
    )

    def clean_deadline(self) -> date:
        """As when the round is opened."""
        return _day(self, "deadline")


class EscalateForm(MoveForm):
    """Whom the FG-GVC asks, what, and until when."""

    forum = forms.ChoiceField(label=gettext_lazy("Escalate to"), choices=Forum, widget=forms.RadioSelect)
    question = forms.CharField(
        label=gettext_lazy("What is asked of them"),
        help_text=gettext_lazy("The Member States on the case and the Secretariat read it; the proponent does not."),
        widget=forms.Textarea,
        max_length=LONG,
    )
    due = forms.DateField(
        label=gettext_lazy("An answer is expected by"),
        help_text=gettext_lazy("Until the end of that day in Jakarta. For example 2027-03-31"),
    )

    def clean_due(self) -> date:
        """As a deadline of the round."""
        return _day(self, "due")


class EscalationAnswerForm(MoveForm):
    """What came back, when it was given, and until when the Member States go on."""

    text = forms.CharField(
        label=gettext_lazy("The answer"),
        help_text=gettext_lazy("In their words where it is short; otherwise what it says. Where none came, say so."),
        widget=forms.Textarea,
        max_length=LONG,
    )
    given_on = forms.DateField(label=gettext_lazy("Date of the answer"))
    file = uploads.UploadField(label=gettext_lazy("The answer as a file"), required=False)
    deadline = forms.DateField(
        label=gettext_lazy("Positions are asked for by"),
        help_text=gettext_lazy(
            "The Member States consult again with the answer: until the end of that day in Jakarta."
        ),
    )

    def clean_given_on(self) -> date:
        """An answer is not given before it is asked, nor in days to come."""
        day: date = self.cleaned_data["given_on"]
        here = clocks.calendar(deadlines.SECRETARIAT)
        asked = here.day(self.move.escalation.at)  # type: ignore[attr-defined]
        if not asked <= day <= here.day(self.move.now):
            raise forms.ValidationError(
                _("The answer was given between %(asked)s, when it was asked for, and today.")
                % {"asked": asked.isoformat()}
            )
        return day

    def clean_deadline(self) -> date:
        """As when the round is opened."""
        return _day(self, "deadline")


class StepAsideForm(MoveForm):
    """The Member State's own word that the others may go on."""

    basis = forms.CharField(
        label=gettext_lazy("On what your country's stepping aside rests"),
        help_text=gettext_lazy(
            "For example the note or the instruction, with its date. It stands in the record of the decision; the proponent does not read it."
        ),
        widget=forms.Textarea,
        max_length=LONG,
    )


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

    # Which positions the page showed: whoever records reads them anew when one has changed.
    saw = forms.CharField(widget=forms.HiddenInput, required=False, max_length=400)
    outcome = forms.ChoiceField(label=gettext_lazy("What the Member States decided"), widget=Radios)
    minus_x_basis = forms.CharField(
        label=gettext_lazy("Basis of ASEAN Minus X"),
        help_text=gettext_lazy(
            "For an approval without those that stepped aside: on what the others rest it. The proponent does not read it."
        ),
        error_messages={
            "required": gettext_lazy("Say on what the decision without those that stepped aside rests"),
        },
        widget=forms.Textarea,
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
    question = forms.CharField(
        label=gettext_lazy("For a deferral: the question to be answered first"),
        help_text=gettext_lazy("The proponent reads it. Name no Member State's position and no expert."),
        widget=forms.Textarea,
        required=False,
        max_length=LONG,
    )
    clearing = forms.CharField(
        label=gettext_lazy("For a deferral: how it is cleared up, and by whom"),
        help_text=gettext_lazy("The proponent reads it."),
        widget=forms.Textarea,
        required=False,
        max_length=LONG,
    )
    clear_by = forms.DateField(label=gettext_lazy("For a deferral: to be cleared up by"), required=False)
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
        """Offer what the positions allow as they stand; nothing is chosen."""
        verdict = self.move.verdict  # type: ignore[attr-defined]
        field: Any = self.fields["outcome"]
        field.choices = [(one, label) for one, label in Outcome.choices if one in verdict.outcomes]
        refused = [_("The positions do not allow this outcome."), *words.sentences(verdict.reasons)]
        field.error_messages["invalid_choice"] = " ".join(refused)
        if verdict.basis != consensus.Basis.MINUS_X:
            del self.fields["minus_x_basis"]
        if Outcome.APPROVED not in verdict.outcomes:
            del self.fields["conditions"]
        if Outcome.DEFERRED not in verdict.outcomes:
            del self.fields["question"], self.fields["clearing"], self.fields["clear_by"]
        if self.move.as_.role != Role.ASEC:
            del self.fields["on_instruction"], self.fields["instruction"]

    def clean_clear_by(self) -> date | None:
        """A day to come."""
        day: date | None = self.cleaned_data.get("clear_by")
        if day and day <= clocks.calendar(deadlines.SECRETARIAT).day(self.move.now):
            raise forms.ValidationError(_("This must be later than today."))
        return day

    def clean(self) -> dict[str, Any]:
        """Record on the positions that were read; a deferral needs its question (D5)."""
        data: dict[str, Any] = super().clean() or {}
        self._read_again(data.pop("saw", ""))
        outcome = data.get("outcome")
        if outcome == Outcome.DEFERRED and not data.get("question"):
            self.add_error("question", _("Write the question that has to be answered first"))
        if outcome == Outcome.DEFERRED and not data.get("clearing"):
            self.add_error("clearing", _("Say how the question is cleared up, and by whom"))
        if outcome and outcome != Outcome.DEFERRED:
            for name in ("question", "clearing", "clear_by"):
                data[name] = None if name == "clear_by" else ""
        return data

    def _read_again(self, saw: str) -> None:
        """Refuse what rests on positions that have changed since; the form sent again knows the new ones."""
        stands = verbs.fingerprint(self.move.round)  # type: ignore[attr-defined]
        if not saw or saw == stands:
            return
        said = verbs.changed_since(self.move.round, saw)  # type: ignore[attr-defined]
        data: Any = copy(self.data)
        data[self.add_prefix("saw")] = stands
        self.data = data
        nothing = _(
            "Nothing was recorded: positions changed while this page was open. Read them, and record it again if it still holds."
        )
        self.add_error(None, [nothing, *said])


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

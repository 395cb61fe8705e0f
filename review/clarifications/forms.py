"""The forms of asking the proponent (R5)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.asean import clocks, defaults
from aipbi.asean.models import Parameter
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.parties import Party

NO_NAME = gettext_lazy("The proponent reads it without learning who asks. Ask one thing at a time and name nobody.")


class _PutForm(MoveForm):
    """What ASEC says when a question goes out."""

    move: Any

    pauses = forms.BooleanField(
        label=gettext_lazy("Stop the experts' clock until it is answered"), required=False,
    )  # fmt: skip
    due = forms.DateField(
        label=gettext_lazy("Answer until"),
        help_text=gettext_lazy(
            "Left empty, the usual number of working days counts. Year-month-day, for example 2027-03-31"
        ),
        required=False,
    )

    def clean_due(self) -> date | None:
        """Refuse a day that is over, and one on which nobody works where the proponent is."""
        day: date | None = self.cleaned_data["due"]
        if day is None:
            return None
        here = clocks.calendar(Party(organisation=self.move.proposal.organisation).calendar)
        if day <= here.day(self.move.now):
            raise forms.ValidationError(_("The day must be later than today."))
        if not here.works(day):
            raise forms.ValidationError(
                _("%(day)s is a weekend or holiday where the proponent is. The next working day is %(next)s.")
                % {"day": day.isoformat(), "next": here.add(day, 1).isoformat()},
            )
        return day


class QuestionForm(_PutForm):
    """One question, what it is about, and how it goes."""

    parameter = forms.ModelChoiceField(
        label=gettext_lazy("What it is about"),
        queryset=Parameter.objects.none(),
        required=False,
        empty_label=gettext_lazy("The whole proposal"),
    )
    question = forms.CharField(
        label=gettext_lazy("Question to the proponent"), help_text=NO_NAME, widget=forms.Textarea, max_length=8000
    )
    first_to_asec = forms.BooleanField(
        label=gettext_lazy("Let the Secretariat read it first"),
        help_text=gettext_lazy("It may put your question in other words, or tell you why it does not put it."),
        required=False,
    )

    field_order = ("parameter", "question", "first_to_asec", "due", "pauses")

    def prepare(self) -> None:
        """Offer the parameters of the case's edition; ASEC alone stops the clock and sets a day."""
        field: Any = self.fields["parameter"]
        edition = self.move.proposal.criteria_edition_id
        field.queryset = Parameter.objects.filter(edition=edition).order_by("number")
        if self.move.as_.role == Role.ASEC:
            del self.fields["first_to_asec"]
            return
        del self.fields["pauses"], self.fields["due"]
        if defaults.get("questions_through_asec"):
            del self.fields["first_to_asec"]

    def clean(self) -> dict[str, Any]:
        """An expert's question waits with ASEC where the expert, or the portal's setting, says so."""
        data: dict[str, Any] = super().clean() or {}
        chosen = data.get("first_to_asec") or defaults.get("questions_through_asec")
        data["first_to_asec"] = self.move.as_.role == Role.EXPERT and bool(chosen)
        return data


class ForwardForm(_PutForm):
    """An expert's question as ASEC puts it."""

    question = forms.CharField(
        label=gettext_lazy("Question as the proponent reads it"),
        help_text=NO_NAME,
        widget=forms.Textarea,
        max_length=8000,
    )

    field_order = ("question", "due", "pauses")


class TurnDownForm(MoveForm):
    """Why a question is not put."""

    turned_down = forms.CharField(
        label=gettext_lazy("Why it is not put"),
        help_text=gettext_lazy("The expert who asked reads this."),
        widget=forms.Textarea,
        max_length=4000,
    )

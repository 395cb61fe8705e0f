"""The texts of the consolidated report (R6); the figures are not among its fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from aipbi.workflow.forms import MoveForm
from proposals.models import Proposal
from review.report.names import refuse_names

LONG = 16000


class ReportForm(MoveForm):
    """The texts that ASEC writes."""

    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        help_text=gettext_lazy(
            "The Member States read it with the report; the proponent reads it after the decision. Name no expert."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=LONG,
    )
    majority_view = forms.CharField(
        label=gettext_lazy("What most experts hold"),
        help_text=gettext_lazy("For the Member States."),
        widget=forms.Textarea,
        max_length=LONG,
    )
    minority_view = forms.CharField(
        label=gettext_lazy("What others hold"),
        help_text=gettext_lazy("For the Member States. Needed where the experts' verdicts differ."),
        widget=forms.Textarea,
        required=False,
        max_length=LONG,
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions the experts propose"),
        help_text=gettext_lazy("One to a line. The proponent reads them after the decision. Name no expert."),
        widget=forms.Textarea,
        required=False,
        max_length=LONG,
    )

    @property
    def proposal(self) -> Proposal:
        """The case."""
        proposal: Proposal = self.move.subject
        return proposal

    def clean(self) -> dict[str, Any]:
        """Keep experts' names out of what others read (R4)."""
        data: dict[str, Any] = super().clean() or {}
        for field, text in list(data.items()):
            try:
                refuse_names(self.proposal, str(text))
            except forms.ValidationError as fault:
                self.add_error(field, fault)
        return data


class DraftForm(ReportForm):
    """The same, gaps and names and all; which button was pressed says what else is done."""

    mark_optional = False

    then = forms.ChoiceField(choices=[("version", ""), ("file", "")], required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """A draft may be empty."""
        for field in self.fields.values():
            field.required = False

    def clean(self) -> dict[str, Any]:
        """Take it as it is: names are refused when the report is filed."""
        return self.cleaned_data

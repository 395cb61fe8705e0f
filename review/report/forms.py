"""The texts of the consolidated report (R6); the figures are not among its fields."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow.forms import MoveForm
from review.experts.models import Invitation

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

    def clean(self) -> dict[str, Any]:
        """Keep experts' names out of what others read (R4)."""
        data: dict[str, Any] = super().clean() or {}
        asked = Invitation.objects.filter(proposal=self.move.subject).select_related("expert__person")
        names = {one.expert.person.name for one in asked} - {""}
        for field, text in list(data.items()):
            for name in sorted(names):
                if name.casefold() in str(text).casefold():
                    self.add_error(field, _("Take out the name of an expert: %(name)s") % {"name": name})
        return data

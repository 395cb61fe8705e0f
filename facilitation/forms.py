"""The form in which ASEC writes the text of a kind of letter (F4)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from facilitation.enums import BENEFITS
from facilitation.letters import sample
from facilitation.models import LetterTemplate
from facilitation.models.letter_template import BLOCKS
from proposals.models import Proposal

ROWS = {"opening": 14, "reporting": 10, "standing": 10, "closing": 6}


class LetterTextForm(forms.ModelForm):
    """The blocks of one kind of letter, each fault beside its block; and the case to show it on."""

    on = forms.CharField(
        label=gettext_lazy("Show it on this case"),
        help_text=gettext_lazy(
            "A reference such as AIPBI/2026/0007, or the code in a case’s address. Nothing is changed there."
        ),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "letter-cases", "class": "govuk-input--width-20", "autocomplete": "off"}),
    )

    class Meta:
        model = LetterTemplate
        fields = BLOCKS
        widgets = {name: forms.Textarea(attrs={"rows": rows}) for name, rows in ROWS.items()}

    def __init__(self, *args: Any, purpose: str, viewer: Capacity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.purpose = purpose
        self._viewer = viewer
        self.case: Proposal | None = None
        for block in ("reporting", "standing"):
            if purpose in BENEFITS:
                self.fields[block].required = True
            else:
                del self.fields[block]

    def clean_on(self) -> str:
        """Find the case, among those that the editor may open."""
        typed: str = self.cleaned_data["on"]
        if typed.strip():
            self.case = sample.find(self._viewer, typed)
            if self.case is None:
                raise forms.ValidationError(
                    _("No case that you may open has the reference or code “%(typed)s”.") % {"typed": typed}
                )
        return typed

    def words(self) -> dict[str, str]:
        """Return the blocks as typed; a browser sends the end of each line as two signs."""
        return {block: self.cleaned_data.get(block, "").replace("\r\n", "\n") for block in BLOCKS}

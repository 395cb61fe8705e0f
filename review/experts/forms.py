"""The forms of inviting, declaring and declining (R1, R2)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.forms import Radios
from aipbi.workflow.forms import MoveForm
from review.experts import roster
from review.experts.roster import Candidate

YES_NO = [("no", gettext_lazy("No")), ("yes", gettext_lazy("Yes"))]


def _in_a_line(one: Candidate) -> str:
    """Say in one line what ASEC weighs when it chooses."""
    expert = one.expert
    parts = [
        expert.fields,
        _("works in this sector") if one.in_sector else "",
        expert.employer,
        expert.languages,
        expert.country,
        _("nothing in hand") if not one.load else _("%(n)s in hand") % {"n": one.load},
    ]
    return " · ".join(part for part in parts if part)


class InviteForm(MoveForm):
    """Whom to ask, chosen from the roster against the case."""

    expert = forms.ChoiceField(
        label=gettext_lazy("Expert"),
        widget=Radios,
        error_messages={
            "required": gettext_lazy("Choose an expert"),
            "invalid_choice": gettext_lazy("This expert is not on the roster today."),
        },
    )
    message = forms.CharField(
        label=gettext_lazy("Message to the expert"),
        help_text=gettext_lazy("Read by the invited expert and the Secretariat."),
        widget=forms.Textarea,
        required=False,
        max_length=4000,
    )

    def prepare(self) -> None:
        """Offer who can be invited; `self.barred` are the others, each with the reasons."""
        candidates = roster.against(self.move.subject)
        self.known = {str(one.expert.pk): one for one in candidates}
        self.barred = [one for one in candidates if one.bars]
        field: Any = self.fields["expert"]
        field.choices = [(key, str(one.expert)) for key, one in self.known.items()]
        free = [one for one in candidates if not one.bars]
        field.widget.hints = {str(one.expert.pk): _in_a_line(one) for one in free}
        field.widget.choices = [(str(one.expert.pk), str(one.expert)) for one in free]

    def clean_expert(self) -> Any:
        """Return the profile; refuse whom the data bar, with the reasons."""
        one = self.known[self.cleaned_data["expert"]]
        if one.bars:
            raise forms.ValidationError([f"{one.expert}: {bar}" for bar in one.bars])
        return one.expert


class DeclarationForm(MoveForm):
    """The three questions on conflicts of interest."""

    has_interest = forms.ChoiceField(
        label=gettext_lazy("Do you, your employer or someone close to you gain or lose by this project?"),
        help_text=gettext_lazy(
            "For example shares in, or work paid by, an organisation named above or one that competes with it."
        ),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    was_involved = forms.ChoiceField(
        label=gettext_lazy("Have you worked on this project or helped to write the proposal?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    other_ties = forms.ChoiceField(
        label=gettext_lazy("Is there anything else that could make others doubt your independence?"),
        help_text=gettext_lazy("For example ties to an office that decides on it, or to a person named in it."),
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    explanation = forms.CharField(
        label=gettext_lazy("If you said yes: what is it?"),
        help_text=gettext_lazy("Read by the Secretariat alone."),
        widget=forms.Textarea,
        required=False,
        max_length=4000,
    )

    QUESTIONS = ("has_interest", "was_involved", "other_ties")

    def clean(self) -> dict[str, Any]:
        """Ask what it is where one answer is yes."""
        data: dict[str, Any] = super().clean() or {}
        if any(data.get(name) == "yes" for name in self.QUESTIONS) and not data.get("explanation"):
            self.add_error("explanation", _("Say what the conflict of interest is"))
        return data


class DeclineForm(MoveForm):
    """Why not, if the expert wants to say."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Read by the Secretariat alone."),
        widget=forms.Textarea,
        required=False,
        max_length=4000,
    )


class WhyForm(MoveForm):
    """Why an expert is taken off."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept on the record of the Secretariat."),
        widget=forms.Textarea,
        max_length=4000,
    )

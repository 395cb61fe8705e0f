"""The forms of inviting, declaring and declining (R1, R2)."""

from typing import Any

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.forms import Radios
from aipbi.workflow.forms import MoveForm
from review.experts import matching
from review.experts.matching import Candidate

YES_NO = [("no", gettext_lazy("No")), ("yes", gettext_lazy("Yes"))]


def in_lines(one: Candidate) -> str:
    """Say what ASEC weighs when it chooses: what speaks for the expert, what to look at, what is in hand."""
    about = " · ".join(part for part in (one.expert.employer, one.expert.country, one.expert.spoken) if part)
    look = format_html_join(
        "",
        '<strong class="portal-look">{}</strong>',
        ((_("Look at this: %(remark)s") % {"remark": remark},) for remark in one.remarks),
    )
    lines = [about, *one.reasons, one.in_hand]
    return look + format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines if line))


class InviteForm(MoveForm):
    """Whom to ask, chosen from the roster against the case."""

    expert = forms.ChoiceField(
        label=gettext_lazy("Expert"),
        help_text=gettext_lazy("Who suits the case best and has least in hand comes first."),
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
        subject = self.move.subject
        candidates = matching.against(getattr(subject, "proposal", subject))
        self.known = {str(one.expert.pk): one for one in candidates}
        self.barred = [one for one in candidates if one.bars]
        field: Any = self.fields["expert"]
        field.choices = [(key, str(one.expert)) for key, one in self.known.items()]
        free = [one for one in candidates if not one.bars]
        field.widget.hints = {str(one.expert.pk): in_lines(one) for one in free}
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


class ReplaceForm(InviteForm):
    """Whom to ask instead, and why the first one leaves."""

    reason = forms.CharField(
        label=gettext_lazy("Why the expert is replaced"),
        help_text=gettext_lazy("Kept on the record of the Secretariat; neither expert reads it."),
        widget=forms.Textarea,
        max_length=4000,
    )
    field_order = ("reason", "expert", "message")

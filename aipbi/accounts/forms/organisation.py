"""What is asked about an organisation, and about a colleague in it (U4)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aipbi.accounts import countries
from aipbi.accounts.enums import Membership, OrganisationKind
from aipbi.accounts.forms.one_line import one_line
from aipbi.accounts.models import Member, Person
from aipbi.forms import Radios

ROLE_HINTS: dict[str, Any] = {
    Membership.OWNER: _("Does all that an editor does, invites colleagues and changes what they may do."),
    Membership.EDITOR: _("Writes and files proposals, answers and reports."),
    Membership.VIEWER: _("Reads everything of the organisation and changes nothing."),
}


class OrganisationFields(forms.Form):
    """The four things that are asked."""

    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        validators=[one_line],
        help_text=_("The name under which it is registered."),
    )
    country = forms.ChoiceField(label=_("Country where it is registered"), help_text=_("It may be outside ASEAN."))
    kind = forms.ChoiceField(
        label=_("What kind of organisation it is"), choices=OrganisationKind.choices, widget=Radios
    )
    corporate_group = forms.CharField(
        label=_("Corporate group"),
        max_length=200,
        validators=[one_line],
        required=False,
        help_text=_(
            "The parent company or group, if it belongs to one. Companies of one group count as one when figures are "
            "made anonymous."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = countries.choices()  # type: ignore[attr-defined]

    def described(self) -> dict[str, str]:
        """Return what was entered, as the verbs take it."""
        data = self.cleaned_data
        return {
            "name": data["organisation"],
            "country": data["country"],
            "kind": data["kind"],
            "corporate_group": data["corporate_group"],
        }


class OrganisationForm(OrganisationFields):
    """An organisation, new or changed."""


class RoleForm(forms.Form):
    """What a colleague may do."""

    role = forms.ChoiceField(label=_("What they may do"), choices=Membership.choices, widget=Radios(hints=ROLE_HINTS))


class ColleagueForm(RoleForm):
    """A colleague to invite."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    field_order = ("email", "role")


class HandOverForm(forms.Form):
    """Who takes the organisation over, and what becomes of who hands it over."""

    to = forms.ModelChoiceField(
        label=_("Who becomes owner"),
        queryset=Member.objects.none(),
        widget=Radios,
        empty_label=None,
        error_messages={"required": _("Choose a colleague.")},
    )
    then = forms.ChoiceField(
        label=_("What becomes of you"),
        choices=[("editor", _("I stay, as an editor")), ("leave", _("I leave the organisation today"))],
        widget=Radios,
        error_messages={"required": _("Choose whether you stay.")},
    )

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = colleagues
        field.label_from_instance = lambda member: f"{member.person} ({member.get_role_display().lower()})"


class NewOwnerForm(forms.Form):
    """Who shall own an organisation that nobody runs."""

    email = forms.EmailField(
        label=_("E-mail address of the new owner’s account"),
        help_text=_("Make sure with the organisation that this person acts for it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_email(self) -> Person:
        """Return the person of that address. Raises ValidationError when there is none."""
        email = self.cleaned_data["email"]
        person = Person.objects.filter(email__iexact=email, is_active=True).first()
        if not person:
            raise forms.ValidationError(
                _("Nobody has an account under %(email)s. Ask them to register first."), params={"email": email}
            )
        return person

"""What an ASEC administrator says about an office and who holds it (U1, U2)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Office, Person

_ORDER = [Role.SEOM_LEAD, Role.FG_GVC, Role.EXPERT, Role.BODY_CONTACT, Role.ASEC, Role.ADMIN]


def by_role() -> list[tuple[str, list[Office]]]:
    """Return every office under its role's name, in the order of a case; two queries at most."""
    offices = Office.objects.select_related("ams", "body").order_by("ams__order", "body__acronym")
    grouped: dict[str, list[Office]] = {role: [] for role in _ORDER}
    for office in offices:
        grouped[office.role].append(office)
    return [(str(Role(role).label), found) for role, found in grouped.items() if found]


class OfficeChoiceField(forms.ModelChoiceField):
    """An office, chosen under its role's name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Office.objects.select_related("ams", "body"), **kwargs)

    def offer(self) -> None:
        """Read the choices anew."""
        self.widget.choices = [(role, [(office.pk, office.label) for office in offices]) for role, offices in by_role()]


class InvitationForm(forms.Form):
    """Whom to invite into which office."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    office = OfficeChoiceField(label=_("Office"))
    alternate = forms.BooleanField(
        label=_("As an alternate"), required=False, help_text=_("Holds the office beside the person who holds it now.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].offer()  # type: ignore[attr-defined]


class AppointmentForm(forms.Form):
    """A person with an account who shall hold the office."""

    email = forms.EmailField(
        label=_("E-mail address of their account"),
        help_text=_("Somebody who has no account yet is invited instead."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    starts = forms.DateField(label=_("First day"), initial=today, widget=forms.DateInput)
    ends = forms.DateField(
        label=_("Until"),
        required=False,
        help_text=_("The first day without the office. Empty means until further notice."),
    )
    alternate = forms.BooleanField(label=_("As an alternate"), required=False)

    def clean_email(self) -> Person:
        """Return the person of that address. Raises ValidationError when there is none."""
        email = self.cleaned_data["email"]
        person = Person.objects.filter(email__iexact=email, is_active=True).first()
        if not person:
            raise forms.ValidationError(
                _("Nobody has an account under %(email)s. Invite them instead."), params={"email": email}
            )
        return person

    def clean(self) -> dict[str, Any]:
        """Check that the days follow each other."""
        data = super().clean() or {}
        starts, ends = data.get("starts"), data.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", _("This must be after the first day."))
        return data


class EndForm(forms.Form):
    """From which day the office is given up."""

    on = forms.DateField(
        label=_("First day without the office"),
        initial=today,
        help_text=_("Today ends it at once."),
        widget=forms.DateInput,
    )

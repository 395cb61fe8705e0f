"""What ASEC is asked about a proposal that it enters for its proponent, and the proponent's refusal (P8)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.days import today
from aipbi.accounts.forms.one_line import one_line
from aipbi.accounts.forms.organisation import OrganisationFields
from aipbi.documents import uploads
from aipbi.forms import Radios
from aipbi.workflow.forms import say_what_to_do
from proposals.enums import Arrival
from proposals.forms.importing import ImportForm
from proposals.on_behalf.verbs import Arrived


class EnterForm(ImportForm):
    """How it came, who is to confirm it, and what there is of it as files."""

    arrived_on = forms.DateField(
        label=gettext_lazy("When it arrived"),
        help_text=gettext_lazy("As year-month-day, for example 2027-03-31."),
    )
    arrived_by = forms.ChoiceField(label=gettext_lazy("How it arrived"), choices=Arrival.choices, widget=Radios)
    contact_name = forms.CharField(
        label=gettext_lazy("Name of the contact"), max_length=200, validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    contact_email = forms.EmailField(
        label=gettext_lazy("E-mail address of the contact"),
        help_text=gettext_lazy(
            "Of the person who signed it or sent it. Nothing is sent there before you ask for the confirmation."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    received = uploads.UploadField(
        label=gettext_lazy("The e-mail or letter itself"),
        help_text=gettext_lazy("As a PDF, document or picture. The proponent and ASEC can read it."),
        required=False,
    )
    order: tuple[str, ...] = (
        "arrived_on",
        "arrived_by",
        "contact_name",
        "contact_email",
        "received",
        "file",
        "unfinished",
    )
    field_order: tuple[str, ...] = order

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            say_what_to_do(field)
        self.fields["file"].required = False
        self.fields["file"].help_text = _(
            "If the proposal came as a file in the format aipbi-proposal/1: its answers are read in, and you write the rest."
        )

    def clean_arrived_on(self) -> date:
        """Nothing arrives tomorrow."""
        given: date = self.cleaned_data["arrived_on"]
        if given > today():
            raise forms.ValidationError(_("This day is still to come."))
        return given

    def clean_file(self) -> bytes:
        """Return what is in the file, or nothing."""
        return super().clean_file() if self.cleaned_data.get("file") else b""

    def arrived(self) -> Arrived:
        """Return what was entered, as the verb takes it."""
        data = self.cleaned_data
        return Arrived(
            on=data["arrived_on"],
            by=Arrival(data["arrived_by"]),
            contact_name=data["contact_name"],
            contact_email=data["contact_email"],
            file=data["received"],
        )


class EnterForNewForm(OrganisationFields, EnterForm):
    """The same, for an organisation that the portal does not know."""

    field_order = ("organisation", "country", "kind", "corporate_group", *EnterForm.order)


class RefusalForm(forms.Form):
    """Why the proponent does not confirm."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Why you do not confirm it"),
        help_text=gettext_lazy("The ASEAN Secretariat reads this."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        error_messages={"required": gettext_lazy("Say why, so that the ASEAN Secretariat knows what to do.")},
    )

"""What a person says about themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aipbi.accounts import zones
from aipbi.accounts.forms.one_line import one_line
from aipbi.accounts.models import Person


class ProfileForm(forms.ModelForm):
    """Name and time zone."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Dates and times are shown in it, with Jakarta’s beside them.")
    )

    class Meta:
        model = Person
        fields = ("name", "time_zone")
        labels = {"name": _("Your name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].validators.append(one_line)
        self.fields["time_zone"].choices = zones.choices()  # type: ignore[attr-defined]

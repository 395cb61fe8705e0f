"""The forms of the roster: what narrows it, an expert's entry, employers, absences (R1)."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts import countries
from aipbi.accounts.days import today
from aipbi.accounts.forms.one_line import one_line
from aipbi.asean.models import Expertise, Sector
from aipbi.forms import Checkboxes
from aipbi.templatetags.portal import in_words
from aipbi.workflow.forms import say_what_to_do
from review.experts import languages, verbs
from review.experts.models import MOST, ExpertProfile
from review.experts.roster import SORTS, Wanted

YES_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class _Plain(forms.Form):
    """A form that says what to do about a missing answer, and leaves the checks to the server."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            say_what_to_do(field)


class EntryForm(_Plain):
    """What an expert knows, speaks and has time for."""

    # What the entry held when the form was opened.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    expertise = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Fields of expertise"),
        help_text=gettext_lazy("Choose those in which you would stand by a judgement."),
        queryset=Expertise.objects.order_by("order", "code"),
        widget=Checkboxes,
        required=False,
    )
    fields_ = forms.CharField(
        label=gettext_lazy("Expertise in own words"),
        help_text=gettext_lazy("What the list does not say, for example methods, technologies or countries."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
    )
    sectors = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Sectors"),
        queryset=Sector.objects.order_by("order", "code"),
        widget=Checkboxes,
        required=False,
    )
    regional = forms.MultipleChoiceField(
        label=gettext_lazy("Languages in which a proposal can be judged"),
        choices=languages.regional,
        widget=Checkboxes,
        required=False,
    )
    others = forms.CharField(
        label=gettext_lazy("Other languages"),
        help_text=gettext_lazy("Names or ISO 639 codes, with commas between them, for example Japanese, ko."),
        required=False,
        max_length=300,
    )
    nationality = forms.ChoiceField(label=gettext_lazy("Nationality"), required=False)
    available = forms.ChoiceField(
        label=gettext_lazy("Available for new assessments"), choices=YES_NO, widget=forms.RadioSelect
    )
    most_at_once = forms.IntegerField(
        label=gettext_lazy("Most assessments at once"),
        help_text=gettext_lazy("Leave it empty for no limit. Whoever has so many in hand is not invited."),
        required=False,
        min_value=1,
        max_value=MOST,
        error_messages={"invalid": gettext_lazy("Write a whole number in digits, for example 2.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nationality"].choices = [("", ""), *countries.choices()]  # type: ignore[attr-defined]

    def clean_others(self) -> list[str]:
        """Return the codes. Raises ValidationError that names each word which is no language."""
        words = [word.strip() for word in re.split(r"[,;\n]", self.cleaned_data["others"]) if word.strip()]
        if unknown := [word for word in words if not languages.code_of(word)]:
            raise forms.ValidationError(
                _("Not known as a language: %(words)s. Write the English name or the ISO 639 code.")
                % {"words": ", ".join(unknown)}
            )
        return [languages.code_of(word) for word in words]

    def entry(self) -> dict[str, Any]:
        """Return what was entered, as the verb takes it."""
        data = self.cleaned_data
        spoken = {*data["regional"], *data["others"]}
        return {
            "fields": data["fields_"].strip(),
            "languages": [code for code in languages.names() if code in spoken],
            "nationality": data["nationality"],
            "available": data["available"] == "yes",
            "most_at_once": data["most_at_once"],
            "expertise": data["expertise"],
            "sectors": data["sectors"],
        }

    @staticmethod
    def initial_of(profile: ExpertProfile) -> dict[str, Any]:
        """Return the entry as the form's fields have it."""
        near = {code for code, _name in languages.regional()}
        return {
            "seen": verbs.mark(profile),
            "expertise": profile.expertise.all(),
            "fields_": profile.fields,
            "sectors": profile.sectors.all(),
            "regional": [code for code in profile.languages if code in near],
            "others": languages.in_words([code for code in profile.languages if code not in near]),
            "nationality": profile.nationality,
            "available": "yes" if profile.available else "no",
            "most_at_once": profile.most_at_once,
        }

    def overtaken(self, profile: ExpertProfile) -> None:
        """Say who changed the entry meanwhile, and beside each answer that differs what the entry holds now; keep what was typed."""
        self.add_error(None, _said(profile))
        held, entered = verbs.values(profile), self.entry()
        for name, (field, words) in _NOW.items():
            mine = sorted(row.pk for row in entered[name]) if name in verbs.LINKED else entered[name]
            if mine != held[name]:
                self.add_error(field, _("The entry holds now: %(words)s") % {"words": words(profile) or _("nothing")})
        data: Any = self.data
        data = self.data = data.copy()
        data["seen"] = verbs.mark(profile)


# Each part of the entry: its field in the form, and what it holds in words.
_NOW: dict[str, tuple[str, Callable[[ExpertProfile], Any]]] = {
    "expertise": ("expertise", lambda entry: ", ".join(str(one) for one in entry.expertise.all())),
    "fields": ("fields_", lambda entry: entry.fields),
    "sectors": ("sectors", lambda entry: ", ".join(str(one) for one in entry.sectors.all())),
    "languages": ("regional", lambda entry: entry.spoken),
    "nationality": ("nationality", lambda entry: entry.country),
    "available": ("available", lambda entry: _("Yes") if entry.available else _("No")),
    "most_at_once": ("most_at_once", lambda entry: entry.most_at_once),
}


def _said(profile: ExpertProfile) -> str:
    said = _("Not saved: this entry was changed while you had it open.")
    if profile.edited_at:
        who = {"who": profile.edited_by, "office": profile.edited_as, "when": in_words(profile.edited_at)}
        said = _("Not saved: %(who)s (%(office)s) changed this entry on %(when)s, while you had it open.") % who
    return f"{said} {_('What you typed is still here. Save again to put it in place of what the entry holds now.')}"


class EmploymentForm(_Plain):
    """For whom an expert works or worked."""

    employer = forms.CharField(
        label=gettext_lazy("Employer"),
        help_text=gettext_lazy("The name under which it is registered. Write “self-employed” where there is none."),
        max_length=200,
        validators=[one_line],
    )
    corporate_group = forms.CharField(
        label=gettext_lazy("Corporate group"),
        help_text=gettext_lazy("The parent company or group, if it belongs to one."),
        max_length=200,
        validators=[one_line],
        required=False,
    )
    starts = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput)
    ends = forms.DateField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("Year-month-day. Leave it empty while the employment goes on."),
        widget=forms.DateInput,
        required=False,
    )

    def clean_starts(self) -> Any:
        """Refuse a day to come: what has not begun is no employer yet."""
        if self.cleaned_data["starts"] > today():
            raise forms.ValidationError(_("Name an employer from the day on which the work began, not before it."))
        return self.cleaned_data["starts"]


class AbsenceForm(_Plain):
    """When an expert is away."""

    starts = forms.DateField(label=gettext_lazy("Away from"), widget=forms.DateInput)
    until = forms.DateField(
        label=gettext_lazy("Away until"),
        help_text=gettext_lazy("The last day on which nothing is taken on, as year-month-day."),
        widget=forms.DateInput,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse an end before the beginning."""
        data: dict[str, Any] = super().clean() or {}
        starts, until = data.get("starts"), data.get("until")
        if starts and until and until < starts:
            self.add_error("until", _("This day lies before the first one."))
        return data


class RosterForm(forms.Form):
    """What narrows and sorts the roster; an answer that is not known narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False)
    sector = forms.ChoiceField(label=gettext_lazy("Sector"), required=False)
    field = forms.ChoiceField(label=gettext_lazy("Field of expertise"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    nationality = forms.ChoiceField(label=gettext_lazy("Nationality"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("Sort by"),
        choices=[("" if code == "name" else code, label) for code, (label, _order) in SORTS.items()],
        required=False,
    )
    free = forms.BooleanField(label=gettext_lazy("Free for one more today"), required=False)
    waiting = forms.BooleanField(label=gettext_lazy("With an employer to confirm"), required=False)

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, Any] = {
            "sector": list(Sector.objects.order_by("order", "code").values_list("code", "label")),
            "field": list(Expertise.objects.order_by("order", "code").values_list("code", "label")),
            "language": list(languages.names().items()),
            "nationality": countries.choices(),
        }
        for name, choices in offered.items():
            self.fields[name].choices = [("", _("Any")), *choices]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what to look for."""
        self.is_valid()
        data = {name: value for name, value in self.cleaned_data.items() if value and name != "q"}
        words = self.data.get("q", "").replace("\x00", "").strip()[:200]
        return Wanted(words=words, **data)

"""The questions of the eligibility check (P7). All may stay open: the answer says what is missing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aipbi.asean.models import Category
from aipbi.forms import Checkboxes, Radios
from proposals import eligibility as check
from proposals.document import codes as known_codes
from proposals.enums import Phase


class EligibilityForm(forms.Form):
    """One page of plain questions."""

    use_required_attribute = False
    mark_optional = False

    phase = forms.ChoiceField(
        label=_("How far is the project?"),
        required=False,
        choices=[
            (Phase.UNDER_WAY, _("It is under way: something is built, made or contracted")),
            (Phase.GREENFIELD, _("It is planned, with sites and partners, and has not begun")),
            ("idea", _("It is an idea")),
        ],
        widget=Radios,
    )
    categories = forms.MultipleChoiceField(
        label=_("What stands in the way between countries?"),
        help_text=_("Choose all that apply. Difficulties that every business has at home do not count."),
        required=False,
    )
    roadblock = forms.CharField(
        label=_("Say in a sentence what happens, and where"),
        help_text=_("You may leave this out. For example: cells wait nine days at the border for a second inspection"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    remedy = forms.ChoiceField(
        label=_("Could one Member State remove it alone?"),
        required=False,
        choices=[
            (check.TOGETHER, _("No: at least two would have to act, or agree")),
            (check.ALONE, _("Yes: one could change its own rule or procedure")),
            (check.UNSURE, _("I don’t know")),
        ],
        widget=Radios,
    )
    wants = forms.ChoiceField(
        label=_("What do you ask for?"),
        required=False,
        choices=[
            (
                check.HELP,
                _("That offices act: a procedure, a recognition, rules that fit together, lenders at one table"),
            ),
            (check.MONEY, _("Money from ASEAN or from a Member State")),
        ],
        widget=Radios,
    )
    ams = forms.MultipleChoiceField(
        label=_("Which Member States take part?"),
        help_text=_("Where something of the project is made, processed or run. Where it is only sold does not count."),
        required=False,
    )
    gains = forms.MultipleChoiceField(
        label=_("Which of them gain?"),
        help_text=_("Value added, exports, jobs, or work for small firms and suppliers there"),
        required=False,
    )
    origin = forms.ChoiceField(
        label=_("Which Member State is to support the proposal?"),
        help_text=_("The originating Member State. It must take part and gain. Its SEOM lead is asked first."),
        required=False,
        widget=forms.Select,
    )
    aims = forms.MultipleChoiceField(
        label=_("What does the project do for the climate and for people?"),
        required=False,
        choices=[
            (check.LOWERS, _("It lowers greenhouse gas emissions in the region")),
            (check.INCLUDES, _("It includes people or small firms who are usually left out")),
            (check.NOTHING, _("Neither")),
        ],
        widget=Checkboxes,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ams = list(known_codes.load().ams.items())
        kinds = list(Category.objects.order_by("order"))
        self._offer("ams", ams)
        self._offer("gains", ams)
        self._offer("origin", [("", _("Not known yet")), *ams])
        self._offer(
            "categories",
            [*((kind.code, kind.label) for kind in kinds), (check.NOTHING, _("None of these"))],
            hints={kind.code: kind.description for kind in kinds},
        )

    def _offer(self, name: str, choices: list[tuple[Any, Any]], hints: dict[str, str] | None = None) -> None:
        field: Any = self.fields[name]
        if isinstance(field, forms.MultipleChoiceField):
            field.widget = Checkboxes(
                hints=hints or {}, attrs={} if hints else {"class": "govuk-checkboxes--small portal-ams"}
            )
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Nothing beside something says two things."""
        given = super().clean() or {}
        for name in ("categories", "aims"):
            chosen = given.get(name) or []
            if check.NOTHING in chosen and len(chosen) > 1:
                self.add_error(name, _("Choose either the last answer or the others."))
        return given

    @property
    def answers(self) -> check.Answers:
        """The answers, once the form is valid."""
        return check.Answers.of(self.cleaned_data)

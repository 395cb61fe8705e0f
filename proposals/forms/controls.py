"""The control of each kind of answer. Checking is the document's: a control takes whatever is typed."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from aipbi.accounts import countries
from aipbi.forms import Checkboxes
from proposals.document.codes import Codes
from proposals.document.schema import Field, Kind
from proposals.document.values import word_limit
from proposals.forms import typed

FEW = 5
LONG = 6000
_WIDTHS = {Kind.YEAR: "4", Kind.MONTH: "10", Kind.HS: "10", Kind.WHOLE: "10", Kind.NUMBER: "10", Kind.MONEY: "20"}
_SHORT_TEXT = 60


class Answers(forms.Form):
    """A group of answers as they stand, with what is wrong beside each; never validated by itself."""

    use_required_attribute = False
    mark_optional = False

    def __init__(self, fields: Mapping[str, forms.Field], values: Mapping[str, list[str]], prefix: str) -> None:
        data = MultiValueDict({f"{prefix}-{name}" if prefix else name: texts for name, texts in values.items()})
        super().__init__(data, prefix=prefix or None)
        self.fields.update(fields)
        self._errors = forms.utils.ErrorDict(renderer=self.renderer)

    def say(self, name: str, message: str) -> None:
        """Put a message beside an answer."""
        errors: Any = self._errors
        errors.setdefault(name, self.error_class(error_class="nonfield", renderer=self.renderer)).append(message)


def control(field: Field, codes: Codes, *, chain: Any = None, among: list[str] | None = None) -> forms.Field:
    """Return the form field of an answer; `among` narrows the Member States offered."""
    widget = _widget(field, codes, chain, among)
    label, hint = str(field.label), f"{field.hint} {field.page_hint}".strip()
    if not field.required:
        label = _("%(label)s (optional)") % {"label": label}
    if field.kind is Kind.CHOICES:
        return forms.MultipleChoiceField(
            label=label, help_text=hint, required=False, widget=widget, choices=widget.choices
        )
    if isinstance(widget, forms.Select | forms.RadioSelect):
        # A select that is asked for starts with “Choose one”, not with “No answer”.
        return forms.ChoiceField(label=label, help_text=hint, required=True, widget=widget, choices=widget.choices)
    return forms.CharField(label=label, help_text=hint, required=False, widget=widget)


def _widget(field: Field, codes: Codes, chain: Any, among: list[str] | None) -> Any:
    match field.kind:
        case Kind.PROSE:
            return forms.Textarea(attrs={"rows": 8 if field.limit >= LONG else 4, **_counted(field)})
        case Kind.LINES:
            return forms.Textarea(attrs={"rows": 3})
        case Kind.CHOICES:
            return Checkboxes(attrs={"class": "govuk-checkboxes--small"}, choices=_choices(field, codes, chain, among))
        case Kind.CHOICE:
            choices = _choices(field, codes, chain, among)
            grouped = any(isinstance(group, list) for _code, group in choices)
            few = len(choices) <= FEW and not grouped and field.of not in ("stages", "participants")
            return forms.RadioSelect(choices=choices) if few else forms.Select(choices=choices)
        case Kind.TEXT:
            return forms.TextInput(attrs={"class": "govuk-input--width-20"} if field.limit <= _SHORT_TEXT else {})
    attrs = {"class": f"govuk-input--width-{_WIDTHS[field.kind]}"}
    if field.kind in (Kind.WHOLE, Kind.YEAR):
        attrs["inputmode"] = "numeric"
    return forms.TextInput(attrs=attrs)


def _counted(field: Field) -> dict[str, Any]:
    """Count the words below a text."""
    return {"data-maxwords": word_limit(field)}


def _choices(field: Field, codes: Codes, chain: Any, among: list[str] | None) -> list[tuple[Any, Any]]:
    match field.of:
        case "countries":
            return list(countries.choices())
        case "chains":
            return [
                (label, [(code, codes.chains[code]) for code, of in codes.sector_of.items() if of == sector])
                for sector, label in codes.sectors.items()
            ]
        case "bodies":
            return [(code, f"{code} – {name}") for code, name in codes.bodies.items()]
    known = codes.labels(field.of, chain=chain)
    return [(code, label) for code, label in known.items() if among is None or code in among]


def texts(value: Any, fields: tuple[Field, ...]) -> dict[str, list[str]]:
    """Return what the controls show for an object of the document."""
    given = value if isinstance(value, dict) else {}
    return {field.name: typed.shown(given.get(field.name), field) for field in fields}

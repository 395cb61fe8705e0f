"""The fields of the grids: figures as people write them, never as code reads them."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The words over the columns, which stand beside each cell where the screen is narrow.
COLUMNS = {
    "baseline": gettext_lazy("Baseline"),
    "target": gettext_lazy("Target"),
    "note": gettext_lazy("Note"),
    "actual": gettext_lazy("Actual"),
    "numerator": gettext_lazy("Numerator"),
    "denominator": gettext_lazy("Denominator"),
    "share_due_to_aipbi": gettext_lazy("Due to facilitation, %"),
    "reasoning": gettext_lazy("Why that share"),
    "evidence": gettext_lazy("Evidence"),
}
# A figure with something before or behind it that is no digit: the unit, which may be the right one.
_WITH_UNIT = re.compile(
    r"^(?P<before>[^\d+.,\-]*?)\s*(?P<figure>-?[\d.,]+(?:[ ,_'’\u00a0\u2009\u202f]\d+)*)\s*(?P<behind>[^\d.,]*)$"
)
_ALSO = {"USD": {"$", "us$"}, "percent": {"%", "per cent"}}
# 41 000 000, 41,000,000 or 41_000_000: groups of three, whatever stands between them.
_GROUPED = re.compile(r"^-?\d{1,3}([ ,_'’\u00a0\u2009\u202f]\d{3})+(\.\d+)?$")


class FigureField(forms.DecimalField):
    """A figure that may be written with thousands apart; whole where it counts things; never below zero."""

    def __init__(
        self, *, whole: bool = False, above_zero: bool = False, most: int | None = None, unit: str = "", **options: Any
    ) -> None:
        digits = {"max_digits": 22, "decimal_places": 0 if whole else 6}
        width = "govuk-input--width-10"
        if most is not None:
            digits, width = {"max_digits": 5, "decimal_places": 2}, "govuk-input--width-5"
        super().__init__(
            **{
                "required": False,
                "widget": forms.TextInput(attrs={"class": width, "inputmode": "decimal", "autocomplete": "off"}),
                **digits,
                **options,
            },
        )
        self.above_zero, self.unit = above_zero, unit
        self.validators.append(MinValueValidator(Decimal(0), gettext_lazy("This cannot be below zero.")))
        if most is not None:
            self.validators.append(
                MaxValueValidator(Decimal(most), gettext_lazy("Write a number from 0 to %(limit_value)s."))
            )
        if whole:
            self.error_messages["max_decimal_places"] = gettext_lazy("Write a whole number: this counts things.")

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the number; ValidationError names what was written instead of one."""
        text = self._without_unit(str(value or "").strip() if value != 0 else "0")
        if _GROUPED.match(text):
            text = re.sub(r"[ ,_'’\u00a0\u2009\u202f]", "", text)
        try:
            found = super().to_python(text)
        except forms.ValidationError as fault:
            message = _(
                "“%(text)s” is not a number. Write digits, with a point before decimals, such as 41,000,000 or 12.5."
            )
            raise forms.ValidationError(message % {"text": text[:40]}) from fault
        # 38.00 is a whole number, too.
        return Decimal(plain(found)) if found is not None and found.is_finite() else found

    def _without_unit(self, text: str) -> str:
        """Take off the figure's own unit; another one does not fit."""
        found = _WITH_UNIT.match(text)
        said = " ".join(filter(None, (found["before"].strip(), found["behind"].strip()))) if found and self.unit else ""
        if not found or not said:
            return text
        if said.casefold() not in {self.unit.casefold(), *_ALSO.get(self.unit, set())}:
            message = _("“%(text)s” is not in %(unit)s. Convert it, and write the number alone.")
            raise forms.ValidationError(message % {"text": text[:40], "unit": self.unit})
        return found["figure"]

    def validate(self, value: Any) -> None:
        """Refuse zero where something is divided by the figure."""
        super().validate(value)
        if self.above_zero and value == 0:
            raise forms.ValidationError(_("The denominator must be above zero."))

    def prepare_value(self, value: Any) -> Any:
        """Show a stored figure without the zeros that only the database keeps."""
        return plain(value) if isinstance(value, Decimal) else value


def cells(form: forms.BaseForm, names: Iterable[str], key: int) -> list[dict[str, Any]]:
    """Return the cells of a row: each field of the form that is named `name_key`, with its column's word."""
    there = ((name, f"{name}_{key}") for name in names)
    return [{"column": COLUMNS[name], "name": name, "field": form[full]} for name, full in there if full in form.fields]


def plain(value: Decimal) -> str:
    """Write a figure in digits, without trailing zeros or an exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def words(label: Any, *, rows: int = 2, most: int = 4000, **options: Any) -> forms.CharField:
    """Return a field for a few sentences, which may stay empty."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        **options,
    )


def day(label: Any) -> forms.DateField:
    """Return a field for a day in a grid: the way to write it is said once above."""
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Write year-month-day, for example 2027-12-31.")},
    )

"""Figures in words and digits for the pages of monitoring."""

from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from monitoring.forms.fields import plain

register = template.Library()

CENT = Decimal("0.01")
ONE = Decimal(1)


@register.filter
def figure(value: Decimal | None) -> str:
    """Write a figure with thousands apart, to the cent; a smaller one keeps its digits. Nothing has its own sign."""
    if value is None:
        return format_html('<abbr title="{}">–</abbr>', _("not reported"))
    rounded = value.quantize(CENT) if abs(value) >= ONE or value == 0 else value
    whole, _point, decimals = plain(rounded).partition(".")
    grouped = f"{int(whole):,}" if whole not in ("-0", "0") else whole
    return f"{grouped}.{decimals}" if decimals else grouped


@register.filter
def percent(value: Any) -> str:
    """Write a share in per cent; nothing has its own sign."""
    return figure(None) if value is None else f"{figure(Decimal(value))} %"


@register.simple_tag
def cell(field: Any) -> str:
    """Write a field that stands in a cell of a grid; its label is there for who cannot see the row and the column.

    Written by hand: a grid has a thousand of them.
    """
    errors, mark = "", ""
    if field.errors:
        errors = render_to_string("forms/errors.html", {"errors": field.errors, "id": f"{field.auto_id}_error"})
        mark = " govuk-form-group--error"
    label = f'<label class="govuk-visually-hidden" for="{field.id_for_label}">{escape(field.label)}</label>'
    return SafeString(f'<div class="govuk-form-group{mark}">{label}{errors}{field.control}</div>')


@register.filter
def number(value: float) -> str:
    """Write a number with thousands apart, to the cent; a smaller one keeps its digits."""
    if abs(value) < 1:
        return f"{value:g}"
    return f"{value:,.2f}".removesuffix(".00")


@register.filter
def days(value: float) -> str:
    """Write a number of days, rounded to tenths; what is less than one is not called nothing."""
    return _("under 0.1") if value == 0 else f"{value:,.1f}".removesuffix(".0")


@register.filter
def told(cell: dict[str, Any] | None) -> str:
    """Write what a release tells of a cell: its figure, or its sign, which says in words what it stands for."""
    if cell is None:
        return ""
    words = {"c": _("confidential"), "0": _("zero"), ":": _("not reported")}.get(cell["sign"])
    return format_html('<abbr title="{}">{}</abbr>', words, cell["sign"]) if words else number(cell["value"])

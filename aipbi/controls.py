"""How an input, a textarea and a select are written: as Django's templates do, but by hand, as a grid has a thousand of them."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString

Attrs = Mapping[str, Any]
# The most particular first; what is none of these is left to its own template.
_OTHERS = (forms.PasswordInput, forms.HiddenInput, forms.FileInput, forms.SelectMultiple, forms.NullBooleanSelect)


def written(widget: forms.Widget, name: str, value: Any, attrs: Attrs) -> SafeString | None:
    """Return the control, or nothing where the widget is of a kind that only its own template can write."""
    if isinstance(widget, _OTHERS):
        return None
    write = next((way for kind, way in _WAYS.items() if isinstance(widget, kind)), None)
    return write(widget, name, value, attrs) if write else None


def is_select(widget: forms.Widget) -> bool:
    """Whether one of several choices is chosen from a list that opens."""
    return isinstance(widget, forms.Select) and not isinstance(widget, _OTHERS)


def _own(widget: Any, attrs: Attrs) -> SafeString:
    given = {**widget.attrs, **attrs}.items()
    kept = [name if held is True else f'{name}="{escape(held)}"' for name, held in given if held is not False]
    return SafeString(" ".join(["", *kept]))


def _input(widget: Any, name: str, value: Any, attrs: Attrs) -> SafeString:
    shown = widget.format_value(value)
    held = "" if shown is None else f' value="{escape(shown)}"'
    return SafeString(f'<input type="{escape(widget.input_type)}" name="{escape(name)}"{held}{_own(widget, attrs)}>')


def _textarea(widget: Any, name: str, value: Any, attrs: Attrs) -> SafeString:
    held = conditional_escape(widget.format_value(value) or "")
    return SafeString(f'<textarea name="{escape(name)}"{_own(widget, attrs)}>\n{held}</textarea>')


def _select(widget: Any, name: str, value: Any, attrs: Attrs) -> SafeString:
    chosen = set(widget.format_value(value))

    def options(choices: Any) -> SafeString:
        return SafeString("".join([option(*choice) for choice in choices]))

    def option(value: Any, label: Any) -> SafeString:
        if isinstance(label, list | tuple):
            return format_html('<optgroup label="{}">{}</optgroup>', value, options(label))
        code = "" if value is None else str(value)
        mark = " selected" if code in chosen else ""
        return SafeString(f'<option value="{escape(code)}"{mark}>{escape(label)}</option>')

    return format_html('<select name="{}"{}>{}</select>', name, _own(widget, attrs), options(widget.choices))


_WAYS: dict[type[forms.Widget], Callable[[Any, str, Any, Attrs], SafeString]] = {
    forms.Select: _select,
    forms.Textarea: _textarea,
    forms.TextInput: _input,
}

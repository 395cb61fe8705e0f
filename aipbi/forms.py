"""How every form looks: Django's own hooks (renderer, bound field, field template), set up once.

A page writes `{{ form }}` or `{{ form.title.as_field_group }}`, and the field comes out with its
label, hint, error and `aria-describedby` wired, nothing chosen in advance. Django's widget
templates stay as they are, so the administration's pages are untouched.

What a form may say about itself:
`mark_optional = False` on a form whose fields are all asked for only later (drafts);
`attrs={"class": "govuk-input--width-10"}` on a widget for its width;
`attrs={"data-maxwords": 300}` (or `data-maxlength`) on a textarea for the count below it.
"""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aipbi import controls

# The most particular widget first.
FIELD_TEMPLATES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, "forms/choices.html"),
    (forms.CheckboxInput, "forms/checkbox.html"),
    (forms.FileInput, "forms/file.html"),
    (forms.PasswordInput, "forms/password.html"),
    (forms.MultiWidget, "forms/group.html"),
    (forms.SelectDateWidget, "forms/group.html"),
)
CSS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "govuk-textarea"),
    (forms.Select, "govuk-select"),
    (forms.CheckboxInput, "govuk-checkboxes__input"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.Widget, "govuk-input"),
)
# What people type into these is short, and so is the box, unless the widget says its width.
SHORT = (forms.NumberInput, forms.DateInput, forms.DateTimeInput, forms.TimeInput)
# The browser's own checks lose what was typed (or cut it short) and say less than the server does.
BROWSER_CHECKS = ("required", "maxlength", "minlength", "min", "max", "step", "cols")
DJANGO_ROWS = "10"


class OptionHints:
    """Lets each choice of radios or checkboxes carry a line of its own below its label."""

    def __init__(self, *args: Any, hints: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints = dict(hints or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Django's option with `hint` added."""
        option = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        return {**option, "hint": self.hints.get(str(value), "")}


class Radios(OptionHints, forms.RadioSelect):
    """Radios with a hint per choice: `Radios(hints={"approve": "…"})`; `blank`, where set, is the label of the empty choice."""

    blank: Any = ""


class Checkboxes(OptionHints, forms.CheckboxSelectMultiple):
    """Checkboxes with a hint per choice."""


class PortalBoundField(BoundField):
    """A field with a value, and what its template needs to wire it for everybody."""

    @property
    def template_name(self) -> str:
        """The template of the whole group: label, hint, error, control."""
        widget = self.field.widget
        own = next((template for kind, template in FIELD_TEMPLATES if isinstance(widget, kind)), None)
        return self.field.template_name or own or self.form.renderer.field_template_name  # type: ignore[attr-defined]

    @property
    def hint(self) -> str:
        """The help text; a date says how it is written."""
        if not self.help_text and isinstance(self.field.widget, forms.DateTimeInput):
            return str(_("Year-month-day and time, for example 2027-03-31 14:30"))
        if not self.help_text and isinstance(self.field.widget, forms.DateInput):
            return str(_("Year-month-day, for example 2027-03-31"))
        return self.help_text  # type: ignore[return-value]

    @property
    def optional(self) -> bool:
        """Whether the label says that an answer is not needed."""
        return not self.field.required and getattr(self.form, "mark_optional", True)

    @property
    def count(self) -> dict[str, int]:
        """The limit that is counted below a textarea: `words` or `characters`, or nothing."""
        attrs = self.field.widget.attrs
        limits = {"words": attrs.get("data-maxwords"), "characters": attrs.get("data-maxlength")}
        return {
            unit: int(limit)
            for unit, limit in limits.items()
            if limit and isinstance(self.field.widget, forms.Textarea)
        }

    @property
    def described_by(self) -> str:
        """Ids of what describes the control: hint, error, count; in the order they are read."""
        own = self.field.widget.attrs.get("aria-describedby")
        parts = [
            own,
            self.hint and f"{self.auto_id}_helptext",
            self.errors and f"{self.auto_id}_error",
            self.count and f"{self.auto_id}-info",
        ]
        return " ".join(str(part) for part in parts if part)

    @property
    def first_id(self) -> str:
        """Id of the element that takes the focus when the error summary's link is followed."""
        if isinstance(self.field.widget, forms.RadioSelect):
            return self.options[0]["id"] if self.options else self.auto_id
        return self.id_for_label or self.auto_id

    @cached_property
    def options(self) -> list[dict[str, Any]]:
        """The choices of radios or checkboxes; an empty choice is never chosen in advance."""
        found = []
        for option in (subwidget.data for subwidget in self.subwidgets):
            blank = option["value"] in ("", None)
            if blank and self.field.required:
                continue
            attrs = {
                k: v
                for k, v in option["attrs"].items()
                if k not in ("id", "class", "checked", "aria-invalid", *BROWSER_CHECKS)
            }
            id_ = option["attrs"].get("id", "")
            if hint := option.get("hint", ""):
                attrs["aria-describedby"] = f"{id_}_hint"
            found.append(
                {
                    "id": id_,
                    "name": option["name"],
                    "value": option["value"],
                    "label": (getattr(self.field.widget, "blank", "") or _("No answer")) if blank else option["label"],
                    "hint": hint,
                    "checked": option["selected"] and not blank,
                    "attrs": flatatt(attrs),
                }
            )
        return found

    @property
    def control(self) -> SafeString:
        """The input alone, in the portal's style, with what describes it."""
        widget = self._plain_widget()
        css = next(css for kind, css in CSS if isinstance(widget, kind))
        classes = [css, widget.attrs.get("class", ""), f"{css}--error" if self.errors else ""]
        if isinstance(widget, forms.PasswordInput):
            classes.append("govuk-password-input__input govuk-js-password-input-input")
        if isinstance(widget, SHORT) and "width" not in classes[1]:
            classes.append("govuk-input--width-10")
        if self.count:
            classes.append("govuk-js-character-count")
        # Django's widget templates leave out what is False.
        attrs = {
            "id": widget.attrs.get("id") or self.auto_id or False,
            "class": " ".join(filter(None, classes)),
            "disabled": self.field.disabled,
            "aria-invalid": "true" if self.errors else False,
            "aria-describedby": (not self.use_fieldset and self.described_by) or False,
        }
        by_hand = controls.written(widget, self.html_name, self.value(), attrs)
        return by_hand or widget.render(self.html_name, self.value(), attrs, renderer=self.form.renderer)

    def _plain_widget(self) -> forms.Widget:
        """Return the field's widget as a control that keeps whatever was typed and prefers nothing."""
        widget = copy(self.field.widget)
        widget.attrs = {k: v for k, v in widget.attrs.items() if k not in BROWSER_CHECKS}
        if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == DJANGO_ROWS:
            widget.attrs["rows"] = 5
        elif isinstance(widget, forms.NumberInput):
            widget.input_type = "text"
            floor = getattr(self.field, "min_value", None)
            # A phone's number pad has no minus sign.
            if floor is not None and floor >= 0:
                whole = type(self.field) is forms.IntegerField
                widget.attrs.setdefault("inputmode", "numeric" if whole else "decimal")
        elif controls.is_select(widget):
            own = next((str(label) for value, label in widget.choices if value in ("", None)), "")
            nothing = _("Choose one") if self.field.required else _("None")
            widget.choices = [
                ("", own.strip("-") or nothing),
                *((value, label) for value, label in widget.choices if value not in ("", None)),
            ]
        elif isinstance(widget, forms.ClearableFileInput):
            widget = forms.FileInput(attrs=widget.attrs)
        return widget

    @property
    def held_file(self) -> str:
        """Name of the file already held, for the line above the control."""
        return str(getattr(self.initial, "name", "") or "").rsplit("/", 1)[-1]

    @property
    def clear_name(self) -> str:
        """Name of the tick box that removes the held file; empty where it can't be removed."""
        widget = self.field.widget
        if not self.held_file or self.field.required or not isinstance(widget, forms.ClearableFileInput):
            return ""
        return widget.clear_checkbox_name(self.html_name)


class PortalRenderer(TemplatesSetting):
    """Renders forms by `templates/forms/`; the name goes in the setting FORM_RENDERER."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = PortalBoundField

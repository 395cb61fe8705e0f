"""Where an ASEC administrator keeps the text of letters: every change is a new version (F4)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Max
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean.models import Agreement, Body, Category
from facilitation import templates
from facilitation.letters import text
from facilitation.models import LetterTemplate, MeasureTemplate
from facilitation.models.letter_template import BLOCKS


class LetterTemplateForm(forms.ModelForm):
    """The blocks; the model holds their placeholders to the known ones."""

    class Meta:
        model = LetterTemplate
        fields = ["purpose", "subject", "opening", "reporting", "standing", "closing"]
        widgets = {
            name: forms.Textarea(attrs={"rows": 12, "cols": 100})
            for name in ("opening", "reporting", "standing", "closing")
        }


@admin.register(LetterTemplate)
class LetterTemplateAdmin(admin.ModelAdmin):
    """The newest version of each kind is in force; saving writes the next one, and letters keep theirs."""

    form = LetterTemplateForm
    list_display = ("purpose", "number", "in_force", "written_at", "written_by")
    list_filter = ("purpose",)
    list_select_related = ("written_by",)
    readonly_fields = ("placeholders", "number", "written_at", "written_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A version stays of its kind."""
        return (*super().get_readonly_fields(request, obj), *(("purpose",) if obj else ()))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody may delete one: letters were made from it."""
        return False

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def in_force(self, obj: LetterTemplate) -> bool:
        """Whether it is the newest of its kind."""
        return obj.number == self._newest(obj.purpose)

    @admin.display(description=gettext_lazy("placeholders"))
    def placeholders(self, obj: LetterTemplate | None) -> SafeString:
        """List what may stand in braces, in which letters."""
        purpose = obj.purpose if obj and obj.purpose else ""
        known = text.known(purpose) if purpose else text.PLACEHOLDERS
        return format_html_join(
            "\n", "<div><code>{{{}}}</code> – {}</div>", [(name, one.label) for name, one in known.items()]
        )

    def save_model(self, request: HttpRequest, obj: LetterTemplate, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Write the next version, whether a version was changed or a new one begun."""
        words = {block: getattr(obj, block) for block in BLOCKS}
        made = templates.write(obj.purpose, words, by=request.user, seen=self._newest(obj.purpose))  # type: ignore[arg-type]
        obj.pk, obj.number = made.pk, made.number
        if change:
            self.message_user(
                request,
                _("This was saved as version %(number)d; the earlier ones stay as they were.") % {"number": obj.number},
            )

    def _newest(self, purpose: str) -> int:
        return LetterTemplate.objects.filter(purpose=purpose).aggregate(last=Max("number"))["last"] or 0


class MeasureTemplateForm(forms.ModelForm):
    """Codes to choose from instead of to type."""

    class Meta:
        model = MeasureTemplate
        fields = ["code", "title", "category", "measure", "conditions", "body", "agreement", "retired"]
        widgets = {name: forms.Textarea(attrs={"rows": 5, "cols": 100}) for name in ("measure", "conditions")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = [("", "---------")]
        offered = {
            "category": Category.objects.order_by("order").values_list("code", "label"),
            "body": [(one, one) for one in Body.objects.order_by("acronym").values_list("acronym", flat=True)],
            "agreement": Agreement.objects.order_by("order").values_list("code", "label"),
        }
        for name, choices in offered.items():
            field = self.fields[name]
            self.fields[name] = forms.ChoiceField(
                label=field.label, choices=[*none, *choices], required=field.required, help_text=field.help_text
            )

    def clean_code(self) -> str:
        """A code names one measure: a new one takes a new code."""
        code: str = self.cleaned_data["code"]
        if self.instance.pk is None and MeasureTemplate.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a measure with this code: change that one instead."))
        return code


@admin.register(MeasureTemplate)
class MeasureTemplateAdmin(admin.ModelAdmin):
    """The newest version of each measure is in force; saving writes the next one, and benefits keep theirs."""

    form = MeasureTemplateForm
    list_display = ("title", "code", "number", "category", "agreement", "retired", "written_at", "written_by")
    list_filter = ("category", "retired")
    list_select_related = ("written_by",)
    search_fields = ("code", "title", "measure")
    readonly_fields = ("number", "written_at", "written_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A version stays of its measure."""
        return (*super().get_readonly_fields(request, obj), *(("code",) if obj else ()))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody may delete one: benefits were begun from it. It is retired instead."""
        return False

    def save_model(self, request: HttpRequest, obj: MeasureTemplate, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """Write the next version, whether a version was changed or a new measure begun."""
        last = MeasureTemplate.objects.filter(code=obj.code).aggregate(last=Max("number"))["last"] or 0
        obj.pk = None
        obj._state.adding = True
        obj.number = last + 1
        obj.written_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change=False)
        if change:
            self.message_user(
                request,
                _("This was saved as version %(number)d; the earlier ones stay as they were.") % {"number": obj.number},
            )

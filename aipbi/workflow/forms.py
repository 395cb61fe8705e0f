"""The form of a move: an ordinary form that knows the move, its subject and who acts."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from aipbi.workflow.moves import Move


# What to do about an answer that is missing or no date; the most particular field first.
MISSING: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.MultipleChoiceField, _("Choose at least one.")),
    (forms.ModelMultipleChoiceField, _("Choose at least one.")),
    (forms.ChoiceField, _("Choose one.")),
    (forms.BooleanField, _("Tick this to go on.")),
    (forms.FileField, _("Choose a file.")),
    (forms.Field, _("This answer is missing.")),
)
NO_DATE = _("This is not a date. Write it as year-month-day, for example 2027-03-31.")


class MoveForm(forms.Form):
    """Built with `move=`; `self.move.subject` and `self.move.as_` are there for choices and checks."""

    use_required_attribute = False

    def __init__(self, *args: Any, move: "Move", **kwargs: Any) -> None:
        self.move = move
        super().__init__(*args, **kwargs)
        self.prepare()
        for field in self.fields.values():
            say_what_to_do(field)

    def prepare(self) -> None:
        """Narrow choices to the subject's; a form with such fields overrides this."""


def say_what_to_do(field: forms.Field) -> None:
    """Put our words where the field has Django's own, which say only that something is wrong."""
    said = field.error_messages
    if said["required"] == forms.Field.default_error_messages["required"]:
        said["required"] = next(words for kind, words in MISSING if isinstance(field, kind))
    if isinstance(field, forms.DateField) and said["invalid"] == forms.DateField.default_error_messages["invalid"]:
        said["invalid"] = NO_DATE

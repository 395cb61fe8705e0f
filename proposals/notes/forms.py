"""The form of an internal note."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow.forms import say_what_to_do
from proposals.notes import mentions
from proposals.notes.verbs import LONGEST


class NoteForm(forms.Form):
    """The words; whom they mention is in `cleaned_data["mentioned"]`."""

    use_required_attribute = False

    words = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=LONGEST,
        error_messages={
            "max_length": gettext_lazy(
                "A note has at most %(limit_value)d characters; this one has %(show_value)d. Shorten it, or write two."
            )
        },
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, taking_back: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = mentions.colleagues()
        if not self.is_bound:
            self.fields["token"].initial = uuid.uuid4()
        self.fields["words"].required = not taking_back
        self.fields["words"].help_text = _(
            "Read by the Secretariat alone. To tell a colleague of it, write @ and the name: %(who)s."
        ) % {"who": ", ".join(f"@{mentions.handle(person)}" for person in self.colleagues[:8])}
        for field in self.fields.values():
            say_what_to_do(field)

    def clean_words(self) -> str:
        """Find who is mentioned; an @ that means nobody is said."""
        words: str = self.cleaned_data["words"].strip()
        self.mentioned = mentions.find(words, self.colleagues)
        return words

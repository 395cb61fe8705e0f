"""Choosing a filled form, and reading it while the page is checked."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.documents.kinds import KINDS
from aipbi.documents.names import tidy_name
from aipbi.documents.uploads import UploadField
from proposals.paper import reading
from proposals.paper.package import UnreadableError


class FilledForm(forms.Form):
    """A filled form; once valid, `reading` is what it says. `asks_edition` when it is of another edition."""

    use_required_attribute = False
    file = UploadField(
        label=gettext_lazy("Filled form"),
        help_text=gettext_lazy("The Word file (DOCX) that you downloaded here and filled in. Its name ends in .docx."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
    any_edition = forms.BooleanField(
        label=gettext_lazy("Read it although it is of another edition"),
        help_text=gettext_lazy(
            "Answers to questions that are still asked are taken; everything else is listed as unread."
        ),
        required=False,
    )

    def __init__(self, *args: Any, criteria: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.asks_edition = False
        self.reading: reading.Reading | None = None

    @property
    def name(self) -> str:
        """The name of the file."""
        return tidy_name(self.cleaned_data["file"].name)

    def clean_file(self) -> UploadedFile:
        """Take a DOCX alone."""
        upload: UploadedFile = self.cleaned_data["file"]
        kind = upload.verdict.kind  # type: ignore[attr-defined]
        if kind != KINDS["docx"]:
            raise forms.ValidationError(
                _("This is a %(kind)s file. The form is a Word file (DOCX): save it as one.") % {"kind": kind.label}
            )
        return upload

    def clean(self) -> None:
        """Read the form; what it is not is said beside the file."""
        upload = self.cleaned_data.get("file")
        if upload is None:
            return
        upload.seek(0)
        any_edition = self.cleaned_data.get("any_edition", False)
        try:
            self.reading = reading.read(upload.read(), criteria=self.criteria, any_edition=any_edition)
        except UnreadableError as fault:
            self.asks_edition = isinstance(fault, reading.OtherEditionError)
            self.add_error("file", str(fault))

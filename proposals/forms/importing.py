"""What is asked about a proposal that comes as a file."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.documents.uploads import tidy_name
from proposals import interchange


class ImportForm(forms.Form):
    """A file, and whether it may have gaps."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("Proposal file"),
        help_text=gettext_lazy(
            "A file in the format aipbi-proposal/1, as this portal writes it; its name ends in .json."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={
            "required": gettext_lazy("Choose a file"),
            "empty": gettext_lazy("This file is empty. Choose another file."),
        },
    )
    unfinished = forms.BooleanField(
        label=gettext_lazy("The file is a draft that is not finished"),
        help_text=gettext_lazy(
            "Take it in with its gaps, and with answers that are not right yet. You can mend them here."
        ),
        required=False,
    )

    def clean_file(self) -> bytes:
        """Return what is in the file; one that is too large is not read at all."""
        upload = self.cleaned_data["file"]
        if upload.size > interchange.MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB, which no proposal is.")
                % {"most": interchange.MOST_BYTES // 1_000_000},
            )
        self.name = tidy_name(upload.name)
        content: bytes = upload.read()
        return content

"""A filled workbook coming back: choosing it, and the cells of it that are faulty."""

from dataclasses import dataclass

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.documents.kinds import KINDS
from aipbi.documents.uploads import UploadField


@dataclass(frozen=True, slots=True)
class Fault:
    """A faulty cell: where it is, what is wrong with it, and what belongs there."""

    sheet: str
    cell: str
    what: str
    expected: str


class FaultyWorkbookError(ValueError):
    """The workbook is not read; `faults` lists each faulty cell."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{one.sheet} {one.cell}: {one.what}" for one in faults))
        self.faults = faults


class WorkbookForm(forms.Form):
    """Choosing a filled workbook."""

    use_required_attribute = False
    file = UploadField(
        label=gettext_lazy("Filled form"),
        help_text=gettext_lazy("The workbook (XLSX) that you downloaded here and filled in. Its name ends in .xlsx."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> UploadedFile:
        """Take an XLSX alone."""
        upload: UploadedFile = self.cleaned_data["file"]
        kind = upload.verdict.kind  # type: ignore[attr-defined]
        if kind != KINDS["xlsx"]:
            raise forms.ValidationError(
                _("This is a %(kind)s file. The form is a workbook: save it as XLSX.") % {"kind": kind.label}
            )
        return upload

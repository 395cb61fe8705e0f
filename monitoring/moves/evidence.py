"""Files that show what a report says: added while it is written, read by whoever reads the report (M3, P6)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.documents import room, uploads
from aipbi.documents.models import StoredFile
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.registry import register
from monitoring.enums import WRITABLE
from monitoring.evidence import FILES_MOST, PURPOSE, files_of, loose
from monitoring.moves.shared import OnReport
from proposals import rules


class AddForm(MoveForm):
    """The files."""

    file = uploads.UploadsField(label=gettext_lazy("Files"))

    def clean_file(self) -> uploads.Taken:
        """Leave out what the report, the case or the organisation has no room for."""
        taken: uploads.Taken = self.cleaned_data["file"]
        report = self.move.subject
        left = room.of(report.case_pk, report.proposal.organisation, self.move.as_).left
        places = FILES_MOST - len(files_of(report))
        for upload in list(taken):
            why = room.fault(upload.size or 0, left)
            if not why and places < 1:
                why = _("A report holds %(most)d files; put several into one.") % {"most": FILES_MOST}
            if why:
                taken.remove(upload)
                taken.refuse(upload, why)
            else:
                left, places = left - (upload.size or 0), places - 1
        if not taken:
            raise forms.ValidationError(taken.refused)
        return taken


class _OfFiles(OnReport):
    """What both share."""

    during = WRITABLE
    who = rules.proponent_editor
    beside = True
    audience = Audience.ASEC

    def after(self) -> str:
        """Back to the report."""
        return self.subject.home(self.subject.proposal.case.code, self.as_)


@register
class AddEvidence(_OfFiles):
    """Put files with the report."""

    name = "add_evidence"
    label = gettext_lazy("Add evidence")
    done = gettext_lazy("Evidence added to the report")
    help = gettext_lazy("Name the file in the evidence of the figure that it shows.")
    form = AddForm

    def effect(self) -> None:
        """Keep them."""
        organisation = self.subject.proposal.organisation
        self.files = [
            uploads.keep(one, subject=self.subject, purpose=PURPOSE, as_=self.as_, organisation=organisation)
            for one in self.data["file"]
        ]

    def kept(self) -> dict[str, Any]:
        """Keep what came in."""
        return {"files": [{"name": one.name, "sha256": one.sha256, "size": one.size} for one in self.files]}

    def warnings(self) -> Any:
        """Tell each file that was not taken."""
        return self.data["file"].refused


class TakeOffForm(MoveForm):
    """Which file."""

    file = forms.ChoiceField(label=gettext_lazy("File to take off"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Offer the files that were not handed in yet."""
        self.fields["file"].choices = [(str(one.pk), one.name) for one in loose(self.move.subject)]  # type: ignore[attr-defined]


@register
class RemoveEvidence(_OfFiles):
    """Take a file off the report."""

    name = "remove_evidence"
    label = gettext_lazy("Take evidence off")
    done = gettext_lazy("Evidence taken off the report")
    form = TakeOffForm

    def reasons(self) -> Any:
        """There is a file to take off."""
        yield from super().reasons()
        if not loose(self.subject):
            yield _("The report has no file that can be taken off: what was handed in once stays with it.")

    def effect(self) -> None:
        """Close it; the trail keeps that it was there."""
        self.file = StoredFile.objects.get(pk=self.data["file"])
        self.file.removed_at = self.now
        self.file.save(update_fields=["removed_at"])

    def kept(self) -> dict[str, Any]:
        """Keep which."""
        return {"name": self.file.name, "sha256": self.file.sha256}

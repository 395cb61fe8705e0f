"""Files of a proposal while it is written: adding one, taking one off (P6)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.documents import room, uploads
from aipbi.documents.models import StoredFile
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.moves import Move
from aipbi.workflow.registry import register
from proposals import attachments, rules
from proposals.document.schema import PARTS, Many
from proposals.models import Proposal, Version
from proposals.verbs import WRITABLE


class _OfFiles(Move):
    """What both share: who, when, and where it leads."""

    model = Proposal
    during = frozenset(WRITABLE)
    who = rules.writer
    hidden = True

    def _write(self, named: list[dict[str, Any]]) -> None:
        self.subject.answers = {**self.subject.answers, "attachments": named}
        self.subject.saved_at = self.now
        self.subject.save(update_fields=["answers", "saved_at"])

    def after(self) -> str:
        """Go back to the files."""
        return reverse("files", args=[self.subject.case.code])


class AddFileForm(MoveForm):
    """The files, and who may read them."""

    file = uploads.UploadsField(label=gettext_lazy("Files"))
    confidential = forms.BooleanField(
        label=gettext_lazy("These are confidential annexes"),
        help_text=gettext_lazy(
            "Besides those who write the proposal, only ASEC officers, the appointed experts and the FG-GVC read them; "
            "every reading is recorded."
        ),
        required=False,
    )

    def clean_file(self) -> uploads.Taken:
        """Leave out what the case, the organisation or the format has no room for."""
        taken: uploads.Taken = self.cleaned_data["file"]
        proposal = self.move.subject
        left = room.of(proposal.pk, proposal.organisation, self.move.as_).left
        part = PARTS["attachments"]
        places = (part.most if isinstance(part, Many) else 0) - len(attachments.named_in(proposal.answers))
        for upload in list(taken):
            why = room.fault(upload.size or 0, left)
            if not why and places < 1:
                why = _("There are as many files as the format holds; put several into one.")
            if why:
                taken.remove(upload)
                taken.refuse(upload, why)
            else:
                left, places = left - (upload.size or 0), places - 1
        if not taken:
            raise forms.ValidationError(taken.refused)
        return taken


@register
class AddFile(_OfFiles):
    """Put files with the proposal."""

    name = "add_file"
    label = gettext_lazy("Add files")
    done = gettext_lazy("Files added")
    form = AddFileForm

    def effect(self) -> None:
        """Keep them, each named in the document in place of an entry of the same content."""
        self.files = [self._keep(upload) for upload in self.data["file"]]

    def _keep(self, upload: Any) -> StoredFile:
        file = uploads.keep(
            upload,
            subject=self.subject,
            purpose=attachments.ATTACHMENT,
            as_=self.as_,
            confidential=self.data["confidential"],
            organisation=self.subject.organisation,
        )
        # An image is named by what is left of it; an imported document may name it as it was before.
        same = {file.sha256, upload.verdict.came_as}
        named = [one for _n, one in attachments.named_in(self.subject.answers) if one.get("sha256") not in same]
        _put_away(self.subject, file.sha256, but=file.pk)
        self._write([*named, attachments.entry(file)])
        return file

    def details(self) -> dict[str, Any]:
        """Keep what came in."""
        return {
            "files": [
                {"pk": file.pk, "name": file.name, "sha256": file.sha256, "size": file.size} for file in self.files
            ]
        }

    def warnings(self) -> Iterable[str]:
        """Tell each file that was not taken."""
        return self.data["file"].refused


class RemoveFileForm(MoveForm):
    """Which file."""

    sha256 = forms.ChoiceField(label=gettext_lazy("File to take off"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Offer the files that the document names."""
        named = attachments.named_in(self.move.subject.answers)
        self.fields["sha256"].choices = [(one.get("sha256"), one.get("name")) for _n, one in named]  # type: ignore[attr-defined]


@register
class RemoveFile(_OfFiles):
    """Take a file off the proposal; what an earlier version names stays with that version (L6)."""

    name = "remove_file"
    label = gettext_lazy("Take a file off")
    done = gettext_lazy("File taken off")
    form = RemoveFileForm

    def effect(self) -> None:
        """Take it off the document, and close it unless a version holds it."""
        sha256 = self.data["sha256"]
        named = attachments.named_in(self.subject.answers)
        self.gone = next((one for _n, one in named if one.get("sha256") == sha256), {})
        self._write([one for _n, one in named if one.get("sha256") != sha256])
        _put_away(self.subject, sha256)

    def details(self) -> dict[str, Any]:
        """Keep what went."""
        return {"file": self.gone.get("name"), "sha256": self.data["sha256"]}


def _put_away(proposal: Proposal, sha256: str, *, but: int | None = None) -> None:
    """Close the files of this content that no version of the proposal holds."""
    if Version.objects.filter(proposal=proposal, document__attachments__contains=[{"sha256": sha256}]).exists():
        return
    held = StoredFile.objects.filter(
        case_id=proposal.pk, purpose=attachments.ATTACHMENT, sha256=sha256, removed_at=None
    )
    held.exclude(pk=but).update(removed_at=timezone.now())  # type: ignore[misc]

"""What forms share whose draft holds files: one is added at a time, and a button beside each takes it off."""

from functools import cached_property
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from aipbi.documents import room
from aipbi.documents.models import StoredFile
from aipbi.workflow.forms import MoveForm
from facilitation import drafts


class FilesForm(MoveForm):
    """A form with a field `file` beside the files of its draft, which have the purpose `holds`."""

    holds: ClassVar[str]

    @cached_property
    def held(self) -> list[StoredFile]:
        """The files added so far."""
        return drafts.files_of(self.move.subject, self.move.as_, self.holds)

    def clean_file(self) -> Any:
        """Refuse more files than a reader can be asked to open, and what the organisation has no room for."""
        file, as_ = self.cleaned_data.get("file"), self.move.as_
        if file and len(self.held) >= drafts.FILES_MOST:
            raise forms.ValidationError(
                _("No more than %(most)d files go with it. Take one off first, or put several into one.")
                % {"most": drafts.FILES_MOST}
            )
        if file and as_.organisation:
            space = room.of(self.move.subject.case_pk, as_.organisation, as_)
            if why := room.fault(file.size, space.left):
                raise forms.ValidationError(why)
        return file


class TakeOffForm(FilesForm):
    """The draft itself, off which a file can be taken."""

    take_off = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def clean_take_off(self) -> Any:
        """Take off only what is on this draft."""
        pk = self.cleaned_data.get("take_off")
        if pk is not None and pk not in {file.pk for file in self.held}:
            raise forms.ValidationError(_("This file is not on the draft any more."))
        return pk

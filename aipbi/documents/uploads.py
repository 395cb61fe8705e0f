"""Taking a file from a person: checked by content, scanned, and kept under a random name (P6)."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.functional import lazystr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Organisation
from aipbi.asean import defaults
from aipbi.documents import clamav, images
from aipbi.documents.kinds import ENDINGS, KINDS, Kind, NotTakenError, recognise
from aipbi.documents.models import Scan, StoredFile
from aipbi.documents.names import tidy_name
from aipbi.workflow.models import Subject

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a file before it is kept."""

    kind: Kind
    scan: Scan
    # Of the file as it came, before anything was taken from it.
    came_as: str


class _Hint:
    """The limits as they stand when the page is made."""

    def __str__(self) -> str:
        return _(
            "PDF, DOCX, XLSX, PNG or JPEG, up to %(most)s MB. Where, when and by whom an image was made is taken out of it."
        ) % {"most": defaults.get("file_megabytes")}


class UploadField(forms.FileField):
    """A file of a kind that is taken, not too big, and without a virus as far as the scanner says."""

    widget = forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)})
    default_error_messages = {
        "required": gettext_lazy("Choose a file"),
        "empty": gettext_lazy("This file is empty. Choose another file."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", lazystr(_Hint()))
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> UploadedFile | None:
        """Return the file with its verdict on it. Raises ValidationError in words for who chose it."""
        upload: UploadedFile | None = super().to_python(data)  # type: ignore[assignment]
        return None if upload is None else inspect(upload)


class Taken(list[UploadedFile]):
    """The files that may be kept, and for each other one its name and why not."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def refuse(self, upload: UploadedFile, why: str) -> None:
        """Leave a file out, and say so by its name."""
        self.refused.append(_("“%(name)s” was not taken. %(why)s") % {"name": tidy_name(upload.name or ""), "why": why})


class _Several(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return all files of the name, however they came."""
        found = files.getlist(name) if hasattr(files, "getlist") else files.get(name)
        return found if isinstance(found, list | None) else [found]


class UploadsField(UploadField):
    """Several files at once: one that is refused does not lose the others, each is told by its name."""

    widget = _Several(attrs={"accept": UploadField.widget.attrs["accept"], "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> Taken:
        """Return the files that may be kept. Raises ValidationError when there is none."""
        taken = Taken()
        for upload in data or [None]:
            try:
                if found := super().clean(upload, initial):
                    taken.append(found)
            except ValidationError as fault:
                if upload is None:
                    raise
                taken.refuse(upload, " ".join(fault.messages))
        if taken.refused and not taken:
            raise ValidationError(taken.refused)
        return taken


def inspect(upload: UploadedFile) -> UploadedFile:
    """Return the file as it will be kept, with its verdict on it. Raises ValidationError in words for who chose it."""
    most = defaults.get("file_megabytes")
    if (upload.size or 0) > most * MEGABYTE:
        raise ValidationError(
            _("This file has %(size)s MB; the most is %(most)s MB. Make it smaller or split it.")
            % {"size": -(-(upload.size or 0) // MEGABYTE), "most": most},
        )
    try:
        kind = recognise(upload.file, tidy_name(upload.name or ""))  # type: ignore[arg-type]
    except NotTakenError as fault:
        raise ValidationError(str(fault)) from fault
    came_as = _sha256(upload)
    if kind.is_image:
        upload = _stripped(upload, kind)
    upload.verdict = Verdict(kind, _scanned(upload), came_as)  # type: ignore[attr-defined]
    return upload


def _stripped(upload: UploadedFile, kind: Kind) -> UploadedFile:
    """Return the image without its metadata: place, time, device, names."""
    upload.seek(0)
    try:
        content = images.stripped(upload.read(), kind.endings[0])
    except images.FoundError as fault:
        raise ValidationError(str(images.SAYS[fault.args[0]])) from fault
    return SimpleUploadedFile(upload.name or "", content, kind.media_type)


def _sha256(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _scanned(upload: UploadedFile) -> Scan:
    if not clamav.configured():
        return Scan.UNSCANNED
    try:
        virus = clamav.virus_in(upload.file)  # type: ignore[arg-type]
    except clamav.ScannerAwayError:
        return Scan.WAITING
    if virus:
        raise ValidationError(
            _("The virus scanner found “%(virus)s” in this file. It was not stored.") % {"virus": virus}
        )
    return Scan.CLEAN


def keep(
    upload: UploadedFile,
    *,
    subject: Subject,
    purpose: str,
    as_: Capacity,
    confidential: bool = False,
    organisation: Organisation | None = None,
) -> StoredFile:
    """Store a file about a subject; `purpose` names the rule of who reads it.

    It belongs to `organisation`, else to the capacity's own.

    Called inside a move, with a file from an `UploadField`; one that comes another way is inspected
    here. While the scanner is away the file is stored and stays closed until a sweep has scanned it.
    Raises ValidationError.
    """
    if not hasattr(upload, "verdict"):
        upload = inspect(upload)
    verdict: Verdict = upload.verdict  # type: ignore[attr-defined]
    return StoredFile.objects.create(  # type: ignore[misc]
        case_id=subject.case_pk,
        purpose=purpose,
        subject_kind=subject.kind,
        subject_pk=subject.pk,
        name=tidy_name(upload.name or ""),
        media_type=verdict.kind.media_type,
        size=upload.size,
        sha256=_sha256(upload),
        content=upload,
        confidential=confidential,
        scan=verdict.scan,
        preview_due=verdict.kind == KINDS["pdf"],
        text_due=verdict.kind.has_text,
        person=as_.person,
        office=as_.office,
        organisation=organisation or as_.host,
    )


def copy(file: StoredFile, *, subject: Subject, purpose: str, as_: Capacity) -> StoredFile:
    """Hold a stored file a second time, for others to read about another subject; its content is stored once.

    The copy stays when the original is taken off, and belongs to who gave it.
    """
    return StoredFile.objects.create(
        case_id=subject.case_pk, purpose=purpose, subject_kind=subject.kind, subject_pk=subject.pk,
        name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256, content=file.content.name,
        preview=file.preview.name, preview_due=file.preview_due, confidential=file.confidential, scan=file.scan,
        person=as_.person, office=as_.office, organisation=as_.host,
    )  # fmt: skip

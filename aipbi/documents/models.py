"""Stored files (P6): outside the web root, under random names, served only through the access rules."""

import secrets
from collections.abc import Collection
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Office, Organisation, Person
from aipbi.documents.readers import condition
from aipbi.workflow.models import Case


def random_name(_instance: "StoredFile", _name: str) -> str:
    """Return where a file is kept: a random name in one of 256 folders, telling nothing."""
    key = secrets.token_hex(20)
    return f"{key[:2]}/{key}"


class Scan(models.TextChoices):
    """What is known about viruses in a file."""

    WAITING = "waiting", _("Waiting for the scanner")
    CLEAN = "clean", _("No virus found")
    UNSCANNED = "unscanned", _("No scanner is configured")
    INFECTED = "infected", _("A virus was found; the file is gone")


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Files by who reads them."""

    def visible_to(self, viewer: Capacity, of: Collection[str] = ()) -> "StoredFileQuerySet":
        """Keep the files, of some purposes or of all, that the rule of their purpose opens to the capacity."""
        return self.filter(condition(viewer, of), removed_at__isnull=True)


class StoredFile(models.Model):
    """One file of a case. `purpose` names the rule of who reads it (see `readers`)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    purpose = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=20)
    subject_pk = models.BigIntegerField()
    name = models.CharField(_("name"), max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.FileField(upload_to=random_name, max_length=100)
    # A picture of a PDF's first page, made by the worker; `preview_due` until it has tried.
    preview = models.FileField(upload_to=random_name, max_length=100, blank=True)
    preview_due = models.BooleanField(default=False)
    # Its text is to be read for the search; true until the worker has tried.
    text_due = models.BooleanField(default=False)
    confidential = models.BooleanField(_("confidential annex"), default=False)
    scan = models.CharField(max_length=10, choices=Scan, default=Scan.UNSCANNED)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    stored_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[StoredFileQuerySet] = StoredFileQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="file_not_empty"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="file_sha256"),
            models.CheckConstraint(condition=Q(scan__in=Scan.values), name="file_scan_known"),
        ]
        indexes = [
            models.Index(fields=["case", "purpose"], name="file_of_case"),
            models.Index(fields=["scan"], condition=Q(scan="waiting"), name="file_to_scan"),
            models.Index(fields=["preview_due"], condition=Q(preview_due=True), name="file_to_preview"),
            models.Index(fields=["text_due"], condition=Q(text_due=True), name="file_to_read"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def readable(self) -> bool:
        """Whether the content may leave: the scanner has nothing against it."""
        return self.scan in (Scan.CLEAN, Scan.UNSCANNED)


class FileText(models.Model):
    """The words of a file, by which the search finds it for those who may read the file and for nobody else."""

    file = models.OneToOneField(StoredFile, primary_key=True, on_delete=models.CASCADE, related_name="text")
    words = SearchVectorField()
    read_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["FileText"]]

    class Meta:
        verbose_name = _("text of a file")
        verbose_name_plural = _("texts of files")
        indexes = [GinIndex(fields=["words"], name="file_words")]

    def __str__(self) -> str:
        return str(self.file_id)

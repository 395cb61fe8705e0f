"""Lists of cases that left the portal as a file: what was asked for, by whom, and each download (R7, U6)."""

import secrets
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Person


def random_name(_instance: "Export", _name: str) -> str:
    """Return where the file is kept: a random name, apart from the files of cases."""
    return f"lists/{secrets.token_hex(20)}"


class Format(models.TextChoices):
    """How a list is written."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"


class ExportQuerySet(models.QuerySet["Export"]):
    """Exports by who asked for them."""

    def visible_to(self, viewer: Capacity) -> "ExportQuerySet":
        """Keep what this person asked for in this very capacity."""
        return self.filter(person=viewer.person, asked_as=viewer.key)


class Export(models.Model):
    """A list that somebody asked for. A short one is sent at once and not kept; a long one is kept for a while."""

    kind: ClassVar[str] = "export"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_as = models.CharField(max_length=40)
    capacity = models.CharField(max_length=250)
    query = models.TextField(blank=True)
    format = models.CharField(max_length=4, choices=Format)
    rows = models.PositiveIntegerField(null=True)
    content = models.FileField(upload_to=random_name, max_length=100, blank=True)
    name = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    made_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[ExportQuerySet] = ExportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("list to download")
        verbose_name_plural = _("lists to download")
        constraints = [
            models.CheckConstraint(condition=Q(format__in=Format.values), name="export_format_known"),
            models.CheckConstraint(
                condition=Q(made_at__isnull=True) | Q(rows__isnull=False, sha256__regex=r"^[0-9a-f]{64}$"),
                name="export_made_with_its_digest",
            ),
            models.CheckConstraint(condition=Q(removed_at__isnull=True) | Q(content=""), name="export_removed_is_gone"),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(removed_at__isnull=True) & ~Q(content=""), name="export_kept"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.pk}"


class ExportDownload(models.Model):
    """One download of a list; rows are only ever added (U6)."""

    append_only: ClassVar[bool] = True

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="downloads")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["ExportDownload"]]

    class Meta:
        verbose_name = _("download of a list")
        verbose_name_plural = _("downloads of lists")

    def __str__(self) -> str:
        return f"{self.export_id} {self.at:%Y-%m-%d}"

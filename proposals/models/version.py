"""A frozen version: what everybody decides on (L6)."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Person
from aipbi.documents.models import StoredFile
from proposals.models.proposal import Proposal


class VersionQuerySet(models.QuerySet["Version"]):
    """Versions by who reads them."""

    def visible_to(self, viewer: Capacity) -> "VersionQuerySet":
        """Keep the versions of the cases the capacity sees."""
        return self.filter(proposal__in=Proposal.objects.visible_to(viewer))


class Version(models.Model):
    """The document as it was handed in: never changed; its PDF is added once by the worker."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    pdf = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[VersionQuerySet] = VersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["proposal", "number"]
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["proposal", "number"], name="version_once")]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="version_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="version_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("proposal", "number", "document", "sha256", "frozen_at", "frozen_by"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} v{self.number}"

"""A company's waiver of the protection of its own figures (M5)."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Organisation, Person


class DisclosureWaiver(models.Model):
    """From one moment until it is revoked; rows are kept."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(db_default=Now())
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["DisclosureWaiver"]]

    class Meta:
        verbose_name = _("waiver of protection")
        verbose_name_plural = _("waivers of protection")
        ordering = ["-pk"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(revoked_at__isnull=True), name="waiver_holds_once"
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="waiver_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="waiver_revoked_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.given_at}"

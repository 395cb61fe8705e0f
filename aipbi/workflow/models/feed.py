"""A private link under which a calendar program fetches what one capacity of a person owes (N3)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Person


class CalendarFeed(models.Model):
    """The link itself is shown once; kept is only what it can be recognised by."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="feeds")
    capacity = models.CharField(max_length=40)
    """The key of the capacity it stands for; it answers as long as the person holds that capacity."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the secret, in hexadecimal."""
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["CalendarFeed"]]

    class Meta:
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "capacity"], condition=Q(revoked_at__isnull=True), name="feed_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.capacity}"

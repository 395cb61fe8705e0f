"""Invitations by e-mail: to an office by an ASEC administrator (U1), to an organisation by its owner (U4)."""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.enums import Membership
from aipbi.accounts.models.office import Office
from aipbi.accounts.models.organisation import Organisation
from aipbi.accounts.models.person import Person

LASTS = timedelta(days=14)


def _token() -> str:
    return secrets.token_urlsafe(24)


def _expiry() -> datetime:
    return timezone.now() + LASTS


class Invitation(models.Model):
    """One address is asked into one office or one organisation; used once, by signing in and pressing a button."""

    email = models.EmailField(_("e-mail"))
    token = models.CharField(max_length=40, unique=True, default=_token, editable=False)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT)
    alternate = models.BooleanField(_("alternate"), default=False)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)
    membership = models.CharField(_("role"), max_length=8, choices=Membership, blank=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=_expiry)
    sent_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    next_try_at = models.DateTimeField(default=timezone.now, editable=False)
    error = models.CharField(max_length=300, blank=True, editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(Person, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[models.Manager["Invitation"]]

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False, organisation__isnull=True, membership="")
                | Q(office__isnull=True, organisation__isnull=False, membership__in=Membership.values),
                name="invitation_to_one_place",
            ),
            models.UniqueConstraint(
                Lower("email"),
                "office",
                "organisation",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="invitation_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.office or self.organisation}"

    @property
    def open(self) -> bool:
        """Whether it can still be accepted now."""
        return not self.accepted_at and not self.withdrawn_at and timezone.now() < self.expires_at

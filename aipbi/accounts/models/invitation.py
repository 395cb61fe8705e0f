"""Invitations by e-mail: to an office by an ASEC administrator (U1), to an organisation or a proposal by its owner (U4)."""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.enums import InvitationState, Membership
from aipbi.accounts.models.office import Office
from aipbi.accounts.models.organisation import Organisation
from aipbi.accounts.models.partner import Team
from aipbi.accounts.models.person import Person

LASTS = timedelta(days=14)


def new_token() -> str:
    """Return a secret that can't be guessed."""
    return secrets.token_urlsafe(24)


def new_expiry() -> datetime:
    """Return until when an invitation made now holds."""
    return timezone.now() + LASTS


class Invitation(models.Model):
    """One address is asked into one office, one organisation or one proposal; used once, by signing in and pressing a button."""

    email = models.EmailField(_("e-mail"))
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT)
    alternate = models.BooleanField(_("alternate"), default=False)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations")
    company = models.CharField(_("company"), max_length=200, blank=True)
    membership = models.CharField(_("role"), max_length=8, choices=Membership, blank=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=new_expiry)
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
                condition=Q(office__isnull=False, organisation=None, team=None, membership="", company="")
                | Q(office=None, organisation__isnull=False, team=None, membership__in=Membership.values, company="")
                | Q(office=None, organisation=None, team__isnull=False, membership__in=["editor", "viewer"])
                & ~Q(company=""),
                name="invitation_to_one_place",
            ),
            models.UniqueConstraint(
                Lower("email"),
                "office",
                "organisation",
                "team",
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="invitation_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.place}"

    def get_absolute_url(self) -> str:
        """The page on which it is accepted."""
        return reverse("invitation", args=[self.token])

    @property
    def place(self) -> str:
        """The office, organisation or proposal in words."""
        return self.office.label if self.office else str(self.organisation or self.team)

    @property
    def state(self) -> InvitationState:
        """Where it stands now."""
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.withdrawn_at:
            return InvitationState.WITHDRAWN
        if timezone.now() >= self.expires_at:
            return InvitationState.EXPIRED
        if self.sent_at:
            return InvitationState.SENT
        return InvitationState.FAILING if self.error else InvitationState.WAITING

    @property
    def open(self) -> bool:
        """Whether it can still be accepted now."""
        return self.state in (InvitationState.WAITING, InvitationState.FAILING, InvitationState.SENT)

"""A proposal that reached ASEC another way and that ASEC enters for its proponent, who confirms it (P8)."""

from datetime import datetime
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Office, Person
from proposals.enums import Arrival, Standing
from proposals.models.proposal import Proposal

_UNASKED = Q(asked=0, asked_at__isnull=True, expires_at__isnull=True, sha256="")
_ASKED = Q(asked__gt=0, asked_at__isnull=False, expires_at__gt=F("asked_at"), sha256__regex=r"^[0-9a-f]{64}$")


class OnBehalf(models.Model):
    """Who entered it, how it came, whom ASEC asked to confirm which text until when, and what came of it.

    `asked` counts how often: each asking has a link of its own, and only the last one's holds.
    `sha256` is that of the answers that the proponent was asked to confirm.
    """

    proposal = models.OneToOneField(Proposal, primary_key=True, on_delete=models.PROTECT, related_name="on_behalf")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    arrived_on = models.DateField(_("arrived on"))
    arrived_by = models.CharField(_("how it arrived"), max_length=8, choices=Arrival)
    contact_name = models.CharField(_("name of the contact"), max_length=200)
    contact_email = models.EmailField(_("e-mail address of the contact"))

    asked = models.PositiveSmallIntegerField(default=0, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    expires_at = models.DateTimeField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    refused_at = models.DateTimeField(null=True, editable=False)
    refusal = models.TextField(blank=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(Person, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    # The e-mail of the last asking, and the one that reminds of it.
    sent_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    next_try_at = models.DateTimeField(default=timezone.now, editable=False)
    error = models.CharField(max_length=300, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[models.Manager["OnBehalf"]]

    class Meta:
        verbose_name = _("proposal entered by ASEC")
        verbose_name_plural = _("proposals entered by ASEC")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=_UNASKED | _ASKED, name="on_behalf_asked_for_one_text"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False, refused_at__isnull=True, asked__gt=0),
                name="on_behalf_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True, refusal="")
                | Q(refused_at__isnull=False, asked__gt=0) & ~Q(refusal=""),
                name="on_behalf_refused_with_a_reason",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(asked__gt=0, confirmed_at__isnull=True, refused_at__isnull=True),
                name="on_behalf_to_mail",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="on_behalf_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="on_behalf_confirmed_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.contact_email}"

    @property
    def standing(self) -> Standing:
        """Where it stands now; `proposal` is at hand."""
        if self.confirmed_at:
            return Standing.CONFIRMED
        if self.refused_at:
            return Standing.REFUSED
        if self.asked_at is None or self.expires_at is None:
            return Standing.WRITING
        return self._of_the_link(self.asked_at, self.expires_at)

    def _of_the_link(self, asked_at: datetime, expires_at: datetime) -> Standing:
        if self.proposal.saved_at > asked_at:
            return Standing.CHANGED
        if timezone.now() >= expires_at:
            return Standing.EXPIRED
        if self.sent_at:
            return Standing.ASKED
        return Standing.FAILING if self.error else Standing.SENDING

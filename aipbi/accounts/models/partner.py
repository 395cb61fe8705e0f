"""Staff of partner companies: access to one proposal of an organisation they don't belong to (U4)."""

from datetime import date
from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import OF_A_PARTNER
from aipbi.accounts.models.organisation import Organisation
from aipbi.accounts.models.person import Person
from aipbi.asean.history import tracked


class Team(models.Model):
    """The partners of one proposal. The case points here; this room knows of it only the code it goes by."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    code = models.CharField(max_length=10, unique=True, editable=False)

    objects: ClassVar[models.Manager["Team"]]

    class Meta:
        verbose_name = gettext_lazy("team of partners")
        verbose_name_plural = gettext_lazy("teams of partners")

    def __str__(self) -> str:
        return _("one proposal of %(organisation)s (case %(code)s)") % {
            "organisation": self.organisation,
            "code": self.code,
        }


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Partners by date."""

    def current(self, on: date) -> "PartnerQuerySet":
        """Keep those in force on the day `on`."""
        return self.filter(models.Q(ends__isnull=True) | models.Q(ends__gt=on), starts__lte=on)


@tracked
class Partner(models.Model):
    """A person of a partner company on one proposal, from a day and until a day (not included); never deleted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="partnerships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="partners")
    company = models.CharField(gettext_lazy("company"), max_length=200)
    role = models.CharField(gettext_lazy("role"), max_length=8, choices=OF_A_PARTNER)
    starts = models.DateField(gettext_lazy("from"))
    ends = models.DateField(gettext_lazy("until"), null=True, blank=True)

    objects: ClassVar[PartnerQuerySet] = PartnerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = gettext_lazy("partner")
        verbose_name_plural = gettext_lazy("partners")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "team"], condition=models.Q(ends__isnull=True), name="partner_once"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=[role for role, _label in OF_A_PARTNER]), name="partner_role"
            ),
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")), name="partner_dates"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="partner_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="partner_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("person", "team", "company", "role", "starts"),
            ),
            pgtrigger.Protect(
                name="partner_is_ended_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__ends__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.company}"

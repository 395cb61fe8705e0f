"""Organisations of proponents and the colleagues who work in them (U4)."""

from datetime import date
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.enums import Membership, OrganisationKind
from aipbi.accounts.models.person import Person
from aipbi.asean.history import tracked


@tracked
class CorporateGroup(models.Model):
    """Companies under one control; they count as one when figures are made anonymous (M5)."""

    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("corporate group")
        verbose_name_plural = _("corporate groups")
        constraints = [models.UniqueConstraint(Lower("name"), name="corporate_group_once")]

    def __str__(self) -> str:
        return self.name


@tracked
class Organisation(models.Model):
    """A company, consortium or public body that files proposals; it may sit outside ASEAN."""

    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code of two letters, such as LA"))
    corporate_group = models.ForeignKey(
        CorporateGroup,
        verbose_name=_("corporate group"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    kind = models.CharField(_("kind"), max_length=12, choices=OrganisationKind, default=OrganisationKind.PRIVATE)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(condition=models.Q(country__regex=r"^[A-Z]{2}$"), name="organisation_country_iso"),
        ]

    def __str__(self) -> str:
        return self.name


class MemberQuerySet(models.QuerySet["Member"]):
    """Memberships by date."""

    def current(self, on: date) -> "MemberQuerySet":
        """Keep those in force on the day `on`."""
        return self.filter(models.Q(ends__isnull=True) | models.Q(ends__gt=on), starts__lte=on)


@tracked
class Member(models.Model):
    """A colleague in an organisation, from a day and until a day (not included)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(_("role"), max_length=8, choices=Membership)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)

    objects: ClassVar[MemberQuerySet] = MemberQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=models.Q(ends__isnull=True),
                name="member_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("starts")),
                name="member_dates",
            ),
        ]
        triggers = [pgtrigger.Protect(name="member_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.person} – {self.organisation}"

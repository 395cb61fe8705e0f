"""Offices and who holds them when (U2): the work belongs to the office, not the person."""

from datetime import date
from typing import ClassVar

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.enums import INSTITUTIONAL, OF_AN_AMS, Role
from aipbi.accounts.models.person import Person
from aipbi.asean.history import tracked
from aipbi.asean.models import Body, MemberState

OFFICE_ROLES = [(role.value, role.label) for role in Role if role in INSTITUTIONAL]


def label_of(role: str, scope: str) -> str:
    """Return an office in words: its role, and the Member State or body it speaks for, if any."""
    words = str(Role(role).label)
    return f"{words}, {scope}" if scope else words


class Office(models.Model):
    """SEOM lead of Thailand, contact of the Customs DGs, ASEC's AIPBI desk: a seat that outlives people."""

    role = models.CharField(_("role"), max_length=16, choices=OFFICE_ROLES)
    ams = models.ForeignKey(
        MemberState, verbose_name=_("Member State"), null=True, blank=True, on_delete=models.PROTECT
    )
    body = models.ForeignKey(Body, verbose_name=_("sectoral body"), null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [
            models.UniqueConstraint(fields=["role", "ams", "body"], name="office_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=Q(role__in=sorted(OF_AN_AMS), ams__isnull=False, body__isnull=True)
                | Q(role=Role.BODY_CONTACT, ams__isnull=True, body__isnull=False)
                | Q(role__in=[Role.EXPERT, Role.ASEC, Role.ADMIN], ams__isnull=True, body__isnull=True),
                name="office_scope",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The office in words, such as 'SEOM lead, Thailand'."""
        return label_of(self.role, self.scope)

    @property
    def scope(self) -> str:
        """The Member State or body the office speaks for, in words; empty for one that speaks for none."""
        if self.ams:
            return self.ams.name
        return self.body.acronym if self.body else ""


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments by date."""

    def current(self, on: date) -> "AppointmentQuerySet":
        """Keep those in force on the day `on`: an appointment that ends that day has ended."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gt=on), starts__lte=on)


class _Days(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


@tracked
class Appointment(models.Model):
    """A person holds an office from a day and until a day (not included); ended, never deleted (U2)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="appointments")
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    alternate = models.BooleanField(
        _("alternate"), default=False, help_text=_("Holds the office beside its principal.")
    )
    # Kept on the row so that the database can refuse two principals at once in a seat for one.
    single_seat = models.BooleanField(editable=False, default=False)

    objects: ClassVar[AppointmentQuerySet] = AppointmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=models.F("starts")),
                name="appointment_dates",
            ),
            ExclusionConstraint(
                name="appointment_person_overlap",
                expressions=[
                    (_Days("starts", "ends", RangeBoundary()), RangeOperators.OVERLAPS),
                    ("person", RangeOperators.EQUAL),
                    ("office", RangeOperators.EQUAL),
                ],
                violation_error_message=_("This person already holds this office in that time."),
            ),
            ExclusionConstraint(
                name="appointment_principal_overlap",
                expressions=[
                    (_Days("starts", "ends", RangeBoundary()), RangeOperators.OVERLAPS),
                    ("office", RangeOperators.EQUAL),
                ],
                condition=Q(single_seat=True, alternate=False),
                violation_error_message=_(
                    "Somebody else holds this office in that time. End that appointment first, or appoint an alternate."
                ),
            ),
        ]
        triggers = [pgtrigger.Protect(name="appointment_never_deleted", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.person} – {self.office}"

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep `single_seat` in step with the office's role."""
        self.single_seat = self.office.role in OF_AN_AMS
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        """Let the database's own rule speak in the form."""
        if self.office_id:
            self.single_seat = self.office.role in OF_AN_AMS

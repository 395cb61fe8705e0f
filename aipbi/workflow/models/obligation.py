"""Obligations: who owes what on which case, since when and until when (L5)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.models import Office, Organisation, Person
from aipbi.workflow.models.case import Case
from aipbi.workflow.models.trail import TrailEntry

# The kinds, of those that an organisation owes, that partners who write on the case may answer for it.
FOR_PARTNERS: set[str] = set()


def owned_by(viewer: Capacity) -> Q:
    """Return the condition that an obligation or notice falls to this capacity."""
    if viewer.organisation:
        return Q(organisation=viewer.organisation)
    if viewer.team:
        if viewer.membership != Membership.EDITOR:
            return Q(pk__in=[])
        return Q(organisation=viewer.host, case__team=viewer.team, kind__in=FOR_PARTNERS)
    if viewer.role == Role.EXPERT:
        return Q(person=viewer.person) | Q(office=viewer.office)
    return Q(office=viewer.office) if viewer.office else Q(pk__in=[])


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Obligations by who owes them."""

    def visible_to(self, viewer: Capacity) -> "ObligationQuerySet":
        """Keep what falls to the capacity; ASEC, which runs the process, sees all."""
        return self if viewer.role == Role.ASEC else self.filter(owned_by(viewer))

    def owed_by(self, viewer: Capacity) -> "ObligationQuerySet":
        """Keep what falls to this capacity itself."""
        return self.filter(owned_by(viewer))

    def open(self) -> "ObligationQuerySet":
        """Keep what is still owed."""
        return self.filter(closed_at__isnull=True)


class Obligation(models.Model):
    """One party owes one thing; a move opens it and a move closes it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="obligations")
    kind = models.CharField(_("what"), max_length=32)
    subject_kind = models.CharField(max_length=20)
    subject_pk = models.BigIntegerField()
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="obligations")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="obligations"
    )
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="obligations")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    clock = models.CharField(max_length=32, blank=True)
    calendar = models.CharField(max_length=2, default="ID")
    paused_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # Who did the first half of what a second person answers, while their office has one (U2).
    begun_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_by = models.ForeignKey(TrailEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ObligationQuerySet] = ObligationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        constraints = [
            models.CheckConstraint(
                condition=Q(office__isnull=False, organisation__isnull=True, person__isnull=True)
                | Q(office__isnull=True, organisation__isnull=False, person__isnull=True)
                | Q(office__isnull=True, organisation__isnull=True, person__isnull=False),
                name="obligation_one_party",
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "subject_kind", "subject_pk", "office", "organisation", "person"],
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
                name="obligation_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "due_at", "id"], condition=Q(closed_at__isnull=True), name="obligation_office_open"
            ),
            models.Index(
                fields=["organisation", "due_at"], condition=Q(closed_at__isnull=True), name="obligation_org_open"
            ),
            models.Index(
                fields=["person", "due_at"], condition=Q(closed_at__isnull=True), name="obligation_person_open"
            ),
            models.Index(fields=["due_at"], condition=Q(closed_at__isnull=True), name="obligation_due_open"),
            models.Index(
                fields=["office", "due_at"],
                condition=Q(closed_at__isnull=True, paused_at__isnull=False),
                name="obligation_office_paused",
            ),
            models.Index(fields=["case", "due_at"], condition=Q(closed_at__isnull=True), name="obligation_case_open"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    @property
    def party_label(self) -> str:
        """Who owes it, in words: the office or the organisation, never a person's name."""
        if self.office_id:
            return self.office.label  # type: ignore[union-attr]
        return self.organisation.name if self.organisation_id else str(Role.EXPERT.label)  # type: ignore[union-attr]


class Reminder(models.Model):
    """One reminder of one obligation; the constraint makes each happen once."""

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="reminders")
    stage = models.CharField(max_length=12)
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[models.Manager["Reminder"]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["obligation", "stage"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.stage}"

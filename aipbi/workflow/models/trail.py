"""The trail: what happened on a case, chained by hashes, written once (L4)."""

from typing import Any, ClassVar

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Office, Organisation, Person
from aipbi.workflow.models.case import Case, Subject


class Audience(models.TextChoices):
    """Who may read an entry, from the widest circle to the narrowest."""

    CASE = "case", _("Everyone on the case")
    STATES = "states", _("Member States and ASEC")
    ASEC = "asec", _("ASEC only")


_READS = {
    Role.ASEC: [Audience.CASE, Audience.STATES, Audience.ASEC],
    Role.SEOM_LEAD: [Audience.CASE, Audience.STATES],
    Role.FG_GVC: [Audience.CASE, Audience.STATES],
}


def circle(role: str) -> list[Audience]:
    """Return the audiences a role belongs to."""
    return _READS.get(role, [Audience.CASE])  # type: ignore[call-overload]


_CLOSED: dict[str, frozenset[str]] = {}


def closed_to(viewer: Capacity) -> frozenset[str]:
    """Return the kinds of subjects of which a role sees none whatever the case, and so reads nothing of what happened to them (U5).

    Asked of each kind's own `visible_to`, once for each role.
    """
    if viewer.role not in _CLOSED:
        kinds = [model for model in apps.get_models() if issubclass(model, Subject)]
        empty = [one.kind for one in kinds if _finds_nothing(one._default_manager.visible_to(viewer))]  # type: ignore[attr-defined]
        _CLOSED[viewer.role] = frozenset(empty)
    return _CLOSED[viewer.role]


def _finds_nothing(found: models.QuerySet[Any]) -> bool:
    """Whether a query has no result whatever the rows are; nothing is asked of the database."""
    try:
        found.query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return True
    return False


class TrailQuerySet(models.QuerySet["TrailEntry"]):
    """Entries by who reads them."""

    def visible_to(self, viewer: Capacity) -> "TrailQuerySet":
        """Keep what the capacity's circle reads of what it may see, and what the person did in that capacity themselves.

        An organisation also reads what its partners did on its cases.
        """
        readable = Q(audience__in=circle(viewer.role)) & ~Q(subject_kind__in=closed_to(viewer))
        if viewer.organisation:
            of_partners = Q(role=Role.PARTNER, case__team__organisation=viewer.organisation)
            own = Q(organisation=viewer.organisation) | of_partners
        elif viewer.team:
            own = Q(person=viewer.person, role=Role.PARTNER, case__team=viewer.team)
        else:
            own = Q(person=viewer.person, office=viewer.office, office__isnull=False)
        return self.filter(readable | own)


class TrailEntry(models.Model):
    """One thing that happened: who, acting as which office, when, what changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="trail")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=16, choices=Role)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=250)
    action = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=20)
    subject_pk = models.BigIntegerField()
    source = models.CharField(max_length=32, blank=True)
    target = models.CharField(max_length=32, blank=True)
    details = models.JSONField(default=dict, blank=True)
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.CASE)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    objects: ClassVar[TrailQuerySet] = TrailQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("trail entry")
        verbose_name_plural = _("trail")
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="trail_number_once")]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.number} {self.action}"

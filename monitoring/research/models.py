"""A researcher's application, and the log of what was done with the access (M8)."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Person
from aipbi.workflow.models import Case, StateField, Subject, SubjectQuerySet


class ResearchState(models.TextChoices):
    """Where an application stands; that its time is over is computed from its day."""

    APPLIED = "applied", _("Applied for")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")
    REVOKED = "revoked", _("Revoked")


class Tables(models.TextChoices):
    """Which tables an extract holds beside those that everybody reads: two-way, with all totals."""

    AMS_YEAR = "ams,year", _("Member State by year")
    SECTOR_YEAR = "sector,year", _("Sector by year")
    AMS_SECTOR = "ams,sector", _("Member State by sector")

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The two dimensions."""
        return tuple(self.value.split(","))


class ResearchQuerySet(SubjectQuerySet):
    """Applications by who reads them: the Secretariat, and the one who applied."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep all for ASEC."""
        return self if viewer.role == Role.ASEC else self.none()

    def of(self, person: Person) -> Self:
        """Keep a person's own, in whatever capacity: a researcher needs none."""
        return self.filter(applicant=person)


class Research(Subject):
    """One application of one person; its reference `RESEARCH/2027/01` stands on a case of its own."""

    kind: ClassVar[str] = "research"
    case_path: ClassVar[str] = "case"
    tab: ClassVar[str] = "research_inside"

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="research")
    state = StateField(_("state"), default=ResearchState.APPLIED, choices=ResearchState)
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("what the research is about"), max_length=200)
    institution = models.CharField(_("institution"), max_length=200)
    purpose = models.TextField(_("question, method and where it will be published"))
    tables = ArrayField(models.CharField(max_length=20, choices=Tables), verbose_name=_("tables"))
    applied_at = models.DateTimeField(db_default=Now())
    agreement = models.TextField(_("agreement"), blank=True)
    until = models.DateField(_("access until, this day included"), null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    said = models.TextField(_("why it was declined or revoked"), blank=True)

    objects: ClassVar[ResearchQuerySet] = ResearchQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("application of a researcher")
        verbose_name_plural = _("applications of researchers")
        ordering = ["-applied_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(state__in=ResearchState.values), name="research_state_known"),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True) | ~Q(agreement="") & Q(until__isnull=False),
                name="research_agreed_to_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def case_pk(self) -> int:
        """Primary key of its own case."""
        return self.case_id

    @property
    def caption(self) -> str:
        """The reference and what it is about."""
        return f"{self.case.reference} · {self.title}"

    def home(self, code: str, viewer: Capacity) -> str:
        """Return the address of the Secretariat's page about it."""
        return reverse("research_inside", args=[code])

    def open_on(self, day: date) -> bool:
        """Whether the extract may be taken: granted, agreed to, and its time not over."""
        return (
            self.state == ResearchState.GRANTED
            and bool(self.agreed_at)
            and self.until is not None
            and day <= self.until
        )

    @property
    def tone(self) -> str:
        """Colour of its tag."""
        return {"granted": "green", "declined": "grey", "revoked": "red"}.get(self.state, "blue")

    @transition(field=state, source=ResearchState.APPLIED, target=ResearchState.GRANTED)
    def grant_research(self) -> None:
        """ASEC offers an agreement and has the extract made."""

    @transition(field=state, source=ResearchState.APPLIED, target=ResearchState.DECLINED)
    def decline_research(self) -> None:
        """ASEC gives no extract."""

    @transition(field=state, source=ResearchState.GRANTED, target=ResearchState.REVOKED)
    def revoke_research(self) -> None:
        """Access ends before its day."""


class ResearchAccess(models.Model):
    """One thing that a researcher did: agreed, or took the extract. Written once."""

    append_only: ClassVar[bool] = True

    research = models.ForeignKey(Research, on_delete=models.PROTECT, related_name="log")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=[("agreed", _("Agreed")), ("took", _("Took the extract"))])
    detail = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager["ResearchAccess"]]

    class Meta:
        verbose_name = _("access of a researcher")
        verbose_name_plural = _("accesses of researchers")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.research_id} {self.what}"

"""Internal notes: written once, changed by a newer row that replaces the older, read by ASEC alone (R7)."""

from typing import ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Office, Person
from aipbi.workflow.models import Case


class NoteQuerySet(models.QuerySet["Note"]):
    """Notes by who may read them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those on cases that an ASEC officer may open; to everybody else there are none (U5)."""
        if viewer.role != Role.ASEC:
            return self.none()
        return self.filter(case__in=apps.get_model("proposals", "Proposal").objects.visible_to(viewer).values("pk"))

    def current(self) -> Self:
        """Keep of each note its latest wording."""
        return self.filter(replaced_by__isnull=True)


class Note(models.Model):
    """One wording of a note. The database lets nobody change or delete a row."""

    append_only: ClassVar[bool] = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(_("note"))
    # The first note of the thread that this one answers.
    answers = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies")
    # The wording before this one.
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    # The first wording, by which the note is known; None on that one itself.
    original = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="wordings")
    mentioned = models.ManyToManyField(Person, related_name="+", blank=True)
    # One sending of the form makes one row, however often it arrives.
    token = models.UUIDField()

    objects: ClassVar[NoteQuerySet] = NoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "token"], name="note_sent_once"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, original__isnull=True)
                | Q(replaces__isnull=False, original__isnull=False),
                name="note_wording_of_one",
            ),
            models.CheckConstraint(condition=~Q(words="") | Q(replaces__isnull=False), name="note_has_words"),
        ]
        indexes = [models.Index(fields=["case", "at"], name="note_of_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.pk}"

    @property
    def known_as(self) -> int:
        """Primary key of the first wording, by which addresses name the note."""
        return self.original_id or self.pk

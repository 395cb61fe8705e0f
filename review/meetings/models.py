"""Meetings of the FG-GVC (D7): what is on the agenda, the paper packs, and the record.

A meeting has a case of its own: lock, trail, notices, jobs and files hang on it as they do on a
proposal's (L1–L4), see docs/decisions/meetings.md.
"""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Office, Person
from aipbi.asean.models import MemberState
from aipbi.documents.models import StoredFile
from aipbi.workflow.models import Case, StateField, Subject
from review.meetings.enums import AHEAD, MeetingState, Sitting
from review.meetings.rules import MeetingQuerySet, PaperQuerySet
from review.rounds.models import Round


def _codes() -> ArrayField:
    return ArrayField(models.CharField(max_length=2), default=list, blank=True)


class Meeting(Subject):
    """A meeting of the FG-GVC, called by ASEC; its reference `FG-GVC/2027/01` stands on its case."""

    kind: ClassVar[str] = "meeting"
    case_path: ClassVar[str] = "case"
    tab: ClassVar[str] = "meeting"

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="meeting")
    state = StateField(_("state"), default=MeetingState.PLANNED, choices=MeetingState)
    title = models.CharField(_("title"), max_length=200)
    sitting = models.CharField(_("kind"), max_length=8, choices=Sitting)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    zone = models.CharField(_("time zone of the place"), max_length=40)
    place = models.CharField(_("place"), max_length=200, blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    # Member States whose SEOM leads are invited beside the FG-GVC.
    seom = _codes()
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True, blank=True)
    chaired_by = models.ForeignKey(MemberState, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    present = _codes()
    seom_present = _codes()
    others_present = models.TextField(_("others present, by office"), blank=True)
    cancelled_because = models.TextField(_("why it was cancelled"), blank=True)

    objects: ClassVar[MeetingQuerySet] = MeetingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_state_known"),
            models.CheckConstraint(condition=Q(sitting__in=Sitting.values), name="meeting_sitting_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(place="") | ~Q(link=""), name="meeting_has_place_or_link"),
            models.CheckConstraint(condition=Q(link="") | Q(link__startswith="https://"), name="meeting_link_https"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def case_pk(self) -> int:
        """Primary key of the meeting's own case."""
        return self.case_id

    @property
    def caption(self) -> str:
        """The reference and the title."""
        return f"{self.case.reference} · {self.title}"

    @property
    def is_ahead(self) -> bool:
        """Whether it is still being prepared."""
        return self.state in AHEAD

    @property
    def place_zone(self) -> ZoneInfo:
        """The zone in which its hours are told at its place."""
        return ZoneInfo(self.zone)

    @transition(field=state, source=[MeetingState.PLANNED, MeetingState.PACK_ISSUED], target=MeetingState.PACK_ISSUED)
    def issue_pack(self) -> None:
        """The worker has made a pack."""

    @transition(field=state, source=[MeetingState.PLANNED, MeetingState.PACK_ISSUED], target=MeetingState.HELD)
    def open_meeting(self) -> None:
        """It has begun, and who is present is known."""

    @transition(field=state, source=MeetingState.HELD, target=MeetingState.ADOPTED)
    def adopt_record(self) -> None:
        """Its members agree to the record."""

    @transition(field=state, source=[MeetingState.PLANNED, MeetingState.PACK_ISSUED], target=MeetingState.CANCELLED)
    def cancel_meeting(self) -> None:
        """It will not take place."""


class AgendaItem(models.Model):
    """One item: a decision round, or a matter in free words. Changed by the meeting's moves alone."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField(_("place"))
    round = models.ForeignKey(Round, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items")
    title = models.CharField(_("title"), max_length=200, blank=True)
    about = models.TextField(_("what it is about"), blank=True)
    concerns = _codes()
    moved_to = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Off the live agendas: moved on, its meeting cancelled, or the record adopted.
    closed_at = models.DateTimeField(null=True, blank=True)
    discussion = models.TextField(_("what was said"), blank=True)
    statements = models.TextField(_("statements wished on record"), blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    next_steps = models.TextField(_("next steps"), blank=True)
    noted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["AgendaItem"]]

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["meeting", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=Q(closed_at__isnull=True), name="agenda_round_on_one_agenda"
            ),
            models.CheckConstraint(
                condition=Q(round__isnull=False, title="") | (Q(round__isnull=True) & ~Q(title="")),
                name="agenda_round_or_title",
            ),
            models.CheckConstraint(
                condition=Q(moved_to__isnull=True) | Q(closed_at__isnull=False), name="agenda_moved_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.meeting_id}: {self.round_id}"


class Pack(models.Model):
    """One edition of the papers: asked for once, its PDF added once by the worker, never changed."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="packs")
    number = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(default=0)
    # What is in it, so that the next one can say what changed.
    manifest = models.JSONField(default=dict, blank=True)
    changes = models.JSONField(default=list, blank=True)
    filed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PaperQuerySet] = PaperQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("paper pack")
        verbose_name_plural = _("paper packs")
        ordering = ["meeting", "number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="pack_number_once"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(file__isnull=True), name="pack_one_being_made"),
            models.CheckConstraint(
                condition=Q(file__isnull=True, filed_at__isnull=True, sha256="")
                | Q(file__isnull=False, filed_at__isnull=False, sha256__regex=r"^[0-9a-f]{64}$", pages__gt=0),
                name="pack_whole_or_awaited",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="pack_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="pack_is_kept", operation=pgtrigger.Update, condition=pgtrigger.Q(old__file__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} pack {self.number}"


class Record(models.Model):
    """One version of the record of the meeting; what it says is never changed, its files are added once by the worker."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="records")
    number = models.PositiveSmallIntegerField()
    texts = models.JSONField()
    content = models.JSONField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    circulated_at = models.DateTimeField(null=True, blank=True)
    corrections_by = models.DateTimeField(null=True, blank=True)
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_how = models.TextField(_("how it was adopted"), blank=True)
    pdf = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    docx = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[PaperQuerySet] = PaperQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("record of the meeting")
        verbose_name_plural = _("records of meetings")
        ordering = ["meeting", "number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["meeting", "number"], name="record_number_once"),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(adopted_at__isnull=False), name="record_adopted_once"
            ),
            models.CheckConstraint(
                condition=Q(adopted_at__isnull=True) | Q(circulated_at__isnull=False), name="record_adopted_circulated"
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="record_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="record_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("meeting", "number", "texts", "content", "written_at", "written_by"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} record {self.number}"

    @staticmethod
    def latest(meeting_pk: int, viewer: Capacity | None = None) -> "Record | None":
        """Return the newest version of a meeting's record; with a viewer, if they may read it."""
        found = Record.objects.visible_to(viewer) if viewer else Record.objects.all()
        return found.filter(meeting=meeting_pk).order_by("-number").first()


class Correction(models.Model):
    """What a member wishes changed in a circulated record; written once."""

    # No row is ever changed or deleted; the database refuses it.
    append_only: ClassVar[bool] = True

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="corrections")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="corrections")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    objects: ClassVar[PaperQuerySet] = PaperQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("correction of a record")
        verbose_name_plural = _("corrections of records")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.record_id}: {self.office_id}"

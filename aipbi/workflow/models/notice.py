"""Notices: rows written in the move's transaction and mailed once by the worker (N1, N2)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Office, Organisation, Person
from aipbi.workflow.models.case import Case
from aipbi.workflow.models.mailed import Digest, Mailed
from aipbi.workflow.models.message import Message
from aipbi.workflow.models.obligation import Obligation
from aipbi.workflow.models.pace import Pace


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices by whom they tell."""

    def visible_to(self, viewer: Capacity) -> "NoticeQuerySet":
        """Keep the person's own notices in the capacity in use."""
        mine = self.filter(person=viewer.person)
        if viewer.organisation:
            return mine.filter(organisation=viewer.organisation)
        if viewer.team:
            return mine.filter(organisation=viewer.host, case__team=viewer.team)
        if viewer.role == Role.EXPERT:
            return mine.filter(Q(office=viewer.office) | Q(office__isnull=True, organisation__isnull=True))
        return mine.filter(office=viewer.office)


class Notice(Mailed):
    """One person is told one thing, about one case or about what belongs to none. The words carry nothing confidential."""

    # None where it is about no case, such as the roster of experts; then `path` says where to look.
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="notices")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="notices")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=40)
    topic = models.CharField(max_length=16, default="case")
    pace = models.CharField(max_length=8, choices=Pace, default=Pace.AT_ONCE)
    words = models.CharField(max_length=300)
    path = models.CharField(max_length=200)
    to_act = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    # What the reader is asked to do by it. A reminder is not sent any more once that is closed.
    obligation = models.ForeignKey(Obligation, null=True, on_delete=models.PROTECT, related_name="notices")
    digest = models.ForeignKey(Digest, null=True, on_delete=models.PROTECT, related_name="notices")
    # A message in the Secretariat's name, and its text as it went.
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="notices")
    sent_text = models.TextField(blank=True)

    # What its case is called, where a list has asked for that.
    title: str

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(mail_state__in=["waiting", "sending"]), name="notice_to_send"
            ),
            models.Index(fields=["person", "-created_at"], name="notice_of_person"),
            models.Index(fields=["person"], condition=Q(mail_state="digest"), name="notice_for_digest"),
            models.Index(
                fields=["-created_at"], condition=Q(mail_state__in=["failed", "held"]), name="notice_for_asec"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(case__isnull=False) | ~Q(path=""), name="notice_leads_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.what}"

    @property
    def address(self) -> str:
        """Where it is seen or done."""
        return self.path or (reverse("case", args=[self.case.code]) if self.case else "")

"""A release of the aggregate report, and what was told with it to whom (M5, M6)."""

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity
from aipbi.documents.models import StoredFile
from aipbi.workflow.models import Case, StateField, Subject
from monitoring.releases.enums import Audience, ReleaseState
from monitoring.releases.rules import ReleaseQuerySet


class Release(Subject):
    """Frozen figures of all projects; its working reference `RELEASE/2027/01` stands on a case of its own.

    The public `number`, without gaps, is given when the FG-GVC approves. What was told is never changed.
    """

    kind: ClassVar[str] = "release"
    case_path: ClassVar[str] = "case"
    tab: ClassVar[str] = "release"

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="release")
    state = StateField(_("state"), default=ReleaseState.PREPARING, choices=ReleaseState)
    title = models.CharField(_("title"), max_length=100)
    number = models.PositiveIntegerField(_("number"), null=True, unique=True)
    figures_until = models.DateField(_("figures accepted until"))
    changes = models.TextField(_("what is new in it"))
    begun_at = models.DateTimeField()
    # What everybody reads, without number and day: labels and figures as they stood.
    document = models.JSONField(default=dict, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    said = models.TextField(_("why it was sent back, kept inside, discarded or withdrawn"), blank=True)
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True)

    objects: ClassVar[ReleaseQuerySet] = ReleaseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("release")
        verbose_name_plural = _("releases")
        ordering = ["-begun_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(state__in=ReleaseState.values), name="release_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["approved", "published", "withdrawn"]) | Q(number__isnull=True),
                name="release_number_once_approved",
            ),
        ]
        triggers: ClassVar[list[Any]] = [
            pgtrigger.Protect(name="release_never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="release_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.number IS NOT NULL AND (OLD.document, OLD.number, OLD.figures_until, OLD.changes)"
                    " IS DISTINCT FROM (NEW.document, NEW.number, NEW.figures_until, NEW.changes)"
                    " OR OLD.published_at IS NOT NULL AND OLD.published_at IS DISTINCT FROM NEW.published_at"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def called(self) -> str:
        """Its public name once it has a number, else its working reference."""
        return _t("Release %(n)d") % {"n": self.number} if self.number else self.case.reference or ""

    @property
    def case_pk(self) -> int:
        """Primary key of its own case."""
        return self.case_id

    @property
    def caption(self) -> str:
        """The working reference and, once given, the number."""
        return " · ".join(filter(None, [self.case.reference, self.called if self.number else ""]))

    def home(self, code: str, viewer: Capacity) -> str:
        """Return the address of its page for those who prepare and approve it."""
        return reverse("release", args=[code])

    @property
    def tone(self) -> str:
        """Colour of its tag."""
        return ReleaseState(self.state).tone

    @transition(field=state, source=ReleaseState.PREPARING, target=ReleaseState.PREPARED)
    def file_release(self) -> None:
        """The worker has decided which cells may be told."""

    @transition(field=state, source=ReleaseState.PREPARING, target=ReleaseState.DISCARDED)
    def refuse_release(self) -> None:
        """The figures can't be worked on."""

    @transition(field=state, source=ReleaseState.PREPARED, target=ReleaseState.SUBMITTED)
    def submit_release(self) -> None:
        """ASEC has looked through it."""

    @transition(field=state, source=ReleaseState.SUBMITTED, target=ReleaseState.APPROVED)
    def approve_release(self) -> None:
        """The FG-GVC publishes it."""

    @transition(field=state, source=ReleaseState.SUBMITTED, target=ReleaseState.INSIDE)
    def keep_inside(self) -> None:
        """The FG-GVC keeps it for itself."""

    @transition(field=state, source=ReleaseState.APPROVED, target=ReleaseState.PUBLISHED)
    def publish_release(self) -> None:
        """Its files are made."""

    @transition(field=state, source=[ReleaseState.PREPARING, ReleaseState.PREPARED], target=ReleaseState.DISCARDED)
    def discard_release(self) -> None:
        """Nobody was told anything of it."""

    @transition(field=state, source=ReleaseState.PUBLISHED, target=ReleaseState.WITHDRAWN)
    def withdraw_release(self) -> None:
        """It holds no more; it stays listed."""


class Telling(models.Model):
    """What one audience is told of frozen figures, with everything that only ASEC may know of it.

    Never changed. Once it is `given`, every later telling is audited together with it.
    """

    # No row is ever changed or deleted; when it was given stands in a row of its own.
    append_only: ClassVar[bool] = True

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tellings")
    audience = models.CharField(max_length=8, choices=Audience)
    figures = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    tables = models.JSONField()
    rules = models.JSONField()
    projects = models.PositiveIntegerField()
    cells = models.JSONField()
    proofs = models.JSONField()
    notes = models.JSONField()
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Telling"]]

    class Meta:
        verbose_name = _("telling")
        verbose_name_plural = _("tellings")
        ordering = ["pk"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(audience__in=Audience.values), name="telling_audience_known"),
            models.UniqueConstraint(fields=["case", "audience"], name="telling_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.audience}"


class Given(models.Model):
    """A telling left ASEC: from then on it is known, whatever becomes of the release."""

    append_only: ClassVar[bool] = True

    telling = models.OneToOneField(Telling, primary_key=True, on_delete=models.PROTECT, related_name="given")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Given"]]

    class Meta:
        verbose_name = _("telling that was given")
        verbose_name_plural = _("tellings that were given")

    def __str__(self) -> str:
        return str(self.telling_id)

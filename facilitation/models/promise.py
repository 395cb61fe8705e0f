"""What a body said it would do, by when, and what became of it (F2)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity, today
from aipbi.asean.models import MemberState
from aipbi.workflow.models import StateField, Subject
from facilitation.enums import PromiseState
from facilitation.models.request import BodyRequest, OfRequest
from facilitation.rules import PromiseQuerySet


class Promise(OfRequest, Subject):
    """One measure that a body promised in its answer or later; best endeavour, and followed up."""

    kind: ClassVar[str] = "promise"
    case_path: ClassVar[str] = "request__case"

    request = models.ForeignKey(BodyRequest, on_delete=models.PROTECT, related_name="promises")
    state = StateField(_("state"), default=PromiseState.OPEN, choices=PromiseState)
    number = models.PositiveSmallIntegerField(_("number"))
    measure = models.TextField(_("measure"))
    lead_ams = models.ForeignKey(
        MemberState, verbose_name=_("leading Member State"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    by_when = models.DateField(_("by when"), null=True, blank=True)
    made_at = models.DateTimeField()
    result = models.TextField(_("what was done, or why not"), blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PromiseQuerySet] = PromiseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("promise of a body")
        verbose_name_plural = _("promises of bodies")
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="promise_number_once"),
            models.CheckConstraint(condition=Q(state__in=PromiseState.values), name="promise_state_known"),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(ended_at__isnull=False), name="promise_done_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.measure[:80]}"

    @property
    def late(self) -> bool:
        """Whether its day is over and it is not done."""
        return self.state == PromiseState.OPEN and self.by_when is not None and self.by_when < today()

    @property
    def standing(self) -> Any:
        """Its state in words, which a day that passes changes though no move does."""
        return _("Late") if self.late else self.state_label

    def home(self, code: str, viewer: Capacity) -> str:
        """Lead to the page of its request."""
        return reverse("request", args=[self.request_id])

    @transition(field=state, source=PromiseState.OPEN, target=PromiseState.DONE)
    def report_done(self) -> None:
        """It was done."""

    @transition(field=state, source=PromiseState.OPEN, target=PromiseState.GIVEN_UP)
    def give_up(self) -> None:
        """The body cannot do it after all."""


class PromiseDate(models.Model):
    """A day that was put off, with the reason; written once."""

    append_only: ClassVar[bool] = True

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="dates")
    before = models.DateField(null=True)
    after = models.DateField()
    reason = models.TextField()
    at = models.DateTimeField()
    capacity = models.CharField(max_length=250)

    objects: ClassVar[models.Manager["PromiseDate"]]

    class Meta:
        verbose_name = _("new date of a promise")
        verbose_name_plural = _("new dates of promises")
        ordering = ["promise", "pk"]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"

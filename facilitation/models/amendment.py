"""A change to a project after its letter: asked for, decided by the Member States it affects, told in a letter (D6)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.models import Organisation
from aipbi.asean.models import MemberState
from aipbi.workflow.models import StateField, Subject
from facilitation.enums import UNDER_WAY, AmendmentState, Change, Said
from facilitation.models.letter import Letter
from facilitation.rules import AmendmentQuerySet, AmendmentWordQuerySet
from proposals.models import Proposal


class Amendment(Subject):
    """What changes, why, and what it touches; the version that was decided on stays as it is."""

    kind: ClassVar[str] = "amendment"
    tab: ClassVar[str] = "letters"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="amendments")
    state = StateField(_("state"), default=AmendmentState.ASKED, choices=AmendmentState)
    number = models.PositiveSmallIntegerField(_("number"))
    changes = ArrayField(models.CharField(max_length=16, choices=Change), verbose_name=_("what changes"))
    what = models.TextField(_("the change"))
    because = models.TextField(_("reason"))
    # Codes: whose sites, who joins or leaves, and in which categories of facilitation.
    states = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    categories = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    # The proponent's name from then on; and the organisation in the portal that takes the case over, if another.
    proponent_name = models.CharField(_("name of the proponent"), max_length=250, blank=True)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.CharField(_("asked by"), max_length=250)
    asked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    outcome = models.TextField(_("outcome"), blank=True)
    ended_at = models.DateTimeField(null=True)
    # The letter that tells it.
    letter = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="amendments")

    objects: ClassVar[AmendmentQuerySet] = AmendmentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["proposal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="amendment_number_once"),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(state__in=sorted(UNDER_WAY)), name="amendment_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=AmendmentState.values), name="amendment_state_known"),
            models.CheckConstraint(condition=Q(changes__len__gte=1), name="amendment_changes_something"),
            models.CheckConstraint(condition=~Q(what="") & ~Q(because=""), name="amendment_says_what_and_why"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.what[:80]}"

    @property
    def changes_in_words(self) -> list[str]:
        """What kinds of change it is."""
        return [str(Change(one).label) for one in self.changes]

    @transition(field=state, source=AmendmentState.ASKED, target=AmendmentState.OPEN)
    def open_amendment(self) -> None:
        """Those that it affects are asked."""

    @transition(field=state, source=AmendmentState.ASKED, target=AmendmentState.TURNED_DOWN)
    def turn_down_amendment(self) -> None:
        """It is not taken up."""

    @transition(field=state, source=AmendmentState.OPEN, target=AmendmentState.DROPPED)
    def drop_amendment(self) -> None:
        """It is given up."""

    @transition(field=state, source=AmendmentState.OPEN, target=AmendmentState.AGREED)
    def agree_amendment(self) -> None:
        """Everybody whom it affects has accepted it."""

    @transition(field=state, source=AmendmentState.AGREED, target=AmendmentState.DONE)
    def complete_amendment(self) -> None:
        """The letter that tells it is issued."""


class AmendmentWord(Subject):
    """One affected Member State's word on an amendment; it may change until the amendment is agreed."""

    kind: ClassVar[str] = "amendment_word"
    tab: ClassVar[str] = "letters"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    amendment = models.ForeignKey(Amendment, on_delete=models.PROTECT, related_name="words")
    ams = models.ForeignKey(MemberState, on_delete=models.PROTECT, related_name="+")
    state = StateField(_("word"), default=Said.ASKED, choices=Said)
    reason = models.TextField(_("remark or reason"), blank=True)
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[AmendmentWordQuerySet] = AmendmentWordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("word on an amendment")
        verbose_name_plural = _("words on amendments")
        ordering = ["amendment", "ams__order"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "ams"], name="amendment_word_once"),
            models.CheckConstraint(condition=Q(state__in=Said.values), name="amendment_word_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.ams_id}: {self.get_state_display()}"

    @property
    def caption(self) -> str:
        """Say which amendment and which Member State the word is for."""
        return f"{super().caption} · {self.ams} · {_('Amendment')} {self.amendment.number}"

    @transition(field=state, source=[Said.ASKED, Said.ACCEPTED, Said.OBJECTS], target=Said.ACCEPTED)
    def accept_amendment(self) -> None:
        """The Member State goes along with it."""

    @transition(field=state, source=[Said.ASKED, Said.ACCEPTED, Said.OBJECTS], target=Said.OBJECTS)
    def object_to_amendment(self) -> None:
        """The Member State does not."""

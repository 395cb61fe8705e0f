"""Decision rounds (D1), positions of the Member States (D2), and the decision recorded of a round (D3–D5).

What a round goes through on the way, and what became of a deferral, is in `review.rounds.record`.
"""

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.models import Office, Person
from aipbi.asean.models import MemberState
from aipbi.workflow.models import StateField, Subject
from proposals.models import Proposal, Version
from review.enums import LIVE, NEEDS_TEXT, Answer, Basis, Instrument, Outcome, RoundState, Speaking
from review.report.models import ConsolidatedReport
from review.rules import DecisionQuerySet, RoundPartQuerySet


def _codes() -> ArrayField:
    return ArrayField(models.CharField(max_length=2), default=list, blank=True)


@pghistory.track(
    pghistory.UpdateEvent(),
    fields=["instrument", "deadline", "silence_is_no_objection", "members", "version", "report"],
    model_name="RoundTerms",
    append_only=True,
)
class Round(Subject):
    """The Member States that confirmed are asked to decide on one version, with one report."""

    kind: ClassVar[str] = "round"
    tab: ClassVar[str] = "decision"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="rounds")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(ConsolidatedReport, on_delete=models.PROTECT, related_name="+")
    state = StateField(_("round"), default=RoundState.OPEN, choices=RoundState)
    instrument = models.CharField(_("instrument"), max_length=16, choices=Instrument)
    deadline = models.DateTimeField(_("deadline"))
    silence_is_no_objection = models.BooleanField(_("silence counts as no objection"), default=False)
    members = _codes()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RoundPartQuerySet] = RoundPartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("decision round")
        verbose_name_plural = _("decision rounds")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_known"),
            models.CheckConstraint(condition=Q(instrument__in=Instrument.values), name="round_instrument_known"),
            models.CheckConstraint(
                condition=Q(silence_is_no_objection=False) | Q(instrument=Instrument.AD_REFERENDUM),
                name="round_silence_in_writing",
            ),
            models.CheckConstraint(
                condition=Q(deadline__gt=models.F("opened_at")), name="round_deadline_after_opening"
            ),
            models.CheckConstraint(condition=Q(members__len__gte=2), name="round_two_members"),
            models.UniqueConstraint(fields=["proposal"], condition=Q(state__in=LIVE), name="round_open_once"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} – {self.pk}"

    @property
    def is_live(self) -> bool:
        """Whether it still leads to a decision."""
        return self.state in LIVE

    @transition(field=state, source=RoundState.OPEN, target=RoundState.CLOSED)
    def close_round(self) -> None:
        """The decision is recorded."""

    @transition(field=state, source=RoundState.OPEN, target=RoundState.ESCALATED)
    def escalate(self) -> None:
        """The ministers or the council are asked; positions wait for their answer."""

    @transition(field=state, source=RoundState.ESCALATED, target=RoundState.OPEN)
    def record_escalation(self) -> None:
        """Their answer is on record, and the Member States go on."""


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    fields=["round", "ams", "value", "text", "person", "office", "given_at", "aside_basis", "aside_office", "aside_at"],
    model_name="PositionEntry",
    append_only=True,
)
class Position(Subject):
    """The one position of a confirmed Member State in a round; the database keeps each that it ever gave."""

    kind: ClassVar[str] = "position"
    tab: ClassVar[str] = "decision"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="positions")
    ams = models.ForeignKey(MemberState, on_delete=models.PROTECT, related_name="+")
    state = StateField(_("position"), default=Speaking.AWAITED, choices=Speaking)
    value = models.CharField(_("position"), max_length=24, choices=Answer, blank=True)
    text = models.TextField(_("conditions, question or reason"), blank=True)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(null=True, blank=True)
    # The Member State's own act (D4): it objects, and lets the others go on without it.
    aside_basis = models.TextField(_("basis of stepping aside"), blank=True)
    aside_office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    aside_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[RoundPartQuerySet] = RoundPartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["round", "ams__order"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Speaking.values), name="position_state_known"),
            models.UniqueConstraint(fields=["round", "ams"], name="position_once"),
            models.CheckConstraint(
                condition=Q(value="", given_at__isnull=True, office__isnull=True)
                | Q(value__in=Answer.values, given_at__isnull=False, office__isnull=False),
                name="position_whole",
            ),
            models.CheckConstraint(condition=~Q(value__in=sorted(NEEDS_TEXT)) | ~Q(text=""), name="position_says_why"),
            models.CheckConstraint(
                condition=Q(aside_at__isnull=True, aside_office__isnull=True, aside_basis="")
                | (Q(aside_at__isnull=False, aside_office__isnull=False, value=Answer.OBJECT) & ~Q(aside_basis="")),
                name="position_aside_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.ams_id}: {self.value}"

    @transition(field=state, source=[Speaking.AWAITED, Speaking.GIVEN], target=Speaking.GIVEN)
    def give_position(self) -> None:
        """The Member State says where it stands; it may change its mind until the round closes."""

    @property
    def steps_aside(self) -> bool:
        """Whether it lets the others go on without it (D4)."""
        return self.aside_at is not None


class Decision(models.Model):
    """What was decided in a round, on what basis, and how the positions stood; written once."""

    # No row is ever changed or deleted; the database refuses it.
    append_only: ClassVar[bool] = True

    round = models.OneToOneField(Round, primary_key=True, on_delete=models.PROTECT, related_name="decision")
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome)
    basis = models.CharField(_("basis"), max_length=16, choices=Basis)
    reasons = models.TextField(_("reasons"))
    conditions = models.TextField(_("conditions"), blank=True)
    silent = _codes()
    stepped_aside = _codes()
    left = _codes()
    minus_x_basis = models.TextField(_("basis of ASEAN Minus X"), blank=True)
    # What a deferral waits for, how that is cleared up, and until when (D5).
    question = models.TextField(_("question to be answered first"), blank=True)
    clearing = models.TextField(_("how it is cleared up"), blank=True)
    clear_by = models.DateField(_("to be cleared up by"), null=True, blank=True)
    positions = models.JSONField()
    reasoning = models.JSONField()
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    on_instruction = models.BooleanField(_("recorded by ASEC on the instruction of the chair"), default=False)
    instruction = models.TextField(_("the chair's instruction"), blank=True)
    recorded_at = models.DateTimeField()

    objects: ClassVar[DecisionQuerySet] = DecisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="decision_outcome_known"),
            models.CheckConstraint(
                condition=Q(basis__in=Basis.values) & ~Q(basis=Basis.AWAITED), name="decision_basis_known"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.APPROVED) | Q(basis__in=[Basis.CONSENSUS, Basis.SILENCE, Basis.MINUS_X]),
                name="decision_approved_on_agreement",
            ),
            models.CheckConstraint(
                condition=(Q(basis=Basis.MINUS_X) & ~Q(minus_x_basis="") & Q(stepped_aside__len__gt=0))
                | (~Q(basis=Basis.MINUS_X) & Q(stepped_aside=[])),
                name="decision_minus_x_has_basis",
            ),
            models.CheckConstraint(
                condition=Q(on_instruction=False) | ~Q(instruction=""), name="decision_instruction_said"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.DEFERRED) | Q(question="", clearing="", clear_by__isnull=True),
                name="decision_question_of_a_deferral",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.get_outcome_display()}"

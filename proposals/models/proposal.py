"""The proposal: one field holds its state, one table of transitions says where it may go."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, transition

from aipbi.accounts.models import Organisation, Person
from aipbi.asean.models import CriteriaEdition, IndicatorEdition, MemberState, Sector, ValueChain
from aipbi.workflow.models import Case, StateField, Subject
from proposals.enums import OPEN, PUBLIC_LABELS, Phase, State
from proposals.rules import ProposalQuerySet

UNTITLED = _("Untitled proposal")


class Proposal(Subject):
    """What a proponent asks facilitation for; shares its primary key with the case.

    `answers` is the document in the interchange format `aipbi-proposal/1`, as typed so far.
    The columns beside it repeat what lists, rules and searches need; `verbs.keep` keeps them in step.
    """

    kind: ClassVar[str] = "proposal"
    case_path: ClassVar[str] = "case"

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT)
    state = StateField(_("state"), default=State.DRAFT, choices=State)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="proposals")
    started_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    case_officer = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    criteria_edition = models.ForeignKey(CriteriaEdition, on_delete=models.PROTECT)
    indicator_edition = models.ForeignKey(IndicatorEdition, on_delete=models.PROTECT)

    answers = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(auto_now_add=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    originating_ams = models.ForeignKey(MemberState, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sector = models.ForeignKey(Sector, null=True, blank=True, on_delete=models.PROTECT)
    value_chain = models.ForeignKey(ValueChain, null=True, blank=True, on_delete=models.PROTECT)
    phase = models.CharField(max_length=12, choices=Phase, blank=True)
    investment_usd = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    # What the search of the case list reads: title, reference, organisation; kept by the verbs.
    search_text = models.TextField(blank=True, default="", editable=False)
    # Entered by ASEC and not confirmed by its proponent yet: until then ASEC alone sees and writes it (P8).
    unconfirmed = models.BooleanField(default=False, editable=False)
    declared_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    attempt = models.PositiveSmallIntegerField(default=0)
    version = models.ForeignKey("proposals.Version", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    started_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    inbox_at = models.DateTimeField(null=True, blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    before_fg_gvc_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ProposalQuerySet] = ProposalQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="proposal_state_known"),
            models.CheckConstraint(
                condition=Q(investment_usd__gte=0) | Q(investment_usd__isnull=True), name="proposal_investment"
            ),
            models.UniqueConstraint(fields=["follows"], name="proposal_followed_once"),
            models.CheckConstraint(
                condition=Q(unconfirmed=False)
                | Q(state__in=[State.DRAFT, State.WITHDRAWN], version__isnull=True, submitted_at__isnull=True),
                name="proposal_unconfirmed_is_not_handed_in",
            ),
        ]
        indexes = [
            models.Index(fields=["-moved_at"], condition=Q(unconfirmed=True), name="proposal_unconfirmed"),
            models.Index(fields=["state", "-moved_at"], name="proposal_state"),
            models.Index(fields=["case_officer"], condition=Q(state__in=sorted(OPEN)), name="proposal_officer_open"),
            models.Index(fields=["-moved_at", "-case"], name="proposal_newest"),
            models.Index(fields=["organisation", "-moved_at"], name="proposal_organisation"),
            models.Index(fields=["originating_ams", "-moved_at"], name="proposal_origin"),
            # What a list may be sorted by.
            models.Index(F("title").asc(), name="proposal_by_title"),
            models.Index(F("submitted_at").desc(nulls_last=True), name="proposal_handed_in"),
            models.Index(F("registered_at").desc(nulls_last=True), name="proposal_registered"),
            models.Index(F("investment_usd").desc(nulls_last=True), name="proposal_investment_usd"),
            GinIndex(OpClass(Upper("search_text"), name="gin_trgm_ops"), name="proposal_search"),
        ]

    def __str__(self) -> str:
        return self.title or str(UNTITLED)

    @property
    def proposal_id(self) -> int:  # type: ignore[override]
        """Primary key, under the name every subject has."""
        return self.pk

    @property
    def proposal(self) -> "Proposal":
        """Itself, under the name every subject has."""
        return self

    @property
    def caption(self) -> str:
        """Reference and title, above the page of a move."""
        return " · ".join(filter(None, [self.case.reference, str(self)]))

    @property
    def public_state(self) -> Any:
        """The state in words for proponents."""
        return PUBLIC_LABELS[State(self.state)]

    # --- The table of transitions (domain.md, "The life of a proposal") ---

    @transition(field=state, source=State.DRAFT, target=State.WITH_SEOM)
    def submit(self) -> None:
        """The proponent hands in."""

    @transition(field=state, source=State.WITH_SEOM, target=State.DRAFT)
    def return_to_proponent(self) -> None:
        """The SEOM lead asks for changes."""

    @transition(field=state, source=State.WITH_SEOM, target=State.NOT_SUPPORTED)
    def decline_support(self) -> None:
        """The SEOM lead does not support it."""

    @transition(field=state, source=State.WITH_SEOM, target=State.INBOX)
    def support(self) -> None:
        """The SEOM lead supports it."""

    @transition(field=state, source=State.INBOX, target=State.REGISTERED)
    def register(self) -> None:
        """ASEC finds it complete and gives the reference."""

    @transition(field=state, source=State.INBOX, target=State.AWAITING_COMPLETION)
    def ask_completion(self) -> None:
        """ASEC asks for what is missing."""

    @transition(field=state, source=State.AWAITING_COMPLETION, target=State.INBOX)
    def complete(self) -> None:
        """The proponent hands in the missing parts."""

    @transition(field=state, source=State.REGISTERED, target=State.UNDER_ASSESSMENT)
    def start_assessment(self) -> None:
        """Enough experts are cleared."""

    @transition(field=state, source=State.UNDER_ASSESSMENT, target=State.ASSESSED)
    def file_consolidated(self) -> None:
        """The consolidated report is written."""

    @transition(field=state, source=State.ASSESSED, target=State.BEFORE_FG_GVC)
    def open_round(self) -> None:
        """The Member States are asked to decide."""

    @transition(
        field=state,
        source=State.BEFORE_FG_GVC,
        target=RETURN_VALUE(State.APPROVED, State.NOT_APPROVED, State.DEFERRED),
    )
    def record_decision(self, outcome: str) -> str:
        """The chair records what the Member States decided."""
        return outcome

    @transition(field=state, source=State.DEFERRED, target=RETURN_VALUE(State.REGISTERED, State.ASSESSED))
    def reopen(self, stage: str) -> str:
        """What was put off is taken up again."""
        return stage

    @transition(field=state, source=State.APPROVED, target=State.FACILITATION)
    def start_facilitation(self) -> None:
        """Work on the barriers begins."""

    @transition(field=state, source=State.FACILITATION, target=State.BENEFITS_FINALISED)
    def finalise_benefits(self) -> None:
        """Every benefit is concurred by whoever gives it."""

    @transition(field=state, source=State.BENEFITS_FINALISED, target=State.LETTER_ISSUED)
    def issue_letter(self) -> None:
        """The sealed letter goes out."""

    @transition(field=state, source=State.LETTER_ISSUED, target=State.MONITORING)
    def start_monitoring(self) -> None:
        """The plan is agreed and the project is followed."""

    @transition(field=state, source=State.MONITORING, target=State.CLOSED)
    def close(self) -> None:
        """The final report is accepted."""

    @transition(field=state, source=sorted(OPEN), target=State.WITHDRAWN)
    def withdraw(self) -> None:
        """The proponent gives it up."""

    @transition(field=state, source=State.DRAFT, target=State.WITHDRAWN)
    def drop_entry(self) -> None:
        """ASEC gives up a proposal that it entered and nobody confirmed."""

    @transition(field=state, source=State.AWAITING_COMPLETION, target=State.LAPSED)
    def lapse(self) -> None:
        """Nobody completed it in time."""


class ReferenceCounter(models.Model):
    """The last number given in a year; its row lock makes references gapless."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["ReferenceCounter"]]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"

"""What Member States would give, and each one's word on it (F3)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, transition

from aipbi.accounts.models import Office, Person
from aipbi.asean.models import Agreement, Body, Category, MemberState
from aipbi.workflow.models import StateField, Subject
from facilitation.enums import BenefitState, ConcurrenceState
from facilitation.models.measure_template import MeasureTemplate
from facilitation.rules import BenefitQuerySet, ConcurrenceQuerySet
from proposals.models import Proposal

# What Member States concur in: a change of any of these is another wording, on which each is asked again.
TEXT = ("category", "measure", "body", "agreement", "conditions", "starts", "ends")


class Benefit(Subject):
    """A measure in words, the Member States asked to give it, and from when until when.

    `wording` counts its texts: a word given on one holds for no other (`BenefitWording` keeps each).
    """

    kind: ClassVar[str] = "benefit"
    tab: ClassVar[str] = "benefits"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="benefits")
    state = StateField(_("state"), default=BenefitState.PROPOSED, choices=BenefitState)
    number = models.PositiveSmallIntegerField(_("number"))
    category = models.ForeignKey(Category, verbose_name=_("category"), on_delete=models.PROTECT, related_name="+")
    measure = models.TextField(_("measure"))
    given_by = models.ManyToManyField(
        MemberState,
        verbose_name=_("Member States giving it"),
        related_name="+",
        through="facilitation.Concurrence",
    )
    body = models.ForeignKey(
        Body,
        verbose_name=_("responsible body"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    agreement = models.ForeignKey(
        Agreement,
        verbose_name=_("agreement it rests on"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    conditions = models.TextField(_("conditions"), blank=True)
    starts = models.DateField(_("from"), null=True, blank=True)
    ends = models.DateField(_("until"), null=True, blank=True)
    request_rank = models.PositiveSmallIntegerField(_("answers the request ranked"), null=True, blank=True)
    wording = models.PositiveSmallIntegerField(_("wording"), default=1)
    begun_from = models.ForeignKey(
        MeasureTemplate,
        verbose_name=_("common measure it was begun from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_at = models.DateTimeField()
    withdrawn_because = models.TextField(_("why it was withdrawn"), blank=True)
    finalised_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[BenefitQuerySet] = BenefitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("benefit")
        verbose_name_plural = _("benefits")
        ordering = ["proposal", "number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="benefit_number_once"),
            models.CheckConstraint(condition=Q(state__in=BenefitState.values), name="benefit_state_known"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=True) | Q(ends__gte=models.F("starts")),
                name="benefit_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.measure[:80]}"

    @property
    def standing(self) -> Any:
        """The state in words, which finalising changes though no transition does."""
        final = self.finalised_at and self.state == BenefitState.PROPOSED
        return _("Finalised") if final else self.get_state_display()

    @transition(field=state, source=BenefitState.PROPOSED, target=BenefitState.WITHDRAWN)
    def withdraw(self) -> None:
        """It is not pursued."""


class BenefitWording(models.Model):
    """One text of a benefit, as it was put to the Member States; written once."""

    append_only: ClassVar[bool] = True

    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="wordings")
    number = models.PositiveSmallIntegerField(_("wording"))
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    measure = models.TextField(_("measure"))
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, on_delete=models.PROTECT, related_name="+")
    conditions = models.TextField(_("conditions"), blank=True)
    starts = models.DateField(_("from"), null=True)
    ends = models.DateField(_("until"), null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["BenefitWording"]]

    class Meta:
        verbose_name = _("wording of a benefit")
        verbose_name_plural = _("wordings of benefits")
        ordering = ["benefit", "number"]
        constraints = [models.UniqueConstraint(fields=["benefit", "number"], name="benefit_wording_once")]

    def __str__(self) -> str:
        return f"{self.benefit_id}/{self.number} {self.measure[:60]}"


_ANSWERED = [ConcurrenceState.CONCURRED, ConcurrenceState.WITH_CONDITIONS, ConcurrenceState.REFUSED]


class Concurrence(Subject):
    """One Member State's word on one benefit; it may change until the benefits are finalised.

    `wording` is the benefit's that the word is on, `may_be_named` whether the proponent may be told
    that this Member State did not concur, and why; `ConcurrenceEntry` keeps each word.
    """

    kind: ClassVar[str] = "concurrence"
    tab: ClassVar[str] = "benefits"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="concurrences")
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="concurrences")
    ams = models.ForeignKey(MemberState, on_delete=models.PROTECT, related_name="+")
    state = StateField(_("concurrence"), default=ConcurrenceState.ASKED, choices=ConcurrenceState)
    conditions = models.TextField(_("conditions"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    may_be_named = models.BooleanField(_("the proponent may be told"), default=False)
    wording = models.PositiveSmallIntegerField(_("wording"), null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    left_out_because = models.TextField(_("why it was left out"), blank=True)

    objects: ClassVar[ConcurrenceQuerySet] = ConcurrenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("concurrence")
        verbose_name_plural = _("concurrences")
        constraints = [
            models.UniqueConstraint(fields=["benefit", "ams"], name="concurrence_once"),
            models.CheckConstraint(condition=Q(state__in=ConcurrenceState.values), name="concurrence_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.ams_id}: {self.get_state_display()}"

    @property
    def caption(self) -> str:
        """Say which benefit and which Member State the answer is for."""
        return f"{super().caption} · {self.ams} · {_('Benefit')} {self.benefit.number}"

    @transition(
        field=state,
        source=[ConcurrenceState.ASKED, *_ANSWERED],
        target=RETURN_VALUE(ConcurrenceState.CONCURRED, ConcurrenceState.WITH_CONDITIONS),
    )
    def concur(self, answer: str) -> str:
        """The Member State would give it, with or without conditions."""
        return answer

    @transition(field=state, source=[ConcurrenceState.ASKED, *_ANSWERED], target=ConcurrenceState.REFUSED)
    def refuse(self) -> None:
        """The Member State would not give it."""

    @transition(
        field=state, source=[ConcurrenceState.ASKED, ConcurrenceState.REFUSED], target=ConcurrenceState.LEFT_OUT
    )
    def leave_out(self) -> None:
        """The benefit goes on without this Member State."""

    @transition(
        field=state,
        source=[ConcurrenceState.ASKED, *_ANSWERED, ConcurrenceState.LEFT_OUT],
        target=ConcurrenceState.ASKED,
    )
    def ask_again(self) -> None:
        """The benefit has another text, or is put to the Member State once more."""


class ConcurrenceEntry(models.Model):
    """What was said of a Member State's giving, on which wording, as which office and when; written once."""

    append_only: ClassVar[bool] = True

    concurrence = models.ForeignKey(Concurrence, on_delete=models.PROTECT, related_name="entries")
    state = models.CharField(max_length=32, choices=ConcurrenceState)
    wording = models.PositiveSmallIntegerField(_("wording"))
    conditions = models.TextField(_("conditions"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    may_be_named = models.BooleanField(default=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["ConcurrenceEntry"]]

    class Meta:
        verbose_name = _("answer on a benefit")
        verbose_name_plural = _("answers on benefits")
        ordering = ["concurrence", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ConcurrenceState.values), name="concurrence_entry_state_known")
        ]

    def __str__(self) -> str:
        return f"{self.concurrence_id} {self.state}"

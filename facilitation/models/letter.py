"""Letters (F4, F7): written, approved, sealed by the worker, delivered, acknowledged."""

from functools import reduce
from operator import or_
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import transition

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Office, Organisation, Person
from aipbi.documents.models import StoredFile
from aipbi.workflow.models import StateField, Subject
from facilitation.enums import BENEFITS, UNDECIDED, DeliveryState, LetterState, Purpose
from facilitation.models.letter_template import LetterTemplate, LetterText
from facilitation.rules import DeliveryQuerySet, LetterQuerySet
from proposals.models import Proposal

_ONCE = [Purpose.APPROVAL, Purpose.NON_APPROVAL, Purpose.LAPSE]


def _changes(*fields: str) -> pgtrigger.Q:
    """Return the condition that an update changes one of the fields."""
    return reduce(or_, (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in fields))


class Letter(LetterText, Subject):
    """A letter. Approval gives it number and date and freezes all it says in `content`; the seal adds the PDF.

    `content` is what `facilitation.letters.compose` returns: what page, PDF and schedule are made from.
    """

    kind: ClassVar[str] = "letter"
    tab: ClassVar[str] = "letters"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="letters")
    state = StateField(_("state"), default=LetterState.DRAFT, choices=LetterState)
    template = models.ForeignKey(LetterTemplate, on_delete=models.PROTECT, related_name="+")
    addressee = models.TextField(_("addressee"))
    decision_reference = models.CharField(_("decision"), max_length=300, blank=True)
    # The reasons of a non-approval, the gaps of a return or lapse, the conditions of an approval.
    particulars = models.TextField(_("reasons, gaps or conditions"), blank=True)
    contact = models.CharField(_("contact"), max_length=300)
    # The issued letter that this one takes the place of once it is issued itself, and why (D6, F5).
    supersedes = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="superseded_by"
    )
    superseding_because = models.TextField(_("why it takes the place of an earlier letter"), blank=True)
    # The issued letter that this one revokes once it is issued itself; `particulars` say why (F5).
    revokes = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="revoked_by"
    )
    wanted_changes = models.TextField(_("changes asked for"), blank=True, editable=False)
    # Two pairs of eyes: who wrote its words last, and who of the Secretariat checked them.
    written_by = models.ForeignKey(Person, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    checked_by = models.ForeignKey(Person, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    sequence = models.PositiveSmallIntegerField(null=True, editable=False)
    number = models.CharField(_("number"), max_length=32, unique=True, null=True, editable=False)  # noqa: DJ001 - unique
    # Printed on the letter, for whoever checks it (F6); letters of before have none.
    check_code = models.CharField(max_length=12, unique=True, null=True, editable=False)  # noqa: DJ001 - unique
    dated = models.DateField(_("date"), null=True, editable=False)
    content = models.JSONField(null=True, editable=False)
    pdf = models.OneToOneField(StoredFile, null=True, editable=False, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True, editable=False)

    drafted_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    sealed_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)

    objects: ClassVar[LetterQuerySet] = LetterQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["proposal", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state_known"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="letter_purpose_known"),
            models.UniqueConstraint(fields=["proposal", "sequence"], name="letter_sequence_once"),
            models.UniqueConstraint(
                fields=["proposal", "purpose"],
                condition=Q(purpose__in=_ONCE, supersedes__isnull=True)
                & ~Q(state__in=[LetterState.DISCARDED, LetterState.REVOKED]),
                name="letter_once",
            ),
            models.UniqueConstraint(
                fields=["supersedes"], condition=~Q(state=LetterState.DISCARDED), name="letter_superseded_once"
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True, superseding_because="")
                | (Q(supersedes__isnull=False, purpose__in=sorted(BENEFITS)) & ~Q(superseding_because="")),
                name="letter_supersedes_whole",
            ),
            models.UniqueConstraint(
                fields=["revokes"], condition=~Q(state=LetterState.DISCARDED), name="letter_revoked_once"
            ),
            models.CheckConstraint(
                condition=Q(revokes__isnull=True) & ~Q(purpose=Purpose.REVOCATION)
                | Q(revokes__isnull=False, purpose=Purpose.REVOCATION),
                name="letter_revokes_whole",
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(state__in=sorted(UNDECIDED)), name="letter_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="letter_checked_whole",
            ),
            # That an approved letter has them, and a sealed one its PDF, are invariants: a move writes the state first.
            models.CheckConstraint(
                condition=Q(
                    sequence__isnull=True,
                    number__isnull=True,
                    dated__isnull=True,
                    content__isnull=True,
                    approved_at__isnull=True,
                )
                | Q(
                    sequence__isnull=False,
                    number__isnull=False,
                    dated__isnull=False,
                    content__isnull=False,
                    approved_at__isnull=False,
                ),
                name="letter_numbered_whole",
            ),
            models.CheckConstraint(
                condition=Q(pdf__isnull=True, sha256="", sealed_at__isnull=True, issued_at__isnull=True)
                | Q(pdf__isnull=False, sha256__regex=r"^[0-9a-f]{64}$", sealed_at__isnull=False, number__isnull=False),
                name="letter_sealed_whole",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="numbered_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__number__isnull=False)
                & _changes(
                    "number",
                    "sequence",
                    "dated",
                    "content",
                    "proposal",
                    "purpose",
                    "supersedes",
                    "revokes",
                    "check_code",
                ),
            ),
            pgtrigger.Protect(
                name="sealed_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__pdf__isnull=False) & _changes("pdf", "sha256", "sealed_at"),
            ),
            pgtrigger.Protect(
                name="number_is_never_free",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__number__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.get_purpose_display())

    def home(self, code: str, viewer: Capacity) -> str:
        """Return the letter's own page."""
        return reverse("letter", args=[code, self.pk])

    @transition(field=state, source=LetterState.DRAFT, target=LetterState.CHECKED)
    def check_letter(self) -> None:
        """Another officer has read it."""

    @transition(field=state, source=sorted(UNDECIDED), target=LetterState.DRAFT)
    def edit_letter(self) -> None:
        """Its words changed; it is checked anew."""

    @transition(field=state, source=LetterState.CHECKED, target=LetterState.DRAFT)
    def ask_letter_changes(self) -> None:
        """Whoever approves wants other words."""

    @transition(field=state, source=LetterState.CHECKED, target=LetterState.APPROVED)
    def approve(self) -> None:
        """It goes out as it is; the worker makes its PDF."""

    @transition(field=state, source=sorted(UNDECIDED), target=LetterState.DISCARDED)
    def discard(self) -> None:
        """It is not needed; it never had a number."""

    @transition(field=state, source=LetterState.APPROVED, target=LetterState.SEALED)
    def seal(self) -> None:
        """Its PDF is made and will not change."""

    @transition(field=state, source=LetterState.SEALED, target=LetterState.SUPERSEDED)
    def supersede(self) -> None:
        """Another has taken its place; it stays readable as it was."""

    @transition(field=state, source=LetterState.SEALED, target=LetterState.REVOKED)
    def revoke(self) -> None:
        """It holds no more, for the reason that another letter gives; it stays readable as it was."""


class Delivery(Subject):
    """One addressee of an issued letter, and when it said that it has it (F7)."""

    kind: ClassVar[str] = "delivery"
    tab: ClassVar[str] = "letters"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="deliveries")
    state = StateField(_("state"), default=DeliveryState.DELIVERED, choices=DeliveryState)
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["letter", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.UniqueConstraint(
                fields=["letter", "office", "organisation"], nulls_distinct=False, name="delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(office__isnull=False, organisation__isnull=True)
                | Q(office__isnull=True, organisation__isnull=False),
                name="delivery_one_addressee",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="delivery_acknowledged_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} → {self.to}"

    @property
    def to(self) -> str:
        """The addressee in words."""
        return self.office.label if self.office else str(self.organisation)

    def home(self, code: str, viewer: Capacity) -> str:
        """Return the letter's page."""
        return reverse("letter", args=[code, self.letter_id])

    @transition(field=state, source=DeliveryState.DELIVERED, target=DeliveryState.ACKNOWLEDGED)
    def acknowledge(self) -> None:
        """It has reached the addressee."""

"""From approved to acknowledged: sealed by the worker, issued by the chair, received by the addressees (F5, F7)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.workflow import parties
from aipbi.workflow.door import perform
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import BENEFITS, UNDECIDED, LetterState, Purpose
from facilitation.letters import produce
from facilitation.models import Delivery, Letter
from facilitation.moves.letters import is_owed, page_of
from facilitation.moves.revoking import Revoke
from facilitation.moves.shared import chair
from facilitation.obligations import (
    ACKNOWLEDGE_LETTER,
    APPROVE_LETTER,
    CHECK_LETTER,
    DRAFT_LETTER,
    ISSUE_LETTER,
    REVISE_LETTER,
    SEAL_LETTER,
)
from facilitation.queries import participating
from proposals import rules as case_rules
from proposals import verbs
from proposals.models import Proposal

_HOLDS_NO_MORE = frozenset({LetterState.SUPERSEDED, LetterState.REVOKED})


class SealForm(MoveForm):
    """The PDF, from the worker."""

    pdf = forms.FileField()
    # The SHA-256 of what was rendered, before the seal: under it the PDF is kept.
    rendered = forms.RegexField(r"\A[0-9a-f]{64}\Z")


@register
class Seal(Move):
    """approved → sealed, by the worker: exactly one PDF, kept under its digest (F5, F7)."""

    name = "seal"
    model = Letter
    on = "seal"
    who = case_rules.clock
    by_clock = True
    label = gettext_lazy("Seal the letter")
    done = gettext_lazy("Letter sealed")
    form = SealForm
    closes = {SEAL_LETTER}

    def effect(self) -> None:
        """Keep the PDF; a letter that no one else has to issue goes out."""
        letter, upload = self.subject, self.data["pdf"]
        letter.pdf = produce.keep(letter, _whole(upload), self.data["rendered"])
        letter.sha256, letter.sealed_at = letter.pdf.sha256, self.now
        letter.save(update_fields=["pdf", "sha256", "sealed_at"])
        self.deliveries = [] if letter.purpose in BENEFITS else deliver(letter, self)
        if letter.revokes:
            perform(Revoke, letter.revokes, by=None, as_=Capacity.clock())

    def kept(self) -> dict[str, Any]:
        """Keep what proves the file, not the file."""
        return {"number": self.subject.number, "sha256": self.subject.sha256}

    def owes(self) -> Iterable[Owes]:
        """Whoever it went to owes a word that it arrived."""
        yield from to_acknowledge(self.deliveries)

    def tells(self) -> Iterable[Tell]:
        """Tell whoever is next: the chair, or those it went to."""
        if self.subject.purpose in BENEFITS:
            party = chair()
            if party:
                yield Tell(party, _("The letter is sealed and can be issued"), to_act=True, path=page_of(self.subject))
        yield from to_receive(self.deliveries)


def _whole(upload: UploadedFile) -> bytes:
    upload.seek(0)
    return bytes(upload.read())


def deliver(letter: Letter, act: Move) -> list[Delivery]:
    """Issue the letter: to the proponent, and to the SEOM leads whom it concerns (F7)."""
    letter.issued_at = act.now
    letter.save(update_fields=["issued_at"])
    proposal = letter.proposal
    states = concerned(letter)
    made = [Delivery(proposal=proposal, letter=letter, organisation=proposal.organisation, delivered_at=act.now)]
    made += [
        Delivery(proposal=proposal, letter=letter, office=parties.seom(code).office, delivered_at=act.now)
        for code in states
    ]
    return list(Delivery.objects.bulk_create(made))


def concerned(letter: Letter) -> list[str]:
    """Return the codes of the Member States whose SEOM leads get a copy: those that have the letter it revokes, too."""
    if letter.revokes:
        held = letter.revokes.deliveries.filter(office__isnull=False).order_by("office__ams__order")
        return [str(ams) for ams in held.values_list("office__ams", flat=True)]
    if letter.purpose in BENEFITS or letter.purpose == Purpose.NON_APPROVAL:
        return [state.code for state in participating(letter.proposal)]
    return [str(letter.proposal.originating_ams_id)]


def _party(delivery: Delivery) -> Party:
    return Party(office=delivery.office, organisation=delivery.organisation)


def to_acknowledge(deliveries: list[Delivery]) -> Iterable[Owes]:
    """Yield what those it went to owe; a case that has lapsed owes nothing any more."""
    for delivery in deliveries:
        if is_owed(delivery.letter):
            yield Owes(ACKNOWLEDGE_LETTER, _party(delivery), on=delivery)


def to_receive(deliveries: list[Delivery]) -> Iterable[Tell]:
    """Yield what those it went to are told."""
    for delivery in deliveries:
        words = (
            _("A letter for you is ready")
            if delivery.organisation
            else _("A copy of a letter is ready for your office")
        )
        yield Tell(_party(delivery), words, to_act=True, path=page_of(delivery.letter))


@register
class IssueLetter(Move):
    """benefits finalised → letter issued: the sealed letter goes out (F7)."""

    name = "issue_letter"
    model = Proposal
    on = "issue_letter"
    who = case_rules.chair
    label = gettext_lazy("Issue the letter")
    done = gettext_lazy("Benefit letter issued")
    help = gettext_lazy(
        "The letter goes to the proponent, with copies to the SEOM leads of the participating Member States."
    )
    closes = {ISSUE_LETTER, SEAL_LETTER, CHECK_LETTER, APPROVE_LETTER, REVISE_LETTER, DRAFT_LETTER}

    def reasons(self) -> Iterable[str]:
        """Say what the letter still lacks."""
        letter = Letter.objects.filter(proposal=self.subject, purpose=Purpose.APPROVAL, supersedes=None).live().first()
        if letter is None:
            yield _("The Secretariat has not drafted the letter yet.")
        elif letter.state in UNDECIDED:
            yield _("The letter is not approved yet.")
        elif letter.state == LetterState.APPROVED:
            yield _("The letter's PDF is still being made.")

    def effect(self) -> None:
        """Date it and deliver."""
        verbs.stamp(self.subject, now=self.now)
        self.letter = Letter.objects.get(proposal=self.subject, purpose=Purpose.APPROVAL, state=LetterState.SEALED)
        self.deliveries = deliver(self.letter, self)

    def details(self) -> dict[str, Any]:
        """Keep which letter, as it was sealed."""
        return {"number": self.letter.number, "sha256": self.letter.sha256}

    def owes(self) -> Iterable[Owes]:
        """Whoever it went to owes a word that it arrived."""
        yield from to_acknowledge(self.deliveries)

    def tells(self) -> Iterable[Tell]:
        """Tell those it went to, and ASEC."""
        yield from to_receive(self.deliveries)
        yield Tell(parties.asec(), _("A benefit letter was issued"), path=page_of(self.letter))

    def after(self) -> str:
        """Go to the letter."""
        return page_of(self.letter)


@register
class AcknowledgeLetter(Move):
    """delivered → acknowledged, by the addressee (F7)."""

    name = "acknowledge_letter"
    model = Delivery
    on = "acknowledge"
    who = rules.addressee
    label = gettext_lazy("Acknowledge the letter")
    done = gettext_lazy("Letter acknowledged")
    help = gettext_lazy("You confirm that the letter has reached you. It says nothing about what you think of it.")
    # The proponent reads its own; who of the others has it is for the Member States.
    audience = Audience.STATES
    closes = {ACKNOWLEDGE_LETTER}

    @property
    def hidden(self) -> bool:  # type: ignore[override]
        """Nobody is asked to acknowledge what holds no more."""
        return self.subject.letter.state in _HOLDS_NO_MORE

    def reasons(self) -> Iterable[str]:
        """It holds."""
        if self.hidden:
            yield _("The letter holds no more, and does not need to be acknowledged.")

    def effect(self) -> None:
        """Keep who and when."""
        self.subject.acknowledged_at, self.subject.acknowledged_by = self.now, self.as_.person
        self.subject.save(update_fields=["acknowledged_at", "acknowledged_by"])

    def details(self) -> dict[str, Any]:
        """Keep which letter."""
        return {"number": self.subject.letter.number}

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC which letter, and who has it: an office, never a company (N1)."""
        words = _("%(who)s: letter %(number)s acknowledged") % {
            "who": self.subject.office.label if self.subject.office else _("The proponent"),
            "number": self.subject.letter.number,
        }
        yield Tell(parties.asec(), words, path=page_of(self.subject.letter))

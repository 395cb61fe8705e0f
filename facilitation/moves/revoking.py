"""The letter that revokes another: with its reason, checked and approved as every letter; the one before stays readable (F5)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow.models import Subject
from aipbi.workflow.moves import Move
from aipbi.workflow.registry import register
from facilitation.enums import UNDECIDED, LetterState, Purpose
from facilitation.letters import first
from facilitation.models import Letter
from facilitation.moves.letters import DraftsLetter, LetterHeadForm
from facilitation.obligations import ACKNOWLEDGE_LETTER
from proposals import rules as case_rules


class RevocationForm(LetterHeadForm):
    """To whom, and why."""

    field_order = ["particulars", "addressee", "contact"]

    def purpose(self) -> str:
        """Return the kind of the letter."""
        return Purpose.REVOCATION.value


@register
class DraftRevocation(DraftsLetter):
    """ASEC drafts the letter that revokes an issued one; nothing changes until the chair has approved it (F5)."""

    name = "draft_revocation"
    model = Letter
    during = frozenset({LetterState.SEALED})
    who = case_rules.asec
    label = gettext_lazy("Draft a revocation")
    done = gettext_lazy("Revocation of a letter drafted")
    help = gettext_lazy(
        "A letter of its own says that this one holds no more, and why. It goes to everybody who has this one. Until "
        "the chair has approved it this letter holds; afterwards it stays readable, marked as revoked."
    )
    form = RevocationForm
    warning = True

    @property
    def hidden(self) -> bool:  # type: ignore[override]
        """A letter that nobody has yet, and one that revokes another, is not revoked."""
        return self.subject.issued_at is None or self.subject.purpose == Purpose.REVOCATION

    def reasons(self) -> Iterable[str]:
        """Once, and one draft at a time."""
        if self.subject.issued_at is None:
            yield _("It was not issued.")
        elif self.subject.purpose == Purpose.REVOCATION:
            yield _("A revocation is not revoked. Draft a new letter instead.")
        elif Letter.objects.filter(revokes=self.subject).live().exists():
            yield _("Its revocation is on its way already.")
        elif Letter.objects.filter(proposal=self.subject.proposal, state__in=UNDECIDED).exists():
            yield _("The draft of another letter is still there. Discard it first.")

    def initial(self) -> dict[str, Any]:
        """To whom the letter went; the reason is ASEC's to write."""
        return {"addressee": self.subject.addressee, "contact": first.contact()}

    def effect(self) -> None:
        """Take the words of the template in force."""
        self.draft(Purpose.REVOCATION, self.subject.proposal, revokes=self.subject)

    def details(self) -> dict[str, Any]:
        """Keep which revokes which."""
        return {"letter": self.new.pk, "revokes": self.subject.number}


@register
class Revoke(Move):
    """sealed → revoked: follows from the seal of the letter that revokes it, and from nothing else."""

    name = "revoke"
    model = Letter
    on = "revoke"
    who = case_rules.clock
    by_clock = True
    label = gettext_lazy("Mark the letter as revoked")
    done = gettext_lazy("Letter revoked")
    closes = {ACKNOWLEDGE_LETTER}

    def also(self) -> Iterable[Subject]:
        """Nobody acknowledges what holds no more."""
        return list(self.subject.deliveries.all())

    def reasons(self) -> Iterable[str]:
        """The letter that says why must be issued."""
        if not Letter.objects.filter(revokes=self.subject, issued_at__isnull=False).exists():
            yield _("A letter is revoked by issuing the one that says why.")

    def details(self) -> dict[str, Any]:
        """Keep which."""
        return {"number": self.subject.number}

"""The letter that takes the place of an issued one after a Member State joined or left (D6, F5).

It goes the way of every letter: drafted by ASEC, changed, approved by the chair, sealed by the worker, issued.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import parties
from aipbi.workflow.door import perform
from aipbi.workflow.models import Subject
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from facilitation import amendments
from facilitation.enums import UNDECIDED, AmendmentState, LetterState, Purpose
from facilitation.letters import superseding
from facilitation.models import Amendment, Letter
from facilitation.moves.amendments import CompleteAmendment
from facilitation.moves.issuing import deliver, to_acknowledge, to_receive
from facilitation.moves.letters import DraftsLetter, LetterHeadForm, page_of
from facilitation.moves.shared import WhileTheCaseLives
from facilitation.obligations import ACKNOWLEDGE_LETTER, ISSUE_SUPERSEDING, SEAL_LETTER, SUPERSEDE_LETTER
from proposals import rules as case_rules
from proposals.enums import State
from proposals.models import Proposal
from review.rounds import verbs, words


class SupersedingForm(LetterHeadForm):
    """What the letter starts from: the one in force, and why another takes its place."""

    superseding_because = forms.CharField(
        label=gettext_lazy("Why it takes the place of the letter in force"),
        help_text=gettext_lazy("It stands in the letter. Who takes part and what each gives is put in by itself."),
        widget=forms.Textarea,
        max_length=2000,
    )
    field_order = ["superseding_because"]

    def purpose(self) -> str:
        """Return the kind of the letter."""
        return Purpose.AMENDMENT.value


@register
class DraftSuperseding(DraftsLetter):
    """ASEC drafts the letter from the one in force; that one holds until the new one is issued."""

    name = "draft_superseding"
    model = Proposal
    during = frozenset({State.LETTER_ISSUED, State.MONITORING})
    who = case_rules.asec
    label = gettext_lazy("Draft a superseding letter")
    done = gettext_lazy("Superseding letter drafted")
    help = gettext_lazy(
        "The letter in force holds until the new one is issued. It stays readable, marked as superseded."
    )
    form = SupersedingForm
    closes = frozenset({SUPERSEDE_LETTER})
    beside = True

    @cached_property
    def old(self) -> Letter | None:
        """The letter in force, or the last one where it was revoked."""
        return superseding.last_issued(self.subject)

    def reasons(self) -> Iterable[str]:
        """One at a time, with something to tell, and for those that can carry the project (criterion 2)."""
        if superseding.under_way(self.subject):
            yield _("A superseding letter is on its way already.")
        elif Letter.objects.filter(proposal=self.subject, state__in=UNDECIDED).exists():
            yield _("The draft of an earlier letter is still there. Discard it first.")
        elif amendments.open_one(self.subject):
            yield _("An amendment is before the Member States. Its outcome comes first.")
        elif self.old is None:
            yield _("No letter was issued yet.")
        elif not superseding.reason(self.subject, self.old):
            yield _("Nothing has changed since the letter in force.")
        elif lacking := verbs.fails(self.subject):
            yield _("Those that take part now cannot carry the project.")
            yield from words.sentences(lacking)

    @property
    def hidden(self) -> bool:  # type: ignore[override]
        """Offered when it is owed: somebody joined or left since the letter."""
        return not self.subject.case.obligations.open().filter(kind=SUPERSEDE_LETTER).exists()

    def initial(self) -> dict[str, Any]:
        """Start from the letter in force."""
        old = self.old
        if old is None:
            return {}
        head = {name: getattr(old, name) for name in ("addressee", "decision_reference", "particulars", "contact")}
        return {**head, "superseding_because": superseding.reason(self.subject, old)}

    def effect(self) -> None:
        """Take the words of the template in force; what the letter before was told in particular is in the form."""
        self.draft(Purpose.AMENDMENT, self.subject, supersedes=self.old)
        superseding.agreed(self.subject).update(letter=self.new)

    def details(self) -> dict[str, Any]:
        """Keep which takes the place of which."""
        return {"letter": self.new.pk, "supersedes": self.old.number if self.old else ""}


@register
class IssueSuperseding(WhileTheCaseLives):
    """The sealed letter goes out, and the one before is superseded (F5)."""

    name = "issue_superseding"
    model = Letter
    during = frozenset({LetterState.SEALED})
    who = case_rules.chair
    label = gettext_lazy("Issue the superseding letter")
    done = gettext_lazy("Superseding letter issued")
    help = gettext_lazy(
        "It goes to the proponent, with copies to the SEOM leads of those that take part; the letter before is superseded."
    )
    closes = frozenset({ISSUE_SUPERSEDING, SEAL_LETTER})

    @property
    def hidden(self) -> bool:  # type: ignore[override]
        """A letter of its own is issued with the case; one that went out is not issued twice."""
        return self.subject.supersedes_id is None or self.subject.issued_at is not None

    def reasons(self) -> Iterable[str]:
        """Once, and only where it takes another's place."""
        yield from super().reasons()
        if self.subject.supersedes_id is None:
            yield _("This letter takes no other letter's place.")
        elif self.subject.issued_at is not None:
            yield _("It was issued already.")

    def effect(self) -> None:
        """Deliver it, and mark the one before."""
        self.deliveries = deliver(self.subject, self)
        if self.subject.supersedes.state == LetterState.SEALED:
            perform(Supersede, self.subject.supersedes, by=self.as_.person, as_=self.as_)
        for one in Amendment.objects.filter(letter=self.subject, state=AmendmentState.AGREED):
            perform(CompleteAmendment, one, by=self.as_.person, as_=self.as_)

    def details(self) -> dict[str, Any]:
        """Keep which letters, as they were sealed."""
        return {
            "number": self.subject.number,
            "sha256": self.subject.sha256,
            "supersedes": self.subject.supersedes.number,
        }

    def owes(self) -> Iterable[Owes]:
        """Whoever it went to owes a word that it arrived."""
        yield from to_acknowledge(self.deliveries)

    def tells(self) -> Iterable[Tell]:
        """Tell those it went to, those that it names no more, and ASEC."""
        yield from to_receive(self.deliveries)
        yield Tell(parties.asec(), _("A superseding letter was issued"), path=page_of(self.subject))
        named = {one["code"] for one in self.subject.content["member_states"]}
        for one in self.subject.supersedes.content["member_states"]:
            if one["code"] not in named:
                yield Tell(
                    parties.seom(one["code"]),
                    _("A letter that named your country was superseded"),
                    path=page_of(self.subject),
                )


@register
class Supersede(Move):
    """sealed → superseded: follows from issuing the letter in its place, and from nothing else."""

    name = "supersede"
    model = Letter
    on = "supersede"
    who = case_rules.chair
    label = gettext_lazy("Mark the letter as superseded")
    done = gettext_lazy("Letter superseded")
    hidden = True
    closes = frozenset({ACKNOWLEDGE_LETTER})

    def also(self) -> Iterable[Subject]:
        """Nobody is reminded to acknowledge what another has replaced."""
        return list(self.subject.deliveries.all())

    def reasons(self) -> Iterable[str]:
        """The letter in its place must be issued."""
        if not Letter.objects.filter(supersedes=self.subject, issued_at__isnull=False).exists():
            yield _("A letter is superseded by issuing the one in its place.")

    def details(self) -> dict[str, Any]:
        """Keep which, and which stands in its place."""
        by = Letter.objects.filter(supersedes=self.subject, issued_at__isnull=False).values_list("number", flat=True)
        return {"number": self.subject.number, "superseded_by": by.get()}

    @classmethod
    def told_as(cls, details: Mapping[str, Any]) -> Any:
        """Say which stands in its place; entries of before do not keep it."""
        if "superseded_by" not in details:
            return cls.done
        return _("Letter %(number)s superseded by letter %(superseded_by)s") % details

"""From draft to approved: checked by a second officer, read by whoever approves, numbered and frozen (F4, F7)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.days import SECRETARIAT, today
from aipbi.accounts.models import Appointment
from aipbi.documents import seal
from aipbi.workflow import jobs, parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience, Job, JobState
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import BENEFITS, LetterState, Purpose
from facilitation.letters import checking, compose, coverage
from facilitation.models import Letter
from facilitation.moves.letters import AFTER_THE_LETTER, FROM_STATE, is_owed, page_of, to_approve
from facilitation.moves.shared import chair
from facilitation.obligations import (
    APPROVE_LETTER,
    CHECK_LETTER,
    ISSUE_LETTER,
    ISSUE_SUPERSEDING,
    REVISE_LETTER,
    SEAL_LETTER,
)
from proposals import rules as case_rules
from review.rounds import verbs, words

PDF_JOB = "letter_pdf"


@register
class CheckLetter(Move):
    """draft → checked, by another officer than wrote it, where the Secretariat has another (F4)."""

    name = "check_letter"
    model = Letter
    on = "check_letter"
    who = case_rules.asec
    label = gettext_lazy("Confirm that the letter is right")
    done = gettext_lazy("Letter checked")
    help = gettext_lazy("Read it below: names, numbers, dates, the schedule. It then goes to whoever approves it.")
    audience = Audience.STATES
    closes = {CHECK_LETTER, REVISE_LETTER}

    def reasons(self) -> Iterable[str]:
        """Two pairs of eyes, and words that can be printed."""
        letter = self.subject
        if letter.written_by_id and self.as_.person == letter.written_by and _others(self):
            yield _("Another officer of the Secretariat checks what you wrote.")
        yield from unfit(letter)
        yield from coverage.faults(compose.shown(letter))

    @property
    def preview(self) -> dict[str, Any]:
        """What the letter says, for the page on which it is checked."""
        return compose.shown(self.subject)

    def effect(self) -> None:
        """Keep who and when."""
        letter = self.subject
        letter.checked_at, letter.checked_by, letter.wanted_changes = self.now, self.as_.person, ""
        letter.save(update_fields=["checked_at", "checked_by", "wanted_changes"])

    def details(self) -> dict[str, Any]:
        """Say where nobody else was there to check it."""
        alone = self.as_.person == self.subject.written_by
        return {"letter": self.subject.pk, **({"alone": True} if alone else {})}

    def owes(self) -> Iterable[Owes]:
        """Whoever approves it is next."""
        yield from to_approve(self.subject)

    def tells(self) -> Iterable[Tell]:
        """Tell whoever approves it."""
        for owed in to_approve(self.subject, even_if_ended=True):
            yield Tell(
                owed.party,
                _("The draft of a letter is ready for your approval"),
                to_act=True,
                path=page_of(self.subject),
            )


def _others(act: Move) -> bool:
    """Whether the Secretariat has another officer today."""
    held = Appointment.objects.current(today()).filter(office=act.as_.office)
    return held.exclude(person=act.as_.person).exists()


def unfit(letter: Letter) -> Iterable[str]:
    """Yield why the letter no longer fits its case: that moved on, or those that take part cannot carry it (D6)."""
    case = letter.proposal
    if letter.revokes:
        fits = letter.revokes.state == LetterState.SEALED
    elif letter.supersedes_id:
        fits = case.state in AFTER_THE_LETTER
    else:
        fits = FROM_STATE.get(case.state) == letter.purpose
    if not fits:
        yield _("The case has moved on; this letter no longer fits it. Discard the draft.")
    elif letter.purpose in BENEFITS and (lacking := verbs.fails(case)):
        yield _("Those that take part now cannot carry the project.")
        yield from words.sentences(lacking)


class ChangesForm(MoveForm):
    """What the approver wants changed."""

    wanted_changes = forms.CharField(
        label=gettext_lazy("What should be changed"), widget=forms.Textarea, max_length=4000
    )


@register
class AskLetterChanges(Move):
    """checked → draft: whoever approves wants other words first."""

    name = "ask_letter_changes"
    model = Letter
    on = "ask_letter_changes"
    who = rules.approver
    label = gettext_lazy("Ask for changes")
    done = gettext_lazy("Changes to the letter asked for")
    form = ChangesForm
    audience = Audience.STATES
    closes = {APPROVE_LETTER}

    def effect(self) -> None:
        """Keep what is wanted beside the draft."""
        letter = self.subject
        letter.wanted_changes = self.data["wanted_changes"]
        letter.checked_at = letter.checked_by = None
        letter.save(update_fields=["wanted_changes", "checked_at", "checked_by"])

    def owes(self) -> Iterable[Owes]:
        """ASEC owes the change."""
        if is_owed(self.subject):
            yield Owes(REVISE_LETTER, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC."""
        yield Tell(
            parties.asec(), _("Changes to the draft of a letter are wanted"), to_act=True, path=page_of(self.subject)
        )


@register
class ApproveLetter(Move):
    """checked → approved: number, date and every word are frozen, and the worker makes the PDF (F4, F7)."""

    name = "approve_letter"
    model = Letter
    on = "approve"
    who = rules.approver
    label = gettext_lazy("Approve the letter")
    done = gettext_lazy("Letter approved")
    help = gettext_lazy("Read it below. Once approved it has its number and date, and not a word of it can be changed.")
    audience = Audience.STATES
    closes = {APPROVE_LETTER, REVISE_LETTER}

    def reasons(self) -> Iterable[str]:
        """The case must still be where the letter says it is, and those that take part able to carry it (D6)."""
        if fault := seal.fault():
            yield _("Letters cannot be sealed at present: %(fault)s") % {"fault": fault}
        yield from unfit(self.subject)
        said = compose.shown(self.subject)
        yield from coverage.faults({**said, "signatory": compose.signed_by(self.subject, self.as_)})

    @property
    def preview(self) -> dict[str, Any]:
        """What the letter says, for the page on which it is approved."""
        return compose.shown(self.subject)

    def effect(self) -> None:
        """Give the number, freeze the words, ask the worker."""
        letter = self.subject
        letter.sequence, letter.number = compose.next_number(letter.proposal)
        letter.dated = self.now.astimezone(SECRETARIAT).date()
        letter.approved_at, letter.check_code = self.now, checking.new_code()
        letter.content = compose.content(
            letter, number=letter.number, dated=letter.dated, signatory=compose.signed_by(letter, self.as_),
        )  # fmt: skip
        letter.save(update_fields=["sequence", "number", "dated", "approved_at", "check_code", "content"])
        jobs.ask(PDF_JOB, letter)

    def details(self) -> dict[str, Any]:
        """Keep the number."""
        return {"number": self.subject.number}

    def owes(self) -> Iterable[Owes]:
        """The worker seals it within moments; ASEC sees when it does not. Then the chair issues it."""
        if is_owed(self.subject):
            yield Owes(SEAL_LETTER, parties.asec())
        if self.subject.supersedes_id and (party := chair()):
            yield Owes(ISSUE_SUPERSEDING, party)
        elif self.subject.purpose == Purpose.APPROVAL and (party := chair()):
            yield Owes(ISSUE_LETTER, party, on=self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC."""
        yield Tell(parties.asec(), _("A letter was approved"), path=page_of(self.subject))


@register
class MakeLetterAgain(Move):
    """The worker has given up on the PDF; what was missing is mended, and ASEC asks it to try again."""

    name = "make_letter_again"
    model = Letter
    during = frozenset({LetterState.APPROVED})
    who = case_rules.asec
    label = gettext_lazy("Make the PDF again")
    done = gettext_lazy("PDF of the letter asked for again")
    audience = Audience.ASEC

    def reasons(self) -> Iterable[str]:
        """One job at a time."""
        jobs_of_it = Job.objects.filter(kind=PDF_JOB, subject_kind=Letter.kind, subject_pk=self.subject.pk)
        if jobs_of_it.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).exists():
            yield _("The portal is still at it.")

    def effect(self) -> None:
        """Ask the worker."""
        jobs.ask(PDF_JOB, self.subject)

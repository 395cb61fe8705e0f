"""Letters up to their approval: drafted by ASEC from a template, changed, approved by the chair (F4)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.days import SECRETARIAT
from aipbi.documents import seal
from aipbi.workflow import jobs, parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience, Job, JobState
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from facilitation import rules, templates
from facilitation.enums import LetterState, Purpose
from facilitation.letters import checking, compose, first
from facilitation.models import Letter
from facilitation.models.letter_template import BLOCKS
from facilitation.moves.benefits import chair
from facilitation.obligations import (
    APPROVE_LETTER,
    DRAFT_LETTER,
    ISSUE_LETTER,
    ISSUE_SUPERSEDING,
    REVISE_LETTER,
    SEAL_LETTER,
    SUPERSEDE_LETTER,
)
from proposals import rules as case_rules
from proposals.enums import State
from proposals.models import Proposal
from review.rounds import verbs, words

PDF_JOB = "letter_pdf"
# Which letter a case may get where it stands.
FROM_STATE = {
    State.BENEFITS_FINALISED: Purpose.APPROVAL,
    State.NOT_APPROVED: Purpose.NON_APPROVAL,
    State.AWAITING_COMPLETION: Purpose.RETURN,
    State.LAPSED: Purpose.LAPSE,
}
# Where another letter may take the place of the one that was issued (D6).
AFTER_THE_LETTER = frozenset({State.LETTER_ISSUED, State.MONITORING})
DECIDED = (Purpose.APPROVAL, Purpose.NON_APPROVAL)


class LetterHeadForm(MoveForm):
    """What a letter says that is no part of its template."""

    addressee = forms.CharField(
        label=gettext_lazy("Addressee"),
        help_text=gettext_lazy("As it stands on the letter, one line below the other."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1000,
    )
    decision_reference = forms.CharField(label=gettext_lazy("Decision"), max_length=300)
    particulars = forms.CharField(widget=forms.Textarea, max_length=8000)
    contact = forms.CharField(label=gettext_lazy("Whom to ask"), max_length=300)

    def purpose(self) -> str:
        """Return the kind of letter it is about."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Ask for what this kind of letter says."""
        purpose = self.purpose()
        if purpose not in DECIDED:
            del self.fields["decision_reference"]
        approval = purpose == Purpose.APPROVAL
        field = self.fields["particulars"]
        field.required = not approval
        field.label = {
            Purpose.APPROVAL: _("Conditions of the approval"),
            Purpose.NON_APPROVAL: _("Reasons"),
        }.get(Purpose(purpose), _("What is missing"))
        field.help_text = _("Each line becomes a paragraph of its own.")


class DraftForm(LetterHeadForm):
    """What a draft starts from."""

    def purpose(self) -> str:
        """Return the kind that follows from where the case stands."""
        return FROM_STATE[State(self.move.subject.state)]


@register
class DraftLetter(Move):
    """ASEC drafts the letter that the case calls for, from the template in force (F4, F7)."""

    name = "draft_letter"
    model = Proposal
    during = frozenset(FROM_STATE)
    who = case_rules.asec
    label = gettext_lazy("Draft the letter")
    done = gettext_lazy("Letter drafted")
    help = gettext_lazy("Its text comes from the template. You can preview and change all of it before it is approved.")
    form = DraftForm
    audience = Audience.STATES
    closes = {DRAFT_LETTER}

    @property
    def purpose(self) -> Purpose:
        """The kind of letter."""
        return FROM_STATE[State(self.subject.state)]

    @property
    def hidden(self) -> bool:  # type: ignore[override]
        """Not offered once the letter is there; its page has the moves."""
        return self._made()

    def _made(self) -> bool:
        """One letter for one outcome: for a return, one each time that completion is asked for."""
        made = Letter.objects.filter(proposal=self.subject, purpose=self.purpose).live()
        if self.purpose == Purpose.RETURN:
            made = made.filter(drafted_at__gte=self.subject.moved_at)
        return made.exists()

    def reasons(self) -> Iterable[str]:
        """One letter for one outcome, and one draft at a time."""
        if self._made():
            yield _("This letter was made already.")
        elif Letter.objects.filter(proposal=self.subject, state=LetterState.DRAFT).exists():
            yield _("The draft of an earlier letter is still there. Discard it first.")

    def initial(self) -> dict[str, Any]:
        """Start from the case."""
        return {
            "addressee": first.addressee(self.subject),
            "decision_reference": first.decision_reference(self.subject),
            "particulars": first.particulars(self.subject, self.purpose),
            "contact": first.contact(),
        }

    def effect(self) -> None:
        """Take the words of the template in force."""
        template = templates.newest(self.purpose)
        self.new = Letter.objects.create(
            proposal=self.subject,
            purpose=self.purpose,
            template=template,
            drafted_at=self.now,
            **{block: getattr(template, block) for block in BLOCKS},
            **self.data,
        )

    def details(self) -> dict[str, Any]:
        """Keep which template it came from."""
        return {"letter": self.new.pk, "purpose": self.purpose.value, "template": self.new.template.number}

    def owes(self) -> Iterable[Owes]:
        """Whoever approves it is next."""
        yield from to_approve(self.new)

    def tells(self) -> Iterable[Tell]:
        """Tell whoever approves it."""
        for owed in to_approve(self.new, even_if_ended=True):
            yield Tell(
                owed.party, _("The draft of a letter is ready for your approval"), to_act=True, path=page_of(self.new)
            )

    def after(self) -> str:
        """Go to the preview."""
        return page_of(self.new)


def page_of(letter: Letter) -> str:
    """Return the address of the letter's page."""
    return reverse("letter", args=[letter.proposal.case.code, letter.pk])


def to_approve(letter: Letter, *, even_if_ended: bool = False) -> Iterable[Owes]:
    """Yield who owes the approval; a case that has lapsed owes nothing any more."""
    party = chair() if letter.purpose in DECIDED else parties.asec()
    if party and (even_if_ended or letter.purpose != Purpose.LAPSE):
        yield Owes(APPROVE_LETTER, party, on=letter)


class EditForm(LetterHeadForm):
    """Every word of a draft."""

    field_order = [
        "addressee",
        "subject",
        "opening",
        "particulars",
        "decision_reference",
        "reporting",
        "standing",
        "closing",
        "contact",
    ]

    def purpose(self) -> str:
        """Return the kind of the letter."""
        return str(self.move.subject.purpose)

    def prepare(self) -> None:
        """Ask for every block that this kind of letter has."""
        super().prepare()
        for block in BLOCKS:
            field = Letter._meta.get_field(block)
            if block in ("reporting", "standing") and self.purpose() != Purpose.APPROVAL:
                continue
            made: forms.Field = field.formfield()  # type: ignore[union-attr,assignment]
            made.required = True
            if block != "subject":
                made.widget.attrs["rows"] = 12
            self.fields[block] = made
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Hold the placeholders to the known ones, each fault beside its block (F4)."""
        data: dict[str, Any] = super().clean() or {}
        words = Letter(purpose=self.purpose(), **{block: data.get(block, "") for block in BLOCKS})
        for block, faults in words.faults().items():
            if block in self.fields and block in data:
                self.add_error(block, faults)
        return data


@register
class EditLetter(Move):
    """The draft is changed; whoever approves reads it anew."""

    name = "edit_letter"
    model = Letter
    during = frozenset({LetterState.DRAFT})
    who = case_rules.asec
    label = gettext_lazy("Change the draft")
    done = gettext_lazy("Draft of the letter changed")
    form = EditForm
    audience = Audience.STATES
    closes = {REVISE_LETTER}

    def initial(self) -> dict[str, Any]:
        """Start from the draft."""
        names = ("addressee", "decision_reference", "particulars", "contact", *BLOCKS)
        return {name: getattr(self.subject, name) for name in names}

    def kept(self) -> dict[str, Any]:
        """Keep what changed, not the whole letter."""
        return {"changed": sorted(name for name, value in self.data.items() if self.before[name] != value)}

    def effect(self) -> None:
        """Write it down."""
        self.before = self.initial()
        for name, value in self.data.items():
            setattr(self.subject, name, value)
        self.subject.wanted_changes = ""
        self.subject.save(update_fields=[*self.data, "wanted_changes"])

    def owes(self) -> Iterable[Owes]:
        """Whoever approves it is next again."""
        yield from to_approve(self.subject)

    def tells(self) -> Iterable[Tell]:
        """Tell whoever approves it that it reads differently now."""
        for owed in to_approve(self.subject, even_if_ended=True):
            yield Tell(owed.party, _("The draft of a letter was changed"), to_act=True, path=page_of(self.subject))


class ChangesForm(MoveForm):
    """What the approver wants changed."""

    wanted_changes = forms.CharField(
        label=gettext_lazy("What should be changed"), widget=forms.Textarea, max_length=4000
    )


@register
class AskLetterChanges(Move):
    """Whoever approves asks for another wording first."""

    name = "ask_letter_changes"
    model = Letter
    during = frozenset({LetterState.DRAFT})
    who = rules.approver
    label = gettext_lazy("Ask for changes")
    done = gettext_lazy("Changes to the letter asked for")
    form = ChangesForm
    audience = Audience.STATES
    closes = {APPROVE_LETTER}

    def effect(self) -> None:
        """Keep what is wanted beside the draft."""
        self.subject.wanted_changes = self.data["wanted_changes"]
        self.subject.save(update_fields=["wanted_changes"])

    def owes(self) -> Iterable[Owes]:
        """ASEC owes the change."""
        if self.subject.purpose != Purpose.LAPSE:
            yield Owes(REVISE_LETTER, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC."""
        yield Tell(
            parties.asec(), _("Changes to the draft of a letter are wanted"), to_act=True, path=page_of(self.subject)
        )


@register
class DiscardLetter(Move):
    """draft → discarded; it never had a number, and another can be drafted."""

    name = "discard_letter"
    model = Letter
    on = "discard"
    who = case_rules.asec
    label = gettext_lazy("Discard the draft")
    done = gettext_lazy("Draft of the letter discarded")
    audience = Audience.STATES
    warning = True
    closes = {APPROVE_LETTER, REVISE_LETTER}

    def owes(self) -> Iterable[Owes]:
        """A case that waits for its letter still does."""
        if self.subject.supersedes_id and self.subject.proposal.state in AFTER_THE_LETTER:
            yield Owes(SUPERSEDE_LETTER, parties.asec(), on=self.subject.proposal)
        if self.subject.proposal.state == State.BENEFITS_FINALISED:
            yield Owes(DRAFT_LETTER, parties.asec(), on=self.subject.proposal)


@register
class ApproveLetter(Move):
    """draft → approved: number, date and every word are frozen, and the worker makes the PDF (F4, F7)."""

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
        letter, case = self.subject, self.subject.proposal
        fits = case.state in AFTER_THE_LETTER if letter.supersedes_id else FROM_STATE.get(case.state) == letter.purpose
        if not fits:
            yield _("The case has moved on; this letter no longer fits it. Discard the draft.")
        elif letter.purpose == Purpose.APPROVAL and (lacking := verbs.fails(case)):
            yield _("Those that take part now cannot carry the project.")
            yield from words.sentences(lacking)

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
        if self.subject.purpose != Purpose.LAPSE:
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

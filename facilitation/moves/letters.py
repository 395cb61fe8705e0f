"""Letters up to their check: drafted by ASEC from a template, changed, discarded (F4)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from facilitation import templates
from facilitation.enums import BENEFITS, DECIDED, UNDECIDED, LetterState, Purpose
from facilitation.letters import first
from facilitation.models import Letter
from facilitation.models.letter_template import BLOCKS
from facilitation.moves.shared import chair
from facilitation.obligations import APPROVE_LETTER, CHECK_LETTER, DRAFT_LETTER, REVISE_LETTER, SUPERSEDE_LETTER
from proposals import rules as case_rules
from proposals.enums import ENDED, State
from proposals.models import Proposal

# Which letter a case may get where it stands.
FROM_STATE = {
    State.BENEFITS_FINALISED: Purpose.APPROVAL,
    State.NOT_APPROVED: Purpose.NON_APPROVAL,
    State.AWAITING_COMPLETION: Purpose.RETURN,
    State.LAPSED: Purpose.LAPSE,
}
# Where another letter may take the place of the one that was issued (D6).
AFTER_THE_LETTER = frozenset({State.LETTER_ISSUED, State.MONITORING})
# What the longest address may take; the letter's first page is laid out for it.
ADDRESS = 2000


class LetterHeadForm(MoveForm):
    """What a letter says that is no part of its template."""

    addressee = forms.CharField(
        label=gettext_lazy("Addressee"),
        help_text=gettext_lazy("As it stands on the letter, one line below the other."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=ADDRESS,
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
        if purpose not in DECIDED - {Purpose.REVOCATION}:
            del self.fields["decision_reference"]
        field = self.fields["particulars"]
        field.required = purpose not in BENEFITS
        field.label = {
            Purpose.APPROVAL: _("Conditions of the approval"),
            Purpose.AMENDMENT: _("Conditions of the approval"),
            Purpose.NON_APPROVAL: _("Reasons"),
            Purpose.REVOCATION: _("Reasons"),
        }.get(Purpose(purpose), _("What is missing"))
        field.help_text = _("Each line becomes a paragraph of its own.")


class DraftForm(LetterHeadForm):
    """What a draft starts from."""

    def purpose(self) -> str:
        """Return the kind that follows from where the case stands."""
        return FROM_STATE[State(self.move.subject.state)]


class DraftsLetter(Move):
    """A move that begins a letter, with the words of the template in force for its kind."""

    audience = Audience.STATES

    def draft(self, purpose: Purpose, proposal: Proposal, **more: Any) -> None:
        """Write the draft, as `new`."""
        template = templates.newest(purpose)
        self.new = Letter.objects.create(
            proposal=proposal,
            purpose=purpose,
            template=template,
            drafted_at=self.now,
            written_by=self.as_.person,
            **{block: getattr(template, block) for block in BLOCKS},
            **self.data,
            **more,
        )

    def owes(self) -> Iterable[Owes]:
        """The Secretariat checks it first."""
        yield from to_check(self.new)

    def tells(self) -> Iterable[Tell]:
        """Tell the Secretariat's officers."""
        yield checkers(self.new)

    def after(self) -> str:
        """Go to the preview."""
        return page_of(self.new)


@register
class DraftLetter(DraftsLetter):
    """ASEC drafts the letter that the case calls for, from the template in force (F4, F7)."""

    name = "draft_letter"
    model = Proposal
    during = frozenset(FROM_STATE)
    who = case_rules.asec
    label = gettext_lazy("Draft the letter")
    done = gettext_lazy("Letter drafted")
    help = gettext_lazy("Its text comes from the template. You can preview and change all of it before it is approved.")
    form = DraftForm
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
        made = (
            Letter.objects.filter(proposal=self.subject, purpose=self.purpose).live().exclude(state=LetterState.REVOKED)
        )
        if self.purpose == Purpose.RETURN:
            made = made.filter(drafted_at__gte=self.subject.moved_at)
        return made.exists()

    def reasons(self) -> Iterable[str]:
        """One letter for one outcome, and one draft at a time."""
        if self._made():
            yield _("This letter was made already.")
        elif Letter.objects.filter(proposal=self.subject, state__in=UNDECIDED).exists():
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
        self.draft(self.purpose, self.subject)

    def details(self) -> dict[str, Any]:
        """Keep which template it came from."""
        return {"letter": self.new.pk, "purpose": self.purpose.value, "template": self.new.template.number}


def page_of(letter: Letter) -> str:
    """Return the address of the letter's page."""
    return reverse("letter", args=[letter.proposal.case.code, letter.pk])


def to_check(letter: Letter) -> Iterable[Owes]:
    """Yield who owes the check; a case that has ended owes what tells its end, and nothing after a lapse."""
    if is_owed(letter):
        yield Owes(CHECK_LETTER, parties.asec(), on=letter)


def checkers(letter: Letter) -> Tell:
    """Return what the Secretariat's officers are told of words that wait for a check."""
    return Tell(parties.asec(), _("The draft of a letter waits for its check"), to_act=True, path=page_of(letter))


def to_approve(letter: Letter, *, even_if_ended: bool = False) -> Iterable[Owes]:
    """Yield who owes the approval; a case that has lapsed owes nothing any more."""
    party = chair() if letter.purpose in DECIDED else parties.asec()
    if party and (even_if_ended or is_owed(letter)):
        yield Owes(APPROVE_LETTER, party, on=letter)


def is_owed(letter: Letter) -> bool:
    """Whether anything is owed for it: an ended case owes the letter that tells its end, unless it lapsed."""
    return letter.purpose == Purpose.NON_APPROVAL or letter.proposal.state not in ENDED


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
            if block in ("reporting", "standing") and self.purpose() not in BENEFITS:
                continue
            made: forms.Field = field.formfield()  # type: ignore[union-attr,assignment]
            made.required = True
            if block != "subject":
                made.widget.attrs["rows"] = 12
            self.fields[block] = made
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        """Hold the placeholders to the known ones, each fault beside its block (F4); a browser ends lines with two signs."""
        typed: dict[str, Any] = super().clean() or {}
        data = {name: value.replace("\r\n", "\n") for name, value in typed.items()}
        words = Letter(purpose=self.purpose(), **{block: data.get(block, "") for block in BLOCKS})
        for block, faults in words.faults().items():
            if block in self.fields and block in data:
                self.add_error(block, faults)
        return data


@register
class EditLetter(Move):
    """→ draft: its words change, and it is checked anew."""

    name = "edit_letter"
    model = Letter
    on = "edit_letter"
    who = case_rules.asec
    label = gettext_lazy("Change the draft")
    done = gettext_lazy("Draft of the letter changed")
    form = EditForm
    audience = Audience.STATES
    closes = {REVISE_LETTER, APPROVE_LETTER}

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
        letter = self.subject
        letter.wanted_changes, letter.written_by = "", self.as_.person
        letter.checked_at = letter.checked_by = None
        letter.save(update_fields=[*self.data, "wanted_changes", "written_by", "checked_at", "checked_by"])

    def owes(self) -> Iterable[Owes]:
        """The Secretariat checks it again."""
        yield from to_check(self.subject)

    def tells(self) -> Iterable[Tell]:
        """Tell the Secretariat's officers that it reads differently now."""
        yield checkers(self.subject)


@register
class DiscardLetter(Move):
    """draft, checked → discarded; it never had a number, and another can be drafted."""

    name = "discard_letter"
    model = Letter
    on = "discard"
    who = case_rules.asec
    label = gettext_lazy("Discard the draft")
    done = gettext_lazy("Draft of the letter discarded")
    audience = Audience.STATES
    warning = True
    closes = {CHECK_LETTER, APPROVE_LETTER, REVISE_LETTER}

    def effect(self) -> None:
        """An amendment that it told waits for another letter."""
        self.subject.amendments.update(letter=None)

    def owes(self) -> Iterable[Owes]:
        """A case that waits for its letter still does."""
        if self.subject.supersedes_id and self.subject.proposal.state in AFTER_THE_LETTER:
            yield Owes(SUPERSEDE_LETTER, parties.asec(), on=self.subject.proposal)
        if self.subject.proposal.state == State.BENEFITS_FINALISED:
            yield Owes(DRAFT_LETTER, parties.asec(), on=self.subject.proposal)

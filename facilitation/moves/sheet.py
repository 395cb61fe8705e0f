"""A SEOM lead's answers on all benefits of a case, on one page and in one transaction (F3)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aipbi.forms import Radios
from aipbi.workflow import parties
from aipbi.workflow.door import perform
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from facilitation import amendments
from facilitation.enums import ConcurrenceState
from facilitation.giving import outside_agreement
from facilitation.models import Concurrence
from facilitation.moves.concurrence import LONG, MAY_BE_NAMED, Concur, Refuse, tell_what_follows
from facilitation.moves.shared import PartOfAnother, benefits_tab, finalise_if_agreed
from proposals import rules as case_rules
from proposals.enums import State, Taking
from proposals.models import Participation

ANSWERS = {
    "concur": gettext_lazy("Concur"),
    "with_conditions": gettext_lazy("With conditions"),
    "refuse": gettext_lazy("Do not concur"),
}


class Row:
    """One benefit on the sheet, and its fields."""

    def __init__(self, form: "SheetForm", word: Concurrence) -> None:
        self.word, self.benefit = word, word.benefit
        self.form = form

    def name(self, part: str) -> str:
        """Return the name of one of its fields."""
        return f"{part}_{self.benefit.number}"

    @property
    def answer(self) -> Any:
        """The bound field of the answer."""
        return self.form[self.name("answer")]

    @property
    def words(self) -> Any:
        """The bound field of conditions or reason."""
        return self.form[self.name("words")]

    @property
    def may_be_named(self) -> Any:
        """The bound field of whether the proponent may be told."""
        return self.form[self.name("named")]

    @property
    def wording(self) -> Any:
        """The bound field of the text that was read."""
        return self.form[self.name("wording")]


class SheetForm(MoveForm):
    """Four fields a benefit: the answer, words on it, whether the proponent may be told, and the text that was read.

    A row left without an answer stays as it is. No answer is chosen beforehand.
    """

    def prepare(self) -> None:
        """Make the fields of each benefit that the Member State is asked about."""
        self.rows = [Row(self, word) for word in self.move.words]  # type: ignore[attr-defined]
        for row in self.rows:
            about = _("benefit %(number)s") % {"number": row.benefit.number}
            self.fields[row.name("answer")] = forms.ChoiceField(
                label=_("Answer on %(about)s") % {"about": about}, choices=[*ANSWERS.items(), ("", "")], widget=Radios,
                required=False,
            )  # fmt: skip
            kept = _("Leave it as it is") if row.word.answered_at else _("Leave it open")
            self.fields[row.name("answer")].widget.blank = kept
            self.fields[row.name("words")] = forms.CharField(
                label=_("Conditions, or the reason, on %(about)s") % {"about": about}, required=False, max_length=LONG,
                widget=forms.Textarea(attrs={"rows": 2, "placeholder": " "}),
            )  # fmt: skip
            self.fields[row.name("named")] = forms.BooleanField(label=MAY_BE_NAMED, required=False)
            self.fields[row.name("wording")] = forms.IntegerField(
                widget=forms.HiddenInput, initial=row.benefit.wording, required=False
            )

    def clean(self) -> dict[str, Any]:
        """Hold each answer to the text that was read, to its words and to the agreement it rests on."""
        data: dict[str, Any] = super().clean() or {}
        given = [row for row in self.rows if data.get(row.name("answer"))]
        for row in self.rows:
            self._check(row, data)
        if not given and not self.errors:
            self.add_error(None, _("Answer on at least one benefit."))
        return data

    def _check(self, row: Row, data: Mapping[str, Any]) -> None:
        answer, words = data.get(row.name("answer"), ""), data.get(row.name("words"), "")
        about = {"number": row.benefit.number}
        if not answer:
            if words and row.name("answer") not in self.errors:
                self.add_error(row.name("answer"), _("Benefit %(number)s: choose the answer for these words.") % about)
            return
        if data.get(row.name("wording")) != row.benefit.wording:
            self.add_error(
                row.name("answer"),
                _("Benefit %(number)s has another text since you opened this page. Read it, and answer again.") % about,
            )
            self.data = again(self.data, row)
            return
        if answer == "concur" and words:
            self.add_error(
                row.name("words"),
                _("Benefit %(number)s: with words it is “With conditions”. Choose that, or empty the field.") % about,
            )
        if answer == "with_conditions" and not words:
            self.add_error(row.name("words"), _("Benefit %(number)s: write the conditions.") % about)
        if answer == "refuse" and not words:
            self.add_error(row.name("words"), _("Benefit %(number)s: write the reason.") % about)
        if answer != "refuse":
            benefit = row.benefit
            for why in outside_agreement(
                benefit.agreement, [row.word.ams], starts=benefit.starts, ends=benefit.ends
            ).values():
                self.add_error(row.name("answer"), _("Benefit %(number)s: %(why)s") % {**about, "why": why})

    def answers(self, data: Mapping[str, Any]) -> list[tuple[Concurrence, str, str, bool]]:
        """Return each answer that was given, with its words."""
        return [
            (row.word, answer, data[row.name("words")], data[row.name("named")])
            for row in self.rows
            if (answer := data[row.name("answer")])
        ]


def again(typed: Any, row: Row) -> Any:
    """Return what was typed, the words kept and the answer not: it was on another text."""
    copy = typed.copy() if isinstance(typed, QueryDict) else dict(typed)
    copy[row.name("answer")], copy[row.name("wording")] = "", str(row.benefit.wording)
    return copy


class _ConcurOnSheet(PartOfAnother, Concur):
    """One row of the sheet; the sheet tells and owes for all of them."""


class _RefuseOnSheet(PartOfAnother, Refuse):
    """The same for a refusal."""


@register
class AnswerBenefits(Move):
    """The Member State's answers on as many benefits as it likes, all of them or none (L1)."""

    name = "answer_benefits"
    model = Participation
    during = frozenset({Taking.CONFIRMED})
    who = case_rules.seom_of_its_ams
    label = gettext_lazy("Answer on the benefits")
    done = gettext_lazy("Member State answered on benefits")
    help = gettext_lazy(
        "A benefit without an answer stays as it is: you can answer on it later, and change each answer until the benefits are finalised."
    )
    form = SheetForm
    audience = Audience.STATES
    # It is reached from the page of benefits, not from that of participation.
    hidden = True

    @property
    def words(self) -> list[Concurrence]:
        """The Member State's rows on benefits that stand, in the order of the benefits; those left out are not asked."""
        proposal = self.subject.proposal
        mine = Concurrence.objects.filter(proposal=proposal, ams=self.subject.ams_id)
        mine = mine.exclude(state=ConcurrenceState.LEFT_OUT).filter(
            benefit__state="proposed", benefit__finalised_at=None
        )
        rows = mine.select_related("benefit__category", "benefit__body", "benefit__agreement", "ams")
        found = [one for one in rows.order_by("benefit__number") if self.subject.covers(one.benefit.category_id)]
        for one in found:
            one.proposal = one.benefit.proposal = proposal
        return found

    def reasons(self) -> Iterable[str]:
        """There is something to answer, in facilitation."""
        proposal = self.subject.proposal
        if proposal.state != State.FACILITATION and not amendments.open_one(proposal):
            yield _("This is worked out while the case is in facilitation.")
        elif not self.words:
            yield _("Your country is not asked about any benefit.")

    def effect(self) -> None:
        """Make each answer's own move, so that the trail reads the same whichever page it came from."""
        form = self.form(move=self)
        self.answered = []
        for word, answer, words, named in form.answers(self.data):
            move = _RefuseOnSheet if answer == "refuse" else _ConcurOnSheet
            data = {"reason": words, "may_be_named": named} if answer == "refuse" else {"conditions": words}
            perform(move, word, by=self.as_.person, as_=self.as_, data=data)
            self.answered.append(word)

    def done_now(self) -> str:
        """Say how many were answered, and how many are left."""
        answered, left = len(self.answered), sum(word.state == ConcurrenceState.ASKED for word in self.words)
        said = ngettext("Answered on %(n)s benefit.", "Answered on %(n)s benefits.", answered) % {"n": answered}
        if not left:
            return f"{said} {_('None waits for your country any more.')}"
        waits = ngettext("%(n)s still waits for your country.", "%(n)s still wait for your country.", left)
        return f"{said} {waits % {'n': left}}"

    def kept(self) -> dict[str, Any]:
        """Keep what was answered; the rest of the sheet was empty."""
        return {name: value for name, value in self.data.items() if value not in ("", False, None)}

    def repeats(self, entered: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
        """A sheet sent twice has the same answers."""
        return {
            name: value for name, value in entered.items() if value not in ("", False, None)
        }.items() <= kept.items()

    def merged(self, entered: Mapping[str, Any], seen: int) -> Mapping[str, Any]:
        """Keep what a colleague of the same office finds typed, but for answers on a text that changed meanwhile."""
        for row in self.form(move=self).rows:
            if entered.get(row.name("wording")) != str(row.benefit.wording):
                entered = again(entered, row)
        return entered

    def details(self) -> dict[str, Any]:
        """Keep on which benefits, and whose answers they are."""
        return {"benefits": [word.benefit.number for word in self.answered], "ams": self.subject.ams_id}

    def owes(self) -> Iterable[Owes]:
        """The last word makes it the chair's turn."""
        yield from finalise_if_agreed(self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC once, and the chair when nothing is awaited any more."""
        proposal = self.subject.proposal
        yield Tell(parties.asec(), _("A Member State answered on benefits"), path=benefits_tab(proposal))
        yield from tell_what_follows(proposal, [word.benefit_id for word in self.answered])

    def home(self, code: str) -> str:
        """The page of benefits leads to it."""
        return reverse("benefits", args=[code])

    def after(self) -> str:
        """Go to the page of benefits."""
        return benefits_tab(self.subject.proposal)

"""Each Member State's word on a benefit: given, changed, asked for again, and gone on without (F3)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean import clocks
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience, Subject
from aipbi.workflow.moves import Owes, Tell
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import GIVEN, BenefitState, ConcurrenceState
from facilitation.giving import outside_agreement, outside_category
from facilitation.models import Concurrence, ConcurrenceEntry
from facilitation.moves.shared import DuringFacilitation, benefits_tab, finalise_if_agreed
from facilitation.obligations import CONCURRENCE, FINALISE
from facilitation.queries import standing_words
from proposals import rules as case_rules

LONG = 4000
MAY_BE_NAMED = gettext_lazy("The proponent may be told that our country does not concur, and why")


class WhyForm(MoveForm):
    """A reason in words."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea, max_length=LONG)


class RefusalForm(WhyForm):
    """A reason, and who may read of it."""

    may_be_named = forms.BooleanField(
        label=MAY_BE_NAMED,
        help_text=gettext_lazy(
            "Otherwise the proponent learns only that not all Member States give it. The other Member States and the Secretariat read your reason."
        ),
        required=False,
    )


class ConcurForm(MoveForm):
    """Conditions, if any."""

    conditions = forms.CharField(
        label=gettext_lazy("Conditions of your country"),
        help_text=gettext_lazy(
            "They stand beside your country's name in the letter. Leave empty to concur without conditions."
        ),
        widget=forms.Textarea,
        max_length=LONG,
        required=False,
    )


class Word(DuringFacilitation):
    """What every word shares: the benefit stands, and the benefits are not final."""

    model = Concurrence
    audience = Audience.STATES
    closes = frozenset({CONCURRENCE})

    def reasons(self) -> Iterable[str]:
        """Nothing is said of a benefit that was withdrawn."""
        yield from super().reasons()
        if self.subject.benefit.state == BenefitState.WITHDRAWN:
            yield _("This benefit was withdrawn.")
        elif self.subject.benefit.finalised_at:
            yield _("This benefit is final.")

    def effect(self) -> None:
        """Keep the words, the date and the text they are on; what was said before is kept beside."""
        word = self.subject
        word.conditions = self.data.get("conditions", "")
        word.reason = self.data.get("reason", "")
        word.may_be_named = self.data.get("may_be_named", False)
        word.wording, word.answered_at, word.left_out_because = word.benefit.wording, self.now, ""
        self.keep()

    def keep(self) -> None:
        """Save the row, and write what was said once and for all as an entry of its history."""
        word = self.subject
        kept = ("conditions", "reason", "may_be_named")
        word.save(update_fields=[*kept, "wording", "answered_at", "left_out_because"])
        ConcurrenceEntry.objects.create(
            concurrence=word, state=word.state, wording=word.benefit.wording,
            person=self.as_.person, office=self.as_.office, at=self.now,
            **{name: getattr(word, name) for name in kept}
            | ({"reason": word.left_out_because} if word.left_out_because else {}),
        )  # fmt: skip

    def details(self) -> dict[str, Any]:
        """Keep which benefit, in which wording, and which Member State."""
        benefit = self.subject.benefit
        return {"benefit": benefit.number, "wording": benefit.wording, "ams": self.subject.ams_id}

    def owes(self) -> Iterable[Owes]:
        """The last word makes it the chair's turn."""
        yield from finalise_if_agreed(self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, and the chair when nothing is awaited any more."""
        yield Tell(parties.asec(), _("A Member State answered on a benefit"), path=benefits_tab(self.subject.proposal))
        yield from tell_what_follows(self.subject.proposal, [self.subject.benefit_id])


def tell_what_follows(proposal: Any, benefits: list[int]) -> Iterable[Tell]:
    """Tell ASEC of each of these benefits that nobody gives now, and the chair once the benefits can be finalised (F3)."""
    path, words = benefits_tab(proposal), standing_words(proposal)
    if any(not _open_or_given(words.get(benefit, [])) for benefit in benefits):
        yield Tell(
            parties.asec(), _("No Member State is left that gives a benefit: change or withdraw it"), to_act=True,
            path=path,
        )  # fmt: skip
    for owed in finalise_if_agreed(proposal):
        yield Tell(
            owed.party, _("All Member States have answered: the benefits can be finalised"), to_act=True, path=path
        )


def _open_or_given(words: list[Concurrence]) -> bool:
    return any(word.state == ConcurrenceState.ASKED or word.state in GIVEN for word in words)


class _OwnWord(Word):
    """A Member State's own word: it takes part in the category."""

    who = case_rules.seom_of_its_ams

    def reasons(self) -> Iterable[str]:
        """Who takes no part in the category gives nothing in it."""
        yield from super().reasons()
        word = self.subject
        yield from outside_category(word.proposal, word.benefit.category, [word.ams]).values()


@register
class Concur(_OwnWord):
    """The Member State would give it, with or without conditions."""

    name = "concur"
    on = "concur"
    label = gettext_lazy("Concur")
    done = gettext_lazy("Member State concurs in a benefit")
    help = gettext_lazy(
        "Your country would give this measure. You can change your answer until the benefits are finalised."
    )
    form = ConcurForm

    def refusals(self) -> Iterable[str]:
        """Nobody gives what rests on an agreement to which it is not party."""
        word, benefit = self.subject, self.subject.benefit
        yield from outside_agreement(benefit.agreement, [word.ams], starts=benefit.starts, ends=benefit.ends).values()

    def target(self) -> str:
        """Conditions make it a concurrence with conditions."""
        return ConcurrenceState.WITH_CONDITIONS if self.data["conditions"] else ConcurrenceState.CONCURRED


@register
class Refuse(_OwnWord):
    """The Member State would not give it."""

    name = "refuse"
    on = "refuse"
    label = gettext_lazy("Do not concur")
    done = gettext_lazy("Member State does not concur in a benefit")
    help = gettext_lazy(
        "Your country does not give this measure. You can change your answer until the benefits are finalised."
    )
    form = RefusalForm


@register
class LeaveOut(Word):
    """The benefit goes on without a Member State that does not, or not yet, concur (F3)."""

    name = "leave_out"
    on = "leave_out"
    who = rules.engages
    label = gettext_lazy("Go on without it")
    done = gettext_lazy("Member State left out of a benefit")
    help = gettext_lazy(
        "The benefit goes on with the other Member States. This one will not stand beside it in the letter."
    )
    form = WhyForm

    def effect(self) -> None:
        """Keep why, beside what the Member State said itself."""
        self.subject.left_out_because = self.data["reason"]
        self.keep()

    def tells(self) -> Iterable[Tell]:
        """Tell the Member State, too."""
        yield from super().tells()
        yield Tell(
            parties.seom(self.subject.ams_id), _("A benefit goes on without your country"),
            path=benefits_tab(self.subject.proposal),
        )  # fmt: skip


@register
class AskAgain(Word):
    """Any → not answered: the text is another, or the benefit is put once more to who did not give it."""

    name = "ask_again"
    on = "ask_again"
    who = rules.engages
    label = gettext_lazy("Ask again")
    done = gettext_lazy("Member State asked again on a benefit")
    help = gettext_lazy("The benefit is put to this Member State once more; what it said before is kept.")
    closes = frozenset({FINALISE})

    @property
    def hidden(self) -> bool:  # type: ignore[override]
        """A word that stands is asked for again only because the text changed, and by that move."""
        return self.subject.state not in (ConcurrenceState.REFUSED, ConcurrenceState.LEFT_OUT)

    def also(self) -> Iterable[Subject]:
        """The chair waits for the answer."""
        return [self.subject.proposal]

    def effect(self) -> None:
        """Nothing is said of the text as it is now; the history holds what was."""
        word = self.subject
        word.conditions = word.reason = word.left_out_because = ""
        word.may_be_named, word.wording, word.answered_at = False, None, None
        self.keep()

    def owes(self) -> Iterable[Owes]:
        """It owes its word."""
        yield Owes(CONCURRENCE, parties.seom(self.subject.ams_id))

    def tells(self) -> Iterable[Tell]:
        """Tell its SEOM lead."""
        ams = self.subject.ams_id
        yield Tell(
            parties.seom(ams), _("A benefit has changed: your country is asked again whether it concurs"), to_act=True,
            due=clocks.due("position", self.now, ams), path=benefits_tab(self.subject.proposal),
        )  # fmt: skip

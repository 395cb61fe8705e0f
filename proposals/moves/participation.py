"""What a Member State's SEOM lead says of taking part: at first, later, and no longer (D1, D6)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean.names import category_names
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules
from proposals.enums import State, Taking
from proposals.models import Participation, ParticipationEntry
from proposals.obligations import PARTICIPATION

# Until the round opens a Member State may change its answer.
BEFORE_THE_ROUND = frozenset({State.REGISTERED, State.UNDER_ASSESSMENT, State.ASSESSED, State.DEFERRED})
# From the approval on it joins, or leaves for the future (D6).
DECIDED = frozenset(
    {State.APPROVED, State.FACILITATION, State.BENEFITS_FINALISED, State.LETTER_ISSUED, State.MONITORING}
)
WHILE_OPEN = BEFORE_THE_ROUND | {State.BEFORE_FG_GVC} | DECIDED
LONG = 4000


def keep(act: Move, *, categories: list[str] | None = None) -> None:
    """Write the answer on the row, and once and for all as an entry of its history."""
    row = act.subject
    row.reason, row.answered_at = act.data.get("reason", ""), act.now
    row.categories = row.categories if categories is None else categories
    row.save(update_fields=["reason", "answered_at", "categories"])
    ParticipationEntry.objects.create(
        participation=row, state=row.state, categories=row.categories, reason=row.reason,
        person=act.as_.person, office=act.as_.office, at=act.now,
    )  # fmt: skip


class OfParticipation(Move):
    """What every answer shares."""

    model = Participation
    who = rules.seom_of_its_ams
    audience = Audience.STATES

    @property
    def case_state(self) -> str:
        """Where the case stands; the lock holds it still."""
        return self.subject.proposal.state

    def reasons(self) -> Iterable[str]:
        """Answers are taken from registration until the case has ended."""
        if self.case_state not in WHILE_OPEN:
            yield _("Participation is answered after registration and until the case has ended.")

    def effect(self) -> None:
        """Keep the answer."""
        keep(self, categories=self.data.get("categories"))

    def kept(self) -> dict[str, Any]:
        """Keep what was entered, the categories by their codes."""
        return {"reason": self.data.get("reason", ""), "categories": list(self.subject.categories)}

    def details(self) -> dict[str, Any]:
        """Say whose answer it is."""
        return {"ams": self.subject.ams_id}

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, which waits for it; once the case is decided, everybody whom it concerns."""
        yield Tell(parties.asec(), self.words)
        if self.case_state in DECIDED:
            yield Tell(Party(organisation=self.subject.proposal.organisation), self.words)
            others = self.subject.proposal.participations.taking_part().exclude(pk=self.subject.pk)
            for ams in others.values_list("ams_id", flat=True):
                yield Tell(parties.seom(ams), self.words)

    @property
    def words(self) -> str:
        """What the notice says."""
        return self.named(_("%(state)s: answer on taking part"))

    def named(self, words: str) -> str:
        """Say of which Member State the words are."""
        return words % {"state": self.subject.ams}


class RemarkForm(MoveForm):
    """A remark, if any."""

    reason = forms.CharField(
        label=gettext_lazy("Remark"),
        help_text=gettext_lazy("The Member States on the case and the Secretariat read it; the proponent does not."),
        widget=forms.Textarea,
        max_length=LONG,
        required=False,
    )


class WhyForm(RemarkForm):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=RemarkForm.base_fields["reason"].help_text,
        widget=forms.Textarea,
        max_length=LONG,
    )


class CategoriesForm(RemarkForm):
    """In which categories, and a remark; who joins a case that is decided says why."""

    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Categories of facilitation in which your country takes part"),
        help_text=gettext_lazy("Leave all unticked if it takes part in every category."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    field_order = ["categories", "reason"]

    def prepare(self) -> None:
        """Offer the categories of today."""
        self.fields["categories"].choices = list(category_names().items())  # type: ignore[attr-defined]
        if self.move.case_state in DECIDED:  # type: ignore[attr-defined]
            self.fields["reason"].required = True
            self.fields["reason"].label = _("Reason")

    def clean_categories(self) -> list[str]:
        """Keep all of them as none named: a category that is added later is then among them."""
        chosen: list[str] = self.cleaned_data["categories"]
        return [] if len(chosen) == len(category_names()) else chosen


@register
class Confirm(OfParticipation):
    """The Member State takes part: from the start, or joining once the case is decided (D6)."""

    name = "confirm"
    on = "confirm"
    label = gettext_lazy("Confirm that your country takes part")
    done = gettext_lazy("Participation confirmed")
    form = CategoriesForm
    closes = frozenset({PARTICIPATION})

    def reasons(self) -> Iterable[str]:
        """Whoever decides in an open round was named when it was opened."""
        yield from super().reasons()
        if self.case_state == State.BEFORE_FG_GVC:
            yield _("A decision round is open. Your country can join once its outcome is recorded.")

    @property
    def words(self) -> str:
        """Say that one joined, where that is news."""
        return self.named(_("%(state)s: joined a project")) if self.case_state in DECIDED else super().words


@register
class ChangeCategories(OfParticipation):
    """The Member State takes part in other categories than before."""

    name = "change_categories"
    during = frozenset({Taking.CONFIRMED})
    label = gettext_lazy("Change the categories in which your country takes part")
    done = gettext_lazy("Categories of participation changed")
    form = CategoriesForm
    beside = True

    def initial(self) -> dict[str, Any]:
        """Start from what stands."""
        return {"categories": self.subject.categories}

    @property
    def words(self) -> str:
        """What the notice says."""
        return self.named(_("%(state)s: other categories of taking part than before"))


class _Instead(OfParticipation):
    """What is said instead of taking part; who takes part in a decided case leaves it."""

    closes = frozenset({PARTICIPATION})

    def reasons(self) -> Iterable[str]:
        """Whoever takes part once the round is open leaves with a reason."""
        yield from super().reasons()
        if self.case_state not in BEFORE_THE_ROUND and self.subject.state == Taking.CONFIRMED:
            yield _("Your country takes part. Since a round was opened it can only leave for the future.")


@register
class Observe(_Instead):
    """The Member State follows without deciding."""

    name = "observe"
    on = "observe"
    label = gettext_lazy("Follow as an observer")
    done = gettext_lazy("Follows as an observer")
    form = RemarkForm


@register
class Decline(_Instead):
    """The Member State does not take part."""

    name = "decline"
    on = "decline"
    label = gettext_lazy("Decline to take part")
    done = gettext_lazy("Participation declined")
    form = WhyForm


@register
class Leave(OfParticipation):
    """confirmed → left, from today on, with the reason; what was decided and given before stands (D6)."""

    name = "leave"
    on = "leave"
    label = gettext_lazy("Leave the project")
    done = gettext_lazy("A Member State left the project")
    help = gettext_lazy(
        "Your country takes no part from today on. What was decided before stays on record; a benefit letter that "
        "names it is superseded. It can join again later."
    )
    form = WhyForm
    warning = True

    def reasons(self) -> Iterable[str]:
        """Before a round an answer is simply changed."""
        yield from super().reasons()
        if self.case_state in BEFORE_THE_ROUND:
            yield _("No round was opened yet: your country can decline or observe instead.")

    @property
    def words(self) -> str:
        """What the notice says."""
        return self.named(_("%(state)s: left a project"))

"""Barriers that several cases meet: which challenges belong to one, how it is described, how it ends (F1)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean.models import Category
from aipbi.forms import Radios
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Blocked
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import WORKED_ON, CommonState
from facilitation.models import Challenge, CommonBarrier
from facilitation.moves.challenges import Resolve, SetAside
from facilitation.moves.shared import WhileTheCaseLives, told_proponent
from proposals.models import Proposal

_OTHERS_READ = gettext_lazy("The SEOM leads of other cases read the title and the description. Leave out: %(names)s.")


# --- a challenge and the common barrier ---
class JoinForm(MoveForm):
    """Which one."""

    common = forms.ModelChoiceField(
        label=gettext_lazy("Common barrier"),
        queryset=CommonBarrier.objects.none(),
        widget=Radios,
        empty_label=None,
    )

    def prepare(self) -> None:
        """Offer those that are worked on."""
        field: Any = self.fields["common"]
        field.queryset = (
            CommonBarrier.objects.filter(state=CommonState.OPEN).select_related("case").order_by("-opened_at")
        )
        field.label_from_instance = lambda one: one.caption


class _OfChallenge(WhileTheCaseLives):
    """What joining and leaving share. The proponent learns that there are others, and nothing of them."""

    model = Challenge
    during = WORKED_ON
    who = rules.engages
    audience = Audience.STATES


@register
class JoinCommon(_OfChallenge):
    """The challenge is worked on together with the same barrier of other cases."""

    name = "join_common"
    label = gettext_lazy("Work on it together with other cases")
    done = gettext_lazy("Challenge is worked on together with other cases")
    form = JoinForm
    # Reached from the list of barriers, where one ticks what belongs together.
    hidden = True

    def reasons(self) -> Iterable[str]:
        """One at a time."""
        yield from super().reasons()
        if self.subject.common_id:
            yield _("It is worked on together with other cases already.")

    def effect(self) -> None:
        """Tie it to the barrier; the words of that must not say whose it is. Raises Blocked."""
        one = self.data["common"]
        if named := found_in(f"{one.title}\n{one.description}", names_in([self.subject])):
            raise Blocked([_OTHERS_READ % {"names": ", ".join(named)}])
        self.subject.common = one
        self.subject.save(update_fields=["common"])

    def kept(self) -> dict[str, Any]:
        """Keep which one by its reference: its title may say more than a case's readers know."""
        return {"common": self.data["common"].case.reference}

    def details(self) -> dict[str, Any]:
        """Keep which challenge it is."""
        return {"challenge": self.subject.number}

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, without a word on whose the others are."""
        yield told_proponent(self.subject, _("A challenge of your project is worked on together with other projects"))


class LeaveForm(MoveForm):
    """Why it is worked on alone again."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is worked on alone again"),
        help_text=gettext_lazy("The Member States on the case read this; the proponent does not."),
        widget=forms.Textarea,
        max_length=2000,
    )


@register
class LeaveCommon(_OfChallenge):
    """The challenge is another one after all."""

    name = "leave_common"
    label = gettext_lazy("Work on it alone again")
    done = gettext_lazy("Challenge is worked on alone again")
    form = LeaveForm
    beside = True

    def reasons(self) -> Iterable[str]:
        """There must be something to leave."""
        yield from super().reasons()
        if self.subject.common_id is None:
            yield _("It is not worked on together with other cases.")

    def effect(self) -> None:
        """Untie it."""
        self.left = self.subject.common.case.reference
        self.subject.common = None
        self.subject.save(update_fields=["common"])

    def details(self) -> dict[str, Any]:
        """Keep which one it left."""
        return {"challenge": self.subject.number, "common": self.left}


# --- the common barrier itself ---
class CommonForm(MoveForm):
    """What the cases have in common, in words that name none of them."""

    title = forms.CharField(
        label=gettext_lazy("Title"), help_text=gettext_lazy("The barrier in one line, without naming a company or a project."), max_length=200
    )  # fmt: skip
    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"), queryset=Category.objects.order_by("order"), widget=Radios, empty_label=None
    )
    description = forms.CharField(
        label=gettext_lazy("What stands in the way"),
        help_text=gettext_lazy("The FG-GVC, ASEC and the SEOM leads of its cases read this; proponents do not."),
        widget=forms.Textarea,
        max_length=4000,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse words from which the lead of one case would read of another."""
        data: dict[str, Any] = super().clean() or {}
        names = names_in(self.move.subject.challenges.all())
        for name in ("title", "description"):
            if named := found_in(data.get(name, ""), names):
                self.add_error(name, _OTHERS_READ % {"names": ", ".join(named)})
        return data


class _OfCommon(Move):
    """What the moves of a common barrier share."""

    model = CommonBarrier
    who = rules.together
    audience = Audience.STATES


@register
class EditCommon(_OfCommon):
    """Its words."""

    name = "edit_common"
    during = frozenset({CommonState.OPEN})
    label = gettext_lazy("Change its words")
    done = gettext_lazy("Words of a common barrier changed")
    form = CommonForm
    beside = True

    def initial(self) -> dict[str, Any]:
        """Start with what stands."""
        return {name: getattr(self.subject, name) for name in ("title", "category", "description")}

    def effect(self) -> None:
        """Write it down."""
        for name, value in self.data.items():
            setattr(self.subject, name, value)
        self.subject.save(update_fields=list(self.data))


END_AS = (
    ("resolved", gettext_lazy("Mark them as resolved")),
    ("set_aside", gettext_lazy("Set them aside")),
    ("leave", gettext_lazy("Leave them as they are")),
)


class EndForm(MoveForm):
    """How it ended, and what becomes of the challenges."""

    challenges = forms.ChoiceField(
        label=gettext_lazy("What becomes of the challenges that have not ended"),
        choices=END_AS,
        widget=forms.RadioSelect,
    )
    outcome = forms.CharField(
        label=gettext_lazy("How it ended"),
        help_text=gettext_lazy(
            "The proponents of all its cases read this as the outcome of their challenge. Name no company and no project."
        ),
        widget=forms.Textarea,
        max_length=4000,
    )

    def clean_outcome(self) -> str:
        """Refuse words in which one proponent would read of another."""
        words: str = self.cleaned_data["outcome"]
        if named := found_in(words, names_in(self.move.subject.challenges.all())):
            raise forms.ValidationError(
                _("Every proponent concerned reads this. Leave out: %(names)s.") % {"names": ", ".join(named)}
            )
        return words


def found_in(words: str, names: Iterable[str]) -> list[str]:
    """Return those of the names that the words say, in order."""
    return sorted(one for one in names if one.casefold() in words.casefold())


def names_in(challenges: Iterable[Challenge]) -> set[str]:
    """Return what would say whose they are: names of organisations and partners, titles, references."""
    found: set[str] = set()
    proposals = Proposal.objects.filter(pk__in={one.proposal_id for one in challenges})
    for proposal in proposals.select_related("organisation", "case", "version"):
        document = proposal.version.document if proposal.version else {}
        parties = [document.get("lead") or {}, *(document.get("partners") or [])]
        found |= {str(one.get(name) or "") for one in parties for name in ("name", "corporate_group")}
        found |= {proposal.organisation.name, proposal.title, proposal.case.reference or ""}
    return {name for name in found if len(name) > 2}  # noqa: PLR2004 - shorter ones stand in every text


@register
class EndCommon(_OfCommon):
    """open → ended, and its challenges with it where that is said."""

    name = "end_common"
    on = "end_common"
    label = gettext_lazy("End the work on it")
    done = gettext_lazy("Work on a common barrier ended")
    form = EndForm
    warning = True
    shown = ("outcome",)
    shown_to = Audience.STATES

    def effect(self) -> None:
        """Keep how it ended; end each challenge by its own move, on its own case."""
        one = self.subject
        one.outcome, one.ended_at = self.data["outcome"], self.now
        one.save(update_fields=["outcome", "ended_at"])
        self.ended: list[str] = []
        move = {"resolved": Resolve, "set_aside": SetAside}.get(self.data["challenges"])
        # In one order, so that two who end barriers at once do not wait for each other's cases.
        for challenge in (
            one.challenges.filter(state__in=WORKED_ON).select_related("proposal__case").order_by("proposal", "pk")
        ):
            if move and not list(move(challenge, self.as_).reasons()):
                perform(move, challenge, by=self.as_.person, as_=self.as_, data={"outcome": self.data["outcome"]})
                self.ended.append(f"{challenge.proposal.case.reference} {challenge.number}")

    def details(self) -> dict[str, Any]:
        """Keep which challenges ended with it."""
        return {"ended": self.ended}

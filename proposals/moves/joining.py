"""How a Member State that the proposal does not name comes onto the case: asked by ASEC, or on its own wish (D6)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.asean.models import MemberState
from aipbi.forms import Checkboxes
from aipbi.workflow import parties
from aipbi.workflow.door import perform
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from proposals import rules
from proposals.document.rules import taking_part
from proposals.enums import Taking
from proposals.models import Participation, Proposal
from proposals.moves.participation import LONG, WHILE_OPEN, OfParticipation, WhyForm, keep
from proposals.obligations import ADMIT, PARTICIPATION


class AskForm(MoveForm):
    """Who is asked, and why."""

    ams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Member States to ask"), queryset=MemberState.objects.none(), widget=Checkboxes
    )
    reason = forms.CharField(
        label=gettext_lazy("Why they are asked"),
        help_text=gettext_lazy("Their SEOM leads read it, and the Member States on the case; the proponent does not."),
        widget=forms.Textarea,
        max_length=LONG,
    )

    def prepare(self) -> None:
        """Offer those who are not on the case."""
        on_it = self.move.subject.participations.values("ams")
        self.fields["ams"].queryset = MemberState.objects.exclude(pk__in=on_it).order_by("order")  # type: ignore[attr-defined]


@register
class AskToJoin(Move):
    """ASEC asks Member States that the proposal does not name whether they take part."""

    name = "ask_to_join"
    model = Proposal
    during = WHILE_OPEN
    who = rules.asec
    label = gettext_lazy("Ask further Member States to take part")
    done = gettext_lazy("Further Member States were asked to take part")
    form = AskForm
    audience = Audience.STATES
    beside = True

    def effect(self) -> None:
        """Give each a place on the case."""
        self.asked = [_begin(self, state.pk) for state in self.data["ams"]]

    def kept(self) -> dict[str, Any]:
        """Keep whom, by code, and why."""
        return {"ams": [row.ams_id for row in self.asked], "reason": self.data["reason"]}

    def owes(self) -> Iterable[Owes]:
        """Each owes its word."""
        for row in self.asked:
            yield Owes(PARTICIPATION, parties.seom(row.ams_id), on=row)

    def tells(self) -> Iterable[Tell]:
        """Tell each."""
        for row in self.asked:
            yield asked(row)


def _begin(act: Move, ams: str) -> Participation:
    """Make the row, with the first entry of its history."""
    row = Participation.objects.create(proposal=act.subject, ams_id=ams)
    row.entries.create(
        state=row.state, reason=act.data["reason"], person=act.as_.person, office=act.as_.office, at=act.now
    )
    return row


def asked(row: Participation) -> Tell:
    """Tell the SEOM lead that the case is open to it, and that it is asked."""
    words = _("Your country is asked whether it takes part in a project")
    return Tell(parties.seom(row.ams_id), words, to_act=True, path=f"/cases/{row.proposal.case.code}/participation/")


class WishForm(MoveForm):
    """Why it wishes to."""

    reason = forms.CharField(
        label=gettext_lazy("Why your country wishes to join"),
        help_text=gettext_lazy("The Secretariat reads it."),
        widget=forms.Textarea,
        max_length=LONG,
    )


@register
class WishToJoin(Move):
    """A SEOM lead asks that its Member State be let onto a case it does not see; reached by the case's reference."""

    name = "wish_to_join"
    model = Proposal
    during = WHILE_OPEN
    who = rules.seom_outside
    label = gettext_lazy("Ask to join a project")
    done = gettext_lazy("A Member State wishes to join")
    form = WishForm
    audience = Audience.ASEC
    hidden = True

    def effect(self) -> None:
        """Begin its row, and mark it as a wish."""
        self.row = Participation.objects.create(proposal=self.subject, ams_id=self.as_.ams)  # type: ignore[misc]
        self.row = perform(Wish, self.row, by=self.as_.person, as_=self.as_, data=self.data).subject

    def details(self) -> dict[str, Any]:
        """Say whose wish."""
        return {"ams": self.row.ams_id}

    def owes(self) -> Iterable[Owes]:
        """ASEC owes the answer."""
        yield Owes(ADMIT, parties.asec(), on=self.row)

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC."""
        yield Tell(parties.asec(), _("%(state)s: wishes to join a project") % {"state": self.row.ams}, to_act=True)


@register
class Wish(OfParticipation):
    """named → wishing: the row that `wish_to_join` has begun; follows from that alone."""

    name = "wish"
    on = "wish"
    label = gettext_lazy("Ask to join")
    done = gettext_lazy("Wishes to join")
    form = WishForm
    audience = Audience.ASEC
    hidden = True

    def reasons(self) -> Iterable[str]:
        """Whoever the proposal names, or was asked, answers instead."""
        yield from super().reasons()
        version = self.subject.proposal.version
        if self.subject.entries.exists() or (version and self.subject.ams_id in taking_part(version.document)):
            yield _("Your country is on the case already: say whether it takes part.")

    def effect(self) -> None:
        """Keep the wish."""
        keep(self)

    def tells(self) -> Iterable[Tell]:
        """The move it follows from tells."""
        return ()


@register
class Admit(OfParticipation):
    """wishing → named: the Member State may read the case, and says then whether it takes part."""

    name = "admit"
    on = "admit"
    who = rules.asec
    label = gettext_lazy("Let it join")
    done = gettext_lazy("A Member State was let onto the case")
    help = gettext_lazy("Its SEOM lead reads the case from now on, and is asked whether it takes part.")
    closes = frozenset({ADMIT})

    def effect(self) -> None:
        """Keep when."""
        keep(self)

    def owes(self) -> Iterable[Owes]:
        """It owes its word now."""
        yield Owes(PARTICIPATION, parties.seom(self.subject.ams_id))

    def tells(self) -> Iterable[Tell]:
        """Tell its SEOM lead."""
        yield asked(self.subject)


@register
class TurnDown(OfParticipation):
    """wishing → not admitted, with the reason; ASEC may still let it join later."""

    name = "turn_down"
    on = "turn_down"
    who = rules.asec
    label = gettext_lazy("Turn the wish down")
    done = gettext_lazy("A wish to join was turned down")
    form = WhyForm
    audience = Audience.ASEC
    closes = frozenset({ADMIT})

    def tells(self) -> Iterable[Tell]:
        """Tell its SEOM lead, who reads the reason where it asked."""
        yield Tell(
            parties.seom(self.subject.ams_id), _("Your country's wish to join a project was turned down"), path="/join/"
        )


def wishes(viewer: Capacity) -> list[Participation]:
    """Return what the SEOM lead's Member State asked to join and is not let onto, the newest first."""
    found = Participation.objects.filter(ams=viewer.ams, state__in=[Taking.WISHING, Taking.NOT_ADMITTED])
    return list(found.select_related("proposal__case").order_by("-pk")) if viewer.ams else []

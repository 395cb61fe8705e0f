"""What joining, leaving and stepping aside mean for the decision: criterion 2 is asked again of those that remain (D4, D6)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.workflow import following, parties, remarks
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Settles, Tell
from aipbi.workflow.registry import register
from proposals import rules as case_rules
from proposals.models import Participation
from proposals.moves.participation import DECIDED, keep
from review import rules
from review.enums import LIVE
from review.obligations import CRITERION_2, POSITION
from review.rounds import verbs, words
from review.rounds.models import Decision, Position
from review.rounds.moves import chair_or_secretariat

Following = Owes | Settles | Tell


def follow() -> None:
    """Called once, when the app is ready."""
    following.follows("participation", "leave", left)
    for move in ("confirm", "leave"):
        following.follows("participation", move, checked_again)
    remarks.register("participation", remark)


def left(act: Move) -> Iterable[Following]:
    """In an open round nothing is asked any more of whoever left; the chair is told that others decide now."""
    held = Position.objects.filter(
        round__proposal=act.subject.proposal_id, round__state__in=LIVE, ams=act.subject.ams_id
    )
    for position in held:
        yield Settles(POSITION, position)
        words = _("%(state)s: left a project while its round is open") % {"state": act.subject.ams}
        yield Tell(chair_or_secretariat(), words)


def checked_again(act: Move) -> Iterable[Following]:
    """Once a case is decided, those that take part must still carry it; ASEC owes a way on where they do not (D6)."""
    proposal = act.subject.proposal
    if proposal.state not in DECIDED:
        return
    if not verbs.fails(proposal):
        yield Settles(CRITERION_2, proposal)
        return
    yield Owes(CRITERION_2, parties.asec(), on=proposal)
    for party in (parties.asec(), chair_or_secretariat()):
        yield Tell(
            party,
            _(
                "Those that take part in a project can no longer carry it: criterion 2 or the originating one is missing"
            ),
        )


def remark(viewer: Capacity, proposal: Any) -> Iterable[str]:
    """Say on the page of the Member States what they lack since one left."""
    if proposal.state in DECIDED and not viewer.proposes and (lacking := verbs.fails(proposal)):
        yield " ".join([_("Those that take part now cannot carry the project."), *words.sentences(lacking)])


@register
class SetAside(Move):
    """confirmed → stepped aside: follows from a decision under ASEAN Minus X, and from nothing else (D4)."""

    name = "set_aside"
    model = Participation
    on = "set_aside"
    who = rules.chairs | case_rules.asec
    label = gettext_lazy("Note that it stepped aside")
    done = gettext_lazy("Noted that it stepped aside")
    audience = Audience.STATES
    hidden = True

    def reasons(self) -> Iterable[str]:
        """The last decision must name it."""
        last = Decision.objects.filter(proposal=self.subject.proposal_id).order_by("-pk").first()
        if last is None or self.subject.ams_id not in last.stepped_aside:
            yield _("It follows from a decision under ASEAN Minus X.")
        elif self.subject.answered_at and self.subject.answered_at > last.recorded_at:
            yield _("It has joined since.")

    def effect(self) -> None:
        """Keep it in the history of its answers."""
        keep(self)

    def details(self) -> dict[str, Any]:
        """Say who."""
        return {"ams": self.subject.ams_id}

"""Opening a round, and closing it with the decision (D1)."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import today
from aipbi.asean.models import ChairTerm
from aipbi.workflow import parties
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules as case_rules
from proposals import verbs as cases
from proposals.models import Proposal
from review import rules
from review.links import move_page
from review.obligations import DECIDE, OPEN_ROUND, POSITION
from review.rounds import deadlines
from review.rounds.forms import RoundForm
from review.rounds.models import Decision, Position, Round
from review.states import in_words

ENOUGH = 2


def chair_or_secretariat() -> Party:
    """Return who sees to the round: the FG-GVC member in the chair today, or ASEC where nobody is."""
    chair = ChairTerm.objects.on(today())
    return parties.fg_gvc(chair) if chair else parties.asec()


@register
class OpenRound(Move):
    """assessed → before the FG-GVC: the confirmed Member States are asked, with the report, on a named version."""

    name = "open_round"
    model = Proposal
    on = "open_round"
    who = case_rules.asec
    label = gettext_lazy("Open a decision round")
    done = gettext_lazy("Put before the FG-GVC")
    form = RoundForm
    closes = frozenset({OPEN_ROUND})
    in_bulk = True

    def reasons(self) -> Iterable[str]:
        """At least two confirmed, the originating one among them (D1, P3), and a report on this version."""
        members = self.members
        if len(members) < ENOUGH:
            who = in_words(members) or _("none")
            yield _("At least two Member States must have confirmed that they take part; until now: %(states)s.") % {
                "states": who
            }
        elif self.subject.originating_ams_id not in members:
            yield _("The originating Member State has not confirmed that it takes part.")
        if self._report() is None:
            yield _("There is no consolidated report on the version now in hand.")

    @cached_property
    def members(self) -> list[str]:
        """Who is asked: the confirmed, in ASEAN's order."""
        return list(self.subject.participations.taking_part().values_list("ams_id", flat=True))

    def _report(self) -> Any:
        return self.subject.consolidated_reports.filter(version=self.subject.version_id).order_by("-edition").first()

    def initial(self) -> dict[str, Any]:
        """Propose the usual deadline (L5: 20 working days), on a day on which all of them work."""
        return {"deadline": deadlines.usual(self.now, self.members)}

    def effect(self) -> None:
        """Make the round, with a place for each confirmed Member State's position."""
        cases.stamp(self.subject, "before_fg_gvc_at", self.now)
        self.round = Round.objects.create(
            proposal=self.subject,
            version_id=self.subject.version_id,
            report=self._report(),
            instrument=self.data["instrument"],
            deadline=deadlines.end_of(self.data["deadline"]),
            silence_is_no_objection=self.data["silence_is_no_objection"],
            members=self.members,
            opened_at=self.now,
        )
        self.positions = [
            Position.objects.create(proposal=self.subject, round=self.round, ams_id=ams) for ams in self.round.members
        ]

    def kept(self) -> dict[str, Any]:
        """How they decide is theirs; everybody on the case reads this entry."""
        return {}

    def owes(self) -> Iterable[Owes]:
        """Both offices of each confirmed Member State owe its position, whichever gives it; the chair the decision."""
        for position in self.positions:
            yield Owes(POSITION, parties.fg_gvc(position.ams_id), on=position, due=self.round.deadline)
            yield Owes(POSITION, parties.seom(position.ams_id), on=position, due=self.round.deadline)
        yield Owes(DECIDE, chair_or_secretariat(), due=self.round.deadline)

    def tells(self) -> Iterable[Tell]:
        """Tell who must act, with the place where, and the proponent, who waits."""
        words = _("A proposal asks for your country's position")
        for position in self.positions:
            path = move_page(position, "give_position")
            for party in (parties.fg_gvc(position.ams_id), parties.seom(position.ams_id)):
                yield Tell(party, words, to_act=True, due=self.round.deadline, path=path)
        yield Tell(Party(organisation=self.subject.organisation), _("Your proposal is before the Member States"))


@register
class CloseRound(Move):
    """open → closed: follows from recording the decision, and from nothing else."""

    name = "close_round"
    model = Round
    on = "close_round"
    who = rules.chair_or_asec
    label = gettext_lazy("Close the round")
    done = gettext_lazy("Round closed")
    audience = Audience.STATES
    hidden = True

    def reasons(self) -> Iterable[str]:
        """Without a decision the round stays open: that is how Member States consult again (D5)."""
        if not Decision.objects.filter(round=self.subject).exists():
            yield _("A round is closed by recording the decision.")

    def effect(self) -> None:
        """Date it."""
        self.subject.closed_at = self.now
        self.subject.save(update_fields=["closed_at"])

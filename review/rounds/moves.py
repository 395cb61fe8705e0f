"""Opening a round, giving positions, and closing it with the decision (D1, D2)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import today
from aipbi.asean import clocks
from aipbi.asean.models import ChairTerm
from aipbi.workflow import parties
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules as case_rules
from proposals import verbs as cases
from proposals.enums import State, Taking
from proposals.models import Proposal
from review import rules
from review.enums import RoundState
from review.links import move_page
from review.obligations import DECIDE, OPEN_ROUND, POSITION
from review.rounds.forms import SECRETARIAT, PositionForm, RoundForm
from review.rounds.models import Decision, Position, Round

ENOUGH = 2


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
        members = self._members()
        if len(members) < ENOUGH:
            yield _("At least two Member States must have confirmed that they take part; now it is %(n)s.") % {
                "n": len(members)
            }
        elif self.subject.originating_ams_id not in members:
            yield _("The originating Member State has not confirmed that it takes part.")
        if self._report() is None:
            yield _("There is no consolidated report on the version now in hand.")

    def _members(self) -> list[str]:
        confirmed = self.subject.participations.filter(state=Taking.CONFIRMED)
        return list(confirmed.order_by("ams__order").values_list("ams_id", flat=True))

    def _report(self) -> Any:
        return self.subject.consolidated_reports.filter(version=self.subject.version_id).order_by("-edition").first()

    def initial(self) -> dict[str, Any]:
        """Propose the usual deadline (L5: 20 working days)."""
        return {"deadline": clocks.calendar(SECRETARIAT).day(clocks.due("position", self.now, SECRETARIAT))}

    def effect(self) -> None:
        """Make the round, with a place for each confirmed Member State's position."""
        cases.stamp(self.subject, "before_fg_gvc_at", self.now)
        self.round = Round.objects.create(
            proposal=self.subject,
            version_id=self.subject.version_id,
            report=self._report(),
            instrument=self.data["instrument"],
            deadline=clocks.calendar(SECRETARIAT).end_of(self.data["deadline"]),
            silence_is_no_objection=self.data["silence_is_no_objection"],
            members=self._members(),
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
        chair = ChairTerm.objects.on(today())
        yield Owes(DECIDE, parties.fg_gvc(chair) if chair else parties.asec(), due=self.round.deadline)

    def tells(self) -> Iterable[Tell]:
        """Tell who must act, with the place where, and the proponent, who waits."""
        words = _("A proposal asks for your country's position")
        for position in self.positions:
            path = move_page(position, "give_position")
            for party in (parties.fg_gvc(position.ams_id), parties.seom(position.ams_id)):
                yield Tell(party, words, to_act=True, due=self.round.deadline, path=path)
        yield Tell(Party(organisation=self.subject.organisation), _("Your proposal is before the Member States"))


@register
class GivePosition(Move):
    """awaited or given → given: one position per confirmed Member State, changeable until the round closes (D2)."""

    name = "give_position"
    model = Position
    on = "give_position"
    who = rules.speaks_for_its_ams
    label = gettext_lazy("Give your country's position")
    done = gettext_lazy("Position given")
    help = gettext_lazy("It can be changed until the round is closed. Every position given stays on record.")
    form = PositionForm
    audience = Audience.STATES
    closes = frozenset({POSITION})

    def reasons(self) -> Iterable[str]:
        """Positions are taken while the round is open and the case before the FG-GVC."""
        subject = self.subject
        if subject.round.state != RoundState.OPEN or subject.proposal.state != State.BEFORE_FG_GVC:
            yield _("This round is closed.")

    def effect(self) -> None:
        """Write the position; the database keeps the one before."""
        subject = self.subject
        subject.value, subject.text = self.data["value"], self.data["text"]
        subject.person, subject.office, subject.given_at = self.as_.person, self.as_.office, self.now
        subject.save(update_fields=["value", "text", "person", "office", "given_at"])

    def details(self) -> dict[str, Any]:
        """Say whose position it is."""
        return {"ams": self.subject.ams_id}

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, the chair, who wait, and the other office of the same Member State."""
        yield Tell(parties.asec(), _("A Member State gave its position"))
        if chair := ChairTerm.objects.on(today()):
            yield Tell(parties.fg_gvc(chair), _("A Member State gave its position"))
        for party in (parties.fg_gvc(self.subject.ams_id), parties.seom(self.subject.ams_id)):
            if party.office != self.as_.office:
                yield Tell(party, _("Your country's position was recorded"))


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

"""before the FG-GVC → approved, not approved or deferred: what the positions allow, recorded by a person (D3–D5)."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.workflow import parties
from aipbi.workflow.door import perform
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import verbs as cases
from proposals.models import Proposal
from review import consensus, rules
from review.consensus import Verdict
from review.enums import LIVE, Answer, Outcome, RoundState
from review.obligations import BEGIN, DECIDE, POSITION, TAKE_UP
from review.rounds import deadlines, verbs, words
from review.rounds.forms import DecisionForm
from review.rounds.models import Decision, Position, Round
from review.rounds.moves import CloseRound
from review.rounds.pages import RoundPage
from review.rounds.participants import SetAside
from review.standards import NON_APPROVAL


@register
class RecordDecision(Move):
    """The chair records it, or ASEC on the chair's instruction, saying so; the rule is computed inside the lock."""

    name = "record_decision"
    model = Proposal
    on = "record_decision"
    who = rules.chair_or_asec
    label = gettext_lazy("Record the decision")
    done = gettext_lazy("Decision recorded")
    form = DecisionForm
    closes = frozenset({POSITION, DECIDE})

    @cached_property
    def round(self) -> Round:
        """The round that leads to the decision; a case before the FG-GVC has exactly one."""
        rounds = Round.objects.select_related("version", "report", "proposal")
        rounds = rounds.prefetch_related("positions", "proposal__participations")
        return rounds.get(proposal=self.subject, state__in=LIVE)

    @cached_property
    def verdict(self) -> Verdict:
        """What the positions allow as they stand, with those stepping aside that said so (D4)."""
        return verbs.verdict(self.round, self.now)

    def page(self) -> RoundPage:
        """Return the round as its page shows it."""
        return RoundPage.of(self.round, self.as_, self.now)

    def initial(self) -> dict[str, Any]:
        """Remember which positions the page shows."""
        return {"saw": verbs.fingerprint(self.round)}

    def reasons(self) -> Iterable[str]:
        """Wait as long as the positions allow nothing, and for an answer that was escalated for."""
        if self.round.state == RoundState.ESCALATED:
            yield _("The matter is with the ministers or the council. Record their answer first.")
        elif not self.verdict.outcomes:
            yield _("The positions allow no decision yet.")
            yield from words.sentences(self.verdict.reasons)

    def refusals(self) -> Iterable[str]:
        """Answer each condition that was set."""
        if self.data["outcome"] == Outcome.APPROVED and not self.data["conditions"] and self._conditional():
            yield _("A Member State approves with conditions. Say what becomes of them.")

    def _conditional(self) -> bool:
        conditional = [held.ams_id for held in self.round.positions.all() if held.value == Answer.CONDITIONS]
        return not set(conditional).isdisjoint(self.verdict.remaining)

    def target(self) -> str:
        """Go where the outcome says."""
        return self.data["outcome"]

    def effect(self) -> None:
        """Write the decision with the positions it rests on, and close the round."""
        deferred = self.data["outcome"] == Outcome.DEFERRED
        verdict = self.verdict
        self.aside = [one.ams_id for one in self.round.positions.all() if one.ams_id in self._aside(verdict)]
        cases.stamp(self.subject, "" if deferred else "decided_at", self.now)
        Decision.objects.create(  # type: ignore[misc]
            round=self.round,
            proposal=self.subject,
            outcome=self.data["outcome"],
            basis=verdict.basis,
            reasons=self.data["reasons"],
            conditions=self.data.get("conditions", ""),
            silent=list(verdict.silent),
            stepped_aside=sorted(self.aside),
            left=sorted(set(self.round.members) - set(verbs.still_in(self.round))),
            question=self.data.get("question") or "",
            clearing=self.data.get("clearing") or "",
            clear_by=self.data.get("clear_by"),
            minus_x_basis=self.data.get("minus_x_basis", ""),
            positions={one.ams_id: _held(one) for one in self.round.positions.all()},
            reasoning=words.kept(verdict.reasons),
            recorded_by=self.as_.person,
            office=self.as_.office,
            on_instruction=self.as_.role == Role.ASEC,
            instruction=self.data.get("instruction", ""),
            recorded_at=self.now,
        )
        perform(CloseRound, self.round, by=self.as_.person, as_=self.as_)
        for row in self.subject.participations.filter(ams__in=self.aside):
            perform(SetAside, row, by=self.as_.person, as_=self.as_)

    @staticmethod
    def _aside(verdict: Verdict) -> set[str]:
        """Return who was decided without; nobody, where the decision is another than one under ASEAN Minus X."""
        if verdict.basis != consensus.Basis.MINUS_X:
            return set()
        return {ams for reason in verdict.reasons if reason.why == consensus.Why.STEPS_ASIDE for ams in reason.states}

    def kept(self) -> dict[str, Any]:
        """Everybody on the case reads this entry: outcome and reasons; the rest is in the decision, written once."""
        told = {"outcome": self.data["outcome"], "reasons": self.data["reasons"]}
        return {**told, "question": self.data["question"]} if self.data.get("question") else told

    def owes(self) -> Iterable[Owes]:
        """ASEC owes what comes next."""
        if self.data["outcome"] == Outcome.DEFERRED:
            until = self.data.get("clear_by")
            yield Owes(TAKE_UP, parties.asec(), due=deadlines.end_of(until) if until else None)
        elif self.data["outcome"] == Outcome.APPROVED:
            yield Owes(BEGIN, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, the Member States that decided, and ASEC; the outcome is read in the portal."""
        yield Tell(
            Party(organisation=self.subject.organisation),
            _("A decision on your proposal was recorded"),
            message=NON_APPROVAL if self.data["outcome"] == Outcome.NOT_APPROVED else "",
        )
        for ams in self.round.members:
            for party in (parties.fg_gvc(ams), parties.seom(ams)):
                yield Tell(party, _("The decision on a proposal was recorded"))
        yield Tell(parties.asec(), _("The decision on a proposal was recorded"))


def _held(one: Position) -> dict[str, str]:
    """Return a position as a decision keeps it."""
    held = {"value": one.value, "text": one.text}
    return {**held, "aside_basis": one.aside_basis} if one.steps_aside else held

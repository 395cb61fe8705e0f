"""How a case gets from registered to approved: two experts, a report, a round, a decision."""

from typing import Any

from django.utils import timezone

from aipbi.accounts.capacity import Capacity
from aipbi.asean import defaults
from aipbi.workflow.walk import Stopped, Walk
from proposals.enums import State
from review.assessments.forms import level_name, verdict_name, why_name
from review.assessments.models import Assessment
from review.enums import Answer, Assessing, Confidence, Instrument, Inviting, Met, Outcome, Overall
from review.experts import matching
from review.experts.models import Invitation
from review.rounds import deadlines
from review.rounds.models import Round

WHY = {
    0: "The proposal says nothing on this.",
    1: "The proposal claims this in general words; nothing in it can be checked.",
    2: "The main point is there; the method or the source of part of it is missing.",
    3: "The proposal gives figures, method and source; what is open is small.",
    4: "Stated for each Member State, and it can be checked against the documents named.",
}


def invite(walk: Walk) -> None:
    """ASEC invites experts whom nothing bars; they declare no conflict and accept; the assessment starts."""
    proposal, asec = walk.proposal, walk.people.asec()
    there = Invitation.objects.filter(proposal=proposal, state=Inviting.ACCEPTED).count()
    wanted = max(defaults.get("experts_minimum") - there, 0)
    free = [one for one in matching.against(proposal) if not one.bars]
    if len(free) < wanted:
        raise Stopped("The roster has too few experts whom no conflict of interest bars.")
    for one in free[:wanted]:
        walk.do("invite_expert", proposal, asec, expert=one.expert.pk)
        invitation = Invitation.objects.get(proposal=proposal, expert=one.expert, state=Inviting.INVITED)
        answers = {"has_interest": "no", "was_involved": "no", "other_ties": "no"}
        walk.do("accept_invitation", invitation, walk.as_(one.expert.person.email), **answers)  # type: ignore[arg-type]
    walk.do("start_assessment", walk.proposal, asec)


def assess(walk: Walk) -> None:
    """Each expert files an assessment, the second a little stricter; ASEC writes the report."""
    proposal = walk.proposal
    drafts = Assessment.objects.filter(proposal=proposal, state=Assessing.DRAFTING).select_related("expert__person")
    for place, assessment in enumerate(drafts.order_by("pk")):
        expert = _as_expert(walk, assessment)
        walk.do("save_assessment", assessment, expert, **filled(assessment, strictness=place))
        walk.do("file_assessment", assessment, expert, own_view="on")
    walk.do(
        "file_consolidated",
        walk.proposal,
        walk.people.asec(),
        summary="The project meets barriers between Member States that none of them can lower alone. "
        "Its benefits are shown for each Member State that takes part.",
        majority_view="The three criteria are met; the figures follow from stated methods and sources.",
        minority_view="Part of the figures should be checked once more after the first year.",
        conditions="Report the figures by Member State after the first year.",
    )


def _as_expert(walk: Walk, assessment: Assessment) -> Capacity:
    return walk.as_(assessment.expert.person.email)


def filled(assessment: Assessment, *, strictness: int = 0) -> dict[str, Any]:
    """Return plausible answers to every part of the assessment, lower by a level on some for a stricter expert."""
    answers: dict[str, Any] = {
        "overall": Overall.WITH_CONDITIONS if strictness else Overall.ELIGIBLE,
        "conditions": "Report the figures by Member State after the first year." if strictness else "",
        "confidence": Confidence.MEDIUM if strictness else Confidence.HIGH,
        "comments": "",
    }
    for rating in assessment.ratings.select_related("parameter"):
        level = 3 + (rating.parameter.number % 3 == 0) - (strictness and rating.parameter.number % 2)
        answers[level_name(rating.parameter)] = level
        answers[why_name(rating.parameter)] = WHY[level]
    for verdict in assessment.verdicts.select_related("criterion"):
        answers[verdict_name(verdict.criterion)] = Met.MET
    return answers


def open_round(walk: Walk) -> None:
    """ASEC opens a round ad referendum in which silence counts for nothing."""
    members = walk.proposal.participations.taking_part().values_list("ams_id", flat=True)
    deadline = deadlines.usual(timezone.now(), members)
    walk.do(
        "open_round",
        walk.proposal,
        walk.people.asec(),
        instrument=Instrument.AD_REFERENDUM,
        deadline=deadline.isoformat(),
    )


def decide(walk: Walk) -> None:
    """Every confirmed Member State agrees, by its FG-GVC member; the chair records the consensus."""
    one = Round.objects.get(proposal=walk.proposal, state="open")
    for position in one.positions.exclude(value__in=[Answer.APPROVE, Answer.NO_OBJECTION]).order_by("ams__order"):
        says = Answer.APPROVE if position.ams_id == walk.proposal.originating_ams_id else Answer.NO_OBJECTION
        walk.do("give_position", position, walk.people.fg_gvc(position.ams_id), value=says, text="")
    walk.do(
        "record_decision",
        walk.proposal,
        walk.people.chair(),
        outcome=Outcome.APPROVED,
        reasons="The proposal meets the three criteria and the Member States that take part agree to facilitate it.",
    )


def take_up(walk: Walk) -> None:
    """ASEC takes a deferred case up again, as assessed."""
    walk.do(
        "reopen",
        walk.proposal,
        walk.people.asec(),
        stage=State.ASSESSED,
        cleared_up="The question was answered by the proponent.",
    )


STEPS = {
    State.REGISTERED: invite,
    State.UNDER_ASSESSMENT: assess,
    State.ASSESSED: open_round,
    State.BEFORE_FG_GVC: decide,
    State.DEFERRED: take_up,
}

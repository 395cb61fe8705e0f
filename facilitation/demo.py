"""Member States around one project: ten measures, on which each says its word, and what else is open meanwhile."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from aipbi.accounts.capacity import today
from aipbi.asean.models import Agreement, MemberState
from aipbi.workflow.walk import Walk
from facilitation.enums import ChallengeState, Change
from facilitation.giving import outside_agreement
from facilitation.measures import latest
from facilitation.models import Amendment, Benefit, Challenge, Concurrence
from facilitation.moves.benefits import GAP
from facilitation.queries import participating
from facilitation.walk import ask_a_body
from proposals.enums import Taking

MEASURES = (
    "fast_lane", "advance_ruling", "single_document", "transit", "work_pass",
    "recognition", "joint_due_diligence", "concessional_tranche", "conformity", "contact_point",
)  # fmt: skip
FILLED = {
    "[HS codes]": "HS 8504 and HS 8544", "[border posts]": "the border posts on the line", "[hours]": "six",
    "[products]": "transformers and cables", "[years]": "three", "[transit route]": "the road along the line",
    "[occupations]": "line and protection engineering", "[days]": "fifteen", "[disciplines]": "electrical engineering",
    "[part of the project]": "the transit section", "[months]": "four", "[matters]": "permits and grid connection",
}  # fmt: skip


def gather(walk: Walk) -> None:
    """Bring every Member State onto a case in facilitation."""
    absent = MemberState.objects.exclude(pk__in=walk.proposal.participations.values("ams"))
    if absent:
        reason = "The line is open to all Member States."
        walk.do("ask_to_join", walk.proposal, walk.people.asec(), ams=[one.pk for one in absent], reason=reason)
    for one in walk.proposal.participations.filter(state=Taking.NAMED):
        walk.do("confirm", one, walk.people.seom(one.ams_id), reason="It concerns our grid, too.")


def leave_open(walk: Walk) -> None:
    """Leave a case in facilitation with much to do: a question to the proponent, one to a body, a grid half answered."""
    asec = walk.people.asec()
    challenge = Challenge.objects.filter(proposal=walk.proposal, state=ChallengeState.OPEN).order_by("number")[0]
    question = "Which office argued over the customs value, and by which rule? A copy of its letter would help."
    walk.do("ask_proponent", challenge, asec, text=question)
    ask_a_body(walk)
    propose(walk)
    conditional = {
        "answer_3": "with_conditions",
        "words_3": "From the day on which the second border post is connected.",
    }
    answer(walk, ["TH"], **conditional)
    answer(walk, ["MY"], answer_5="refuse", words_5="The quota of passes is set by law; it cannot be promised.")


def ask_change(walk: Walk) -> None:
    """Let a proponent ask for a change of its site, and put that to the Member State in which it lies."""
    writer = walk.people.proponent(walk.proposal.organisation)
    what = "The assembly line moves from Bac Ninh to Hai Phong; what is made there stays the same."
    because = "The lease in Bac Ninh ends, and the new hall stands beside the port."
    walk.do("ask_amendment", walk.proposal, writer, changes=[Change.SITE], what=what, because=because, states=["VN"])
    amendment = Amendment.objects.get(proposal=walk.proposal)
    walk.do("open_amendment", amendment, walk.people.asec(), ams=["VN"])


def propose(walk: Walk) -> list[Benefit]:
    """Put the common measures to every Member State that takes part and is party to what the measure rests on."""
    for rank, code in enumerate(MEASURES, start=1):
        _propose(walk, code, rank)
    return list(Benefit.objects.filter(proposal=walk.proposal).standing().order_by("number"))


def _propose(walk: Walk, code: str, rank: int) -> None:
    template = latest(code)
    assert template  # noqa: S101 - it ships
    proposal, starts = walk.proposal, date(today().year + 1, 1, 1)
    ranks = {one["rank"] for one in proposal.version.document["requests"]}
    states = participating(proposal)
    agreement = Agreement.objects.filter(pk=template.agreement).first()
    outside = outside_agreement(agreement, states, starts=starts, ends=None)
    walk.do(
        "propose_benefit", proposal, walk.people.asec(), category=template.category, begun_from=template.pk,
        measure=GAP.sub(lambda gap: FILLED[gap.group()], template.measure), conditions=template.conditions,
        agreement=template.agreement, starts=starts, request_rank=rank if rank in ranks else "",
        given_by=[one.pk for one in states if one.pk not in outside],
    )  # fmt: skip


def answer(walk: Walk, states: Iterable[str], **words: Any) -> None:
    """Let each of these Member States concur in all that it is asked, but for the fields named in `words`."""
    for ams in states:
        mine = Concurrence.objects.filter(proposal=walk.proposal, ams=ams).select_related("benefit")
        sheet: dict[str, Any] = {}
        for word in mine:
            sheet |= {f"answer_{word.benefit.number}": "concur", f"wording_{word.benefit.number}": word.benefit.wording}
        row = walk.proposal.participations.get(ams=ams)
        walk.do("answer_benefits", row, walk.people.seom(ams), **(sheet | words))

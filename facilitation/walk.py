"""How a case gets from approved to its issued letter: barriers, one request to a body, benefits, the letter."""

from datetime import date
from typing import Any

from aipbi.accounts.capacity import today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment
from aipbi.asean.models import Body
from aipbi.workflow.walk import Walk
from facilitation.enums import CanAct, ChallengeState, Severity
from facilitation.letters import first
from facilitation.models import BodyRequest, Challenge, Concurrence, Delivery, Letter
from facilitation.queries import participating
from proposals.enums import State
from proposals.models import Proposal


def start(walk: Walk) -> None:
    """ASEC takes the proposal's barriers up."""
    walk.do("start_facilitation", walk.proposal, walk.people.asec())


def work_out(walk: Walk) -> None:
    """Talk about the first barrier, ask one body, propose what was asked for, have it concurred and finalised."""
    _talk(walk)
    if request := ask_a_body(walk):
        _answered(walk, request)
    for wanted in _requests(walk.proposal):
        _propose(walk, wanted)
    for one in walk.proposal.participations.taking_part():
        mine = Concurrence.objects.filter(proposal=walk.proposal, ams=one.ams_id)
        answers: dict[str, Any] = {f"answer_{n}": "concur" for n in mine.values_list("benefit__number", flat=True)}
        if answers:
            read = mine.values_list("benefit__number", "benefit__wording")
            answers |= {f"wording_{number}": wording for number, wording in read}
            walk.do("answer_benefits", one, walk.people.seom(one.ams_id), **answers)
    walk.do("finalise_benefits", walk.proposal, walk.people.chair())


def _requests(proposal: Proposal) -> list[dict[str, Any]]:
    return sorted(proposal.version.document["requests"], key=lambda wanted: wanted["rank"])  # type: ignore[union-attr]


def _talk(walk: Walk) -> None:
    proposal = walk.proposal
    challenge = Challenge.objects.filter(proposal=proposal, state=ChallengeState.OPEN).order_by("number").first()
    if challenge is None:
        return
    walk.do(
        "comment",
        challenge,
        walk.people.asec(),
        text="Since when has this stood in the way, and which office applies the rule today?",
    )
    writer = walk.people.proponent(proposal.organisation)
    walk.do(
        "comment",
        challenge,
        writer,
        text="It has applied to every consignment since the project began. The offices are named in the evidence.",
    )
    walk.do("resolve", challenge, walk.people.asec(), outcome="The benefits proposed to the Member States answer it.")
    _rate(walk)


def _rate(walk: Walk) -> None:
    """Say how much the next barrier weighs, and take it up."""
    left = Challenge.objects.filter(proposal=walk.proposal, state=ChallengeState.OPEN).order_by("number").first()
    if left is None:
        return
    data = {"category": left.category_id, "ams": [state.pk for state in left.ams.all()], "severity": Severity.HOLDS_UP}
    rated = walk.do(
        "edit_challenge", left, walk.people.asec(), description=left.description, evidence=left.evidence, **data
    )
    walk.do("take_up", rated, walk.people.asec())


def ask_a_body(walk: Walk) -> BodyRequest | None:
    """Ask the first body that a request of the proponent names and that has a contact; None where there is none."""
    proposal = walk.proposal
    staffed = Appointment.objects.current(today()).filter(office__role=Role.BODY_CONTACT).values("office__body")
    for wanted in _requests(proposal):
        body = Body.objects.filter(acronym=wanted.get("body") or "", pk__in=staffed).first()
        if body:
            break
    else:
        return None
    challenge = Challenge.objects.filter(proposal=proposal, category=wanted["category"]).order_by("number").first()
    walk.do(
        "add_request", proposal, walk.people.fg_gvc(wanted["ams"][0]), body=[body.pk], challenge=challenge.pk if challenge else "",
        question=f"Can {body.acronym} help to bring this about: {wanted['measure']}?", ams=wanted["ams"],
    )  # fmt: skip
    request = BodyRequest.objects.filter(proposal=proposal).latest("number")
    walk.do(
        "prepare_request", request, walk.people.asec(), question=request.question,
        extract=f"A project in several Member States asks for this measure: {wanted['measure']}.\n"
        f"What it would change: {wanted.get('expected_effect') or 'see the question'}.", part_background=["objectives"],
    )  # fmt: skip
    return walk.do("send", BodyRequest.objects.get(pk=request.pk), walk.people.asec())


def _answered(walk: Walk, request: BodyRequest) -> None:
    """Let the body ask back and answer, and ASEC take the answer up."""
    contact = walk.people.body(request.body.acronym)
    walk.do("acknowledge", request, contact)
    walk.do("ask_back", request, contact, text="Does this concern the Member States named, or all of the region?")
    walk.do("reply_to_body", request, walk.people.asec(), text="The Member States named, as a beginning.")
    walk.do(
        "answer", request, contact, answer=CanAct.IN_PART, lead_ams=request.ams.order_by("order")[0].pk, by_when=date(today().year + 1, 6, 30),
        measure="A pilot between the Member States concerned, with a common form and one contact point in each.",
        answer_text="A measure for all Member States needs a decision of the ministers.",
    )  # fmt: skip
    walk.do("close_request", request, walk.people.asec(), note="Taken into the benefit proposed to the Member States.")


def _propose(walk: Walk, wanted: dict[str, Any]) -> None:
    """Propose a ranked request as a benefit, given by those it names that take part."""
    proposal = walk.proposal
    taking_part = [state.code for state in participating(proposal)]
    body = Body.objects.on(today()).filter(acronym=wanted.get("body") or "").first()
    walk.do(
        "propose_benefit", proposal, walk.people.asec(), category=wanted["category"], measure=f"{wanted['measure']}.",
        given_by=[code for code in wanted["ams"] if code in taking_part] or taking_part,
        body=body.pk if body else "", conditions="", starts=date(today().year + 1, 1, 1), request_rank=wanted["rank"],
    )  # fmt: skip


def tell(walk: Walk) -> None:
    """ASEC drafts, the chair approves, the worker makes the PDF, the chair issues, everybody acknowledges."""
    proposal = walk.proposal
    walk.do(
        "draft_letter", proposal, walk.people.asec(), addressee=first.addressee(proposal), contact=first.contact(),
        decision_reference=first.decision_reference(proposal), particulars="",
    )  # fmt: skip
    letter = Letter.objects.get(proposal=proposal, state="draft")
    walk.do("check_letter", letter, walk.people.holders(Role.ASEC)[-1])
    walk.do("approve_letter", letter, walk.people.chair())
    walk.work()
    walk.do("issue_letter", walk.proposal, walk.people.chair())
    for delivery in Delivery.objects.filter(letter=letter).select_related("office").order_by("pk"):
        office = delivery.office
        to = walk.people.seom(office.ams_id) if office else walk.people.proponent(proposal.organisation)
        walk.do("acknowledge_letter", delivery, to)


STEPS = {State.APPROVED: start, State.FACILITATION: work_out, State.BENEFITS_FINALISED: tell}

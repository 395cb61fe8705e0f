"""The demonstration's offices, and a case of theirs in any state, brought there through the door."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from aipbi.accounts.capacity import Capacity, held_by, today
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.models import Partner, Person, Team
from aipbi.workflow import registry
from aipbi.workflow.door import perform
from aipbi.workflow.models import Case
from aipbi.workflow.walk import Walk
from monitoring import demo
from proposals import verbs
from proposals.document import empty
from proposals.enums import State
from proposals.models import Proposal
from tests.support import cases
from tests.support.remembered import remembered

# Names a tie to the power-trade case, which Lao PDR originates and Malaysia, Singapore and Thailand join.
TIES = (
    "owner", "editor", "viewer", "partner_editor", "partner_viewer", "other_partner", "other_proponent", "seom_origin", "seom_named", "seom_other", "fg_gvc_chair",
    "fg_gvc_named", "fg_gvc_other", "expert", "other_expert", "body", "other_body", "asec", "admin",
)  # fmt: skip

# The states that a case goes through where nothing stops it.
ROAD = (
    "draft", "with_seom", "inbox", "registered", "under_assessment", "assessed", "before_fg_gvc", "approved", "facilitation",
    "benefits_finalised", "letter_issued", "monitoring",
)  # fmt: skip
# One that is to be closed soon has another plan than one that stays in monitoring.
BEFORE = dict(zip(ROAD[1:], ROAD, strict=False)) | {"closed": "letter_issued"}


def partner(proposal: Proposal, membership: Membership, company: str = "Batam Copper Works") -> Capacity:
    """Return somebody of a partner company on the proposal, who has taken up an invitation (U4)."""
    case = Case.objects.select_related("team").get(pk=proposal.pk)
    if case.team is None:
        case.team = Team.objects.create(organisation=proposal.organisation, code=case.code)
        case.save(update_fields=["team"])
    email = f"{membership}-{case.code}@batam-copper.example.org"
    person = Person.objects.filter(email=email).first() or Person.objects.create_user(
        email=email, name=f"A {membership}"
    )
    if not Partner.objects.current(today()).filter(person=person, team=case.team).exists():
        Partner.objects.create(person=person, team=case.team, company=company, role=membership, starts=today())
    return next(held for held in held_by(person) if held.team == case.team)


@dataclass
class World:
    """People by their tie, and one case."""

    proposal: Proposal

    @cached_property
    def walk(self) -> Walk:
        return Walk(self.proposal)

    def tie(self, name: str) -> Capacity | None:
        """Return who has this tie to the case; None for an expert of a case that has none yet, or has them all."""
        people = self.walk.people
        offices = {
            "seom_origin": ("LA", people.seom),
            "seom_named": ("TH", people.seom),
            "seom_other": ("BN", people.seom),
            "fg_gvc_named": ("TH", people.fg_gvc),
            "fg_gvc_other": ("BN", people.fg_gvc),
            "body": ("AMEM", people.body),
            "other_body": ("CCS", people.body),
        }
        if name in offices:
            code, office = offices[name]
            return office(code)
        addresses = {
            "owner": "owner@mekong-hydropower.example.org",
            "editor": "editor@mekong-hydropower.example.org",
            "viewer": "viewer@mekong-hydropower.example.org",
            "other_proponent": "owner@penang-packaging.example.org",
        }
        if name in addresses:
            return people.as_(addresses[name])
        if name in ("partner_editor", "partner_viewer"):
            return partner(self.proposal, Membership(name.removeprefix("partner_")))
        if name == "other_partner":
            return partner(self._other_case(), Membership.EDITOR)
        if name in ("expert", "other_expert"):
            return self._expert(appointed=name == "expert")
        return {"fg_gvc_chair": people.chair, "asec": people.asec, "admin": people.admin}[name]()

    def _other_case(self) -> Proposal:
        """Another draft of the same organisation, on which a partner of its own works."""
        owner = self.tie("owner")
        found = Proposal.objects.filter(organisation=owner.organisation, title="Another draft").first()
        answers = {**empty(), "title": "Another draft"}
        return found or verbs.start_draft(by=owner.person, as_=owner, answers=answers)

    def _expert(self, *, appointed: bool) -> Capacity | None:
        from review.experts.models import Invitation

        invited = set(
            Invitation.objects.filter(proposal=self.proposal).order_by("pk").values_list("expert__person_id", flat=True)
        )
        experts = self.walk.people.holders(Role.EXPERT)
        if not appointed:
            return next((one for one in experts if one.person.pk not in invited), None)
        return next((one for one in experts if one.person.pk in invited), None)


def bring(state: str, name: str = "01-power-trade") -> World:
    """Make the demonstration's offices and a case of theirs, and bring it to the state."""
    return World(_brought(state, name))


@remembered
def offices() -> None:
    """Make the demonstration's offices."""
    demo.load_offices()


@remembered
def _brought(state: str, name: str) -> Proposal:
    before, last = ASIDE.get(state, (state, None))
    world = World(_on_the_road(before, name))
    if last:
        last(world)
    if beside := BESIDE.get(state):
        beside(world)
    return world.walk.proposal


@remembered
def _on_the_road(state: str, name: str) -> Proposal:
    if state not in BEFORE:
        offices()
        return demo.bring_in(cases.CASES / f"{name}.json")
    world = World(_on_the_road(BEFORE[state], name))
    world.walk.to(state)
    assert world.walk.proposal.state == state
    return world.walk.proposal


def _do(tie: str, move: str, **data: object):
    return lambda world: world.walk.do(move, world.walk.proposal, world.tie(tie), **data)


def _decide(position: str, **data: object):
    """Let every Member State take the position and the chair record what follows."""

    def last(world: World) -> None:
        from review.rounds.models import Position

        for one in Position.objects.filter(round__proposal=world.proposal):
            world.walk.do(
                "give_position",
                one,
                world.walk.people.fg_gvc(one.ams_id),
                value=position,
                text="Which grid code holds?",
            )
        world.walk.do("record_decision", world.walk.proposal, world.tie("fg_gvc_chair"), **data)

    return last


def _lapse(world: World) -> None:
    """Let sixty days go by without an answer."""
    _do("asec", "ask_completion", gaps="Annex 2")(world)
    proposal = world.walk.proposal
    Proposal.objects.filter(pk=proposal.pk).update(moved_at=proposal.moved_at - timedelta(days=70))
    perform(registry.get("proposal", "lapse"), world.walk.proposal, by=None, as_=Capacity.clock())


# States off the main road: where the road is left, and by what.
ASIDE = {
    State.NOT_SUPPORTED: (State.WITH_SEOM, _do("seom_origin", "decline_support", reason="Not now.")),
    State.AWAITING_COMPLETION: (State.INBOX, _do("asec", "ask_completion", gaps="Annex 2")),
    State.LAPSED: (State.INBOX, _lapse),
    State.DEFERRED: (
        State.BEFORE_FG_GVC,
        _decide(
            "defer",
            outcome="deferred",
            reasons="A question is open.",
            question="Which grid code?",
            clearing="By the proponent.",
        ),
    ),
    State.NOT_APPROVED: (State.BEFORE_FG_GVC, _decide("object", outcome="not_approved", reasons="No consensus.")),
    State.WITHDRAWN: (State.INBOX, _do("owner", "withdraw", reason="Changed plans.")),
}


def _amend(world: World) -> None:
    """Add a category to what was decided, on which the Member States still say their words (D6)."""
    from facilitation.models import Amendment

    asked = {
        "changes": ["category"],
        "categories": ["talent"],
        "what": "Talent is added.",
        "because": "Engineers cross.",
    }
    _do("asec", "ask_amendment", **asked)(world)
    amendment = Amendment.objects.get(proposal=world.walk.proposal)
    states = list(amendment.proposal.participations.taking_part().values_list("ams", flat=True))
    world.walk.do("open_amendment", amendment, world.tie("asec"), ams=states)


# What no road leads through, and is under way in a state.
BESIDE = {State.MONITORING: _amend}

"""What is asked of the portal, by whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.core.handlers.wsgi import WSGIHandler

from aipbi.accounts.capacity import Capacity, held_by
from aipbi.accounts.enums import Membership
from aipbi.accounts.models import Organisation, Person
from benchmarks.visitor import Answer, Visitor
from proposals.document import changes
from proposals.document.schema import BY_SLUG
from proposals.enums import State
from proposals.models import Participation, Proposal

EMPTY = "empty signed-in page"
_COLUMNS = "state,ams,waiting,organisation,sector,chain,origin,officer,investment,submitted,registered"
_QUESTION = "is:overdue ams:MY,TH -sector:ev officer:none after:2025-01 waiting:fg-gvc"
Request = tuple[str, dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: its name in the table, who asks, where and what (made anew each time), and its like at pretalx."""

    name: str
    visitor: Visitor
    make: Callable[[], Request]
    like: str = ""
    by_itself: bool = False

    def once(self, handler: WSGIHandler) -> Answer:
        """Ask; SystemExit for an answer that is neither a page nor a move that was made."""
        address, data = self.make()
        answer = self.visitor.ask(handler, address, data, by_itself=self.by_itself)
        if answer.status != (200 if data is None or self.by_itself else 302):
            raise SystemExit(f"{self.name}: {address} answers {answer.status}\n{answer.body.decode()[:2000]}")
        return answer


def asks() -> list[Ask]:
    """Return the requests on the data set in use, the empty page first."""
    asec, seom, few = _visitor("officer-1@asec"), _visitor("seom@my"), _visitor("seom@tl")
    fg_gvc, proponent = _visitor("fg-gvc@my"), _visitor("owner-1@organisations")
    decided = _first(Proposal.objects.filter(participations__ams="MY"), State.BEFORE_FG_GVC)
    assessed = _first(Proposal.objects.filter(participations__ams="MY"), State.UNDER_ASSESSMENT)
    own = Proposal.objects.visible_to(_capacity("owner-1@organisations")).select_related("case").order_by("pk")[0]
    case = f"/cases/{decided.case.code}/"
    part = Participation.objects.get(proposal=assessed, ams="MY")
    draft = Proposal.objects.filter(state=State.DRAFT).select_related("case", "organisation").order_by("pk")[0]
    writer = Visitor(next(one for one in _held_in(draft.organisation) if one.organisation == draft.organisation))
    answers = f"/cases/{assessed.case.code}/participation/{part.pk}/"
    return [
        Ask(EMPTY, asec, _page("/empty/")),
        Ask("the same inside the portal's frame", asec, _page("/empty/")),
        Ask("start page, a stranger", Visitor(None), _page("/")),
        Ask("desk, ASEC", asec, _page("/desk/"), "dashboard"),
        Ask("desk, ASEC, all of it", asec, _page("/desk/?view=office")),
        Ask("desk, ASEC, overdue elsewhere", asec, _page("/desk/?view=elsewhere")),
        Ask("desk, SEOM lead", seom, _page("/desk/"), "dashboard"),
        Ask("desk, proponent", proponent, _page("/desk/"), "own list"),
        Ask("list, ASEC", asec, _page("/cases/"), "list"),
        Ask("list, ASEC, one hit", asec, _page(f"/cases/?q={decided.case.reference}"), "search"),
        Ask("list, ASEC, one state", asec, _page("/cases/?state=before_fg_gvc"), "list"),
        Ask("list, ASEC, overdue first", asec, _page("/cases/?sort=waiting"), "list"),
        Ask("list, ASEC, by title", asec, _page("/cases/?sort=case"), "list"),
        Ask("list, ASEC, page 100", asec, _page("/cases/?page=100"), "list"),
        Ask("list, ASEC, all columns", asec, _page(f"/cases/?columns={_COLUMNS}"), "list"),
        Ask("list, ASEC, words in many cases", asec, _page("/cases/?q=battery"), "search"),
        Ask("list, ASEC, words in none", asec, _page("/cases/?q=zanzibar"), "search"),
        Ask("list, ASEC, a long question", asec, _page(f"/cases/?q={quote(_QUESTION)}"), "search"),
        Ask("list, SEOM lead, words in many cases", seom, _page("/cases/?q=battery"), "search"),
        Ask("list, SEOM lead, overdue first", seom, _page("/cases/?sort=waiting"), "list"),
        Ask("list, FG-GVC member", fg_gvc, _page("/cases/"), "list"),
        Ask("list, SEOM lead", seom, _page("/cases/"), "list"),
        Ask("list, SEOM lead with few cases", few, _page("/cases/"), "list"),
        Ask("list, proponent", proponent, _page("/cases/"), "own list"),
        Ask("case, ASEC", asec, _page(case), "page"),
        Ask("case, SEOM lead", seom, _page(case), "page"),
        Ask("case, proponent", proponent, _page(f"/cases/{own.case.code}/"), "page"),
        Ask("case, Member States", seom, _page(f"{case}participation/"), "page"),
        Ask("case, history", asec, _page(f"{case}trail/"), "page"),
        Ask("case, similar cases, ASEC", asec, _page(f"{case}similar/")),
        Ask("case, similar cases, FG-GVC member", fg_gvc, _page(f"{case}similar/")),
        Ask("notices", asec, _page("/notices/")),
        Ask("page of a move", seom, _page(f"{answers}decline/")),
        Ask("move: answer on participation", seom, lambda: _answer(part, answers), "move"),
        Ask("move: name the case officer", asec, lambda: _name_officer(assessed), "move"),
        Ask("saving by itself: a text", writer, lambda: _write(draft), by_itself=True),
    ]


def _capacity(name: str) -> Capacity:
    return held_by(Person.objects.get(email=f"{name}.example.org"))[0]


def _held_in(organisation: Organisation) -> list[Capacity]:
    owners = Person.objects.filter(memberships__organisation=organisation, memberships__role=Membership.OWNER)
    return held_by(owners.order_by("pk")[0])


def _visitor(name: str) -> Visitor:
    return Visitor(_capacity(name))


def _page(address: str) -> Callable[[], Request]:
    return lambda: (address, None)


def _first(found: Any, state: State) -> Proposal:
    return found.filter(state=state).select_related("case").order_by("pk")[0]


def _answer(part: Participation, address: str) -> Request:
    """The Member State confirms and observes in turn."""
    part.refresh_from_db()
    move = "observe" if part.state == "confirmed" else "confirm"
    return f"{address}{move}/", {"seen": part.revision, "reason": "A remark of one line."}


def _write(proposal: Proposal) -> Request:
    """Somebody writes on; each time another word comes last."""
    proposal.refresh_from_db(fields=["answers"])
    seen = changes.token(changes.content(proposal.answers, BY_SLUG["background"]))
    text = f"{'word ' * 300}{uuid4()}"
    return f"/cases/{proposal.case.code}/write/background/", {"seen": seen, "background": text}


def _name_officer(proposal: Proposal) -> Request:
    """Two officers are named in turn."""
    proposal.refresh_from_db(fields=["revision", "case_officer"])
    number = 2 if proposal.case_officer and proposal.case_officer.email.startswith("officer-1@") else 1
    officer = Person.objects.get(email=f"officer-{number}@asec.example.org")
    address = f"/cases/{proposal.case.code}/proposal/{proposal.pk}/assign_officer/"
    return address, {"seen": proposal.revision, "officer": officer.pk}

"""The demonstration's cases: six case files and a meeting held, each at a different point of its life."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aipbi.accounts import demo as accounts
from aipbi.accounts.models import Organisation
from aipbi.workflow.models import Case
from aipbi.workflow.walk import People, Walk, account
from facilitation import demo as facilitation
from facilitation.models import Letter
from monitoring.models import Report
from monitoring.releases import demo as releases
from proposals import interchange, verbs
from proposals.enums import State
from proposals.models import Proposal
from proposals.moves.inbox import CHECKLIST
from proposals.notes import verbs as notes
from review import walk as review
from review.assessments.models import Assessment
from review.experts import demo as experts
from review.meetings.walk import call_meeting, plan_meeting

CASES = settings.BASE_DIR / "demo" / "cases"

Say = Callable[[str], object]


class Unread(Exception):  # noqa: N818 - told to the person, who gave the file
    """A case file could not be read; the message lists every fault with its place."""


def read(path: Path) -> dict[str, object]:
    """Return the document of a case file. Raises Unread with every fault and its place."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise Unread(f"{path}: {fault.strerror}") from fault
    document, faults = interchange.parse(content)
    if document is None:
        raise Unread(
            "\n".join([f"{path} was not read:", *(f"  {one.path or 'file'}: {one.message}" for one in faults)])
        )
    return document


def bring_in(path: Path, *, say: Say = lambda _line: None) -> Proposal:
    """Make a case file a draft of its lead's demo organisation, else of the first demo organisation."""
    document = read(path)
    lead = document["lead"]["name"]  # type: ignore[index]
    writer = People().proponent(Organisation.objects.filter(name=lead).first())
    proposal = verbs.start_draft(by=writer.person, as_=writer, answers=document)  # type: ignore[arg-type]
    say(f"{proposal.state:<20}Draft made from {path.name} – {account(writer)}")
    return proposal


def letter_path(proposal: Proposal) -> Path | None:
    """Return where the case's latest sealed letter is stored."""
    letter = Letter.objects.filter(proposal=proposal, pdf__isnull=False).select_related("pdf").order_by("-pk").first()
    return Path(letter.pdf.content.path) if letter and letter.pdf else None


@transaction.atomic
def load(say: Say) -> bool:
    """Fill an empty portal: people, experts, cases. Does nothing, and says False, where there are cases."""
    load_offices()
    if Case.objects.exists():
        return False
    with at(timezone.now() - timedelta(days=45)):
        registered(bring_in(CASES / "05-packaging-technicians.json", say=say), say)
    hold_meeting(say)
    bring_in(CASES / "01-power-trade.json", say=say)
    assessed = bring_in(CASES / "02-ev-battery-chain.json", say=say)
    under_assessment(assessed, say)
    note(assessed)
    with at(timezone.now() - timedelta(days=12)):
        worked_out = Walk(bring_in(CASES / "06-shared-transformers.json", say=say), say=say)
        worked_out.to(State.FACILITATION)
        facilitation.leave_open(worked_out)
    followed(bring_in(CASES / "03-chip-materials-lane.json", say=say), say)
    plan_meeting(Walk(bring_in(CASES / "04-battery-recycling.json", say=say), say=say))
    with at(timezone.now() - timedelta(days=20)):
        releases.publish()
    return True


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let what is done within begin at that moment, so that the demonstration has a past and things overdue."""
    ago = datetime.now(UTC) - moment
    with patch.object(timezone, "now", lambda: datetime.now(UTC) - ago):
        yield


def registered(proposal: Proposal, say: Say) -> None:
    """Register a case that waits for experts, and for one Member State that has not said whether it takes part."""
    walk = Walk(proposal, say=say)
    walk.to(State.INBOX)
    checked: dict[str, Any] = dict.fromkeys(CHECKLIST, "yes")
    walk.do("register", walk.proposal, walk.people.asec(), **checked)
    for participation in walk.proposal.participations.exclude(ams="PH").order_by("ams__order"):
        walk.do("confirm", participation, walk.people.seom(participation.ams_id))


def hold_meeting(say: Say) -> None:
    """Hold a meeting that still wants its record."""
    with at(timezone.now() - timedelta(days=30)):
        meeting = call_meeting(timezone.now() + timedelta(days=16), seom=[])
        walk = Walk(meeting, say=say)
        asec = walk.people.asec()
        about = "The Secretariat reports on consents for shipments between Member States."
        walk.do("arrange_agenda", meeting, asec, new_title="Requests to sectoral bodies that wait", new_about=about)
    with at(meeting.starts_at):
        walk.do("open_meeting", walk.proposal, asec, present=["ID", "MY", "PH", "SG", "TH", "VN"], others_present="")
        said: dict[str, Any] = {
            "discussion": "Members asked for answers before the next meeting.",
            "conclusion": "The Secretariat reminds the bodies and reports again.",
            "statements": "",
            "next_steps": "",
        }
        walk.do("record_item", walk.proposal, asec, item=meeting.items.get().pk, **said)


def followed(proposal: Proposal, say: Say) -> None:
    """Bring a case to where its first report is accepted, a figure of it corrected, a change of the plan begun, one of the project asked."""
    walk = Walk(proposal, say=say)
    walk.to(State.MONITORING)
    report = Report.objects.get(proposal=proposal, number=1)
    writer = walk.people.proponent(proposal.organisation)
    figure = report.figures.filter(line__indicator__code="E1").select_related("line").order_by("line__ams__order")[0]
    of = f"_{figure.pk}"
    answers: dict[str, Any] = {
        "figure": str(figure.pk), f"actual{of}": f"{(figure.actual or 0) + 12:.0f}", f"share_due_to_aipbi{of}": "40",
        f"reasoning{of}": figure.reasoning, f"evidence{of}": "Payroll of December, audited",
        "reason": "Twelve people of the night shift were left out.",
    }  # fmt: skip
    walk.do("correct_figure", report, writer, **answers)
    walk.do("change_plan", walk.proposal, writer, reason="Women trained at the line are to be counted, too.")
    facilitation.ask_change(walk)


def load_offices() -> None:
    """Make what is missing of the demonstration's people and of its experts' entries in the roster."""
    accounts.load_people()
    experts.load_entries()


def note(proposal: Proposal) -> None:
    """Let an officer leave the colleagues an internal note."""
    officer = People().asec()
    words = "The company answers by telephone in the morning only. Ask for the second supplier before the report."
    notes.add(Proposal.objects.get(pk=proposal.pk), words, as_=officer, token=uuid4())


def under_assessment(proposal: Proposal, say: Say) -> None:
    """Bring a case to where one expert has filed and another has not."""
    walk = Walk(proposal, say=say)
    walk.to(State.UNDER_ASSESSMENT)
    assessment = Assessment.objects.filter(proposal=proposal).order_by("pk").select_related("expert__person")[0]
    expert = walk.as_(assessment.expert.person.email)
    walk.do("save_assessment", assessment, expert, **review.filled(assessment))
    walk.do("file_assessment", assessment, expert, own_view="on")

"""Letters of a case: the list, one letter as a page, and how far its PDF is."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aipbi.accounts import countries
from aipbi.accounts.access import signed_in
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.request import PortalRequest
from aipbi.workflow.models import Job, JobState
from facilitation import amendments
from facilitation.enums import UNDECIDED, UNDER_WAY, AmendmentState, LetterState
from facilitation.letters import compose, coverage, superseding
from facilitation.models import Amendment, AmendmentWord, Delivery, Letter
from facilitation.moves.approving import PDF_JOB
from facilitation.moves.asking_amendments import AskAmendment
from facilitation.registers import letters_show
from facilitation.views.case import moves_now
from proposals.models import Proposal
from proposals.pages import case_page, get_case


@signed_in
@require_safe
def letters(request: PortalRequest, code: str) -> HttpResponse:
    """List the letters of the case that the reader may see, newest first."""
    proposal = get_case(request, code)
    viewer = request.capacity
    if not letters_show(viewer, proposal):
        raise Http404
    found = Letter.objects.visible_to(viewer).filter(proposal=proposal).defer("content").select_related("pdf")
    ask, found_amendments = AskAmendment(proposal, viewer), _amendments(proposal, viewer)
    may_ask = ask.is_open and ask.may(viewer, proposal) and not any(one.state in UNDER_WAY for one in found_amendments)
    context = {
        "letters": list(found.order_by("-pk")),
        "amendments": found_amendments,
        "ask_amendment": ask.url(code) if may_ask else "",
        "inside": not viewer.proposes,
    }
    return case_page(request, proposal, "facilitation/letters.html", "letters", context)


def _amendments(proposal: Proposal, viewer: Capacity) -> list[Amendment]:
    """Return the case's amendments, newest first, each with the words that the reader may read and the moves open to them."""
    code = proposal.case.code
    found = list(
        Amendment.objects.visible_to(viewer)
        .filter(proposal=proposal)
        .select_related("letter", "organisation")
        .order_by("-number")
    )
    said: dict[int, list[AmendmentWord]] = {}
    for word in AmendmentWord.objects.visible_to(viewer).filter(proposal=proposal).select_related("ams", "amendment"):
        word.proposal = proposal
        word.moves = moves_now(word, viewer, code)
        said.setdefault(word.amendment_id, []).append(word)
    in_force = superseding.in_force(proposal) if any(one.state in UNDER_WAY for one in found) else None
    amendments.touched(found)
    for one in found:
        one.proposal = proposal
        one.moves = moves_now(one, viewer, code)
        one.said = said.get(one.pk, [])
        one.country = countries.name(one.organisation.country) if one.organisation else ""
        one.lacking = list(amendments.lacking(one)) if one.state == AmendmentState.OPEN and not viewer.proposes else []
        one.next = _next(one, viewer)
        one.in_force = in_force if one.state in UNDER_WAY else None
    return found


def _next(one: Any, viewer: Capacity) -> str:
    """Say who is next, where nothing is lacking and it is not the reader; the proponent reads the state alone."""
    if viewer.proposes or one.lacking or any(move["name"] == "agree_amendment" for move in one.moves):
        return ""
    if one.state == AmendmentState.OPEN:
        return _("Nothing stands in the way any more: the chair of the FG-GVC records that it is agreed.")
    if one.state == AmendmentState.AGREED and one.letter_id is None:
        return _("The Secretariat drafts the letter that tells it.")
    return ""


def _get(request: PortalRequest, code: str, pk: int) -> tuple[Proposal, Letter]:
    proposal = get_case(request, code)
    letter = (
        Letter.objects.visible_to(request.capacity)
        .filter(proposal=proposal, pk=pk)
        .select_related("pdf", "supersedes", "revokes", "written_by", "checked_by")
        .first()
    )
    if letter is None:
        raise Http404
    letter.proposal = proposal
    return proposal, letter


@signed_in
@require_safe
def letter(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Show the letter as a page; a draft as it would read if it were approved today (F4)."""
    proposal, found = _get(request, code, pk)
    viewer = request.capacity
    deliveries = list(
        Delivery.objects.visible_to(viewer)
        .filter(letter=found)
        .select_related("office__ams", "office__body", "organisation")
        .order_by("pk"),
    )
    for delivery in deliveries:
        delivery.proposal, delivery.letter = proposal, found
        delivery.moves = moves_now(delivery, viewer, code)
    said = compose.shown(found)
    context = {
        "one": found,
        "said": said,
        "unprintable": list(coverage.faults(said)) if found.state in UNDECIDED else [],
        "moves_here": moves_now(found, viewer, code),
        "deliveries": deliveries,
        "successor": _issued(found, "superseded_by", LetterState.SUPERSEDED, LetterState.REVOKED),
        "revocation": _issued(found, "revoked_by", LetterState.REVOKED),
        "job": _job(found),
        "inside": not viewer.proposes,
    }
    return case_page(request, proposal, "facilitation/letter.html", "letters", context)


@signed_in
@never_cache
@require_safe
def progress(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Say how far the PDF is, for the page that asks every two seconds; once sealed, have the page load anew."""
    _proposal, found = _get(request, code, pk)
    if "HX-Request" not in request.headers:
        return redirect("letter", code, pk)
    context: dict[str, Any] = {"one": found, "job": _job(found), "code": code, "request": request}
    answer = render(request, "facilitation/letter_progress.html", context)
    if found.state != LetterState.APPROVED:
        answer["HX-Refresh"] = "true"
    return answer


def _issued(letter: Letter, which: str, *states: LetterState) -> Letter | None:
    """Return the issued letter that took its place or revoked it, where its state says that there may be one."""
    if letter.state not in states:
        return None
    found: Letter | None = getattr(letter, which).filter(issued_at__isnull=False).defer("content").first()
    return found


def _job(letter: Letter) -> Job | None:
    """Return the job that makes the PDF of an approved letter; `stuck` when the worker has given up."""
    if letter.state != LetterState.APPROVED:
        return None
    job = Job.objects.filter(kind=PDF_JOB, subject_kind=Letter.kind, subject_pk=letter.pk).order_by("-pk").first()
    if job:
        job.stuck = job.state == JobState.FAILED  # type: ignore[attr-defined]
    return job

"""What every page of a case shares: finding it, its head, its tabs, the moves open to the reader (L3)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.request import PortalRequest
from aipbi.workflow import obligations, registry, tabs
from aipbi.workflow.models import Obligation, Subject
from aipbi.workflow.models.obligation import FOR_PARTNERS
from aipbi.workflow.moves import Move
from proposals import rules
from proposals.enums import UNCONFIRMED, State
from proposals.inbox import travel
from proposals.models import Proposal
from proposals.verbs import WRITABLE

_LABELS = ("originating_ams", "case_officer", "sector", "value_chain", "on_behalf__office")


def get_case(request: PortalRequest, code: str, *, answers: bool = False, labels: bool = True) -> Proposal:
    """Return the proposal of the case named `code`; Http404 unless the capacity in use may open it (U5).

    `answers` reads them at once, for pages that need them; `labels` what only a page shows.
    """
    found = (
        Proposal.objects.visible_to(request.capacity)
        .filter(case__code=code)
        .select_related("case", "organisation", *(_LABELS if labels else ()))
        .defer(*([] if answers else ["answers"]))
        .first()
    )
    if found is None:
        raise Http404
    return found


def moves_of(subject: Subject, capacity: Capacity) -> list[Move]:
    """Return the moves open to the capacity on the subject, as `registry.offered` says."""
    return registry.offered(capacity, subject, _case_code(subject))


def _case_code(subject: Subject) -> str:
    return subject.proposal.case.code  # type: ignore[attr-defined]


def waits_for(proposal: Proposal, viewer: Capacity) -> list[Obligation]:
    """Return what the case waits for, as far as the reader may know, the most urgent first."""
    open_now = proposal.case.obligations.open().select_related("office__ams", "office__body", "organisation")
    open_now = open_now.annotate(others=obligations.others())
    return list(obligations.ordered(obligations.known_to(viewer, open_now)))


def _passed_on(owed: Any, person: int | None) -> bool:
    """Whether this person began it, and somebody else of the office is there to answer it (U2)."""
    return owed.others and owed.begun_by_id is not None and owed.begun_by_id == person


def case_page(
    request: PortalRequest,
    proposal: Proposal,
    template: str,
    tab: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a tab's template, which extends `proposals/case_base.html`, with the head of the case.

    Raises Http404 where the tab does not show to the reader, so that its address tells nothing either (U5).
    """
    viewer: Capacity = request.capacity
    shown = tabs.open_to(viewer, proposal)
    if tab not in {one.code for one in shown}:
        raise Http404
    waiting = waits_for(proposal, viewer)
    for owed in waiting:
        owed.what = obligations.KINDS[owed.kind].label  # type: ignore[attr-defined]
        owed.is_mine = _mine(owed, viewer) and not _passed_on(owed, viewer.person.pk if viewer.person else None)  # type: ignore[attr-defined]
        # Which of the Secretariat's officers it falls to is the Secretariat's own matter.
        of_asec = viewer.role == Role.ASEC and owed.office is not None and owed.office.role == Role.ASEC
        owed.officer = proposal.case_officer if of_asec and not _passed_on(owed, proposal.case_officer_id) else None  # type: ignore[attr-defined]
        owed.case = proposal.case
        owed.link = obligations.link(owed)  # type: ignore[attr-defined]
    # What the reader owes comes first, the most urgent of it in the head of the page.
    waiting.sort(key=lambda owed: not owed.is_mine)  # type: ignore[attr-defined]
    code = proposal.case.code
    in_list, further = travel.place(request, code)
    answer = render(
        request,
        template,
        {
            "proposal": proposal,
            "code": code,
            "state_label": _state_label(proposal, viewer),
            "waiting": waiting,
            "owing": [owed for owed in waiting if owed.is_mine],  # type: ignore[attr-defined]
            "moves": moves_of(proposal, viewer),
            "tabs": [{"label": one.label, "url": one.url(code), "current": one.code == tab} for one in shown],
            "tab": tab,
            "in_list": in_list,
            "may_write": proposal.state in WRITABLE and rules.writer.test(viewer, proposal),
            **(context or {}),
        },
        status=status,
    )
    if further:
        travel.remember(answer, further)
    return answer


def _state_label(proposal: Proposal, viewer: Capacity) -> Any:
    if viewer.proposes:
        return proposal.public_state
    return UNCONFIRMED if proposal.unconfirmed and proposal.state == State.DRAFT else proposal.state_label


def _mine(owed: Obligation, viewer: Capacity) -> bool:
    if owed.office_id:
        return viewer.office is not None and viewer.office.pk == owed.office_id
    if viewer.team:
        return viewer.membership == Membership.EDITOR and owed.kind in FOR_PARTNERS
    if owed.organisation_id:
        return viewer.organisation is not None and viewer.organisation.pk == owed.organisation_id
    return viewer.person is not None and viewer.person.pk == owed.person_id

"""The form on paper: downloading it blank or filled, and bringing a filled one in (P8)."""

from collections.abc import Sequence

from django.core.exceptions import SuspiciousOperation
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import roles, signed_in
from aipbi.accounts.enums import PROPOSING, Role
from aipbi.accounts.request import PortalRequest
from aipbi.asean import editions
from aipbi.workflow.errors import NotOpen, NotYours
from proposals import verbs
from proposals.document.schema import SECTIONS
from proposals.forms.conflict import Choice, Conflict
from proposals.forms.paper import FilledForm
from proposals.models import Proposal
from proposals.pages import get_case
from proposals.paper import form as paper
from proposals.paper import taking
from proposals.paper.package import MEDIA_TYPE
from proposals.views.document import attached, chosen, handed_out, text_of
from proposals.views.writing import address, handed_in, writable


@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """Send the blank form to anyone."""
    return attached(paper.blank(), "proposal-form.docx", MEDIA_TYPE)


@signed_in
@require_safe
def filled(request: PortalRequest, code: str) -> HttpResponse:
    """Send the form with the answers of the version asked for, or of the draft, and put it on the trail (U6)."""
    found = get_case(request, code)
    version = chosen(request, found)
    content = paper.filled(text_of(request, found, version), criteria=found.criteria_edition_id)
    return handed_out(request, found, version, content, ending="docx", media_type=MEDIA_TYPE)


@roles(Role.PROPONENT)
@require_http_methods(["GET", "HEAD", "POST"])
def read_new(request: PortalRequest) -> HttpResponse:
    """Read a filled form into a new draft, and lead to what came of it; or say why it can't be read."""
    if not request.capacity.writes:
        raise Http404
    form = _chosen(request, editions.criteria_now().code)
    if not form.is_bound or not form.is_valid() or form.reading is None:
        return _ask(request, form)
    proposal = taking.start(form.reading, by=request.user, as_=request.capacity, file=form.name)
    return redirect("form_report", proposal.case.code)


@roles(*PROPOSING, Role.ASEC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def read_into(request: PortalRequest, code: str) -> HttpResponse:
    """Read a filled form, show what it would replace in the draft, and take it over when told so."""
    proposal = writable(request, code)
    if proposal.state not in verbs.WRITABLE:
        return handed_in(request, proposal)
    if "offer" in request.POST:
        return _take(request, proposal)
    form = _chosen(request, proposal.criteria_edition_id)
    if not form.is_bound or not form.is_valid() or form.reading is None:
        return _ask(request, form, proposal)
    return _show(request, proposal, taking.Offer.of(form.reading, proposal, file=form.name))


def _chosen(request: PortalRequest, criteria: str) -> FilledForm:
    if request.method == "POST":
        return FilledForm(request.POST, request.FILES, criteria=criteria)
    return FilledForm(criteria=criteria)


def _ask(request: PortalRequest, form: FilledForm, proposal: Proposal | None = None) -> HttpResponse:
    context = {"form": form, "proposal": proposal, "code": proposal.case.code if proposal else ""}
    return render(request, "proposals/write/read_form.html", context, status=422 if form.is_bound else 200)


def _show(
    request: PortalRequest,
    proposal: Proposal,
    offer: taking.Offer,
    *,
    overtaken: bool = False,
    errors: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Show what the form says other than the draft, place by place."""
    context = {
        "proposal": proposal,
        "code": proposal.case.code,
        "offer": offer,
        "places": _places(offer, proposal),
        "overtaken": overtaken,
        "errors": errors,
        "unread": offer.report["unread"],
    }
    return render(request, "proposals/write/form_offer.html", context, status=status)


def _places(offer: taking.Offer, proposal: Proposal) -> list[Choice]:
    """Return where the two differ, each with both texts in words."""
    # The stages are named by the value chain, which is on another page of the form.
    chain = {"value_chain": offer.answers.get("value_chain", proposal.answers.get("value_chain"))}
    places = []
    for section in SECTIONS:
        names = [part.name for part in section.parts if part.name in offer.answers]
        also = {} if "value_chain" in names else chain
        mine, theirs = ({name: side[name] for name in names} | also for side in (offer.answers, offer.stands))
        places += Conflict(section, mine, theirs).choices() if names else []
    return places


def _take(request: PortalRequest, proposal: Proposal) -> HttpResponse:
    try:
        offer = taking.Offer.on_page(request.POST["offer"], proposal)
    except BadSignature as fault:
        raise SuspiciousOperation(str(fault)) from fault
    try:
        offer.take(proposal, as_=request.capacity, now=timezone.now())
    except NotYours as refusal:
        raise Http404 from refusal
    except verbs.Overtaken:
        fresh = writable(request, proposal.case.code)
        return _show(request, fresh, offer.now(fresh), overtaken=True, status=409)
    except verbs.Unkeepable as refusal:
        return _show(request, proposal, offer, errors=[fault.message for fault in refusal.faults], status=422)
    except NotOpen:
        return handed_in(request, proposal)
    return redirect("form_report", proposal.case.code)


@roles(*PROPOSING, Role.ASEC)
@never_cache
@require_safe
def report(request: PortalRequest, code: str) -> HttpResponse:
    """Show what came of the last form that was read: where answers went, and what was not read."""
    proposal = writable(request, code)
    entry = taking.last_report(proposal, request.capacity)
    unread = entry.details["unread"] if entry else []
    counts = entry.details["counts"] if entry else {}
    context = {
        "proposal": proposal,
        "code": code,
        "entry": entry,
        "sections": [(one.label, address(one, code), counts[one.slug]) for one in SECTIONS if one.slug in counts],
        "lost": [one for one in unread if not one["kept"]],
        "kept": [one for one in unread if one["kept"]],
        "open": proposal.state in verbs.WRITABLE,
    }
    return render(request, "proposals/write/form_report.html", context)

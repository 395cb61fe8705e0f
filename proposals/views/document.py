"""Reading a proposal: the version that counts, two versions side by side, the file to take away (L6)."""

import re
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles, signed_in
from aipbi.accounts.enums import PROPOSING, Role
from aipbi.accounts.request import PortalRequest
from aipbi.documents.models import StoredFile
from aipbi.workflow import trail
from aipbi.workflow.models import Job
from aipbi.workflow.moves import Move
from proposals import attachments, beside, interchange, picture, verbs
from proposals.comparison import compare
from proposals.document import codes as known_codes
from proposals.document.doubts import doubts
from proposals.document.reading import read
from proposals.document.schema import SECTIONS
from proposals.document.totals import lines
from proposals.enums import State
from proposals.models import Proposal, Version
from proposals.moves.on_behalf import AskConfirmation
from proposals.moves.proponent import Complete, Submit
from proposals.pages import case_page, get_case
from proposals.rules import of_the_team, proponent_editor
from proposals.views.writing import address, writable

_NUMBER = re.compile(r"[1-9]\d{0,3}\Z", re.ASCII)
IN_TEXT = tuple(section for section in SECTIONS if section.slug != "files")


def chosen(request: PortalRequest, proposal: Proposal, name: str = "version") -> Version | None:
    """Return the version asked for, else the last; None is the draft, which its own team reads."""
    versions = Version.objects.visible_to(request.capacity).filter(proposal=proposal).select_related("frozen_by", "pdf")
    asked = request.GET.get(name, "")
    mine = of_the_team(request.capacity, proposal)
    if asked == "draft" or (not asked and mine and proposal.state in verbs.WRITABLE):
        found = None
    elif asked:
        found = versions.filter(number=int(asked)).first() if _NUMBER.match(asked) else None
        mine = mine and found is not None
    else:
        found = versions.order_by("-number").first()
    if found is None and not mine:
        raise Http404
    return found


def text_of(request: PortalRequest, proposal: Proposal, version: Version | None) -> dict[str, Any]:
    """Return the document as the reader may have it."""
    document = version.document if version else proposal.answers
    return attachments.for_reader(document, request.capacity, proposal)


@signed_in
@require_safe
def proposal(request: PortalRequest, code: str) -> HttpResponse:
    """Show the frozen version asked for, or to its own team the draft."""
    found = get_case(request, code)
    version = chosen(request, found)
    document = text_of(request, found, version)
    codes = known_codes.load()
    numbers = list(
        Version.objects.visible_to(request.capacity)
        .filter(proposal=found)
        .order_by("number")
        .values_list("number", flat=True)
    )
    links = beside.of(request.capacity, found)
    context = {
        "version": version,
        "versions": numbers,
        "sections": [(one, links.get(one.section.slug)) for one in read(document, codes, sections=IN_TEXT)],
        "totals": lines(document, codes.ams),
        "picture": picture.draw(document, codes),
        "files": attachments.held_by(found, version.document if version else found.answers, request.capacity),
        "draft_too": of_the_team(request.capacity, found) and found.state in verbs.WRITABLE,
        "pdf": _pdf(version, request),
        "making": version is not None and version.pdf_id is None and _making(found),
    }
    return case_page(request, found, "proposals/document/document.html", "proposal", context)


def _pdf(version: Version | None, request: PortalRequest) -> StoredFile | None:
    return (
        StoredFile.objects.visible_to(request.capacity).filter(pk=version.pdf_id).first()
        if version and version.pdf_id
        else None
    )


def _making(proposal: Proposal) -> Job | None:
    return (
        Job.objects.filter(kind="version_pdf", subject_kind="proposal", subject_pk=proposal.pk).order_by("-pk").first()
    )


@signed_in
@require_safe
def comparison(request: PortalRequest, code: str) -> HttpResponse:
    """Show two versions side by side, with what changed marked."""
    found = get_case(request, code)
    one, other = chosen(request, found, "a"), chosen(request, found, "b")
    before, after = (text_of(request, found, version) for version in (one, other))
    context = {
        "one": one,
        "other": other,
        "sections": compare(before, after),
        "numbers": list(
            Version.objects.visible_to(request.capacity)
            .filter(proposal=found)
            .order_by("number")
            .values_list("number", flat=True)
        ),
        "draft_too": of_the_team(request.capacity, found) and found.state in verbs.WRITABLE,
    }
    return case_page(request, found, "proposals/document/compare.html", "proposal", context)


@signed_in
@require_safe
def download(request: PortalRequest, code: str) -> HttpResponse:
    """Send the document in the interchange format, and put it on the trail."""
    found = get_case(request, code)
    version = chosen(request, found)
    content = interchange.dump(text_of(request, found, version))
    return handed_out(request, found, version, content, ending="json", media_type="application/json")


def handed_out(
    request: PortalRequest, found: Proposal, version: Version | None, content: bytes, *, ending: str, media_type: str
) -> HttpResponse:
    """Send a version, or the draft, as a file named by the case, and put the download on the trail (U6)."""
    which = f"v{version.number}" if version else "draft"
    name = f"{(found.case.reference or found.case.code).replace('/', '-')}-{which}.{ending}"
    if request.method == "GET":
        trail.note(
            found.pk, as_=request.capacity, action="download", subject=("proposal", found.pk), details={"name": name}
        )
    return attached(content, name, media_type)


def attached(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Send content that the portal wrote as a file."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@roles(*PROPOSING, Role.ASEC)
@never_cache
@require_safe
def check(request: PortalRequest, code: str) -> HttpResponse:
    """Show all answers before handing in, each with a way to change it, and all that is missing, linked (P5)."""
    found = writable(request, code)
    if found.state not in verbs.WRITABLE:
        return proposal(request, code)  # type: ignore[return-value]
    faults = attachments.all_faults(found)
    codes = known_codes.load()
    links = {section.slug: address(section, code) for section in SECTIONS}
    move = _takes_on(found)
    context = {
        "proposal": found,
        "code": code,
        "words": [(one, links[one.section.slug]) for one in read(found.answers, codes, sections=IN_TEXT)],
        "totals": lines(found.answers, codes.ams),
        "picture": picture.draw(found.answers, codes),
        "files": attachments.held_by(found, found.answers, request.capacity),
        "links": links,
        "faults": [
            {"label": fault.place, "message": fault.message, "url": f"{links.get(fault.section, '')}?check"}
            for fault in faults
        ],
        "doubts": [
            {"url": links[one.section], "target": one.target, "place": one.place, "words": one.words}
            for one in doubts(found.answers, codes)
        ],
        "hands_in": proponent_editor.test(request.capacity, found),
        "hand_in": reverse("move", args=[code, "proposal", found.pk, move.name]),
        "label": move.label,
    }
    return render(request, "proposals/write/check.html", context)


def _takes_on(proposal: Proposal) -> type[Move]:
    """Return the move to which the page leads that shows all answers."""
    if proposal.unconfirmed:
        return AskConfirmation
    return Submit if proposal.state == State.DRAFT else Complete

"""Downloading a file: always as an attachment, always on the trail (P6, U6)."""

from io import BytesIO
from typing import IO, Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.limits import hourly
from aipbi.accounts.request import PortalRequest
from aipbi.documents import apart
from aipbi.documents.models import Scan, StoredFile
from aipbi.workflow import trail


@signed_in
@never_cache
@require_safe
def file(request: PortalRequest, pk: int) -> HttpResponseBase:
    """Send a file the capacity may read, and put the reading on the trail; 404 for any other (U5)."""
    found = StoredFile.objects.visible_to(request.capacity).select_related("case").filter(pk=pk).first()
    if found is None:
        raise Http404
    if found.scan == Scan.WAITING:
        waiting = render(request, "documents/waiting.html", {"file": found}, status=503)
        waiting["Retry-After"] = "60"
        return waiting
    if request.method == "HEAD":
        return HttpResponse(content_type=found.media_type)
    try:
        content = found.content.open()
    except FileNotFoundError as fault:
        raise Http404 from fault
    _note(request, found)
    return sent(content, found.media_type, found.name, found.size)


@signed_in
@never_cache
@require_safe
def first_page(request: PortalRequest, pk: int) -> HttpResponseBase:
    """Send the picture of a PDF's first page to those who may read the PDF; that of a confidential annex is a reading."""
    found = StoredFile.objects.visible_to(request.capacity).select_related("case").filter(pk=pk).first()
    if found is None or not found.preview or not found.readable:
        raise Http404
    if request.method == "HEAD":
        return HttpResponse(content_type="image/png")
    try:
        content = found.preview.open()
    except FileNotFoundError as fault:
        raise Http404 from fault
    if found.confidential:
        _note(request, found, first_page=True)
    return sent(content, "image/png", f"{found.name}.png", found.preview.size)


# Points of the longer side of a page that is to be read.
READABLE = 1600


def _pdf(request: PortalRequest, pk: int) -> StoredFile:
    """Return a PDF that the capacity may read and the scanner has nothing against; Http404 for any other."""
    found = StoredFile.objects.visible_to(request.capacity).select_related("case").filter(pk=pk).first()
    if found is None or found.media_type != "application/pdf" or not found.readable:
        raise Http404
    return found


@signed_in
@never_cache
@require_safe
def page(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    """Show one page of a PDF, so that a reference to it opens there; pages count from 1."""
    if not number:
        raise Http404
    return render(request, "documents/page.html", {"file": _pdf(request, pk), "number": number})


@signed_in
@never_cache
@require_safe
@hourly("page_pictures_an_hour")
def page_picture(request: PortalRequest, pk: int, number: int) -> HttpResponseBase:
    """Send the picture of one page, drawn apart; a reading of the file like its download. 404 where there is no such page."""
    found = _pdf(request, pk)
    if request.method == "HEAD":
        return HttpResponse(content_type="image/png")
    try:
        with found.content.open() as content:
            picture = apart.run("picture_pdf", content.read(), str(READABLE), str(number))
    except (apart.GaveUpError, FileNotFoundError) as fault:
        raise Http404 from fault
    _note(request, found, page=number)
    return sent(BytesIO(picture), "image/png", f"{found.name}-{number}.png", len(picture))


def _note(request: PortalRequest, file: StoredFile, **more: bool | int) -> None:
    """Put the reading on the trail: who, as what, which content (U6)."""
    trail.note(
        file.case_id,
        as_=request.capacity,
        action="read" if file.confidential else "download",
        subject=(file.subject_kind, file.subject_pk),
        details={"file": file.pk, "name": file.name, "sha256": file.sha256, **more},
    )


def sent(content: IO[Any], media_type: str, name: str, size: int) -> FileResponse:
    """Return the content as an attachment: a file is never a page of the portal, whatever is in it."""
    answer = FileResponse(content, as_attachment=True, filename=name, content_type=media_type)
    answer["Content-Length"] = str(size)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer

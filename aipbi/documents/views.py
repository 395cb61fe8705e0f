"""Downloading a file: always as an attachment, always on the trail (P6, U6)."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.request import PortalRequest
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
    trail.note(
        found.case_id,
        as_=request.capacity,
        action="read" if found.confidential else "download",
        subject=(found.subject_kind, found.subject_pk),
        details={"file": found.pk, "name": found.name, "sha256": found.sha256},
    )
    answer = FileResponse(content, as_attachment=True, filename=found.name, content_type=found.media_type)
    answer["Content-Length"] = str(found.size)
    # A file is never a page of the portal, whatever is in it.
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer

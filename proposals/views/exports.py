"""The list of cases as a file: at once when it is short, by the worker when it is long (R7, U6)."""

import io

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.limits import hourly
from aipbi.accounts.request import PortalRequest
from aipbi.asean import defaults
from aipbi.documents.views import sent
from aipbi.workflow import jobs
from proposals.inbox import files
from proposals.inbox.listing import Listing
from proposals.models import Export, Format
from proposals.views.cases import READERS


@roles(*READERS)
@never_cache
@require_POST
@hourly("exports_an_hour")
def export(request: PortalRequest) -> HttpResponseBase:
    """Send the list that the address asks for, or have the worker make it and lead to its progress."""
    viewer = request.capacity
    listing = Listing(request.GET, viewer)
    kind = request.POST.get("format", "")
    if kind not in Format.values or not listing.valid:
        raise Http404
    asked = files.ask(listing, Format(kind), as_=viewer)
    if files.is_long(listing):
        return redirect(jobs.address(jobs.ask(files.JOB, asked, by=viewer)))
    to = io.BytesIO()
    files.write(asked, listing, to)
    asked.save()
    files.note_download(asked, as_=viewer)
    return sent(to, files.TYPES[Format(asked.format)], asked.name, asked.size or 0)


@roles(*READERS)
@never_cache
@require_safe
@hourly("exports_an_hour")
def exported(request: PortalRequest, pk: int) -> HttpResponseBase:
    """Send a list that the worker made, to whoever asked for it and nobody else."""
    found = Export.objects.visible_to(request.capacity).filter(pk=pk).first()
    if found is None:
        raise Http404
    if not found.content:
        if found.removed_at is None and found.made_at is None:
            return redirect(jobs.address(files.job_of(found)))
        hours = defaults.get("export_hours")
        return render(request, "proposals/inbox/gone.html", {"export": found, "hours": hours}, status=410)
    if request.method == "HEAD":
        return HttpResponse(content_type=files.TYPES[Format(found.format)])
    try:
        content = found.content.open()
    except FileNotFoundError as fault:
        raise Http404 from fault
    files.note_download(found, as_=request.capacity)
    return sent(content, files.TYPES[Format(found.format)], found.name, found.size or 0)

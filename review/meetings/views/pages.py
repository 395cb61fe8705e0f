"""The list of meetings, one meeting, what is ready, its calendar entry, its record; and calling one (D7)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.views.page import form_page
from aipbi.asean.names import member_state_names
from aipbi.workflow import registry
from aipbi.workflow.models import Job, JobState
from proposals import timeline
from review.meetings import agenda, calendar, record, verbs
from review.meetings.enums import AHEAD
from review.meetings.forms import MeetingDetails
from review.meetings.models import Correction, Meeting, Pack, Record
from review.meetings.moves.packing import PACK_JOB
from review.meetings.rules import MEMBERS

INVITED = (Role.ASEC, Role.FG_GVC, Role.SEOM_LEAD)
MOST = 50


def get_meeting(request: PortalRequest, meeting: str) -> Meeting:
    """Return the meeting whose case has this code, if the reader may see it; 404 otherwise (U5)."""
    found = Meeting.objects.visible_to(request.capacity).on_case(meeting).select_related("chaired_by").first()
    if found is None:
        raise Http404
    return found


@roles(*INVITED)
@require_safe
def meetings(request: PortalRequest) -> HttpResponse:
    """List the meetings that the reader is invited to: those to come first, the next one on top."""
    seen = Meeting.objects.visible_to(request.capacity).select_related("case")
    ahead = list(seen.filter(state__in=AHEAD).order_by("starts_at", "pk"))
    past = list(seen.exclude(state__in=AHEAD).order_by("-starts_at", "-pk")[:MOST])
    return render(request, "review/meetings/meetings.html", {"ahead": ahead, "past": past})


@roles(Role.ASEC)
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: PortalRequest) -> HttpResponse:
    """Call a meeting."""
    form = MeetingDetails(request.POST or None, initial={"zone": request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        called = verbs.call(as_=request.capacity, details=form.cleaned_data)
        messages.success(request, _("Meeting called and members invited"))
        return redirect("meeting", called.case.code)
    return form_page(
        request, form, title=_("Call a meeting"), button=_("Call the meeting and invite"), back="meetings",
        intro=_("The FG-GVC members of all Member States are invited. The agenda is made afterwards."),
    )  # fmt: skip


@roles(*INVITED)
@require_safe
def meeting(request: PortalRequest, meeting: str) -> HttpResponse:
    """Show a meeting: when, where, who, agenda, packs, history, as far as the reader may see each."""
    one = get_meeting(request, meeting)
    viewer = request.capacity
    names = member_state_names()
    context: dict[str, Any] = {
        "meeting": one,
        "code": one.case.code,
        "items": agenda.items(one, viewer),
        "seom_invited": [name for code, name in names.items() if code in one.seom],
        "present": [name for code, name in names.items() if code in one.present],
        "moves": registry.offered(viewer, one, one.case.code),
        "lines": timeline.lines(one.pk, viewer, limit=20),
    }
    if viewer.role in MEMBERS:
        packs = list(Pack.objects.visible_to(viewer).filter(meeting=one).select_related("file").order_by("-number"))
        context |= {
            "member": True,
            "packs": [pack for pack in packs if pack.file],
            "awaited": next((pack for pack in packs if not pack.file), None),
            "job": _job(one),
            "has_record": one.held_at is not None,
        }
    return render(request, "review/meetings/meeting.html", context)


def _job(one: Meeting) -> Job | None:
    """Return the last job that makes a pack; `stuck` when the worker has given up."""
    job = Job.objects.filter(kind=PACK_JOB, subject_kind=one.kind, subject_pk=one.pk).order_by("-pk").first()
    if job:
        job.stuck = job.state == JobState.FAILED  # type: ignore[attr-defined]
    return job


@roles(*MEMBERS)
@never_cache
@require_safe
def progress(request: PortalRequest, meeting: str) -> HttpResponse:
    """Say how far the pack is, for the page that asks every two seconds; once it is there, have the page load anew."""
    one = get_meeting(request, meeting)
    if "HX-Request" not in request.headers:
        return redirect("meeting", meeting)
    awaited = Pack.objects.visible_to(request.capacity).filter(meeting=one, file__isnull=True).first()
    context = {"meeting": one, "code": meeting, "awaited": awaited, "job": _job(one)}
    answer = render(request, "review/meetings/pack_progress.html", context)
    if awaited is None:
        answer["HX-Refresh"] = "true"
    return answer


@roles(*MEMBERS)
@require_safe
def ready(request: PortalRequest, meeting: str) -> HttpResponse:
    """Show the chair's list: of each case whether it can be decided, and why (not); in words, no tallies (D2)."""
    one = get_meeting(request, meeting)
    found = agenda.readiness(one, agenda.items(one, request.capacity), timezone.now())
    context = {
        "meeting": one,
        "ready": [row for row in found if row.ready],
        "not_ready": [row for row in found if not row.ready],
    }
    return render(request, "review/meetings/ready.html", context)


@roles(*INVITED)
@require_safe
def entry(request: PortalRequest, meeting: str) -> HttpResponse:
    """Send the meeting as an entry for a calendar (ICS)."""
    one = get_meeting(request, meeting)
    answer = HttpResponse(calendar.entry(one), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{(one.case.reference or "").replace("/", "-")}.ics"'
    return answer


@roles(*MEMBERS)
@require_safe
def minutes(request: PortalRequest, meeting: str) -> HttpResponse:
    """Show the record as it stands, its versions as files, and the corrections asked for."""
    one = get_meeting(request, meeting)
    viewer = request.capacity
    versions = list(
        Record.objects.visible_to(viewer).filter(meeting=one).select_related("pdf", "docx").order_by("-number")
    )
    if viewer.role != Role.ASEC:
        versions = [version for version in versions if version.circulated_at]
    last = versions[0] if versions else None
    asked = Correction.objects.visible_to(viewer).filter(meeting=one).select_related("office__ams", "record")
    context = {
        "meeting": one,
        "code": one.case.code,
        "versions": versions,
        "last": last,
        "status": record.status(last) if last else "",
        "blocks": record.blocks(last)[2:] if last else [],
        "corrections": list(asked.order_by("-pk")),
        "moves": registry.offered(viewer, one, one.case.code, only=_OF_THE_RECORD),
    }
    return render(request, "review/meetings/record.html", context)


_OF_THE_RECORD = {"write_record", "circulate_record", "ask_correction", "adopt_record"}

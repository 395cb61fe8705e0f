"""Pages of who prepares and approves releases: ASEC sees every suppression with its reason, the FG-GVC what it approves (M6)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.views.page import form_page
from aipbi.workflow import jobs, registry
from aipbi.workflow.errors import Refused
from aipbi.workflow.forms import say_what_to_do
from aipbi.workflow.models import Job, JobState
from monitoring.models import Release
from monitoring.releases import review, rules, verbs
from monitoring.releases.enums import Audience, ReleaseState
from monitoring.releases.views.public import shown
from proposals import timeline

MOST = 50


class PrepareForm(forms.Form):
    """What goes in, and what the changelog will say."""

    figures_until = forms.DateField(
        label=gettext_lazy("Periods that ended until"),
        help_text=gettext_lazy("Accepted figures of these periods go into the release. Year-month-day."),
    )
    changes = forms.CharField(
        label=gettext_lazy("What is new in this release"),
        help_text=gettext_lazy("Everybody reads this in the list of releases. Name no company and no project. You can change it until the release is put before the FG-GVC."),
        widget=forms.Textarea, max_length=2000,
    )  # fmt: skip
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            say_what_to_do(field)

    def clean_figures_until(self) -> Any:
        """Nothing is reported of days to come."""
        given = self.cleaned_data["figures_until"]
        if given > today():
            raise forms.ValidationError(_("This day has not come yet. Choose today or an earlier day."))
        return given


@roles(Role.ASEC)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: PortalRequest) -> HttpResponse:
    """Begin a release; the worker decides what it may tell, on a page that shows how far it is."""
    form = PrepareForm(request.POST or None, initial={"figures_until": today()})
    if request.method == "POST" and form.is_valid():
        try:
            _release, job = verbs.prepare(as_=request.capacity, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The release is being prepared"))
            return redirect(jobs.address(job))
    return form_page(
        request, form, title=_("Prepare a release"), button=_("Prepare it"), back="releases_inside",
        intro=_("Nothing is told to anybody yet: first you see what is suppressed and why, then the FG-GVC decides."),
    )  # fmt: skip


@roles(*rules.READERS)
@require_safe
def releases(request: PortalRequest) -> HttpResponse:
    """List the releases in the works and all before, for ASEC and the FG-GVC."""
    found = Release.objects.visible_to(request.capacity).select_related("case").defer("document")
    context = {"releases": list(found.order_by("-begun_at")[:MOST]), "prepares": request.capacity.role == Role.ASEC}
    return render(request, "monitoring/releases/releases_inside.html", context)


def get_release(request: PortalRequest, code: str) -> Release:
    """Return the release whose case has this code, if the reader may see it; 404 otherwise (U5)."""
    found: Release | None = Release.objects.visible_to(request.capacity).on_case(code).first()
    if found is None:
        raise Http404
    return found


@roles(*rules.READERS)
@require_safe
def release(request: PortalRequest, release: str) -> HttpResponse:
    """Show a release as everybody would read it, how much it keeps, its notes and history."""
    found = get_release(request, release)
    viewer = request.capacity
    context: dict[str, Any] = {
        "release": found,
        "code": release,
        "asec": viewer.role == Role.ASEC,
        "moves": registry.offered(viewer, found, release),
        "lines": timeline.lines(found.pk, viewer, limit=20),
    }
    if found.document:
        context |= shown(found.document)
    if viewer.role == Role.ASEC:
        context |= {"tellings": review.summaries(found), "job": _job(found)}
    return render(request, "monitoring/releases/release.html", context)


def _job(release: Release) -> Job | None:
    """Return the job that prepares it, while it is not done."""
    if release.state != ReleaseState.PREPARING:
        return None
    job = Job.objects.filter(kind=verbs.JOB, subject_kind=release.kind, subject_pk=release.pk).order_by("-pk").first()
    if job:
        job.stuck = job.state == JobState.FAILED  # type: ignore[attr-defined]
    return job


@roles(Role.ASEC)
@require_safe
def suppressed(request: PortalRequest, release: str, audience: str) -> HttpResponse:
    """List every suppressed cell with its reason, what stands in it, and what can be told of it from outside (M6)."""
    found = get_release(request, release)
    telling = verbs.telling(found, Audience(audience)) if audience in Audience.values else None
    if telling is None:
        raise Http404
    context = {
        "release": found, "code": release, "telling": telling, "summary": review.summary(telling),
        "rows": review.suppressed(telling, found.document),
    }  # fmt: skip
    return render(request, "monitoring/releases/suppressed.html", context)

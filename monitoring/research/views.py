"""Pages of researchers, who need an account and no office; and of the Secretariat about them (M8)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import account, roles
from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.views.page import form_page
from aipbi.workflow import registry
from aipbi.workflow.errors import Refused
from aipbi.workflow.forms import say_what_to_do
from aipbi.workflow.models import Notice
from monitoring.models import Research
from monitoring.releases import review
from monitoring.research import verbs
from monitoring.research.models import Tables
from proposals import timeline

MOST = 200


class ApplyForm(forms.ModelForm):
    """Who, what for, which tables."""

    purpose = forms.CharField(
        label=gettext_lazy("Question, method, and where it will be published"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=8000,
    )
    tables = forms.MultipleChoiceField(
        label=gettext_lazy("Tables that you need"), choices=Tables.choices, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Beside the tables by Member State, by sector and by year that everybody reads."),
    )  # fmt: skip
    use_required_attribute = False

    class Meta:
        model = Research
        fields = ("institution", "title", "purpose", "tables")
        labels = {
            "institution": gettext_lazy("Institution"),
            "title": gettext_lazy("What the research is about"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            say_what_to_do(field)


@account
@require_safe
def research(request: PortalRequest) -> HttpResponse:
    """Say what researchers may ask for, and list one's own applications."""
    found = Research.objects.of(request.user).select_related("case").order_by("-applied_at")
    return render(request, "monitoring/research/research.html", {"applications": list(found[:MOST]), "today": today()})


@account
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: PortalRequest) -> HttpResponse:
    """Apply for an extract."""
    form = ApplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            one = verbs.apply(request.user, details=form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your application is with the ASEAN Secretariat"))
            return redirect(verbs.own(one))
    return form_page(
        request, form, title=_("Apply for an extract"), button=_("Send the application"), back="research",
        intro=_("The ASEAN Secretariat reads this, and answers by e-mail."),
    )  # fmt: skip


def _own(request: PortalRequest, code: str) -> Research:
    found: Research | None = Research.objects.of(request.user).on_case(code).first()
    if found is None:
        raise Http404
    return found


@account
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: PortalRequest, research: str) -> HttpResponse:
    """Show one's own application; a button agrees to the terms, and the extract opens."""
    one = _own(request, research)
    if request.method == "POST":
        try:
            verbs.agree(one, request.user)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("You have agreed to the terms"))
        return redirect(verbs.own(one))
    context = {
        "one": one,
        "code": research,
        "offered": one.state == "granted" and one.until is not None and today() <= one.until,
        "over": one.state == "granted" and one.until is not None and today() > one.until,
        "ready": verbs.extract(one) is not None,
        "open": one.open_on(today()),
        "kinds": list(verbs.TYPES),
        "log": list(one.log.order_by("-pk")[:MOST]),
        "told": list(Notice.objects.filter(case=one.case_id, person=request.user).order_by("-pk")[:MOST]),
        "tables": [Tables(name).label for name in one.tables],
    }
    return render(request, "monitoring/research/application.html", context)


@account
@never_cache
@require_safe
def extract(request: PortalRequest, research: str, kind: str) -> HttpResponse:
    """Send the extract while the access lasts, and put that on the log; 404 before, after and to anybody else."""
    one = _own(request, research)
    if kind not in verbs.TYPES or request.method == "HEAD":
        raise Http404
    content = verbs.take(one, request.user, kind)
    if content is None:
        raise Http404
    answer = HttpResponse(content, content_type=verbs.TYPES[kind])
    name = (one.case.reference or "").replace("/", "-")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


@roles(Role.ASEC)
@require_safe
def applications(request: PortalRequest) -> HttpResponse:
    """List all applications, for the Secretariat."""
    found = Research.objects.visible_to(request.capacity).select_related("case", "applicant")
    return render(
        request, "monitoring/research/applications.html", {"applications": list(found.order_by("-applied_at")[:MOST])}
    )


@roles(Role.ASEC)
@require_safe
def inside(request: PortalRequest, research: str) -> HttpResponse:
    """Show an application with what was agreed, what the extract keeps, and who took what when."""
    one = Research.objects.visible_to(request.capacity).on_case(research).select_related("applicant").first()
    if one is None:
        raise Http404
    telling = verbs.extract(one)
    context = {
        "one": one,
        "code": research,
        "tables": [Tables(name).label for name in one.tables],
        "summary": review.summary(telling) if telling else None,
        "moves": registry.offered(request.capacity, one, research),
        "log": list(one.log.select_related("person").order_by("-pk")[:MOST]),
        "lines": timeline.lines(one.pk, request.capacity, limit=20),
    }
    return render(request, "monitoring/research/inside.html", context)

"""Doing one thing to many cases: choose, see the dry run, carry it out, read what came of it (R7)."""

from typing import Any

from django import forms
from django.contrib import messages as told
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from proposals.bulk import actions, choosing, verbs
from proposals.bulk.models import Bulk, Outcome, Phase
from proposals.models import Proposal

RECENT = 30
SHOWN = 200
# What steers the page and is no answer.
_STEERING = frozenset({"csrfmiddlewaretoken", "step", "plan"})


@roles(Role.ASEC)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: PortalRequest) -> HttpResponse:
    """List what the officer did in bulk lately; a POST prepares another, and does nothing to any case."""
    if request.method == "POST":
        choice = choosing.read(request.POST, request.capacity)
        if not choice.faults:
            made = verbs.prepare(choice.action, choice.cases, as_=request.capacity, unknown=choice.unknown)
            if _form(request, made) is None:
                verbs.ask_plan(made, request.capacity)
            return redirect("bulk_run", made.pk)
        return _list(request, errors=choice.faults, back=_back(request), status=422)
    return _list(request)


def _list(request: PortalRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    known = actions.known()
    recent = list(Bulk.objects.visible_to(request.capacity).order_by("-created_at", "-pk")[:RECENT])
    for one in recent:
        one.label = known[one.action].label  # type: ignore[attr-defined]
    return render(request, "proposals/bulk/list.html", {"recent": recent, **context}, status=status)


def _back(request: PortalRequest) -> str:
    """Return the page the choice came from, with its search."""
    search = request.POST.get("search", "")[:2000]
    came = request.POST.get("back", "")
    if came and url_has_allowed_host_and_scheme(came, None) and came.startswith("/"):
        return came
    return f"/cases/?{QueryDict(search).urlencode()}" if search else "/cases/"


@roles(Role.ASEC)
@require_http_methods(["GET", "HEAD", "POST"])
def bulk_run(request: PortalRequest, pk: int) -> HttpResponse:
    """Show a bulk run as far as it has come: its form, its dry run, its progress, its result; POST takes it on."""
    one = Bulk.objects.visible_to(request.capacity).filter(pk=pk).first()
    if one is None:
        raise Http404
    if request.method == "POST":
        return _take_on(request, one)
    form = _form(request, one) if one.phase == Phase.CHOSEN or "again" in request.GET else None
    return _page(request, one, form)


def _take_on(request: PortalRequest, one: Bulk) -> HttpResponse:
    step = request.POST.get("step")
    if step == "run":
        # A double click, a resent form and one that is too old all lead to the page, which says how it stands.
        plan = request.POST.get("plan", "")
        if not verbs.ask_run(one, request.capacity, plan) and one.phase == Phase.PLANNED and one.plan != plan:
            told.error(
                request, _("Nothing was done: what would happen was looked at again since. Read it as it is now.")
            )
    elif step == "plan":
        answers = request.POST.copy()
        for name in _STEERING:
            answers.pop(name, None)
        asked = _form(request, one, answers) is not None
        form = _form(request, one, answers) if asked and set(answers) - {"again"} else None
        if form is not None and not form.is_valid():
            return _page(request, one, form, status=422)
        verbs.ask_plan(one, request.capacity, answers.urlencode() if form is not None else one.answers)
    else:
        raise Http404
    return redirect("bulk_run", one.pk)


def _form(request: PortalRequest, one: Bulk, answers: QueryDict | None = None) -> forms.Form | None:
    first = Proposal.objects.visible_to(request.capacity).filter(pk__in=one.lines.order_by("place").values("case")[:1])
    return actions.known()[one.action].form(
        request.capacity, first.select_related("case").defer("answers").first(), answers
    )


def _page(request: PortalRequest, one: Bulk, form: forms.Form | None, *, status: int = 200) -> HttpResponse:
    found = one.lines.all()
    lines = list(found.select_related("case").order_by("place"))
    titles = dict(
        Proposal.objects.visible_to(request.capacity)
        .filter(pk__in=[line.case_id for line in lines[: 2 * SHOWN]])
        .values_list("pk", "title")
    )
    for line in lines:
        line.title = titles.get(line.case_id, "")  # type: ignore[attr-defined]
    done = [line for line in lines if line.outcome == Outcome.DONE]
    refused = [line for line in lines if line.outcome == Outcome.REFUSED]
    would = [line for line in lines if line.would]
    would_not = [line for line in lines if line.would is False]
    come = len(done) + len(refused) if one.phase == Phase.RUNNING else len(would) + len(would_not)
    context = {
        "one": one,
        "action": actions.known()[one.action],
        "form": form,
        "lines": lines,
        "groups": {"done": done, "refused": refused, "would": would, "would_not": would_not},
        "shown": SHOWN,
        "come": come,
        "of": len(would) if one.phase == Phase.RUNNING else len(lines),
        "waits": one.phase in (Phase.PLANNING, Phase.RUNNING),
    }
    if request.headers.get("HX-Request"):
        answer = render(request, "proposals/bulk/progress.html", context)
        if not context["waits"]:
            answer["HX-Refresh"] = "true"
        return answer
    return render(request, "proposals/bulk/run.html", context, status=status)

"""An expert's assessment on paper: the workbook out and in, and the blank form to print (R3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.limits import hourly
from aipbi.accounts.request import PortalRequest
from aipbi.documents import pdf as documents
from aipbi.documents.kinds import NotTakenError
from aipbi.documents.sheets import XLSX_TYPE
from aipbi.documents.workbooks import WorkbookForm
from aipbi.workflow import trail
from aipbi.workflow.errors import NotOpen
from proposals.views.document import attached
from review.assessments import workbook as layout
from review.assessments import workbook_reading as reading
from review.assessments.forms import AssessmentForm
from review.assessments.models import Assessment
from review.assessments.moves import SaveAssessment
from review.experts.own import own_of
from review.links import move_page


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that the workbook would change, in words."""

    label: str
    before: str
    after: str


def _record(request: PortalRequest, one: Assessment, name: str) -> None:
    """Put a download on the trail, for ASEC alone: that an expert works shows to nobody else (U6, R4)."""
    if request.method == "GET":
        subject = (one.kind, one.pk)
        trail.note(one.proposal_id, as_=request.capacity, action="download", subject=subject, details={"name": name})


def _name(one: Assessment, ending: str) -> str:
    return f"{(one.proposal.case.reference or one.proposal.case.code).replace('/', '-')}-assessment.{ending}"


@roles(Role.EXPERT)
@never_cache
@require_safe
def workbook(request: PortalRequest, code: str) -> HttpResponse:
    """Send the reader's own assessment as a workbook, with what is saved in it."""
    one = own_of(request, code)
    name = _name(one, "xlsx")
    _record(request, one, name)
    return attached(layout.write(one, SaveAssessment(one, request.capacity).initial()), name, XLSX_TYPE)


@roles(Role.EXPERT)
@require_safe
def printed(request: PortalRequest, code: str) -> HttpResponse:
    """Show the blank form with its levels described, for printing."""
    one = own_of(request, code)
    return render(request, "review/experts_form.html", {"one": one, "code": code, "lay": layout.Layout(one)})


@roles(Role.EXPERT)
@never_cache
@require_safe
@hourly("pdfs_an_hour")
def pdf(request: PortalRequest, code: str) -> HttpResponseBase:
    """Send the blank form as a PDF."""
    one = own_of(request, code)
    if request.method == "HEAD":
        return HttpResponse(content_type="application/pdf")
    name = _name(one, "pdf")
    title = _("Assessment form: %(case)s") % {"case": one.proposal.case.reference or code}
    content = documents.render("review/experts_form_pdf.html", {"one": one, "lay": layout.Layout(one)}, title=title)
    _record(request, one, name)
    return attached(content, name, "application/pdf")


@roles(Role.EXPERT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: PortalRequest, code: str) -> HttpResponse:
    """Read a filled workbook and show what it would change; saving is the move, with its own form and checks."""
    one = own_of(request, code)
    act = SaveAssessment(one, request.capacity)
    context: dict[str, Any] = {"one": one, "code": code, "seen": one.revision}
    if not act.is_open:
        refusal = NotOpen(str(act.label), str(one.state_label))
        return render(request, "review/experts_upload.html", {**context, "reasons": [refusal.message]}, status=409)
    if reasons := list(act.reasons()):
        return render(request, "review/experts_upload.html", {**context, "reasons": reasons}, status=409)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    context["form"] = form
    if request.method != "POST" or not form.is_valid():
        return render(request, "review/experts_upload.html", context, status=422 if form.errors else 200)
    saved = act.initial()
    asked = AssessmentForm(move=act, initial=saved)
    try:
        answers = reading.read(form.cleaned_data["file"].file, one, asked)
    except NotTakenError as fault:
        form.add_error("file", str(fault))
        return render(request, "review/experts_upload.html", context, status=422)
    except reading.FaultyWorkbookError as fault:
        return render(request, "review/experts_upload.html", {**context, "faults": fault.faults}, status=422)
    return render(request, "review/experts_preview.html", {**context, **_preview(one, act, saved, answers)})


def _preview(
    one: Assessment, act: SaveAssessment, saved: Mapping[str, Any], answers: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what changes in words, and the whole as the move's form sends it, hidden."""
    lay = layout.Layout(one)
    words = {place.field: {str(code): word for word, code in (place.choices or {}).items()} for place in lay.places}

    def said(field: str, value: Any) -> str:
        return words[field].get(str(value), str(value)) if value not in (None, "") else _("empty")

    changed = {field for field, value in answers.items() if str(value) != str(saved.get(field))}
    changes = [
        Change(place.label, said(place.field, saved.get(place.field)), said(place.field, answers[place.field]))
        for place in lay.places
        if place.field in changed
    ]
    whole = AssessmentForm(move=act, initial={**saved, **answers, "then": "stay"})
    hidden = [whole[name].as_hidden() for name in [*(place.field for place in lay.places), "then"]]
    kept = sum(place.field not in answers and saved.get(place.field) not in (None, "") for place in lay.places)
    return {
        "changes": changes,
        "hidden": hidden,
        "same": len(answers) - len(changed),
        "kept": kept,
        "save": move_page(one, act.name),
    }

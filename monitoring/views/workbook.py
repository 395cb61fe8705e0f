"""The figures of a report out as a workbook, and a filled one back in: first shown, then saved by the move (M3)."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.request import PortalRequest
from aipbi.documents.kinds import NotTakenError
from aipbi.documents.sheets import XLSX_TYPE
from aipbi.documents.workbooks import FaultyWorkbookError, WorkbookForm
from aipbi.workflow import trail
from aipbi.workflow.errors import NotOpen
from monitoring import tables, workbook
from monitoring.forms.report import ReportForm, figures_of, name_of
from monitoring.models import ReportFigure
from monitoring.moves.report import EditReport
from monitoring.views.pages import get_report
from proposals.views.document import attached


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that the workbook would change, in words."""

    figure: str
    column: Any
    before: str
    after: str


@signed_in
@never_cache
@require_safe
def download(request: PortalRequest, code: str, number: int) -> HttpResponse:
    """Send the figures as a workbook to whoever reads the report; a download is on the trail (U6)."""
    report = get_report(request, code, number)
    name = f"{(report.proposal.case.reference or code).replace('/', '-')}-report-{number}.xlsx"
    if request.method == "GET":
        details = {"name": name}
        trail.note(report.proposal_id, as_=request.capacity, action="download", subject=(report.kind, report.pk), details=details)  # fmt: skip
    return attached(workbook.write(report, figures_of(report)), name, XLSX_TYPE)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: PortalRequest, code: str, number: int) -> HttpResponse:
    """Read a filled workbook and show what it would change; saving is the move, with its own form and checks."""
    report = get_report(request, code, number)
    act = EditReport(report, request.capacity)
    if not act.may(request.capacity, report):
        raise Http404
    context: dict[str, Any] = {"report": report, "code": code, "seen": report.revision, "save": act.url(code)}
    reasons = list(act.reasons()) if act.is_open else [NotOpen(str(act.label), str(report.state_label)).message]
    if reasons:
        return render(request, "monitoring/upload.html", {**context, "reasons": reasons}, status=409)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    context["form"] = form
    if request.method != "POST" or not form.is_valid():
        return render(request, "monitoring/upload.html", context, status=422 if form.errors else 200)
    figures = figures_of(report)
    try:
        said = workbook.read(form.cleaned_data["file"].file, report, figures)
    except NotTakenError as fault:
        form.add_error("file", str(fault))
        return render(request, "monitoring/upload.html", context, status=422)
    except FaultyWorkbookError as fault:
        return render(request, "monitoring/upload.html", {**context, "faults": fault.faults}, status=422)
    # Cells that the workbook leaves empty keep what is saved: a share is checked with both its parts.
    saved = {f"{name}_{one.pk}": getattr(one, name) for one in figures for name in tables.asked(one.line)}
    whole = {name: tables.typed(value) for name, value in saved.items()} | said.cells
    asked = ReportForm(whole, move=act)
    if not asked.is_valid():
        return render(
            request, "monitoring/upload.html", {**context, "faults": workbook.faults_of(asked, said)}, status=422
        )
    return render(request, "monitoring/preview.html", {**context, **_preview(figures, asked, said)})


def _preview(figures: list[ReportFigure], form: ReportForm, said: tables.Read) -> dict[str, Any]:
    """Return what changes in words, and what is to be sent for it."""
    answers = form.cleaned_data["figures"]
    changes: list[Change] = []
    sent: list[tuple[str, str]] = []
    for one in figures:
        for name, value in answers.get(one.pk, {}).items():
            field, before = f"{name}_{one.pk}", getattr(one, name)
            if field in said.cells and value != before:
                empty = _("empty")
                changes.append(
                    Change(
                        name_of(one), tables.COLUMNS[name], tables.typed(before) or empty, tables.typed(value) or empty
                    )
                )
                sent.append((field, tables.typed(value)))
    return {"changes": changes, "sent": sent, "same": len(said.cells) - len(changes)}

"""The roster of experts, and an expert's entry on it (R1)."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.views.page import form_page, try_to
from aipbi.documents import sheets
from proposals.views.document import attached
from review.enums import Stating
from review.experts import export, roster, verbs
from review.experts.dated import Absence, Employment
from review.experts.entry_forms import AbsenceForm, EmploymentForm, EntryForm, RosterForm
from review.experts.models import ExpertProfile

PER_PAGE = 50
FILES = {"csv": sheets.CSV_TYPE, "xlsx": sheets.XLSX_TYPE}
EDITS = 20


@roles(Role.ASEC)
@require_safe
def experts(request: PortalRequest) -> HttpResponse:
    """Show the roster to ASEC, searched, narrowed and sorted."""
    form = RosterForm(request.GET)
    wanted = form.wanted()
    found = roster.with_entries(roster.find(wanted).visible_to(request.capacity))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    narrowed = any(value for name, value in request.GET.items() if name in form.fields and name != "sort")
    context = {
        "form": form,
        "page": page,
        "narrowed": narrowed,
        "query": request.GET.urlencode(),
        "waiting": Employment.objects.filter(state=Stating.STATED).count(),
    }
    return render(request, "review/experts.html", context)


@roles(Role.ASEC)
@require_safe
def roster_file(request: PortalRequest, ending: str) -> HttpResponse:
    """Send the roster as it is on the screen, all pages of it, as CSV or XLSX."""
    if ending not in FILES:
        raise Http404
    found = roster.with_entries(roster.find(RosterForm(request.GET).wanted()).visible_to(request.capacity))
    content, sheet = BytesIO(), export.sheet(found)
    if ending == "csv":
        sheets.write_csv(sheet, content)
    else:
        sheets.write_xlsx([sheet], content)
    return attached(content.getvalue(), f"experts-{today().isoformat()}.{ending}", FILES[ending])


def _entry(request: PortalRequest, pk: int) -> ExpertProfile:
    """Return an entry the reader may see: any for ASEC, the own for an expert; else 404."""
    return get_object_or_404(ExpertProfile.objects.visible_to(request.capacity).select_related("person"), pk=pk)


@roles(Role.ASEC, Role.EXPERT)
@require_safe
def expert(request: PortalRequest, pk: int) -> HttpResponse:
    """Show an entry with employers, absences, figures and who changed what."""
    row = _entry(request, pk)
    figures = roster.serving().filter(pk=pk).first()
    history = ExpertProfile.pgh_event_model.objects.filter(pgh_obj=pk, edited_at__isnull=False)  # type: ignore[attr-defined]
    edits = history.order_by("edited_at", "pgh_id").distinct("edited_at").select_related("edited_by")
    context = {
        "row": row,
        "figures": figures,
        "own": request.capacity.role == Role.EXPERT,
        "employments": row.employments.exclude(state=Stating.REPLACED).select_related("settled_by", "replaces"),
        "absences": row.absences.all(),
        "edits": list(edits)[::-1][:EDITS],
    }
    return render(request, "review/experts_entry.html", context)


@roles(Role.ASEC, Role.EXPERT)
def edit(request: PortalRequest, pk: int) -> HttpResponse:
    """Change fields, sectors, languages, nationality and availability."""
    row = _entry(request, pk)
    prefetch_related_objects([row], *verbs.LINKED)
    form = EntryForm(request.POST or None, initial=EntryForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            verbs.edit(row, by=request.capacity, data=form.entry(), seen=form.cleaned_data["seen"])
        except verbs.OvertakenError as fault:
            form.overtaken(fault.profile)
            return _form(request, form, row, _title(row), status=409)
        except ValidationError as fault:
            form.add_error(None, list(fault.messages))
        else:
            messages.success(request, _("The entry is saved."))
            return redirect("expert", pk)
    return _form(request, form, row, _title(row))


@roles(Role.ASEC, Role.EXPERT)
def employer(request: PortalRequest, pk: int, employment: int | None = None) -> HttpResponse:
    """Add an employer, or change one: what an expert states waits for ASEC to confirm it."""
    row = _entry(request, pk)
    old = get_object_or_404(Employment, pk=employment, expert=row) if employment else None
    if old and old.state != Stating.CONFIRMED and request.method != "POST":
        raise Http404
    initial = {name: getattr(old, name) for name in EmploymentForm.base_fields} if old else None
    form = EmploymentForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if try_to(form, lambda: verbs.state_employment(row, by=request.capacity, data=data, instead_of=old)):
            said = (
                _("It is kept, and the Secretariat confirms it.") if _is_own(request) else _("The employer is saved.")
            )
            messages.success(request, said)
            return redirect("expert", pk)
    intro = (
        _("The Secretariat confirms what you state. Until then the old and the new entry both count where conflicts of interest are looked for.")
        if _is_own(request)
        else ""
    )  # fmt: skip
    title = _("Change an employer") if old else _("Add an employer")
    return _form(request, form, row, title, intro)


@roles(Role.ASEC)
@require_POST
def settle(request: PortalRequest, pk: int, employment: int) -> HttpResponse:
    """Confirm what an expert stated, or not."""
    found = get_object_or_404(Employment.objects.select_related("expert"), pk=employment, expert=_entry(request, pk))
    try:
        verbs.settle(found, by=request.capacity, confirm=request.POST.get("do") == "confirm")
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
    else:
        messages.success(request, _("Settled: %(employer)s.") % {"employer": found.employer})
    return redirect("expert", pk)


@roles(Role.ASEC, Role.EXPERT)
def absence(request: PortalRequest, pk: int) -> HttpResponse:
    """Add days on which the expert is away."""
    row = _entry(request, pk)
    form = AbsenceForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and try_to(form, lambda: verbs.add_absence(row, by=request.capacity, **form.cleaned_data)) is not None
    ):
        messages.success(request, _("The days are kept."))
        return redirect("expert", pk)
    intro = _("Nobody is invited while away; an assessment already in hand goes on.")
    return _form(request, form, row, _("Add days away"), intro)


@roles(Role.ASEC, Role.EXPERT)
@require_POST
def drop_absence(request: PortalRequest, pk: int, absence: int) -> HttpResponse:
    """Take days away off again."""
    verbs.drop_absence(
        get_object_or_404(Absence.objects.select_related("expert"), pk=absence, expert=_entry(request, pk)),
        by=request.capacity,
    )
    messages.success(request, _("The days are taken off."))
    return redirect("expert", pk)


def _is_own(request: PortalRequest) -> bool:
    return request.capacity.role == Role.EXPERT


def _title(row: ExpertProfile) -> str:
    return _("Entry of %(expert)s") % {"expert": row}


def _form(
    request: PortalRequest, form: Any, row: ExpertProfile, title: str, intro: str = "", *, status: int | None = None
) -> HttpResponse:
    back = reverse("expert", args=[row.pk])
    return form_page(request, form, title=title, button=_("Save"), back=back, intro=intro, status=status)

"""Entering a proposal for its proponent, and the page behind the link by which they confirm it (P8)."""

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aipbi.accounts import countries
from aipbi.accounts.access import roles
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.middleware import SESSION_KEY
from aipbi.accounts.models import Member, Organisation
from aipbi.accounts.request import PortalRequest
from aipbi.workflow.errors import Invalid, Refused
from proposals import attachments, interchange, picture
from proposals.document import codes as known_codes
from proposals.document.reading import read
from proposals.document.totals import lines
from proposals.forms.on_behalf import EnterForm, EnterForNewForm, RefusalForm
from proposals.models import OnBehalf
from proposals.moves.proponent import DeclarationForm, Submit
from proposals.on_behalf import links, verbs
from proposals.views.document import IN_TEXT
from proposals.views.importing import SHOWN

FOUND = 20
_NUMBER = re.compile(r"[1-9]\d{0,8}\Z", re.ASCII)


@roles(Role.ASEC)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: PortalRequest) -> HttpResponse:
    """Choose the organisation by search or name a new one; say how the proposal came; start the draft."""
    new = "new" in request.GET
    organisation = None if new else _organisation(request)
    if organisation is None and not new:
        return _search(request)
    kind = EnterForm if organisation else EnterForNewForm
    if request.method != "POST":
        return _form(request, organisation, kind())
    form = kind(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, organisation, form)
    document = None
    if form.cleaned_data["file"]:
        document, faults = interchange.parse(form.cleaned_data["file"], unfinished=form.cleaned_data["unfinished"])
        if document is None:
            return _form(request, organisation, form, faults=faults[:SHOWN], count=len(faults), name=form.name)
    try:
        with transaction.atomic():
            whose = organisation or verbs.new_organisation(**form.described())  # type: ignore[attr-defined]
            proposal = verbs.enter(
                whose, form.arrived(), as_=request.capacity, answers=document, source=form.name if document else ""
            )
    except ValidationError as fault:
        form.add_error(None, fault)
        return _form(request, organisation, form)
    return redirect("write", proposal.case.code)


def _organisation(request: PortalRequest) -> Organisation | None:
    asked = request.GET.get("organisation", "")
    if not asked:
        return None
    found = Organisation.objects.filter(pk=int(asked)).first() if _NUMBER.match(asked) else None
    if found is None:
        raise Http404
    return found


def _search(request: PortalRequest) -> HttpResponse:
    # The database holds no sign of nothing, and no organisation is named with one.
    asked = " ".join(request.GET.get("q", "").replace("\0", "").split())[:200]
    found: list[Any] = []
    if asked:
        people = Exists(Member.objects.filter(organisation=OuterRef("pk")))
        known = Organisation.objects.filter(name__icontains=asked).select_related("corporate_group")
        found = list(known.annotate(has_people=people).order_by("name", "pk")[: FOUND + 1])
    for one in found:
        one.where = countries.name(one.country)
    context = {"asked": asked, "found": found[:FOUND], "more": len(found) > FOUND}
    return render(request, "proposals/on_behalf/search.html", context)


def _form(request: PortalRequest, organisation: Organisation | None, form: EnterForm, **faults: Any) -> HttpResponse:
    context = {"organisation": organisation, "form": form, **faults}
    return render(request, "proposals/on_behalf/enter.html", context, status=422 if form.errors or faults else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, name: str, token: str) -> HttpResponse:
    """Show what is to be confirmed to who proved the address; a press of a button there answers, once.

    To anybody else, a mail scanner among them, the page says only whose proposal it is and offers to sign
    in: whatever is opened, sent or run there, nothing is used up.
    """
    entered = (
        OnBehalf.objects.select_related("proposal__case", "proposal__organisation", "proposal__originating_ams")
        .filter(proposal__case__code=name)
        .first()
    )
    number = links.asking(entered, token) if entered else 0
    if entered is None or not number:
        raise Http404
    if not request.user.is_authenticated:
        return _stranger(request, entered, number)
    if entered.confirmed_by == request.user:
        messages.info(request, _("You have confirmed this proposal already; it was not done twice."))
        return redirect("case", name)
    if fault := verbs.why_not(entered, number, request.user):
        return _closed(request, entered, fault)
    return _answer(request, entered, number) if request.method == "POST" else _show(request, entered)


def asked_to(name: str, token: str) -> "Asking | None":
    """Return what a link asks its reader to, for the page on which they sign up."""
    entered = OnBehalf.objects.select_related("proposal__organisation").filter(proposal__case__code=name).first()
    number = links.asking(entered, token) if entered else 0
    return Asking(entered, number) if entered and number else None


class Asking:
    """What the page for signing up says of a link."""

    def __init__(self, entered: OnBehalf, number: int) -> None:
        self.place = str(entered.proposal.organisation)
        self.email = entered.contact_email
        self.open = not verbs.why_not(entered, number)


def _stranger(request: HttpRequest, entered: OnBehalf, number: int) -> HttpResponse:
    fault = verbs.why_not(entered, number)
    back = urlencode({REDIRECT_FIELD_NAME: request.path})
    context = {
        "entered": entered,
        "fault": fault,
        "sign_in_url": f"{reverse('account_login')}?{back}",
        "sign_up_url": f"{reverse('account_signup')}?{back}&{urlencode({'email': entered.contact_email})}",
    }
    return render(request, "proposals/on_behalf/stranger.html", context, status=409 if fault else 200)


def _closed(request: HttpRequest, entered: OnBehalf, fault: str) -> HttpResponse:
    return render(request, "proposals/on_behalf/closed.html", {"entered": entered, "fault": fault}, status=409)


def _show(
    request: HttpRequest,
    entered: OnBehalf,
    *,
    declaration: DeclarationForm | None = None,
    refusal: RefusalForm | None = None,
) -> HttpResponse:
    proposal, codes = entered.proposal, known_codes.load()
    as_ = Capacity(Role.PROPONENT, request.user, organisation=proposal.organisation)  # type: ignore[arg-type]
    context = {
        "entered": entered,
        "proposal": proposal,
        "words": read(proposal.answers, codes, sections=IN_TEXT),
        "totals": lines(proposal.answers, codes.ams),
        "picture": picture.draw(proposal.answers, codes),
        "named": [one for _n, one in attachments.named_in(proposal.answers)],
        "faults": attachments.all_faults(proposal),
        "founds": not Member.objects.filter(organisation=proposal.organisation).exists(),
        "declaration": declaration or DeclarationForm(move=Submit(proposal, as_)),
        "refusal": refusal or RefusalForm(),
        "forms": [form for form in (declaration, refusal) if form],
    }
    return render(request, "proposals/on_behalf/confirm.html", context, status=422 if context["forms"] else 200)


def _answer(request: HttpRequest, entered: OnBehalf, number: int) -> HttpResponse:
    if request.POST.get("do") == "refuse":
        return _refuse(request, entered, number)
    hand_in = request.POST.get("do") == "hand_in"
    try:
        proposal, as_ = verbs.confirm(
            entered, number, person=request.user, hand_in=hand_in,  # type: ignore[arg-type]
            declaration=request.POST.get("declaration", ""),
        )  # fmt: skip
    except Invalid as refused:
        return _show(request, entered, declaration=refused.form)
    except Refused as refused:
        return _overtaken(request, entered, refused.message)
    except ValidationError as refused:
        return _closed(request, entered, " ".join(refused.messages))
    request.session[SESSION_KEY] = as_.key
    if hand_in:
        messages.success(request, _("Confirmed and handed in. Your country’s SEOM lead decides whether to support it."))
        return redirect("case", proposal.case.code)
    messages.success(request, _("The proposal is yours now. Change what you want, then hand it in."))
    return redirect("write", proposal.case.code)


def _overtaken(request: HttpRequest, entered: OnBehalf, fault: str) -> HttpResponse:
    """Lead a double click to the case; say to anybody else why it was not done."""
    if OnBehalf.objects.filter(pk=entered.pk, confirmed_by=request.user.pk).exists():
        messages.info(request, _("You have confirmed this proposal already; it was not done twice."))
        return redirect("case", entered.proposal.case.code)
    return _closed(request, entered, fault)


def _refuse(request: HttpRequest, entered: OnBehalf, number: int) -> HttpResponse:
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _show(request, entered, refusal=form)
    try:
        verbs.refuse(entered, number, person=request.user, reason=form.cleaned_data["reason"])  # type: ignore[arg-type]
    except Refused as refused:
        return _closed(request, entered, refused.message)
    messages.success(request, _("Thank you. The ASEAN Secretariat was told; nothing more is asked of you."))
    return redirect("start")

"""Where a SEOM lead asks that its Member State be let onto a case that does not name it (D6)."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Blocked, NotOpen, NotYours
from proposals.models import Proposal
from proposals.moves.joining import WishToJoin, wishes
from proposals.moves.participation import LONG


class JoinForm(forms.Form):
    """Which case, and why."""

    use_required_attribute = False

    reference = forms.CharField(
        label=gettext_lazy("Reference of the case"),
        help_text=gettext_lazy("For example AIPBI/2026/0007. Your country's FG-GVC member knows it."),
        max_length=20,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why your country wishes to join"),
        help_text=gettext_lazy("The Secretariat reads it, and answers."),
        widget=forms.Textarea,
        max_length=LONG,
    )

    def clean_reference(self) -> str:
        """Take it in either case and with blanks around it."""
        return str(self.cleaned_data["reference"]).strip().upper()


@roles(Role.SEOM_LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: PortalRequest) -> HttpResponse:
    """Take the wish; the case is read only once ASEC has let the Member State onto it (U5)."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _wish(request, form):
        messages.success(request, _("Your wish is with the Secretariat."))
        return redirect("join")
    context = {"form": form, "wishes": wishes(request.capacity)}
    return render(request, "proposals/join.html", context, status=422 if form.is_bound else 200)


def _wish(request: PortalRequest, form: JoinForm) -> bool:
    """Whether the wish was put; otherwise the form says why, and holds what was typed."""
    data, viewer = form.cleaned_data, request.capacity
    proposal = Proposal.objects.filter(case__reference=data["reference"]).first()
    if proposal and proposal.participations.filter(ams=viewer.ams).exists():
        form.add_error(
            "reference", _("Your country is on this case already, or has asked. See the list of cases, or below.")
        )
        return False
    try:
        if proposal:
            perform(WishToJoin, proposal, by=viewer.person, as_=viewer, data={"reason": data["reason"]})
            return True
    except (NotYours, NotOpen, Blocked):
        pass
    form.add_error("reference", _("No case that can be joined has this reference."))
    return False

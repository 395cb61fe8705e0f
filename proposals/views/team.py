"""People on this proposal: its partners from other companies, and invitations that wait (U4)."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.days import today
from aipbi.accounts.enums import PROPOSING, Role
from aipbi.accounts.models import Invitation, Partner
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.views.organisation import change
from proposals import rules
from proposals.moves.partners import EndPartner, InvitePartner, LeaveProposal, of_case
from proposals.pages import case_page, get_case


@roles(*PROPOSING)
@require_safe
def team(request: PortalRequest, code: str) -> HttpResponse:
    """Show the proponent who of other companies works on it; a partner reads their own part alone."""
    proposal = get_case(request, code)
    viewer = request.capacity
    here, waiting, past = of_case(proposal), Invitation.objects.none(), Partner.objects.none()
    if viewer.team:
        here = here.filter(person=viewer.person)
    else:
        waiting = Invitation.objects.filter(team__case=proposal.pk, accepted_at=None, withdrawn_at=None)
        past = Partner.objects.filter(team__case=proposal.pk, ends__lte=today()).select_related("person")
    context = {
        "partners": list(here),
        "invitations": waiting.order_by("email"),
        "past": past.order_by("-ends", "-pk"),
        "runs": rules.owner.test(viewer, proposal),
        "invite": InvitePartner(proposal, viewer),
        "end": EndPartner(proposal, viewer).url(code),
        "leave": LeaveProposal(proposal, viewer).url(code),
    }
    context["invite_url"] = context["invite"].url(code)
    return case_page(request, proposal, "proposals/team.html", "team", context)


@roles(Role.PROPONENT)
@require_POST
def change_invitation(request: PortalRequest, code: str, pk: int, what: str) -> HttpResponse:
    """Withdraw an invitation to the proposal or send it again."""
    proposal = get_case(request, code)
    if not rules.owner.test(request.capacity, proposal):
        raise Http404
    found = get_object_or_404(Invitation.objects.select_related("team__organisation"), pk=pk, team__case=proposal.pk)
    return change(request, found, what, back=reverse("team", args=[code]))

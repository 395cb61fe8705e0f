"""An expert's own page: what is asked, being written and done, and nothing of other experts (R2, R4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.workflow.models import Obligation
from proposals.enums import State
from review import queries
from review.assessments.models import Assessment
from review.enums import Assessing, Inviting
from review.experts import roster
from review.experts.models import Invitation
from review.experts.moves import ASKED_DURING
from review.links import move_page


@dataclass(frozen=True, slots=True)
class Work:
    """One case as its expert sees it: the invitation, the assessment where one has begun, and until when."""

    invitation: Invitation
    assessment: Any
    due_at: datetime | None
    now: datetime

    @property
    def code(self) -> str:
        """The code of the case."""
        return self.invitation.proposal.case.code

    @property
    def answer(self) -> str:
        """Where the invitation is answered."""
        return move_page(self.invitation, "accept_invitation")

    @property
    def write(self) -> str:
        """Where the assessment is written."""
        return move_page(self.assessment, "save_assessment")

    @property
    def to_answer(self) -> bool:
        """Whether the invitation waits for its answer."""
        return self.invitation.state == Inviting.INVITED and self.invitation.proposal.state in ASKED_DURING

    @property
    def on_case(self) -> bool:
        """Whether the expert is on the case."""
        return self.invitation.state == Inviting.ACCEPTED

    @property
    def to_write(self) -> bool:
        """Whether the assessment is being written."""
        under_way = self.invitation.proposal.state == State.UNDER_ASSESSMENT
        return self.on_case and under_way and self.assessment is not None and self.assessment.is_being_written

    @property
    def to_start(self) -> bool:
        """Whether the expert has accepted and waits for the assessment to start."""
        return self.on_case and self.assessment is None and self.invitation.proposal.state == State.REGISTERED

    @property
    def filed(self) -> bool:
        """Whether it is past work: filed, and readable as it was."""
        return self.on_case and self.assessment is not None and self.assessment.state == Assessing.FILED


def _works(viewer: Capacity) -> list[Work]:
    """Return all cases on which the expert was asked, the newest first; three queries."""
    invitations = Invitation.objects.visible_to(viewer).select_related("proposal__case").order_by("-pk")
    rated = Count("ratings", filter=Q(ratings__level__isnull=False) & ~Q(ratings__justification=""))
    own = Assessment.objects.visible_to(viewer).filter(expert=viewer.person.pk)  # type: ignore[union-attr]
    assessments = {row.proposal_id: row for row in own.annotate(rated=rated, parts=Count("ratings"))}
    owed = Obligation.objects.owed_by(viewer).open().values_list("subject_kind", "subject_pk", "due_at")
    due = {(kind, pk): at for kind, pk, at in owed}
    now = timezone.now()
    found = []
    for invitation in invitations:
        assessment = assessments.get(invitation.proposal_id) if invitation.state == Inviting.ACCEPTED else None
        key = (assessment.kind, assessment.pk) if assessment else (invitation.kind, invitation.pk)
        if assessment:
            assessment.proposal = invitation.proposal
        found.append(Work(invitation, assessment, due.get(key), now))
    return found


@roles(Role.EXPERT)
@require_safe
def own_work(request: PortalRequest) -> HttpResponse:
    """Show invitations, drafts, deadlines, past work and availability of the expert who reads."""
    viewer: Capacity = request.capacity
    works = _works(viewer)
    entry = roster.with_entries(roster.serving()).visible_to(viewer).first()
    shown = ("to_answer", "to_write", "to_start", "filed")
    context = {name: [one for one in works if getattr(one, name)] for name in shown}
    context["over"] = [one for one in works if not any(getattr(one, name) for name in shown)]
    return render(request, "review/experts_own.html", {**context, "entry": entry, "any": bool(works)})


def own_of(request: PortalRequest, code: str) -> Assessment:
    """Return the reader's own assessment on the case named so, with its parts; else 404."""
    viewer: Capacity = request.capacity
    found = Assessment.objects.visible_to(viewer).filter(expert=request.user.pk, proposal__case__code=code)
    row = queries.with_parts(found.select_related("proposal__case")).first()
    if row is None:
        raise Http404
    return row


@roles(Role.EXPERT)
@require_safe
def own_assessment(request: PortalRequest, code: str) -> HttpResponse:
    """Show the reader's own assessment, as it is saved or as it was filed."""
    one = own_of(request, code)
    return render(
        request,
        "review/experts_assessment.html",
        {"one": one, "code": code, "write": move_page(one, "save_assessment")},
    )

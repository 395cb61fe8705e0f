"""Bodies and what they owe: an overview, and a page for each with all it was asked, answered and promised (F2)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.capacity import Capacity, today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment
from aipbi.accounts.request import PortalRequest
from aipbi.asean.models import Body
from facilitation.enums import PromiseState, RequestState
from facilitation.models import BodyRequest, Promise
from facilitation.rules import INSIDE

MOST = 200
_WAITING = [RequestState.SENT, RequestState.ACKNOWLEDGED]


@dataclass(slots=True)
class Record:
    """What a body was asked and promised, as far as one reader may know."""

    waiting: list[BodyRequest]
    done: list[BodyRequest]
    owed: list[Promise]
    ended: list[Promise]
    most: int | None


def record(viewer: Capacity, body: int) -> Record:
    """Return a body's record: what waits for an answer by its date, what is promised by its day, then the rest, newest first."""
    asked = BodyRequest.objects.visible_to(viewer).filter(body=body, sent_at__isnull=False)
    requests = list(asked.select_related("case").defer("extract", "reads", "parts").order_by("-sent_at", "-pk")[:MOST])
    found = Promise.objects.visible_to(viewer).filter(request__body=body)
    promises = list(found.select_related("request__case", "lead_ams").order_by("-made_at", "-pk")[:MOST])
    waiting = [one for one in requests if one.state in _WAITING]
    owed = [one for one in promises if one.state == PromiseState.OPEN]
    return Record(
        waiting=sorted(waiting, key=lambda one: (one.due_at, one.pk)),
        done=[one for one in requests if one.state not in _WAITING],
        owed=sorted(owed, key=lambda one: (one.by_when is None, one.by_when or today(), one.pk)),
        ended=[one for one in promises if one.state != PromiseState.OPEN],
        most=MOST if len(requests) == MOST or len(promises) == MOST else None,
    )


@roles(*INSIDE)
@require_safe
def bodies(request: PortalRequest) -> HttpResponse:
    """List the bodies with what each owes on the cases that the reader may open; those that owe most first."""
    viewer, now = request.capacity, timezone.now()
    asked = BodyRequest.objects.visible_to(viewer).filter(sent_at__isnull=False).order_by()
    waits, late = Q(state__in=_WAITING), Q(due_at__lt=now, paused_at__isnull=True)
    requests = asked.values("body").annotate(
        asked=Count("pk"), waiting=Count("pk", filter=waits), late=Count("pk", filter=waits & late)
    )
    made, owed = Promise.objects.visible_to(viewer).order_by(), Q(state=PromiseState.OPEN)
    promises = made.values("request__body").annotate(
        owed=Count("pk", filter=owed), overdue=Count("pk", filter=owed & Q(by_when__lt=today()))
    )
    by_body = {row.pop("body"): row for row in requests}
    promised = {row.pop("request__body"): row for row in promises}
    held = (
        Appointment.objects.current(today())
        .filter(office__role=Role.BODY_CONTACT)
        .values_list("office__body", flat=True)
    )
    staffed = set(held)
    rows: list[dict[str, Any]] = [
        {
            "body": body,
            "staffed": body.pk in staffed,
            **_NOTHING,
            **by_body.get(body.pk, {}),
            **promised.get(body.pk, {}),
        }
        for body in Body.objects.on(today()).order_by("acronym")
    ]
    rows.sort(key=lambda row: (-(row["late"] + row["overdue"]), -(row["waiting"] + row["owed"]), -row["asked"]))
    return render(request, "facilitation/bodies.html", {"rows": rows})


_NOTHING = {"asked": 0, "waiting": 0, "late": 0, "owed": 0, "overdue": 0}


@roles(*INSIDE)
@require_safe
def body(request: PortalRequest, pk: int) -> HttpResponse:
    """Show all that a body was asked, answered and promised on the cases that the reader may open."""
    found = Body.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    contacts = Appointment.objects.current(today()).filter(office__role=Role.BODY_CONTACT, office__body=found)
    context = {"body": found, "record": record(request.capacity, found.pk), "contacts": contacts.count()}
    return render(request, "facilitation/body.html", context)

"""Cases by their first deadline (R7: overdue first), read along the deadlines and not along the cases.

What is awaited decides who may know of it: each case stands at the first open deadline that the
reader may know of and whose clock runs; cases without one follow, the last moved first.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from aipbi.accounts.capacity import Capacity
from aipbi.workflow.models import Obligation
from aipbi.workflow.obligations import known_to

Key = tuple[int, str]


def window(found: QuerySet[Any], viewer: Capacity, start: int, stop: int | None, *, descending: bool) -> list[Key]:
    """Return number and code of the cases from place `start` up to `stop` in this order."""
    running = known_to(viewer, Obligation.objects.open().filter(due_at__isnull=False, paused_at__isnull=True))
    earlier = running.filter(
        Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk")), case=OuterRef("case")
    )
    order = ("-due_at", "-pk") if descending else ("due_at", "pk")
    first = running.filter(~Exists(earlier), case__proposal__in=found.order_by())
    dated = list(first.order_by(*order).values_list("case_id", "case__code")[start:stop])
    if stop is not None and len(dated) == stop - start:
        return dated
    before = start if dated else first.count()
    rest = found.filter(~Exists(running.filter(case=OuterRef("pk")))).order_by("-moved_at", "-case")
    begin = max(0, start - before) if not dated else 0
    end = None if stop is None else begin + stop - start - len(dated)
    return [*dated, *rest.values_list("case_id", "case__code")[begin:end]]

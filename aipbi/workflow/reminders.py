"""Reminding by hand whoever owes something, at most once a day for each thing owed (R7, L5)."""

from django.db import transaction
from django.utils import timezone

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.workflow import notices, obligations, trail
from aipbi.workflow.models import Case, Obligation, Reminder


def stage() -> str:
    """Return the stage under which a reminder by hand is kept: the Secretariat's day."""
    return f"hand-{today():%y%m%d}"


def already(owed: list[int]) -> set[int]:
    """Return which of the obligations were reminded of by hand today."""
    return set(Reminder.objects.filter(obligation__in=owed, stage=stage()).values_list("obligation_id", flat=True))


def by_hand(case_pk: int, pk: int, *, as_: Capacity) -> Obligation | None:
    """Remind whoever owes it and put that on the trail; return it, or None where nothing was sent.

    Nothing is sent of what is closed or paused by now, or was reminded of by hand today.
    """
    with transaction.atomic():
        # The lock of the door: what closes the obligation meanwhile comes before or after, never between.
        case = Case.objects.select_for_update(no_key=True).get(pk=case_pk)
        open_now = Obligation.objects.open().filter(case=case_pk, paused_at__isnull=True)
        owed = (
            open_now.select_related("case", "office__ams", "office__body", "organisation", "person")
            .filter(pk=pk)
            .first()
        )
        if owed is None or not Reminder.objects.get_or_create(obligation=owed, stage=stage())[1]:
            return None
        late = owed.due_at is not None and owed.due_at < timezone.now()
        notices.write_all(case_pk, "remind-hand", [obligations.reminder(owed, late=late)])
        trail.note(
            case_pk, as_=as_, action="remind", subject=(owed.subject_kind, owed.subject_pk),
            details={"of": owed.kind, "who": owed.party_label}, locked=case,
        )  # fmt: skip
        transaction.on_commit(notices.wake)
    return owed

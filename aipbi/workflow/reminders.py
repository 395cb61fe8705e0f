"""Reminding of what is owed: 5 and 1 working days before, on the day, then weekly with ASEC told (L5); and by hand (R7)."""

from datetime import datetime, timedelta
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.asean import clocks
from aipbi.asean.clocks import Calendar
from aipbi.workflow import notices, parties, topics, trail
from aipbi.workflow.models import Case, Obligation, Reminder
from aipbi.workflow.models.obligation import FOR_PARTNERS
from aipbi.workflow.moves import Tell
from aipbi.workflow.obligations import KINDS, link
from aipbi.workflow.parties import Party
from aipbi.workflow.standards import REMINDER

FIRST, LAST = 5, 1
WEEK = 7
# Nobody is reminded in the night: from this hour on, by the clock of the office that owes.
HOUR = 7
# Five working days around the longest holidays of a Member State.
_AHEAD = timedelta(days=31)


def stage(due_at: datetime, now: datetime, here: Calendar) -> str:
    """Return which reminder is due: '' for none, 'before-5', 'before-1', 'day', or 'week-N' once overdue.

    Days before are working days of the calendar, by its clock: a reminder comes early where the day before
    is a holiday. What is overdue is told of on working days alone.
    """
    today, until = here.day(now), here.day(due_at)
    if today > until:
        return f"week-{((today - until).days + WEEK - 1) // WEEK}" if here.works(today) else ""
    if today == until:
        return "day" if now <= due_at else ""
    left = here.between(today, until)
    if left <= LAST:
        return "before-1"
    return "before-5" if left <= FIRST else ""


def remind(now: datetime | None = None) -> int:
    """Write the reminders that are due, each once; return how many. Late ones tell ASEC too (L5)."""
    moment = now or timezone.now()
    calendar = cache(clocks.calendar)
    told = Reminder.objects.filter(obligation=OuterRef("pk")).values("stage")
    due = (
        Obligation.objects.open()
        .filter(paused_at__isnull=True, due_at__lte=moment + _AHEAD)
        .annotate(told=ArraySubquery(told))
        .select_related("case", "office__ams", "office__body", "organisation", "person")
        .order_by("pk")
    )
    written = 0
    for owed in due.iterator(chunk_size=500):
        here = calendar(owed.calendar)
        mark = stage(owed.due_at, moment, here)
        if mark and mark not in owed.told and moment.astimezone(here.zone).hour >= HOUR:
            written += _remind_one(owed, mark)
    return written


def _remind_one(owed: Obligation, mark: str) -> bool:
    with transaction.atomic():
        still = Obligation.objects.select_for_update(of=("self",), no_key=True).filter(
            pk=owed.pk, closed_at__isnull=True, paused_at__isnull=True
        )
        if not still.exists() or not Reminder.objects.get_or_create(obligation=owed, stage=mark)[1]:
            return False
        # What is answered on one page is told once: the others due that day are marked with it.
        n = _marked(Obligation.objects.filter(paused_at__isnull=True, due_at=owed.due_at), owed, mark)
        notices.write_all(
            owed.case_id, f"remind-{mark}", _tells(owed, mark, n), topic=topics.DEADLINES, reminds_of=owed
        )  # fmt: skip
        transaction.on_commit(notices.wake)
    return True


def _marked(among: QuerySet[Obligation], owed: Obligation, mark: str) -> int:
    """Mark as reminded what is one line of a desk with it, and return how many that is, itself among them."""
    if not KINDS[owed.kind].many:
        return 1
    same = among.filter(case=owed.case_id, kind=owed.kind, office=owed.office_id, closed_at=None).exclude(pk=owed.pk)
    still = [one for one in same if Reminder.objects.get_or_create(obligation=one, stage=mark)[1]]
    return 1 + len(still)


def what(owed: Obligation, n: int = 1) -> str:
    """Say what is owed, or how many of the kind are."""
    kind = KINDS[owed.kind]
    return kind.many(n) if kind.many and n > 1 else str(kind.label)


def _tells(owed: Obligation, mark: str, n: int) -> list[Tell]:
    late, asec = mark.startswith("week"), parties.asec()
    told = [_reminder(owed, n, late=late)]
    if late and told[0].party != asec:
        words = _("Overdue at %(who)s: %(what)s") % {"what": what(owed, n), "who": _by_mail(owed)}
        told.append(Tell(asec, words, due=owed.due_at, path=link(owed)))
    return told


def _reminder(owed: Obligation, n: int, *, late: bool) -> Tell:
    """Return what whoever owes it is told: in the Secretariat's name, but to the Secretariat itself."""
    words = _("Overdue: %(what)s") if late else _("Reminder: %(what)s")
    party = Party(office=owed.office, organisation=owed.organisation, person=owed.person)
    return Tell(
        party,
        words % {"what": what(owed, n)},
        to_act=True,
        due=owed.due_at,
        path=link(owed),
        partners=owed.kind in FOR_PARTNERS,
        message="" if party == parties.asec() else REMINDER,
    )


def _by_mail(owed: Obligation) -> str:
    """Say who owes it where an e-mail may be read by others: an office, and never a company (N1)."""
    return owed.office.label if owed.office else _("the proponent") if owed.organisation else owed.party_label


def by_hand_stage() -> str:
    """Return the stage under which a reminder by hand is kept: the Secretariat's day."""
    return f"hand-{today():%y%m%d}"


def already(owed: list[int]) -> set[int]:
    """Return which of the obligations were reminded of by hand today."""
    told = Reminder.objects.filter(obligation__in=owed, stage=by_hand_stage())
    return set(told.values_list("obligation_id", flat=True))


def by_hand(case_pk: int, pk: int, *, as_: Capacity) -> str:
    """Remind whoever owes it and put that on the trail; say whom of what, or '' where nothing was sent.

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
        if owed is None or not Reminder.objects.get_or_create(obligation=owed, stage=by_hand_stage())[1]:
            return ""
        late = owed.due_at is not None and owed.due_at < timezone.now()
        n = _marked(open_now, owed, by_hand_stage())
        told = [_reminder(owed, n, late=late)]
        notices.write_all(case_pk, "remind-hand", told, topic=topics.DEADLINES, reminds_of=owed)
        trail.note(
            case_pk, as_=as_, action="remind", subject=(owed.subject_kind, owed.subject_pk),
            details={"of": owed.kind, "who": owed.party_label}, locked=case,
        )  # fmt: skip
        transaction.on_commit(notices.wake)
    return f"{owed.party_label}: {what(owed, n)}"

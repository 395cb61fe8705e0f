"""Whether an e-mail is still needed in the moment before it goes (L5, N3, U2)."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity, held_by
from aipbi.accounts.models import Person
from aipbi.workflow import topics
from aipbi.workflow.models import MailState, Notice, Obligation


def sort_out(person: Person, told: Iterable[Notice]) -> tuple[list[Notice], list[tuple[Notice, str]]]:
    """Return the notices still needed by the person, and those that are not, each with why in words."""
    told = list(told)
    held = held_by(person)
    over = _over(told)
    wanted, spared = [], []
    for notice in told:
        why = _why_not(notice, person, held, over)
        if why:
            spared.append((notice, why))
        elif notice.mail_state != MailState.DROPPED:
            wanted.append(notice)
    return wanted, spared


def _over(told: list[Notice]) -> set[int]:
    """Return the obligations they remind of that are closed by now, or whose clock stands still."""
    meant = {notice.obligation_id for notice in told if notice.obligation_id and notice.topic == topics.DEADLINES}
    if not meant:
        return set()
    running = Obligation.objects.open().filter(pk__in=meant, paused_at__isnull=True)
    return meant - set(running.values_list("pk", flat=True))


def _why_not(notice: Notice, person: Person, held: Collection[Capacity], over: set[int]) -> str:
    if notice.mail_state == MailState.DROPPED:
        return ""
    if notice.topic == topics.DEADLINES and notice.obligation_id in over:
        return _("The matter was closed, or its clock stopped, before the reminder went.")
    if notice.digest_id and notice.read_at:
        return _("It had been read in the portal before the digest went.")
    if not person.is_active:
        return _("The person may no longer sign in.")
    if not reaches(notice, held):
        return _("The person no longer holds the office or belongs to the organisation.")
    return ""


def reaches(notice: Notice, held: Collection[Capacity]) -> bool:
    """Whether somebody with these capacities is still among those whom the notice was for."""
    if notice.office_id:
        return any(one.office and one.office.pk == notice.office_id for one in held)
    if notice.organisation_id:
        return any(
            (one.organisation and one.organisation.pk == notice.organisation_id)
            or (one.team and notice.case and one.team.pk == notice.case.team_id)
            for one in held
        )
    # Who owes something in person owes it by an office: an expert whose office ended is reminded no more.
    return notice.obligation_id is None or any(one.office for one in held)

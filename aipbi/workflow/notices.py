"""Writing notices in the move's transaction (N1, N2); `mailing` sends them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from django.utils import timezone

from aipbi.accounts.models import Person
from aipbi.workflow import following, parties, topics
from aipbi.workflow.mailing import paces, standard
from aipbi.workflow.mailing.sending import ATTEMPTS, mail_waiting, wake
from aipbi.workflow.models import MailState, Message, Notice, Obligation, Pace
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.parties import Party

__all__ = ["ATTEMPTS", "mail_waiting", "wake", "write", "write_all"]


def write(act: Move) -> None:
    """Write the move's notices; the one who moved is not told what they just did."""
    told = [*(replace(tell, path=tell.path or act.leads()) for tell in act.tells()), *following.tells(act)]
    opened = _opened(act) if any(tell.to_act for tell in told) else {}
    topic = topics.of_module(type(act).__module__)
    but = act.as_.person.pk if act.as_.person else None
    write_all(act.subject.case_pk, act.name, told, topic=topic, but=but, opened=opened)


def _opened(act: Move) -> dict[Party, Obligation]:
    """Return what the move has just given each party to do by a day, the most urgent where there are several (N1)."""
    opened = Obligation.objects.open().filter(case_id=act.subject.case_pk, opened_at=act.now, due_at__isnull=False)
    found = opened.select_related("office", "organisation", "person").order_by("-due_at")
    return {Party(office=owed.office, organisation=owed.organisation, person=owed.person): owed for owed in found}


def write_all(
    case_pk: int | None,
    what: str,
    told: Iterable[Tell],
    *,
    topic: str = topics.CASE,
    but: int | None = None,
    reminds_of: Obligation | None = None,
    opened: Mapping[Party, Obligation] = MappingProxyType({}),
) -> None:
    """Write a notice to each person of each party, once for one path and words; `case_pk` is None where it is about no case.

    `topic` is a code of `topics`; `reminds_of` the obligation without which the notice is no longer needed;
    `opened` what each party is asked to do by the notice, with its day.
    """
    rows: dict[tuple[int, str], Notice] = {}
    for tell in told:
        people = [person for person in _reached(tell, case_pk) if person.pk != but]
        message, wait = _message(case_pk, tell) if people else (None, timedelta())
        owed = reminds_of or (opened.get(tell.party) if tell.to_act else None)
        for person in people:
            rows[person.pk, tell.words] = Notice(
                case_id=case_pk, person=person, office=tell.party.office, organisation=tell.party.organisation,
                what=what, topic=topic, words=tell.words, path=tell.path, to_act=tell.to_act, due_at=tell.due or (owed.due_at if owed else None),
                message=message, next_try_at=timezone.now() + wait, obligation=owed,
            )  # fmt: skip
    _pace(list(rows.values()), topic)
    Notice.objects.bulk_create(rows.values())


def _message(case_pk: int | None, tell: Tell) -> tuple[Message | None, timedelta]:
    """Return the message in the Secretariat's name, where the notice is one, and how long it waits for ASEC."""
    if not tell.message or case_pk is None:
        return None, timedelta()
    wait = timedelta(hours=standard.wording(tell.message).wait_hours)
    return Message.objects.create(case_id=case_pk, kind=tell.message), wait


def _pace(rows: list[Notice], topic: str) -> None:
    """Let what may wait go as its reader chose; deadlines and messages go at once (N3)."""
    may_wait = [row for row in rows if not (row.message or (row.to_act and row.due_at))]
    chosen = paces.chosen({row.person_id for row in may_wait}, topic) if may_wait else {}
    for row in may_wait:
        row.pace = chosen.get(row.person_id, Pace.AT_ONCE)
        if row.pace != Pace.AT_ONCE:
            row.mail_state = MailState.DIGEST


def _reached(tell: Tell, case_pk: int | None) -> list[Person]:
    return [*tell.party.people(), *(parties.partners(case_pk) if tell.partners and case_pk is not None else ())]

"""Preparing a bulk run, making its dry run, and carrying it out: each case by itself, none twice (R7, L2)."""

import logging
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity, held_by
from aipbi.workflow import jobs
from aipbi.workflow.errors import NotYours, Refused
from proposals.bulk import actions
from proposals.bulk.actions import Action
from proposals.bulk.models import Bulk, BulkLine, Outcome, Phase
from proposals.models import Proposal

# More than this the worker does, while the page shows how far it is.
AT_ONCE = 25
PLAN, RUN = "bulk_plan", "bulk_run"
log = logging.getLogger(__name__)
# As many at a time as the worker shows a sign of life for, well within a minute.
_CHUNK = 50


def prepare(action: str, cases: Iterable[int], *, as_: Capacity, unknown: Iterable[str] = ()) -> Bulk:
    """Keep what was chosen: the cases by their primary keys, in order. Nothing is done to them.

    `unknown` are the codes sent that name no case. Raises NotYours for who acts as no officer.
    """
    if as_.person is None or as_.office is None:
        raise NotYours(str(actions.known()[action].label), as_.label)
    with transaction.atomic():
        bulk = Bulk.objects.create(person=as_.person, office=as_.office, action=action, unknown=list(unknown))
        lines = [BulkLine(bulk=bulk, case_id=case, place=place) for place, case in enumerate(cases, 1)]
        BulkLine.objects.bulk_create(lines, batch_size=1000)
    return bulk


def ask_plan(bulk: Bulk, as_: Capacity, answers: str = "") -> None:
    """Have the dry run made, anew where there is one; a run that has begun stays as it is."""
    few = _few(bulk)
    with transaction.atomic():
        changed = Bulk.objects.filter(pk=bulk.pk, phase__in=[Phase.CHOSEN, Phase.PLANNED]).update(
            phase=Phase.PLANNING, answers=answers, planned_at=None
        )
        if not changed:
            return
        bulk.lines.update(seen=None, would=None, words="", data={})
        job = jobs.ask(PLAN, bulk, by=as_, here=few)
    if few:
        jobs.run(job.pk)


def ask_run(bulk: Bulk, as_: Capacity, plan: str) -> bool:
    """Have it carried out, once; return whether this call set it going. Only on the dry run named `plan`, of today."""
    if bulk.out_of_date or bulk.plan != plan:
        return False
    few = _few(bulk)
    with transaction.atomic():
        changed = Bulk.objects.filter(pk=bulk.pk, phase=Phase.PLANNED, planned_at=bulk.planned_at).update(
            phase=Phase.RUNNING, started_at=timezone.now()
        )
        if not changed:
            return False
        job = jobs.ask(RUN, bulk, by=as_, here=few)
    if few:
        jobs.run(job.pk)
    return True


def _few(bulk: Bulk) -> bool:
    """Whether the cases are done while the page waits; the worker has more, and what breaks off here."""
    return bulk.lines.count() <= AT_ONCE


@jobs.handler(PLAN)
@jobs.handler(RUN)
def go_on(progress: jobs.Progress) -> None:
    """Do what the bulk run has still to do; safe to call at any time and by several workers."""
    bulk = Bulk.objects.select_related("person", "office").get(pk=progress.job.subject_pk)
    if bulk.phase == Phase.PLANNING:
        _plan(bulk, progress)
    elif bulk.phase == Phase.RUNNING:
        _run(bulk, progress)


def acting(bulk: Bulk) -> Capacity | None:
    """Return the capacity that it was prepared in, where the person still holds it."""
    return next((held for held in held_by(bulk.person) if held.office == bulk.office), None)


def _plan(bulk: Bulk, progress: jobs.Progress) -> None:
    action, answers, as_ = actions.known()[bulk.action], QueryDict(bulk.answers), acting(bulk)
    for chunk in _chunks(bulk.lines.filter(would__isnull=True)):
        cases = _cases(chunk, as_)
        for line in chunk:
            _plan_one(line, cases.get(line.case_id), action, as_, answers)
        BulkLine.objects.bulk_update(chunk, ["seen", "would", "words", "data"])
        progress.say(0, "")
    Bulk.objects.filter(pk=bulk.pk, phase=Phase.PLANNING).update(phase=Phase.PLANNED, planned_at=timezone.now())


def _plan_one(
    line: BulkLine, proposal: Proposal | None, action: Action, as_: Capacity | None, answers: QueryDict
) -> None:
    try:
        if proposal is None or as_ is None:
            line.would, line.words = False, _("There is no such case.")
            return
        action.plan(line, proposal, as_, answers)
    except Refused as refusal:
        line.would, line.words = False, actions.why(refusal)
    except Exception:
        log.exception("Bulk run %s failed in its dry run on line %s", line.bulk_id, line.pk)
        line.would, line.words = False, _("A fault stopped it here. Try it on the case itself.")
    else:
        line.would = True


def _run(bulk: Bulk, progress: jobs.Progress) -> None:
    action, answers, as_ = actions.known()[bulk.action], QueryDict(bulk.answers), acting(bulk)
    waiting = bulk.lines.filter(would=True, outcome=Outcome.OPEN)
    for chunk in _chunks(waiting.all()):
        cases = _cases(chunk, as_)
        for line in chunk:
            _run_one(line.pk, cases.get(line.case_id), action, as_, answers)
            progress.say(0, "")
    # Of several workers the last one finds none left.
    if not waiting.exists():
        now = timezone.now()
        Bulk.objects.filter(pk=bulk.pk, phase=Phase.RUNNING).update(phase=Phase.DONE, finished_at=now)


def _run_one(pk: int, proposal: Proposal | None, action: Action, as_: Capacity | None, answers: QueryDict) -> None:
    """Carry it out on one case and say so in the same transaction: whoever comes second finds it done."""
    with transaction.atomic():
        line = BulkLine.objects.select_for_update(skip_locked=True).filter(pk=pk, outcome=Outcome.OPEN).first()
        if line is None:
            return
        line.outcome, line.came = _carried_out(line, proposal, action, as_, answers)
        line.at = timezone.now()
        line.save(update_fields=["outcome", "came", "at"])


def _carried_out(
    line: BulkLine, proposal: Proposal | None, action: Action, as_: Capacity | None, answers: QueryDict
) -> tuple[Outcome, str]:
    """Return what came of it on one case; of what is refused nothing is left behind."""
    if proposal is None or as_ is None:
        return Outcome.REFUSED, _("There is no such case.") if as_ else _("You no longer hold the office.")
    try:
        with transaction.atomic():
            return Outcome.DONE, action.carry_out(line, proposal, as_, answers)
    except Refused as refusal:
        return Outcome.REFUSED, actions.why(refusal)
    except Exception:
        log.exception("Bulk run %s failed on line %s", line.bulk_id, line.pk)
        return Outcome.REFUSED, _("A fault stopped it here and nothing was changed. Try it on the case itself.")


def _cases(lines: list[BulkLine], as_: Capacity | None) -> dict[int, Proposal]:
    if as_ is None:
        return {}
    found = Proposal.objects.visible_to(as_).select_related("case", "case_officer", "organisation").defer("answers")
    return found.in_bulk([line.case_id for line in lines])


def _chunks(lines: QuerySet[BulkLine]) -> Iterator[list[BulkLine]]:
    found = list(lines)
    for first in range(0, len(found), _CHUNK):
        yield found[first : first + _CHUNK]

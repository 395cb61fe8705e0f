"""The one door: `perform` is the only way a subject's state changes (L1, L2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction

from aipbi.accounts.capacity import Capacity, in_force
from aipbi.accounts.models import Person
from aipbi.workflow import notices, obligations, trail
from aipbi.workflow.errors import Blocked, Invalid, NotOpen, NotYours, Stale
from aipbi.workflow.models import Case, Subject, TrailEntry
from aipbi.workflow.moves import Move


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a move: the subject as it is now, the trail entry, the move with its data."""

    subject: Any
    entry: TrailEntry
    move: Move


def perform(
    move: type[Move],
    subject: Subject,
    *,
    by: Person | None,
    as_: Capacity,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, UploadedFile] | None = None,
    seen: int | None = None,
) -> Done:
    """Carry out a move, whole or not at all.

    `by` is the person, `as_` the capacity they act in (None and the clock for the portal itself),
    `data` and `files` what the move's form asks, `seen` the subject's revision on the page the
    person acted from. Raises NotYours, NotOpen, Stale, Invalid or Blocked, in which case nothing
    was changed; what was entered is in `Invalid.form`.
    """
    with transaction.atomic():
        # Its key never changes: whoever only points at the case, as the worker that stores a PDF, need not wait.
        case = Case.objects.select_for_update(no_key=True).get(pk=subject.case_pk)
        model = type(subject)
        rows = model._default_manager.select_related(model.case_path)
        locked = rows.select_for_update(of=("self",), no_key=True).get(pk=subject.pk)
        act = move(locked, as_)
        if as_.person != by or not in_force(as_):
            raise NotYours(str(move.label), as_.label)
        check(act, data=data, files=files, seen=seen)

        source = locked.state
        locked.revision += 1
        _change_state(act)
        act.effect()
        # The effect may have carried out a further move, which is on the trail before this one.
        case.refresh_from_db(fields=["trail_count", "trail_head"])
        entry = trail.record(case, act, source=source)
        obligations.settle(act, entry)
        notices.write(act)
        transaction.on_commit(notices.wake)
    return Done(subject=locked, entry=entry, move=act)


def check(
    act: Move,
    *,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, UploadedFile] | None = None,
    seen: int | None = None,
) -> None:
    """Raise whatever stands against the move on its subject as that is now, as `perform` does; leave `act.data` ready.

    The door asks inside its lock. A dry run asks the same and changes nothing.
    """
    subject = act.subject
    if not act.may(act.as_, subject):
        raise NotYours(str(act.label), act.as_.label)
    if seen is not None and seen != subject.revision:
        raise Stale(_since(subject, seen, act.as_))
    if not act.is_open:
        raise NotOpen(str(act.label), str(subject.state_label))
    if reasons := list(act.reasons()):
        raise Blocked(reasons)
    act.data = _clean(act, data, files)
    if refusals := list(act.refusals()):
        raise Blocked(refusals)


def _clean(act: Move, data: Mapping[str, Any] | None, files: Mapping[str, UploadedFile] | None) -> dict[str, Any]:
    if act.form is None:
        return {}
    form = act.form(data or {}, files or {}, move=act)
    if not form.is_valid():
        raise Invalid(form)
    return form.cleaned_data


def _change_state(act: Move) -> None:
    """Take the transition under the name the database's own guard checks."""
    if act.on is None:
        act.subject.save(update_fields=["revision"])
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.move', %s, true)", [act.on])
    goal = act.target()
    getattr(act.subject, act.on)(*([] if goal is None else [goal]))
    act.subject.save(update_fields=["revision", "state"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.move', '', true)")


def _since(subject: Subject, seen: int, viewer: Capacity) -> list[TrailEntry]:
    """Return what happened to the subject after the page was opened and the capacity may read, newest first."""
    behind = subject.revision - seen
    entries = TrailEntry.objects.visible_to(viewer).filter(
        case_id=subject.case_pk,
        subject_kind=subject.kind,
        subject_pk=subject.pk,
    )
    return list(entries.order_by("-number")[: max(behind, 1)])

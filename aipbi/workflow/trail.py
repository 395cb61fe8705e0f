"""Writing and proving the trail (L4): each entry's digest covers the one before it."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone

from aipbi.accounts.capacity import Capacity
from aipbi.workflow.models import Audience, Case, TrailEntry
from aipbi.workflow.moves import Move

_SIGNED = (
    "case_id", "number", "person_id", "role", "office_id", "organisation_id", "capacity", "action",
    "subject_kind", "subject_pk", "source", "target", "details", "audience", "previous",
)  # fmt: skip


def record(case: Case, act: Move, *, source: str) -> TrailEntry:
    """Add a move's entry; the caller holds the case's lock."""
    target = act.subject.state
    return _append(
        case,
        as_=act.as_,
        action=act.name,
        subject=(act.subject.kind, act.subject.pk),
        source=source if source != target else "",
        target=target if source != target else "",
        details={**plain(act.kept()), **plain(act.details())},
        audience=act.audience,
        at=act.now,
    )


def note(
    case_pk: int,
    *,
    as_: Capacity,
    action: str,
    subject: tuple[str, int],
    details: dict[str, Any] | None = None,
    audience: Audience = Audience.ASEC,
    locked: Case | None = None,
) -> TrailEntry:
    """Add an entry for what is not a move: a reading of confidential matter, a download, a draft begun (U6).

    `locked` is the case when the caller holds its lock already.
    """
    with transaction.atomic(savepoint=locked is None):
        case = locked or Case.objects.select_for_update(no_key=True).get(pk=case_pk)
        return _append(
            case, as_=as_, action=action, subject=subject, source="", target="",
            details=plain(details or {}), audience=audience, at=timezone.now(),
        )  # fmt: skip


def _append(
    case: Case, *, as_: Capacity, action: str, subject: tuple[str, int], source: str, target: str,
    details: dict[str, Any], audience: Audience, at: datetime,
) -> TrailEntry:  # fmt: skip
    entry = TrailEntry(
        case=case,
        number=case.trail_count + 1,
        at=at,
        person=as_.person,
        role=as_.role,
        office=as_.office,
        organisation=as_.organisation,
        capacity=as_.label,
        action=action,
        subject_kind=subject[0],
        subject_pk=subject[1],
        source=source,
        target=target,
        details=details,
        audience=audience,
        previous=case.trail_head,
    )
    entry.digest = digest(entry)
    entry.save(force_insert=True)
    case.trail_count, case.trail_head = entry.number, entry.digest
    case.save(update_fields=["trail_count", "trail_head"])
    return entry


def digest(entry: TrailEntry) -> str:
    """Return the SHA-256, in hexadecimal, over the entry's content and the digest before it."""
    content = {name: getattr(entry, name) for name in _SIGNED}
    content["at"] = entry.at.astimezone(UTC).isoformat()
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def broken(cases: models.QuerySet[Case] | None = None) -> Iterator[tuple[Case, int, str]]:
    """Yield, for each case whose chain does not hold, the first broken entry's number and why."""
    for case in (cases if cases is not None else Case.objects.all()).order_by("pk").iterator():
        if fault := _first_fault(case):
            yield (case, *fault)


def _first_fault(case: Case) -> tuple[int, str] | None:
    previous, expected = "", 0
    for entry in TrailEntry.objects.filter(case=case).order_by("number").iterator():
        expected += 1
        if entry.number != expected:
            return expected, "the entry is missing"
        if entry.previous != previous:
            return entry.number, "it does not follow from the entry before it"
        if entry.digest != digest(entry):
            return entry.number, "its content is not what was written"
        previous = entry.digest
    if (case.trail_count, case.trail_head) != (expected, previous):
        return expected + 1, "entries at the end are missing"
    return None


def plain(value: Any) -> Any:
    """Return the value as JSON keeps it: codes and words, never objects."""
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return [plain(part) for part in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    for kind, written in _WRITTEN:
        if isinstance(value, kind):
            return written(value)
    return str(value)


_WRITTEN: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (UploadedFile, lambda file: file.name),
    (models.Model, lambda row: str(row.pk)),
    ((date, datetime), lambda moment: moment.isoformat()),
)

"""Jobs: asking for work in a move's transaction, and doing it exactly once in the worker (F7).

Most are about something of a case. What belongs to no case, as a list to download, a meeting's
papers or a release of figures, is asked for `by` somebody, who watches it on a page of its own.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from aipbi.accounts.capacity import Capacity, held_by
from aipbi.workflow.models import Job, JobState
from aipbi.workflow.queue import send

log = logging.getLogger(__name__)

ATTEMPTS = 5
_SILENT = timedelta(seconds=60)
_HANDLERS: dict[str, Callable[["Progress"], None]] = {}
_PAGES: dict[str, "Page"] = {}


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of a job says: what is made, where it leads when it is done, and where it was asked for."""

    label: Any
    result: Callable[[Job], str]
    # What the link to the result says.
    action: Any
    back: Callable[[Job], str]
    back_to: Any


class Progress:
    """A running job; `say` tells the page how far it is and shows that the worker is alive."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def say(self, percent: int, step: str) -> None:
        """Store the share done (0–100) and the step in words, visible at once to readers."""
        Job.objects.filter(pk=self.job.pk).update(percent=percent, step=step[:100], beat_at=timezone.now())


def handler(
    kind: str, *, page: Page | None = None
) -> Callable[[Callable[[Progress], None]], Callable[[Progress], None]]:
    """Decorate the function that does jobs of this kind; it must be safe to run twice.

    `page` is for what people ask for and wait for: see `address`.
    """

    def keep(function: Callable[[Progress], None]) -> Callable[[Progress], None]:
        _HANDLERS[kind] = function
        if page:
            _PAGES[kind] = page
        return function

    return keep


def ask(kind: str, subject: Any, *, by: Capacity | None = None, here: bool = False) -> Job:
    """Queue a job about a subject, once; the worker is told after commit.

    With `here` the caller runs it at once, and the worker looks for it only where that breaks off (`lost`).

    The subject is one of a case, or any row with a word for what it is as `kind`, and no case. `by` is
    who asks and waits for it; a subject without a case needs it.
    """
    asked = {"person": by.person, "asked_as": by.key} if by else {}
    job = Job.objects.get_or_create(
        kind=kind,
        subject_kind=subject.kind,
        subject_pk=subject.pk,
        state__in=[JobState.QUEUED, JobState.RUNNING],
        defaults={"case_id": getattr(subject, "case_pk", None), "state": JobState.QUEUED, **asked},
    )[0]
    if not here:
        transaction.on_commit(lambda: send("workflow.run_job", job.pk))
    return job


def address(job: Job) -> str:
    """Return the page on which whoever asked for the job watches it."""
    return reverse("job", args=[job.pk])


def page_of(job: Job) -> Page | None:
    """Return what the job's page says; None for one that nobody waits for."""
    return _PAGES.get(job.kind)


def asker(job: Job) -> Capacity | None:
    """Return the capacity the job was asked for in; None when it is no longer held (U2)."""
    held = held_by(job.person) if job.person else []
    return next((one for one in held if one.key == job.asked_as), None)


def run(pk: int) -> bool:
    """Claim the job and do it; return whether this call did the work. A failure is kept and tried again."""
    job = _claim(pk)
    if job is None:
        return False
    try:
        _HANDLERS[job.kind](Progress(job))
    except Exception as fault:
        log.exception("Job %s failed", job.pk)
        tired = job.attempts >= ATTEMPTS
        Job.objects.filter(pk=job.pk).update(
            state=JobState.FAILED if tired else JobState.QUEUED,
            error=f"{type(fault).__name__}: {fault}"[:300],
            next_try_at=timezone.now() + timedelta(seconds=5 * 2**job.attempts),
        )
        return False
    Job.objects.filter(pk=job.pk).update(
        state=JobState.DONE, percent=100, step="", error="", finished_at=timezone.now()
    )
    return True


def _claim(pk: int) -> Job | None:
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, beat_at__lt=now - _SILENT)
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True, of=("self",)).filter(free, pk=pk).first()
        if job:
            job.state, job.beat_at, job.attempts = JobState.RUNNING, now, job.attempts + 1
            job.save(update_fields=["state", "beat_at", "attempts"])
    return job


def lost() -> list[int]:
    """Return the jobs that no worker is doing though they are due."""
    now = timezone.now()
    return list(
        Job.objects.filter(
            Q(state=JobState.QUEUED, next_try_at__lt=now - timedelta(seconds=10))
            | Q(state=JobState.RUNNING, beat_at__lt=now - _SILENT),
        ).values_list("pk", flat=True)[:200],
    )

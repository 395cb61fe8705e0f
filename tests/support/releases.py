"""Releases of figures for tests: begun, and done by the worker's own functions, in this process."""

from datetime import date
from typing import Any

from aipbi.accounts.capacity import Capacity
from aipbi.workflow import jobs, registry
from aipbi.workflow.door import perform
from aipbi.workflow.models import Job
from aipbi.workflow.walk import People
from monitoring.models import Release
from monitoring.releases import verbs
from monitoring.releases.moves.deciding import PUBLISH_JOB


def move(name: str, release: Any, as_: Capacity, **data: Any) -> Any:
    """Make a move on the release, or on a researcher's application, and return it as it is now."""
    return perform(registry.get(release.kind, name), release, by=as_.person, as_=as_, data=data).subject


def work(kind: str, release: Release) -> Release:
    """Do the release's queued job of a kind."""
    assert jobs.run(Job.objects.filter(kind=kind, subject_pk=release.pk).latest("pk").pk)
    return Release.objects.select_related("case").get(pk=release.pk)


def prepared(until: date | None = None) -> Release:
    """A release that ASEC can look through."""
    release, _job = verbs.prepare(as_=People().asec(), figures_until=until or date(2099, 1, 1), changes="New figures.")
    return work(verbs.JOB, release)


def submitted(until: date | None = None) -> Release:
    """A release before the FG-GVC."""
    return move("submit_release", prepared(until), People().asec(), changes="New figures.", looked_through="on")


def published(until: date | None = None) -> Release:
    """A release that everybody reads."""
    approved = move("approve_release", submitted(until), People().chair(), agreed="on")
    return work(PUBLISH_JOB, approved)

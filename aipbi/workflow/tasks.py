"""What the worker does: jobs, e-mails, reminders, and the sweep that finds what the queue lost."""

from collections.abc import Callable

from celery import shared_task

from aipbi.accounts.tasks import mail_waiting_invitations
from aipbi.workflow import jobs, notices, reminders

_SWEEPERS: list[Callable[[], object]] = []


def sweeper(function: Callable[[], object]) -> Callable[[], object]:
    """Decorate what an app wants looked after at every sweep; it must be quick and safe to repeat."""
    _SWEEPERS.append(function)
    return function


@shared_task(name="workflow.run_job")
def run_job(pk: int) -> None:
    """Do one job."""
    jobs.run(pk)


@shared_task(name="workflow.mail_notices")
def mail_notices() -> None:
    """Mail what waits."""
    notices.mail_waiting()


@shared_task(name="workflow.sweep")
def sweep() -> None:
    """Find work that the queue lost and do it."""
    for pk in jobs.lost():
        jobs.run(pk)
    notices.mail_waiting()
    mail_waiting_invitations()
    for function in _SWEEPERS:
        function()


@shared_task(name="workflow.remind")
def remind() -> None:
    """Write the reminders that are due."""
    reminders.remind()

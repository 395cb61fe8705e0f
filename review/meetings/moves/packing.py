"""The paper pack: asked for by ASEC, made by the worker, issued to the members (D7)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import jobs, parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience, Job, JobState
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.registry import register
from review.meetings import papers, rules, verbs
from review.meetings.enums import AHEAD
from review.meetings.models import Meeting, Pack

PACK_JOB = "meeting_pack"
OPEN = (JobState.QUEUED, JobState.RUNNING)


def waiting(meeting: Meeting) -> Pack | None:
    """Return the pack that the worker has not made yet."""
    return Pack.objects.filter(meeting=meeting, file__isnull=True).first()


@register
class MakePack(Move):
    """planned or pack issued: a pack is asked for; while one is being made, or nothing changed, none is."""

    name = "make_pack"
    model = Meeting
    during = AHEAD
    who = rules.secretariat
    label = gettext_lazy("Make the paper pack")
    done = gettext_lazy("The paper pack is being made")
    help = gettext_lazy(
        "Agenda, proposals, consolidated reports, positions so far and earlier decisions as one PDF. "
        "The FG-GVC members are told when it is there."
    )
    audience = Audience.ASEC

    def reasons(self) -> Iterable[str]:
        """One at a time, of an agenda that has something on it, and only when papers have changed."""
        if not self.subject.items.filter(moved_to__isnull=True).exists():
            yield _("There is nothing on the agenda yet.")
            return
        awaited = waiting(self.subject)
        if awaited and self._job(OPEN):
            yield _("Pack %(n)s is being made.") % {"n": awaited.number}
        elif not awaited:
            last = Pack.objects.filter(meeting=self.subject).order_by("-number").first()
            if last and not papers.changes(last.manifest, papers.manifest(self.subject)):
                yield _("Nothing has changed since pack %(n)s.") % {"n": last.number}

    def _job(self, states: Iterable[str]) -> bool:
        meeting = self.subject
        return Job.objects.filter(
            kind=PACK_JOB, subject_kind=meeting.kind, subject_pk=meeting.pk, state__in=states
        ).exists()

    def effect(self) -> None:
        """Ask the worker; a pack that the worker gave up on is asked for again, not a second one."""
        self.pack = waiting(self.subject) or Pack.objects.create(  # type: ignore[misc]
            meeting=self.subject, number=Pack.objects.filter(meeting=self.subject).count() + 1,
            asked_at=self.now, asked_by=self.as_.person,
        )  # fmt: skip
        jobs.ask(PACK_JOB, self.subject)

    def details(self) -> dict[str, Any]:
        """Say which."""
        return {"pack": self.pack.number}


class FileForm(MoveForm):
    """The PDF, and what the worker read when it made it."""

    pdf = forms.FileField()
    manifest = forms.JSONField()
    pages = forms.IntegerField(min_value=1)


@register
class FilePack(Move):
    """The worker's: the PDF is kept under its digest, exactly once, and the members are told."""

    name = "file_pack"
    model = Meeting
    on = "issue_pack"
    who = rules.clock
    by_clock = True
    label = gettext_lazy("Issue the paper pack")
    done = gettext_lazy("Paper pack issued")
    form = FileForm
    audience = Audience.STATES

    def reasons(self) -> Iterable[str]:
        """There must be one that is awaited: another worker may have been first."""
        if waiting(self.subject) is None:
            yield _("No pack is awaited.")

    def effect(self) -> None:
        """Keep the PDF, and what is in it."""
        self.pack = papers.file(waiting(self.subject), self.data, self.now)

    def kept(self) -> dict[str, Any]:
        """Keep what proves the file, not the file."""
        return {
            "pack": self.pack.number,
            "sha256": self.pack.sha256,
            "pages": self.pack.pages,
            "changes": self.pack.changes,
        }

    def tells(self) -> Iterable[Tell]:
        """Tell the FG-GVC and the Secretariat; SEOM leads read their own cases in the portal."""
        words = (
            _("The paper pack of a meeting is there")
            if self.pack.number == 1
            else _("A new paper pack of a meeting is there; it says what changed")
        )
        for party in (*verbs.members(), parties.asec()):
            yield Tell(party, words, due=self.subject.starts_at, path=verbs.path(self.subject))

"""What people decide on a release: ASEC submits or discards it, the chair approves it or not, either withdraws it (M6)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import jobs, parties, two_persons
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience as Readers
from aipbi.workflow.models import Job, JobState
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from monitoring.models import Release
from monitoring.obligations import APPROVE_RELEASE, SUBMIT_RELEASE
from monitoring.parties import fg_gvc
from monitoring.releases import rules, verbs
from monitoring.releases.enums import Audience
from review.meetings.verbs import members

PUBLISH_JOB = "publish_release"


def why(label: Any, hint: Any = "") -> forms.CharField:
    """Return the field for a reason."""
    return forms.CharField(label=label, help_text=hint, widget=forms.Textarea, max_length=2000)


class _OfRelease(Move):
    model = Release
    audience = Readers.STATES

    def say(self, words: str) -> None:
        """Keep the reason on the release, which shows the last one."""
        self.subject.said = words
        self.subject.save(update_fields=["said"])


@register
class PrepareAgain(_OfRelease):
    """preparing: the worker gave up, and is asked again."""

    name = "prepare_again"
    during = frozenset({"preparing"})
    who = rules.secretariat
    label = gettext_lazy("Let the worker try again")
    done = gettext_lazy("The worker tries again")
    audience = Readers.ASEC

    def reasons(self) -> Iterable[str]:
        """Not while it works."""
        open_ = (JobState.QUEUED, JobState.RUNNING)
        if Job.objects.filter(kind=verbs.JOB, subject_kind=Release.kind, subject_pk=self.subject.pk, state__in=open_):
            yield _("The worker is at it.")

    def effect(self) -> None:
        """Ask."""
        jobs.ask(verbs.JOB, self.subject, by=self.as_)


class SubmitForm(MoveForm):
    """What changed, as the public changelog will say, and that the suppressions were looked through."""

    changes = forms.CharField(
        label=gettext_lazy("What is new in this release"),
        help_text=gettext_lazy("Everybody reads this in the list of releases. Name no company and no project."),
        widget=forms.Textarea, max_length=2000,
    )  # fmt: skip
    looked_through = forms.BooleanField(
        label=gettext_lazy("I have looked through what is suppressed and why, and through the notes of the audit.")
    )


@register
class SubmitRelease(_OfRelease):
    """prepared → submitted: the FG-GVC reads its own figures from now on, and what would be public."""

    name = "submit_release"
    on = "submit_release"
    who = rules.secretariat
    label = gettext_lazy("Put it before the FG-GVC")
    done = gettext_lazy("Release put before the FG-GVC")
    help = gettext_lazy("The FG-GVC then reads the portfolio at its own threshold. That can't be taken back.")
    form = SubmitForm
    closes = frozenset({SUBMIT_RELEASE})

    def initial(self) -> dict[str, Any]:
        """Start with what was written when it was begun."""
        return {"changes": self.subject.changes}

    def effect(self) -> None:
        """The FG-GVC is told."""
        self.subject.changes = self.data["changes"]
        self.subject.save(update_fields=["changes"])
        verbs.give(self.subject.pk, Audience.INSIDE)

    def owes(self) -> Iterable[Owes]:
        """The chair decides."""
        yield Owes(APPROVE_RELEASE, fg_gvc())

    def tells(self) -> Iterable[Tell]:
        """Tell the chair to act, the others that there are new figures."""
        chair = fg_gvc()
        yield Tell(chair, _("A release of figures waits for your approval"), to_act=True, path=verbs.path(self.subject))
        for party in members():
            if party != chair:
                yield Tell(party, _("New figures of the portfolio are there"), path=verbs.path(self.subject))


class ApproveForm(MoveForm):
    """Said, not only clicked."""

    agreed = forms.BooleanField(
        label=gettext_lazy("The FG-GVC agrees that these figures, and no others, are published.")
    )


@register
class ApproveRelease(_OfRelease):
    """submitted → approved: it gets its number, and the worker makes its files."""

    name = "approve_release"
    on = "approve_release"
    who = rules.presiding
    label = gettext_lazy("Approve and publish")
    done = gettext_lazy("Release approved; its files are being made")
    help = gettext_lazy("Whatever is published stays known: a later release can't take it back.")
    form = ApproveForm
    closes = frozenset({APPROVE_RELEASE})

    def refusals(self) -> Iterable[str]:
        """Not by who put it forward."""
        return two_persons.refusals(self, "submit_release")

    def effect(self) -> None:
        """Give the number and ask for the files."""
        last = Release.objects.aggregate(last=Max("number"))["last"] or 0
        self.subject.number = last + 1
        self.subject.save(update_fields=["number"])
        jobs.ask(PUBLISH_JOB, self.subject)

    def details(self) -> dict[str, Any]:
        """Keep the number."""
        return {"number": self.subject.number}


class WhyInsideForm(MoveForm):
    """Why it is not published."""

    reason = why(gettext_lazy("Why it is not published"))


@register
class KeepInside(_OfRelease):
    """submitted → inside: the FG-GVC has read it, everybody else has not."""

    name = "keep_inside"
    on = "keep_inside"
    who = rules.presiding
    label = gettext_lazy("Keep it inside the FG-GVC")
    done = gettext_lazy("Release kept inside the FG-GVC")
    form = WhyInsideForm
    closes = frozenset({APPROVE_RELEASE})
    shown = ("reason",)
    shown_to = Readers.STATES

    def effect(self) -> None:
        """Keep why."""
        self.say(self.data["reason"])

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC."""
        yield Tell(parties.asec(), _("A release of figures is kept inside the FG-GVC"), path=verbs.path(self.subject))


class DiscardForm(MoveForm):
    """Why nobody is to read it."""

    reason = why(gettext_lazy("Why it is discarded"))


@register
class DiscardRelease(_OfRelease):
    """preparing or prepared → discarded: nobody was told anything."""

    name = "discard_release"
    on = "discard_release"
    who = rules.secretariat
    label = gettext_lazy("Discard it")
    done = gettext_lazy("Release discarded")
    form = DiscardForm
    audience = Readers.ASEC
    closes = frozenset({SUBMIT_RELEASE})
    warning = True
    shown = ("reason",)

    def effect(self) -> None:
        """Keep why."""
        self.say(self.data["reason"])


class WithdrawForm(MoveForm):
    """Why it holds no more."""

    reason = why(
        gettext_lazy("Why it is withdrawn"),
        gettext_lazy("Everybody reads this where the release was. Name no company and no project."),
    )


@register
class WithdrawRelease(_OfRelease):
    """published → withdrawn: it stays in the list, with the reason and without its figures."""

    name = "withdraw_release"
    on = "withdraw_release"
    who = rules.presiding_or_secretariat
    label = gettext_lazy("Withdraw it")
    done = gettext_lazy("Release withdrawn")
    help = gettext_lazy("Who has read it knows it: later releases are audited with it all the same.")
    form = WithdrawForm
    warning = True
    shown = ("reason",)
    shown_to = Readers.STATES

    def effect(self) -> None:
        """Keep why and when."""
        self.subject.withdrawn_at = self.now
        self.subject.save(update_fields=["withdrawn_at"])
        self.say(self.data["reason"])

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC and the FG-GVC."""
        for party in (parties.asec(), *members()):
            yield Tell(party, _("A release of figures is withdrawn"), path=verbs.path(self.subject))

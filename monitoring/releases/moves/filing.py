"""What the worker does to a release: file what may be told, refuse faulty figures, publish with all files."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience as Readers
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from monitoring.models import Release
from monitoring.obligations import SUBMIT_RELEASE
from monitoring.releases import rules, verbs
from monitoring.releases.enums import Audience
from review.meetings.verbs import members


class _Worker(Move):
    model = Release
    who = rules.clock
    by_clock = True


class DecidedForm(MoveForm):
    """What was decided for each audience, the document everybody would read, and the figures behind them."""

    decided = forms.JSONField()
    document = forms.JSONField()
    figures = forms.FileField()


@register
class FileRelease(_Worker):
    """preparing → prepared, once whatever crashes."""

    name = "file_release"
    on = "file_release"
    label = gettext_lazy("File a release")
    done = gettext_lazy("Release prepared")
    form = DecidedForm
    audience = Readers.ASEC

    def effect(self) -> None:
        """Keep it all."""
        release = self.subject
        release.document = self.data["document"]
        release.save(update_fields=["document"])
        verbs.keep(release.pk, (release.kind, release.pk), self.data["decided"], self.data["figures"].read())

    def kept(self) -> dict[str, Any]:
        """Keep how much, not what."""
        return {
            one["audience"]: {"cells": len(one["cells"]), "notes": len(one["notes"])} for one in self.data["decided"]
        }

    def owes(self) -> Iterable[Owes]:
        """ASEC looks through it."""
        yield Owes(SUBMIT_RELEASE, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC."""
        yield Tell(
            parties.asec(),
            _("A release of figures is prepared: look through it"),
            to_act=True,
            path=verbs.path(self.subject),
        )


class FaultsForm(MoveForm):
    """What is wrong with the figures."""

    faults = forms.CharField(widget=forms.Textarea)


@register
class RefuseRelease(_Worker):
    """preparing → discarded: the figures can't be worked on, and the faults say why."""

    name = "refuse_release"
    on = "refuse_release"
    label = gettext_lazy("Refuse a release")
    done = gettext_lazy("Release could not be prepared")
    form = FaultsForm
    audience = Readers.ASEC
    shown = ("faults",)
    shown_to = Readers.ASEC

    def effect(self) -> None:
        """Keep what is wrong."""
        self.subject.said = self.data["faults"]
        self.subject.save(update_fields=["said"])

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC."""
        yield Tell(
            parties.asec(),
            _("A release of figures could not be prepared: figures are faulty"),
            path=verbs.path(self.subject),
        )


class FilesForm(MoveForm):
    """The files as the worker stored them."""

    stored = forms.JSONField()


@register
class PublishRelease(_Worker):
    """approved → published, with its files."""

    name = "publish_release"
    on = "publish_release"
    label = gettext_lazy("Publish a release")
    done = gettext_lazy("Release published")
    form = FilesForm
    audience = Readers.STATES

    def effect(self) -> None:
        """From now on everybody may read it."""
        release = self.subject
        release.published_at = release.published_at or self.now
        release.save(update_fields=["published_at"])
        release.files.set(self.data["stored"])
        verbs.give(release.pk, Audience.PUBLIC)

    def kept(self) -> dict[str, Any]:
        """Keep the digest of each file."""
        return {"number": self.subject.number, "files": {one.name: one.sha256 for one in self.subject.files.all()}}

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC and the FG-GVC."""
        for party in (parties.asec(), *members()):
            yield Tell(party, _("A release of figures is published"), path=verbs.path(self.subject))

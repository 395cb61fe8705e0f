"""What the Secretariat decides on an application, and the worker's extract (M8)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.days import today
from aipbi.workflow import jobs, parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience as Readers
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.numbers import hold
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from monitoring.models import Research, Telling
from monitoring.releases import rules
from monitoring.releases.enums import Audience
from monitoring.releases.verbs import extract_in_the_works, give, in_the_works, keep
from monitoring.research import verbs
from monitoring.research.models import Tables

JOB = "research"
MOST_YEARS = 2
TERMS = gettext_lazy(
    "1. The extract is used for the research named in the application and for nothing else.\n"
    "2. It is given to nobody else. Nobody tries to tell a company from it, alone or together with other sources.\n"
    "3. Figures published from it name the AIPBI release they come from, and its signs are kept.\n"
    "4. It is deleted when the access ends. Whoever finds that a company could be told says so to the ASEAN Secretariat at once, and to nobody else.\n"
    "5. Every time the extract is taken is on record. The ASEAN Secretariat may end the access at any time."
)


def published() -> Telling | None:
    """Return the newest telling that everybody reads: extracts are made of the same frozen figures."""
    found = Telling.objects.filter(audience=Audience.PUBLIC, given__isnull=False, case__release__state="published")
    return found.select_related("figures").order_by("-given__at").first()


class _OfResearch(Move):
    model = Research
    who = rules.secretariat
    audience = Readers.ASEC

    def told(self, words: str) -> Tell:
        """Tell the researcher, who may hold no capacity."""
        return Tell(Party(person=self.subject.applicant), words, path=verbs.own(self.subject))


class GrantForm(MoveForm):
    """The agreement as the researcher will read it, until when it holds, and which tables."""

    tables = forms.MultipleChoiceField(
        label=gettext_lazy("Tables of the extract"), choices=Tables.choices, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Two-way tables tell less of each figure. Give what the question needs."),
    )  # fmt: skip
    until = forms.DateField(label=gettext_lazy("Access until, this day included"))
    agreement = forms.CharField(
        label=gettext_lazy("Agreement"), widget=forms.Textarea(attrs={"rows": 14}), max_length=8000,
        help_text=gettext_lazy("The researcher agrees to exactly this before the extract opens."),
    )  # fmt: skip

    def clean_until(self) -> date:
        """Some time, and no more than two years."""
        until: date = self.cleaned_data["until"]
        if not today() < until <= today() + timedelta(days=366 * MOST_YEARS):
            raise forms.ValidationError(_("Choose a day after today, and within two years."))
        return until


@register
class GrantResearch(_OfResearch):
    """applied → granted: an agreement is offered, and the worker makes the extract."""

    name = "grant_research"
    on = "grant_research"
    label = gettext_lazy("Offer an agreement and an extract")
    done = gettext_lazy("Agreement offered; the extract is being made")
    form = GrantForm

    def reasons(self) -> Iterable[str]:
        """There must be figures, and no release or other extract in the works that would not know this one."""
        if published() is None:
            yield _("Nothing is published: extracts are made of the figures of a release.")
        if other := in_the_works():
            yield _("%(release)s is in the works, and could not know what the extract tells.") % {
                "release": other.called
            }
        if extract := extract_in_the_works():
            yield _(
                "The extract of %(reference)s is being made, and could not know what this one tells. Try again in some minutes."
            ) % {"reference": extract.case.reference}

    def refusals(self) -> Iterable[str]:
        """Ask once more while nobody can begin a release or grant another: each must know what the others tell."""
        hold("RELEASE")
        yield from self.reasons()

    def initial(self) -> dict[str, Any]:
        """Start with what was asked for and the usual terms."""
        return {"tables": self.subject.tables, "agreement": str(TERMS)}

    def effect(self) -> None:
        """Keep the terms and ask for the extract."""
        one = self.subject
        one.tables, one.until, one.agreement = self.data["tables"], self.data["until"], self.data["agreement"]
        one.save(update_fields=["tables", "until", "agreement"])
        jobs.ask(JOB, one, by=self.as_)

    def tells(self) -> Iterable[Tell]:
        """Tell the researcher."""
        yield self.told(_("An agreement is offered for the extract that you applied for"))


class ExtractForm(MoveForm):
    """What the worker has decided that may be told, and the figures behind it."""

    decided = forms.JSONField()
    figures = forms.FileField()


@register
class FileExtract(_OfResearch):
    """granted: the worker's extract is kept, once; from now on every release is audited together with it."""

    name = "file_extract"
    during = frozenset({"granted"})
    who = rules.clock
    by_clock = True
    label = gettext_lazy("File an extract")
    done = gettext_lazy("Extract made")
    form = ExtractForm

    def reasons(self) -> Iterable[str]:
        """Once."""
        if verbs.extract(self.subject):
            yield _("The extract is there already.")

    def effect(self) -> None:
        """Keep it."""
        one = self.subject
        keep(one.pk, (one.kind, one.pk), [self.data["decided"]], self.data["figures"].read())
        give(one.pk, Audience.RESEARCH)

    def kept(self) -> dict[str, Any]:
        """Keep how much, not what."""
        return {"cells": len(self.data["decided"]["cells"]), "notes": len(self.data["decided"]["notes"])}

    def tells(self) -> Iterable[Tell]:
        """Tell both."""
        yield self.told(_("The extract that you applied for is ready"))
        yield Tell(parties.asec(), _("A researcher's extract is ready"), path=verbs.inside(self.subject))


class WhyForm(MoveForm):
    """The reason, as the researcher reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("The researcher reads this."), widget=forms.Textarea,
        max_length=2000,
    )  # fmt: skip


class _Ends(_OfResearch):
    form = WhyForm
    warning = True
    shown = ("reason",)
    shown_to = Readers.ASEC

    def effect(self) -> None:
        """Keep why."""
        self.subject.said = self.data["reason"]
        self.subject.save(update_fields=["said"])


@register
class DeclineResearch(_Ends):
    """applied → declined."""

    name = "decline_research"
    on = "decline_research"
    label = gettext_lazy("Decline")
    done = gettext_lazy("Application declined")

    def tells(self) -> Iterable[Tell]:
        """Tell the researcher."""
        yield self.told(_("Your application for an extract of figures is declined"))


@register
class RevokeResearch(_Ends):
    """granted → revoked: nothing more is handed out. What was taken stays known to the audit."""

    name = "revoke_research"
    on = "revoke_research"
    label = gettext_lazy("Revoke the access")
    done = gettext_lazy("Access revoked")

    def tells(self) -> Iterable[Tell]:
        """Tell the researcher."""
        yield self.told(_("Your access to an extract of figures is revoked"))

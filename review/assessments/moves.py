"""Saving, filing and giving back an assessment (R3)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aipbi.workflow import parties
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules as case_rules
from proposals.enums import State
from review import queries, rules
from review.assessments import citing, filing, meanwhile
from review.assessments.forms import (
    AssessmentForm,
    FilingForm,
    ReopeningForm,
    ViewForm,
    evidence_name,
    level_name,
    verdict_name,
    why_name,
)
from review.assessments.missing import Missing, missing
from review.assessments.models import Assessment
from review.enums import Assessing
from review.experts import conflicts
from review.experts.models import Invitation
from review.links import move_page
from review.obligations import ASSESS

PLAIN = ("overall", "conditions", "confidence", "comments")


class _Writing(Move):
    """What saving and filing share."""

    model = Assessment
    who = rules.its_expert
    audience = Audience.ASEC

    def reasons(self) -> Iterable[str]:
        """An assessment is written while its case is under assessment."""
        if self.subject.proposal.state != State.UNDER_ASSESSMENT:
            yield _("This case is not under assessment now.")


@register
class SaveAssessment(_Writing):
    """Keeps whatever is filled in; what is not stays empty, and nothing is chosen beforehand."""

    name = "save_assessment"
    during = frozenset({Assessing.DRAFTING})
    label = gettext_lazy("Work on your assessment")
    done = gettext_lazy("Assessment saved")
    form = AssessmentForm

    def initial(self) -> dict[str, Any]:
        """Return what the expert saved before."""
        return _saved(self.subject)

    def effect(self) -> None:
        """Write what changed."""
        before, now = _saved(self.subject), self._entered()
        self.changed = {name: value for name, value in now.items() if value != before[name]}
        for rating in self.subject.ratings.select_related("parameter"):
            rating.level = now[level_name(rating.parameter)]
            rating.justification = now[why_name(rating.parameter)]
            rating.evidence = now[evidence_name(rating.parameter)]
            rating.save(update_fields=["level", "justification", "evidence"])
        for verdict in self.subject.verdicts.select_related("criterion"):
            verdict.verdict = now[verdict_name(verdict.criterion)]
            verdict.save(update_fields=["verdict"])
        for name in PLAIN:
            setattr(self.subject, name, now[name])
        self.subject.saved_at = self.now
        self.subject.save(update_fields=[*PLAIN, "saved_at"])

    def _entered(self) -> dict[str, Any]:
        return {name: value for name, value in self.data.items() if name != "then"}

    def kept(self) -> dict[str, Any]:
        """Keep what changed; the rest is on earlier entries."""
        return self.changed

    def merged(self, entered: Mapping[str, Any], seen: int) -> Mapping[str, Any]:
        """Take over what another window saved where this one left the answer as it was; where both changed it, say so."""
        before, after = meanwhile.since(self.subject, seen, dict.fromkeys(_saved(self.subject), ""))
        form: Any = AssessmentForm(entered, move=self)
        form.full_clean()
        found: Any = entered.copy()  # type: ignore[attr-defined]
        self.clashes = []
        mine: Any
        own: Any
        new: Any
        for name, theirs in after.items():
            if name in form.fields:
                mine, own, new = str(entered.get(name, "")).strip(), _typed(before[name]), _typed(theirs)
            else:
                mine, own, new = form.cleaned_data[name], before[name] or [], theirs
            if mine in (own, new):
                form.put(found, name, new)
            else:
                self.clashes.append(
                    meanwhile.Clash(form.label(name), form.in_words(name, theirs), form.page_anchors[name])
                )
        return found

    def repeats(self, entered: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
        """Whether all of it is saved already; the trail holds only what changed."""
        return self._entered() == _saved(self.subject)

    def after(self) -> str:
        """Stay on the page, or go on to the check."""
        goal = "file_assessment" if self.data["then"] == "check" else self.name
        return move_page(self.subject, goal)


def _saved(assessment: Assessment) -> dict[str, Any]:
    """Return the assessment as the form's fields have it."""
    found: dict[str, Any] = {name: getattr(assessment, name) for name in PLAIN}
    for rating in assessment.ratings.select_related("parameter"):
        found[level_name(rating.parameter)] = rating.level
        found[why_name(rating.parameter)] = rating.justification
        found[evidence_name(rating.parameter)] = rating.evidence
    for verdict in assessment.verdicts.select_related("criterion"):
        found[verdict_name(verdict.criterion)] = verdict.verdict
    return found


def _typed(value: Any) -> str:
    """Return a kept answer as a form sends it."""
    return "" if value is None else str(value).strip()


@register
class FileAssessment(_Writing):
    """drafting → filed: all nine ratings with justifications and all verdicts; frozen from then on."""

    name = "file_assessment"
    on = "file_assessment"
    label = gettext_lazy("File your assessment")
    done = gettext_lazy("Assessment filed")
    help = gettext_lazy("Once filed it cannot be changed. The Secretariat can give it back to you.")
    form = FilingForm
    closes = frozenset({ASSESS})

    def reasons(self) -> Iterable[str]:
        """Wait until nothing is missing; the page links each place."""
        yield from super().reasons()
        if gaps := self.missing():
            yield ngettext("%(n)s answer is still missing.", "%(n)s answers are still missing.", len(gaps)) % {
                "n": len(gaps)
            }

    def refusals(self) -> Iterable[str]:
        """Not from somebody who joined the proponent or its partners since the appointment (R1)."""
        if conflicts.found(self.subject.expert, self.subject.proposal):
            yield _(
                "The portal's records show a conflict of interest that came up after you were appointed. "
                "Your draft is kept; tell the Secretariat, which appoints somebody else."
            )

    def missing(self) -> list[Missing]:
        """Return what is still to be filled in."""
        return missing(self.subject)

    def whole(self) -> Assessment:
        """Return the assessment with its parts and their evidence, for the check."""
        found: Assessment = queries.with_parts(Assessment.objects.filter(pk=self.subject.pk)).get()
        found.proposal = self.subject.proposal
        return citing.link([found], self.as_)[0]

    def effect(self) -> None:
        """Date it, and keep it as it is now."""
        self.subject.filed_at = self.now
        self.subject.save(update_fields=["filed_at"])
        self.filing = filing.keep(self.subject)

    def details(self) -> dict[str, Any]:
        """Name the filing and its SHA-256."""
        return {"filing": self.filing.number, "sha256": self.filing.sha256}

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC alone; the last one makes the report possible."""
        if all(queries.filed_by_each(self.subject.proposal)):
            yield Tell(parties.asec(), _("All assessments are in: write the consolidated report"), to_act=True)
        else:
            yield Tell(parties.asec(), _("An assessment was filed"))


@register
class ReopenAssessment(Move):
    """filed → drafting: ASEC gives it back with a reason."""

    name = "reopen_assessment"
    model = Assessment
    on = "reopen_assessment"
    who = case_rules.asec
    label = gettext_lazy("Give it back to the expert")
    done = gettext_lazy("Assessment given back to the expert")
    form = ReopeningForm
    audience = Audience.ASEC

    def reasons(self) -> Iterable[str]:
        """Only while the case is under assessment."""
        if self.subject.proposal.state != State.UNDER_ASSESSMENT:
            yield _("The assessment of this case is over.")

    def refusals(self) -> Iterable[str]:
        """Only to an expert who is on the case."""
        if (
            not Invitation.objects.appointed()
            .filter(proposal=self.subject.proposal_id, expert=self.subject.expert_id)
            .exists()
        ):
            yield _("The expert is no longer on the case.")

    def effect(self) -> None:
        """Take off the date, and keep the reason for the expert."""
        self.subject.filed_at, self.subject.given_back = None, self.data["reason"]
        self.subject.save(update_fields=["filed_at", "given_back"])

    def owes(self) -> Iterable[Owes]:
        """The expert owes it again, with the whole clock."""
        yield Owes(ASSESS, Party(person=self.subject.expert.person))

    def tells(self) -> Iterable[Tell]:
        """Tell the expert, who must act."""
        path = move_page(self.subject, "save_assessment")
        yield Tell(
            Party(person=self.subject.expert.person), _("Your assessment was given back to you"), to_act=True, path=path
        )


@register
class OfferView(Move):
    """A filed expert offers an alternative view beside the consolidated report, or takes it back.

    The Framework lets ASEAN ask its experts to validate a proposal or to offer other perspectives (2.C).
    It changes no rating and no figure, and nobody but ASEC learns whose it is.
    """

    name = "offer_view"
    model = Assessment
    during = frozenset({Assessing.FILED})
    who = rules.its_expert
    label = gettext_lazy("Add an alternative view")
    done = gettext_lazy("Your alternative view was kept")
    help = gettext_lazy(
        "What you would have the Member States read beside the consolidated report: another reading of the facts, or another way to help the project. "
        "It stands there without your name. It changes no rating."
    )
    form = ViewForm
    beside = True
    audience = Audience.ASEC

    def reasons(self) -> Iterable[str]:
        """Until the report is filed."""
        if self.subject.proposal.state != State.UNDER_ASSESSMENT:
            yield _("The assessment of this case is over.")

    def initial(self) -> dict[str, Any]:
        """Start with what stands."""
        return {"alternative_view": self.subject.alternative_view}

    def effect(self) -> None:
        """Keep it; an empty one is taken back."""
        self.subject.alternative_view = self.data["alternative_view"]
        self.subject.save(update_fields=["alternative_view"])

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC alone."""
        yield Tell(parties.asec(), _("An expert's alternative view was added or changed"))

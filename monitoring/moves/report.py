"""How a report travels: written, filed, checked figure by figure, accepted or returned (M3)."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aipbi.accounts.capacity import today
from aipbi.workflow import parties as offices
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from monitoring import parties, verbs
from monitoring.enums import WRITABLE
from monitoring.forms.report import STORY, DeclarationForm, ReportForm, VerdictsForm, figures_of
from monitoring.models import Report
from monitoring.obligations import CHECK_REPORT, CLOSE_CASE, CORRECT_REPORT, REPORT
from proposals import rules
from proposals.enums import State


class _OnReport(Move):
    """What all moves on a report share."""

    model = Report

    def reasons(self) -> Iterable[str]:
        """Reports are made while the project is followed."""
        if self.subject.proposal.state != State.MONITORING:
            yield _("Reports are written and checked while the project is followed.")


@register
class EditReport(_OnReport):
    """Write figures and story; gaps may stay until it is filed."""

    name = "edit_report"
    during = WRITABLE
    who = rules.proponent_editor
    label = gettext_lazy("Write the report")
    done = gettext_lazy("Report written")
    form = ReportForm
    # Until it is filed it is the organisation's own: the trail names the answers, not what they say.
    audience = Audience.ASEC

    def effect(self) -> None:
        """Write what was entered."""
        changed = []
        for figure in self.subject.figures.exclude(accepted=True).select_related("line__indicator"):
            answer = self.data["figures"].get(figure.pk, {})
            fresh = [name for name, value in answer.items() if getattr(figure, name) != value]
            if fresh:
                for name in fresh:
                    setattr(figure, name, answer[name])
                figure.save(update_fields=fresh)
                changed.append(str(figure.line))
        story = [name for name in STORY if getattr(self.subject, name) != self.data[name]]
        for name in story:
            setattr(self.subject, name, self.data[name])
        if story:
            self.subject.save(update_fields=story)
        self.changed = [*changed, *story]

    def kept(self) -> dict[str, Any]:
        """Name the answers that changed."""
        return {"changed": self.changed}

    def after(self) -> str:
        """Stay with the report."""
        return self.subject.home(self.subject.proposal.case.code, self.as_)


@register
class FileReport(_OnReport):
    """Hand the report in: every line answered, the period over. The next one is opened."""

    name = "file_report"
    on = "file_report"
    who = rules.proponent_editor
    label = gettext_lazy("File the report")
    done = gettext_lazy("Report filed")
    help = gettext_lazy(
        "The ASEAN Secretariat checks every figure, and accepts the report or returns it with comments."
    )
    form = DeclarationForm
    closes = {REPORT, CORRECT_REPORT}
    audience = Audience.STATES

    def reasons(self) -> Iterable[str]:
        """Every line is answered, what happened is told, and the period is over."""
        yield from super().reasons()
        report = self.subject
        if report.period_until >= today():
            yield _("The period ends on %(day)s. File the report after that.") % {
                "day": date_format(report.period_until, "j F Y")
            }
        gaps = sum(1 for figure in figures_of(report) if not figure.answered)
        if gaps:
            yield ngettext("%(n)d line is not answered yet.", "%(n)d lines are not answered yet.", gaps) % {"n": gaps}
        if not report.narrative.strip():
            yield _("Say what happened in this period.")

    def effect(self) -> None:
        """Date it; corrected figures wait for a new verdict; open the next report, once."""
        report = self.subject
        report.filed_at, report.comment = self.now, ""
        report.save(update_fields=["filed_at", "comment"])
        report.figures.filter(accepted=False).update(accepted=None, comment="")
        newest = report.proposal.reports.order_by("-number").first()
        self.next = verbs.open_next_report(report.proposal) if newest == report else None

    def details(self) -> dict[str, Any]:
        """Keep every figure as it was handed in."""
        return {
            "number": self.subject.number,
            "figures": {
                str(figure.line): [figure.actual, figure.numerator, figure.denominator, figure.share_due_to_aipbi]
                for figure in figures_of(self.subject)
            },
        }

    def owes(self) -> Iterable[Owes]:
        """ASEC owes the check; the proponent the next report, on its date (M2)."""
        yield Owes(CHECK_REPORT, offices.asec())
        if self.next:
            party = parties.proponent(self.subject.proposal)
            yield Owes(REPORT, party, on=self.next, due=parties.due_moment(self.next, party))

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, which must act."""
        yield Tell(offices.asec(), _("A report on results was filed: check it"), to_act=True)


@register
class AcceptReport(_OnReport):
    """filed → accepted: every figure is accepted and frozen."""

    name = "accept_report"
    on = "accept_report"
    who = rules.asec
    label = gettext_lazy("Accept the report")
    done = gettext_lazy("Report accepted")
    help = gettext_lazy("Every figure is accepted and does not change any more.")
    closes = {CHECK_REPORT}

    def effect(self) -> None:
        """Freeze the figures, then the report."""
        self.subject.figures.exclude(accepted=True).update(accepted=True, comment="")
        self.subject.accepted_at = self.now
        self.subject.save(update_fields=["accepted_at"])

    def details(self) -> dict[str, Any]:
        """Say which."""
        return {"number": self.subject.number, "final": self.subject.final}

    def owes(self) -> Iterable[Owes]:
        """After the final report ASEC owes the end of the case."""
        if self.subject.final:
            yield Owes(CLOSE_CASE, offices.asec(), on=self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, and the FG-GVC, to which the results go."""
        yield Tell(parties.proponent(self.subject.proposal), _("Your report on results is accepted"))
        yield Tell(parties.fg_gvc(), _("A report on results is accepted"))


@register
class ReturnReport(_OnReport):
    """filed → returned: figure by figure, with what to correct. What is accepted stays accepted."""

    name = "return_report"
    on = "return_report"
    who = rules.asec
    label = gettext_lazy("Return it for correction")
    done = gettext_lazy("Report returned for correction")
    help = gettext_lazy("Accept or return each figure. Accepted figures are frozen; the proponent corrects the others.")
    form = VerdictsForm
    closes = {CHECK_REPORT}

    def effect(self) -> None:
        """Write the verdicts."""
        self.subject.comment = self.data["comment"]
        self.subject.save(update_fields=["comment"])
        self.returned = []
        for figure in self.subject.figures.filter(pk__in=self.data["verdicts"]).select_related("line__indicator"):
            figure.accepted, figure.comment = self.data["verdicts"][figure.pk]
            figure.save(update_fields=["accepted", "comment"])
            if not figure.accepted:
                self.returned.append(str(figure.line))

    def kept(self) -> dict[str, Any]:
        """Name the figures returned; what is said of them stands beside them."""
        return {"number": self.subject.number, "returned": self.returned}

    def owes(self) -> Iterable[Owes]:
        """The proponent owes the corrections (L5: 10 working days)."""
        yield Owes(CORRECT_REPORT, parties.proponent(self.subject.proposal))

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, who must act."""
        yield Tell(
            parties.proponent(self.subject.proposal), _("Your report on results was returned: correct it"), to_act=True
        )

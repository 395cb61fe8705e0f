"""How a report is written and handed in (M3); `checking` has what ASEC says to it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aipbi.accounts.capacity import today
from aipbi.workflow import parties as offices
from aipbi.workflow.models import Audience, TrailEntry
from aipbi.workflow.moves import Owes, Tell
from aipbi.workflow.registry import register
from monitoring import benefits, doubts, parties, tables, verbs
from monitoring.enums import WRITABLE
from monitoring.forms.report import DeclarationForm, ReportForm, figures_of, name_of
from monitoring.models import ReportFigure
from monitoring.moves.shared import OnReport
from monitoring.obligations import CHECK_REPORT, CORRECT_REPORT, REPORT
from proposals import rules
from review.assessments.meanwhile import Clash


@register
class EditReport(OnReport):
    """Write figures, benefits and story; gaps may stay until it is filed. Saves by itself."""

    name = "edit_report"
    during = WRITABLE
    who = rules.proponent_editor
    label = gettext_lazy("Write the report")
    done = gettext_lazy("Report written")
    form = ReportForm
    # Until it is filed it is the organisation's own: the trail names the answers, not what they say.
    audience = Audience.ASEC

    def effect(self) -> None:
        """Write what was entered, in as many queries for one figure as for all."""
        figures = self._changed()
        ReportFigure.objects.bulk_update(figures, tables.ANSWERS) if figures else None
        uses = benefits.save(self.subject, self.data["uses"])
        story = [name for name, value in self.data["story"].items() if getattr(self.subject, name) != value]
        for name in story:
            setattr(self.subject, name, self.data["story"][name])
        if story:
            self.subject.save(update_fields=story)
        self.changed = [*(str(figure.line) for figure in figures), *uses, *story]

    def _changed(self) -> list[ReportFigure]:
        """Return the figures that what was entered changes, with it."""
        found = []
        for figure in figures_of(self.subject):
            answer = self.data["figures"].get(figure.pk, {})
            if not figure.accepted and any(getattr(figure, name) != value for name, value in answer.items()):
                for name, value in answer.items():
                    setattr(figure, name, value)
                found.append(figure)
        return found

    def kept(self) -> dict[str, Any]:
        """Name the answers that changed."""
        return {"changed": self.changed}

    def merged(self, entered: Mapping[str, Any], seen: int) -> Mapping[str, Any]:
        """Keep what was typed, and say where a colleague or another window saved something else meanwhile (L2)."""
        behind = max(self.subject.revision - seen, 1)
        entries = TrailEntry.objects.filter(
            case_id=self.subject.case_pk, subject_kind=self.subject.kind, subject_pk=self.subject.pk, action=self.name
        )
        details = entries.order_by("-number").values_list("details", flat=True)[:behind]
        changed = {name for one in details for name in one.get("changed", ())}
        self.clashes = [
            Clash(f"{name_of(figure)}, {tables.COLUMNS[name]}", theirs or _("nothing"), f"id_{name}_{figure.pk}")
            for figure in figures_of(self.subject)
            if str(figure.line) in changed and not figure.accepted
            for name in tables.asked(figure.line)
            if (theirs := tables.typed(getattr(figure, name)))
            != str(entered.get(f"{name}_{figure.pk}", theirs)).strip()
        ]
        if "narrative" in changed and self.subject.narrative != entered.get("narrative", self.subject.narrative):
            self.clashes.append(Clash(_("What happened in this period"), self.subject.narrative, "id_narrative"))
        return entered

    def repeats(self, entered: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
        """Whether all of it is saved already; the trail names only what changed."""
        said = {use.benefit_id: use for use in benefits.uses_of(self.subject)}
        uses = all(getattr(said[pk], name) == value for pk, one in self.data["uses"].items() for name, value in one.items())  # fmt: skip
        return not self._changed() and uses and all(getattr(self.subject, k) == v for k, v in self.data["story"].items())  # fmt: skip

    def warnings(self) -> Iterable[str]:
        """Name what could not be read and so was not saved."""
        return list(self.data["left_out"])

    def after(self) -> str:
        """Show the report; after pasting, what was read."""
        code = self.subject.proposal.case.code
        return self.url(code) if self.data["pasted"] else self.subject.home(code, self.as_)


@register
class FileReport(OnReport):
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
        silent = sum(1 for use in benefits.uses_of(report) if not use.answered)
        if silent:
            yield ngettext(
                "Say of %(n)d benefit of the letter what became of it, and why where it was not used.",
                "Say of %(n)d benefits of the letter what became of them, and why where they were not used.",
                silent,
            ) % {"n": silent}
        if not report.narrative.strip():
            yield _("Say what happened in this period.")

    def effect(self) -> None:
        """Date it; corrected figures wait for a new verdict; open the next report, once."""
        report = self.subject
        report.filed_at, report.comment = self.now, ""
        report.save(update_fields=["filed_at", "comment"])
        report.figures.filter(accepted=False, version=1).update(accepted=None, comment="")
        newest = report.proposal.reports.order_by("-number").first()
        self.next = verbs.open_next_report(report.proposal) if newest == report else None

    def questions(self) -> list[tuple[str, list[str]]]:
        """Return what is hard to believe, by line: asked once more before it is filed, and never refused."""
        figures = figures_of(self.subject)
        found = doubts.of(self.subject, figures)
        return [(f"{figure.line.code}, {figure.line.place}", found[figure.pk]) for figure in figures if figure.pk in found]  # fmt: skip

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

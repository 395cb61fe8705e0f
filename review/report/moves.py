"""under assessment → assessed: the consolidated report is filed (R6)."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import jobs, parties
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules, verbs
from proposals.models import Proposal
from review import queries
from review.assessments import sheets
from review.assessments.figures import Figures
from review.enums import Kept
from review.obligations import CONSOLIDATE, OPEN_ROUND
from review.report import texts
from review.report.forms import ReportForm
from review.report.models import TEXTS, ConsolidatedReport, ReportDraft


@register
class FileConsolidated(Move):
    """Every active expert has filed; ASEC writes the texts, the figures are computed inside the lock."""

    name = "file_consolidated"
    model = Proposal
    on = "file_consolidated"
    who = rules.asec
    label = gettext_lazy("File the consolidated report")
    done = gettext_lazy("Consolidated report filed")
    help = gettext_lazy("The figures come from the filed assessments and cannot be edited. The texts are yours.")
    form = ReportForm
    closes = frozenset({CONSOLIDATE})

    def reasons(self) -> Iterable[str]:
        """Wait for every expert who is on the case."""
        filed = queries.filed_by_each(self.subject)
        if not filed:
            yield _("No expert is on the case.")
        elif not all(filed):
            yield _("Not every expert on the case has filed an assessment.")

    def initial(self) -> dict[str, Any]:
        """Start with the texts written so far."""
        draft = ReportDraft.objects.filter(proposal=self.subject).first()
        return dict(draft.texts) if draft else {}

    @cached_property
    def figures(self) -> Figures:
        """The figures as they stand; none is kept from an earlier look."""
        return queries.figures(queries.filed(self.subject))

    def sheet(self) -> sheets.Sheet | None:
        """Return the assessments side by side, for the page; nothing while one is being written."""
        return None if list(self.reasons()) else sheets.sheet(queries.filed(self.subject), self.as_)

    def views(self) -> list[str]:
        """Return the alternative views of the experts on the case, without whose they are (Framework 2.C)."""
        found = (one.alternative_view.strip() for one in queries.filed(self.subject))
        return sorted(filter(None, found))

    def refusals(self) -> Iterable[str]:
        """Ask for the minority's view where there is one."""
        split = [one for one in (*self.figures.criteria, self.figures.overall) if len(set(one.given)) > 1]
        if split and not self.data["minority_view"]:
            yield _("The experts' verdicts differ on: %(what)s. Say what others hold.") % {
                "what": "; ".join(one.label for one in split),
            }

    def effect(self) -> None:
        """Write the report, once for good."""
        verbs.stamp(self.subject, now=self.now)
        self.report = ConsolidatedReport.objects.create(  # type: ignore[misc]
            proposal=self.subject,
            edition=self.subject.consolidated_reports.count() + 1,
            version_id=self.subject.version_id,
            figures=self.figures.frozen(),
            alternative_views=self.views(),
            filed_at=self.now,
            filed_by=self.as_.person,
            **self.data,
        )
        draft = texts.begin(self.subject)
        for name in TEXTS:
            setattr(draft, name, self.data[name])
        draft.saved_at, draft.saved_by = self.now, self.as_.person
        draft.save(update_fields=[*TEXTS, "saved_at", "saved_by"])
        texts.keep(draft, Kept.FILED, by=self.as_.person, at=self.now)  # type: ignore[arg-type]
        jobs.ask("report_pdf", self.subject)

    def kept(self) -> dict[str, Any]:
        """The texts are in the report, which is written once; everybody on the case reads this entry."""
        return {}

    def details(self) -> dict[str, Any]:
        """Name the edition."""
        return {"edition": self.report.edition}

    def owes(self) -> Iterable[Owes]:
        """ASEC owes the round (10 working days)."""
        yield Owes(OPEN_ROUND, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, who waits, and the participating Member States, who can read the report."""
        yield Tell(Party(organisation=self.subject.organisation), _("The assessment of your proposal is finished"))
        for ams in self.subject.participations.on_the_case().values_list("ams_id", flat=True):
            yield Tell(parties.seom(ams), _("The consolidated report on a proposal is there to read"))

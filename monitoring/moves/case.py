"""What ASEC does to the case: begin the plan, start the monitoring, close."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import parties as offices
from aipbi.workflow.moves import ALL, Move, Owes, Tell
from aipbi.workflow.registry import register
from facilitation.enums import UNDER_WAY
from facilitation.models import Amendment
from monitoring import parties, verbs
from monitoring.enums import OPEN_PLANS, PlanState, ReportState, Side
from monitoring.forms.plan import SideForm
from monitoring.models import Plan, Report, ReportFigure
from monitoring.moves.shared import tab
from monitoring.obligations import DRAFT_PLAN, PROPOSE_PLAN, REPORT, START_MONITORING
from proposals import rules
from proposals.enums import State
from proposals.models import Proposal
from proposals.verbs import stamp


@register
class DraftPlan(Move):
    """Begin the plan with lines and dates from the proposal, for one side to draft and propose (M2)."""

    name = "draft_plan"
    model = Proposal
    during = frozenset({State.LETTER_ISSUED})
    who = rules.asec
    label = gettext_lazy("Begin the monitoring plan")
    done = gettext_lazy("Monitoring plan begun")
    help = gettext_lazy(
        "The plan starts from the figures in the proposal: first baselines, targets and reporting dates. "
        "One side drafts and proposes it, the other agrees.",
    )
    form = SideForm
    closes = {DRAFT_PLAN}

    def reasons(self) -> Iterable[str]:
        """A case has one plan."""
        if Plan.objects.filter(proposal=self.subject).exists():
            yield _("The plan has already been begun.")

    def effect(self) -> None:
        """Make the plan with what the proposal suggests."""
        self.plan = verbs.begin_plan(self.subject, Side(self.data["proposed_by"]))

    def owes(self) -> Iterable[Owes]:
        """The side that drafts owes the proposal of it (L5: 20 working days)."""
        yield Owes(PROPOSE_PLAN, parties.of_side(self.plan.side, self.plan), on=self.plan)

    def leads(self) -> str:
        """Notices lead to the plan."""
        return tab(self)

    def tells(self) -> Iterable[Tell]:
        """Tell that side, which must act, and the other, which waits."""
        side = self.plan.side
        yield Tell(
            parties.of_side(side, self.plan), _("A monitoring plan waits for you to draft and propose it"), to_act=True
        )
        yield Tell(parties.of_side(side.other, self.plan), _("A monitoring plan has been begun"))

    def after(self) -> str:
        """Show the plan."""
        return reverse("monitoring", args=[self.subject.case.code])


@register
class StartMonitoring(Move):
    """letter issued → monitoring: the plan is agreed by both sides, the first report is opened."""

    name = "start_monitoring"
    model = Proposal
    on = "start_monitoring"
    who = rules.asec
    label = gettext_lazy("Start the monitoring")
    done = gettext_lazy("Monitoring started")
    help = gettext_lazy("The first report is opened for the proponent, due on the plan's first date.")
    closes = {START_MONITORING}
    in_bulk = True

    def reasons(self) -> Iterable[str]:
        """Both sides have agreed the plan."""
        if not Plan.objects.filter(proposal=self.subject, state=PlanState.AGREED).exists():
            yield _("The monitoring plan must be agreed by both sides first.")

    def effect(self) -> None:
        """Date it and open the first report."""
        stamp(self.subject, now=self.now)
        self.report = verbs.open_next_report(self.subject)

    def owes(self) -> Iterable[Owes]:
        """The proponent owes the first report, on its date (M2)."""
        party = parties.proponent(self.subject)
        if self.report:
            yield Owes(REPORT, party, on=self.report, due=parties.due_moment(self.report, party))

    def leads(self) -> str:
        """Notices lead to plan and reports."""
        return tab(self)

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, who must report, and who takes part."""
        yield Tell(
            parties.proponent(self.subject), _("The monitoring has started: your first report is open"), to_act=True
        )
        yield Tell(parties.fg_gvc(), _("The monitoring of a project has started"))
        for ams in verbs.confirmed(self.subject):
            yield Tell(offices.seom(ams), _("The monitoring of a project has started"))


@register
class Close(Move):
    """monitoring → closed: the final report is accepted, and nothing is being amended (D6)."""

    name = "close"
    model = Proposal
    on = "close"
    who = rules.asec
    label = gettext_lazy("Close the case")
    done = gettext_lazy("Case closed")
    help = gettext_lazy("The case is complete. Everything stays readable to those who can read it now.")
    closes = ALL
    in_bulk = True

    def reasons(self) -> Iterable[str]:
        """The final report is accepted, and none before it is open."""
        reports = Report.objects.filter(proposal=self.subject)
        if not reports.filter(final=True, state=ReportState.ACCEPTED).exists():
            yield _("The final report must be accepted first.")
        elif reports.exclude(state=ReportState.ACCEPTED).exists():
            yield _("An earlier report is not accepted yet.")
        elif ReportFigure.objects.filter(report__proposal=self.subject, version__gt=1, accepted__isnull=True).exists():
            yield _("A correction of a figure is not checked yet.")
        if Plan.objects.filter(proposal=self.subject, state__in=OPEN_PLANS).exists():
            yield _("A change of the plan is still under way: it is agreed or given up first.")
        if Amendment.objects.filter(proposal=self.subject, state__in=UNDER_WAY).exists():
            yield _("An amendment is under way: see it through, or give it up.")

    def effect(self) -> None:
        """Date it."""
        stamp(self.subject, now=self.now)

    def tells(self) -> Iterable[Tell]:
        """Tell everyone who took part."""
        words = _("The case is closed")
        yield Tell(parties.proponent(self.subject), words)
        yield Tell(parties.fg_gvc(), words)
        for ams in self.subject.participations.taking_part().values_list("ams_id", flat=True):
            yield Tell(offices.seom(ams), words)

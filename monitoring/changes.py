"""Another version of a plan: begun from the one in force, and taken over by the open report once agreed (M2)."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from aipbi.asean.models import Indicator
from aipbi.templatetags.portal import in_words
from aipbi.workflow.models import Obligation
from monitoring import parties, tables, verbs
from monitoring.enums import ReportState, Side
from monitoring.forms.fields import COLUMNS, plain
from monitoring.models import Plan, PlanLine, Report, ReportFigure, ReportingDate
from monitoring.obligations import REPORT
from monitoring.templatetags.figures import figure as shown
from proposals.models import Proposal

_COPIED = ("indicator_id", "ams_id", "own_number", "own_name", "own_unit", "own_kind", "baseline", "target", "note")


def begin(proposal: Proposal, side: Side, reason: str) -> Plan:
    """Make the next version of the case's plan, with the lines and dates of the one in force."""
    base = Plan.objects.in_force().get(proposal=proposal)
    newest = proposal.plans.aggregate(newest=Max("number"))["newest"]
    plan = Plan.objects.create(proposal=proposal, number=newest + 1, proposed_by=side, reason=reason)
    PlanLine.objects.bulk_create(
        PlanLine(plan=plan, **{name: getattr(line, name) for name in _COPIED}) for line in base.lines.all()
    )
    ReportingDate.objects.bulk_create(
        ReportingDate(plan=plan, period_until=one.period_until, due_on=one.due_on) for one in base.dates.all()
    )
    return plan


def between(before: Plan, lines: Sequence[PlanLine]) -> list[str]:
    """Return in words what the lines of a later version have that the one before had not, or had otherwise."""
    old = {line.key: line for line in before.lines.select_related("indicator", "ams")}
    found = []
    for line in lines:
        was, name = old.pop(line.key, None), f"{line.code} {line.name}, {line.place}"
        if was is None:
            found.append(_("New: %(what)s") % {"what": name})
            continue
        for field, label in COLUMNS.items():
            if field in ("baseline", "target", "note") and getattr(was, field) != getattr(line, field):
                said = {"what": name, "column": label, "old": _plain(getattr(was, field)), "new": _plain(getattr(line, field))}  # fmt: skip
                found.append(_("%(what)s: %(column)s %(new)s, before %(old)s") % said)
    found += [_("Left out: %(what)s") % {"what": f"{was.code} {was.name}, {was.place}"} for was in old.values()]
    return found


def of_dates(before: Plan, after: Plan) -> list[str]:
    """Return in words which reporting dates a later version has that the one before had not, or had otherwise."""
    found = []
    for number, (was, now) in enumerate(zip_longest(before.dates.all(), after.dates.all()), start=1):
        name = _("Report %(n)d") % {"n": number}
        if was is None:
            found.append(_("New: %(what)s") % {"what": _dated(name, now)})
        elif now is None:
            found.append(_("Left out: %(what)s") % {"what": _dated(name, was)})
        else:
            for field, label in (("period_until", _("period ends")), ("due_on", _("due"))):
                old, new = getattr(was, field), getattr(now, field)
                if old != new:
                    said = {"what": name, "column": label, "old": in_words(old), "new": in_words(new)}
                    found.append(_("%(what)s: %(column)s %(new)s, before %(old)s") % said)
    return found


def _dated(name: str, one: ReportingDate) -> str:
    said = {"report": name, "until": in_words(one.period_until), "due": in_words(one.due_on)}
    return _("%(report)s, period ends %(until)s, due %(due)s") % said


def _plain(value: Any) -> str:
    return shown(value) if isinstance(value, Decimal) else f"“{value}”" if value else _("nothing")


def define(plan: Plan, *, indicator: Indicator, own_name: str, own_unit: str, own_kind: str) -> PlanLine:
    """Add what the project measures of its own under an indicator; its number was never another's in any version."""
    used = PlanLine.objects.filter(plan__proposal=plan.proposal_id, indicator=indicator)
    last = used.aggregate(last=Max("own_number"))["last"] or 0
    return PlanLine.objects.create(
        plan=plan, indicator=indicator, own_number=last + 1, own_name=own_name, own_unit=own_unit, own_kind=own_kind
    )


def take_over(plan: Plan) -> Report | None:
    """Let the report that is being written answer the plan that was just agreed; return a report that was opened for it.

    A report that was handed in keeps the plan it answered. Nothing that was written is lost: what the plan
    asks no more goes into the story.
    """
    last: Report | None = plan.proposal.reports.order_by("-number").first()
    if last is None:
        return None
    if last.state == ReportState.DRAFT:
        _move_figures(last, plan)
        last.plan = plan
        last.due_on = plan.dates.get(period_until=last.period_until).due_on
        _move_deadline(last)
    last.final = not plan.dates.filter(period_until__gt=last.period_until).exists()
    last.save(update_fields=["plan", "due_on", "final", "narrative"])
    handed_in = last.state != ReportState.DRAFT
    return verbs.open_next_report(plan.proposal) if handed_in and not last.final else None


def _move_figures(report: Report, plan: Plan) -> None:
    held = {figure.line.key: figure for figure in report.figures.select_related("line__indicator", "line__ams")}
    lines = list(plan.lines.all())
    kept = [(held.pop(line.key), line) for line in lines if line.key in held]
    for figure, line in kept:
        figure.line = line
    ReportFigure.objects.bulk_update([figure for figure, _line in kept], ["line"])
    known = {line.pk for _figure, line in kept}
    ReportFigure.objects.bulk_create(ReportFigure(report=report, line=line) for line in lines if line.pk not in known)
    if said := [words for figure in held.values() if (words := _written(figure))]:
        heading = _("From the plan before, which asked this too:")
        report.narrative = "\n\n".join(filter(None, [report.narrative, "\n".join([heading, *said])]))
    report.figures.filter(pk__in=[figure.pk for figure in held.values()]).delete()


def _written(figure: ReportFigure) -> str:
    """Return in words what was written for a line."""
    found: list[Any] = [getattr(figure, name) for name in tables.ANSWERS]
    said = [plain(value) if isinstance(value, Decimal) else str(value) for value in found if value not in (None, "")]
    return f"{figure.line.code} {figure.line.name}, {figure.line.place}: {'; '.join(said)}" if said else ""


def _move_deadline(report: Report) -> None:
    due = parties.due_moment(report, parties.proponent(report.proposal))
    owed = Obligation.objects.open().filter(kind=REPORT, subject_kind=Report.kind, subject_pk=report.pk)
    owed.exclude(due_at=due).update(due_at=due)

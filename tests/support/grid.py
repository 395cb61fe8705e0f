"""A plan of eleven Member States × eighteen indicators, which came as data: no code knows them (M1, M3)."""

from typing import Any

from aipbi.asean.models import Indicator, IndicatorEdition, MemberState
from monitoring.models import Plan, PlanLine, Report
from proposals.models import Proposal

# How it adds up, its unit, and what a share is made of.
KINDS = (
    ("sum", "USD", "", ""),
    ("ratio_of_sums", "percent", "A part", "The whole"),
    ("count_distinct", "firm", "", ""),
)
INDICATORS = 18


def edition() -> IndicatorEdition:
    """Make an edition of eighteen indicators, all by Member State."""
    made = IndicatorEdition.objects.create(code="2026-12", label="By Member State", in_force_from="2026-12-01")
    for n in range(1, INDICATORS + 1):
        aggregation, unit, part, whole = KINDS[n % len(KINDS)]
        Indicator.objects.create(
            edition=made, code=f"W{n}", goal_id="competitiveness", name=f"Measure {n}", unit=unit, by_ams=True,
            aggregation=aggregation, better="up", order=n, numerator=part, denominator=whole,
            price_year=2026 if unit == "USD" else None,
        )  # fmt: skip
    return made


def wide_report(walk: Any) -> Report:
    """Start the monitoring of a case whose letter is issued, by a plan of 198 lines; return its open report."""
    proposal, writer = walk.proposal, walk.people.proponent(walk.proposal.organisation)
    made = edition()
    Proposal.objects.filter(pk=proposal.pk).update(indicator_edition=made)
    walk.do("draft_plan", walk.proposal, walk.people.asec(), proposed_by="proponent")
    plan = Plan.objects.get(proposal=proposal)
    PlanLine.objects.bulk_create(
        PlanLine(plan=plan, indicator=indicator, ams=ams, baseline=0, target=1_000_000)
        for indicator in made.indicators.all()
        for ams in MemberState.objects.all()
    )
    walk.do("propose", plan, writer)
    walk.do("agree", plan, walk.people.chair())
    walk.do("start_monitoring", walk.proposal, walk.people.asec())
    return Report.objects.get(proposal=proposal)

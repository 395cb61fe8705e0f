"""`python -m benchmarks release`: what a large release costs the worker, and its public page a reader (M6)."""

import random
import resource
from collections.abc import Iterator
from io import StringIO
from statistics import median
from time import process_time
from typing import Any
from unittest.mock import patch

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.test.utils import override_settings

from aipbi.accounts import demo
from aipbi.accounts.days import today
from aipbi.asean.models import Indicator as Row
from aipbi.workflow import jobs
from aipbi.workflow.door import perform
from aipbi.workflow.models import Job
from aipbi.workflow.walk import People
from benchmarks import place
from benchmarks.measure import BARE
from benchmarks.visitor import Visitor
from monitoring.disclosure import Contribution, Contributions, Kind
from monitoring.models import Telling
from monitoring.portfolio import figures
from monitoring.releases import protecting, verbs
from monitoring.releases.moves.deciding import PUBLISH_JOB, ApproveRelease, SubmitRelease

YEARS = [str(year) for year in range(2025, 2030)]
ROUNDS, WARM = 40, 5
FEW = 4


def measure_release(projects: int, states: int) -> None:
    """Prepare and publish a release of invented figures in a database of its own, and print what it cost."""
    place.empty("release")
    call_command("setup", static=True, stdout=StringIO())
    demo.load_people()
    rows = _eighteen()
    begun = process_time()
    given = Contributions(_figures(projects, states, rows))
    print(f"{len(given):,} figures, made and read in {process_time() - begun:.1f} s of CPU", flush=True)
    people, steps = People(), []
    release, job = verbs.prepare(as_=people.asec(), figures_until=today(), changes="All of it.")
    say = jobs.Progress.say

    def told(self: jobs.Progress, percent: int, step: str) -> None:
        steps.append(percent)
        say(self, percent, step)

    begun = process_time()
    with (
        patch.object(figures, "contributions", lambda _until, _rows: given),
        patch.object(protecting, "indicators", lambda _on: rows),
        patch.object(jobs.Progress, "say", told),
    ):
        _run(job)
    spent, peak = process_time() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"prepared by the worker's job: {spent:.1f} s of CPU, at most {peak:.0f} MB, progress told {len(steps)} times"
    )
    for telling in Telling.objects.filter(case=release.pk):
        hidden = sum(cell["status"] == "suppressed" for cell in telling.cells)
        asked = sum(proof["questions"] for proof in telling.proofs)
        print(f"{telling.audience}: {len(telling.cells)} cells, {hidden} suppressed, {asked} questions", *telling.notes)
    release.refresh_from_db()
    asec, chair = people.asec(), people.chair()
    said: dict[str, Any] = {"changes": "All of it.", "looked_through": "on"}
    release = perform(SubmitRelease, release, by=asec.person, as_=asec, data=said).subject
    release = perform(ApproveRelease, release, by=chair.person, as_=chair, data={"agreed": "on"}).subject
    begun = process_time()
    _run(Job.objects.get(kind=PUBLISH_JOB))
    print(f"its files: {process_time() - begun:.1f} s of CPU")
    _page(release.number)


def _run(job: Job) -> None:
    if not jobs.run(job.pk):
        job.refresh_from_db()
        raise SystemExit(job.error)


def _eighteen() -> list[Row]:
    """Return the edition's indicators, and as many more as make eighteen that are measured."""
    rows = protecting.indicators(today())
    known = {one.code for one in figures.measured(rows)}
    more = 18 - len(known)
    for number in range(more):
        like = next(row for row in rows if row.code == "E1")
        rows.append(
            Row(
                edition=like.edition,
                code=f"X{number}",
                goal=like.goal,
                name=f"More {number}",
                unit=like.unit,
                by_ams=True,
                aggregation="sum",
                better="up",
            )
        )
    return rows


def _figures(projects: int, states: int, rows: list[Row]) -> Iterator[Contribution]:
    """Yield figures of skewed sizes; in one sector there are the four projects of two companies alone."""
    chance = random.Random(1)
    indicators = figures.measured(rows)
    known = protecting.dimensions(YEARS)
    places, sectors = list(known[0].parents), list(known[1].parents)
    for number in range(projects):
        few = number < FEW
        company = f"g{number % 2 if few else chance.randrange(2, projects // 2)}"
        sector = sectors[0] if few else chance.choice(sectors[1:])
        size = chance.lognormvariate(0, 1.5)
        for state in chance.sample(places, states):
            for year in YEARS:
                for one in indicators:
                    value = size * chance.lognormvariate(3, 0.7)
                    if one.kind in {Kind.COUNT, Kind.DISTINCT}:
                        value = float(round(value))
                    below = value * 10 + 1 if one.kind == Kind.RATIO else None
                    yield Contribution(f"p{number}", company, state, sector, year, one.code, value, below)


def _page(number: int | None) -> None:
    """Ask for the public page and for the empty one in turn."""
    with override_settings(MIDDLEWARE=BARE):
        bare = WSGIHandler()
    portal = WSGIHandler()
    reader, stranger = Visitor(People().asec()), Visitor(None)
    page: list[float] = []
    empty: list[float] = []
    size = 0
    for turn in range(WARM + ROUNDS):
        answer, nothing = stranger.ask(portal, f"/releases/{number}/"), reader.ask(bare, "/empty/")
        if answer.status != 200 or nothing.status != 200:  # noqa: PLR2004 - a page
            raise SystemExit(answer.body.decode()[:2000])
        if turn >= WARM:
            page.append(answer.cpu)
            empty.append(nothing.cpu)
            size = len(answer.body)
    ratio = median(page) / median(empty)
    print(f"public page: {median(page) * 1000:.1f} ms of CPU, {ratio:.1f} x the empty page, {size:,} bytes")

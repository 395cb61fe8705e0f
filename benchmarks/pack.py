"""`python -m benchmarks pack`: what the paper pack of a meeting costs the worker, beside its bare pages (D7).

Bare pages are the same HTML of the same cases, each case rendered by itself: nothing is gathered or
stored, nothing refers to another page. Both are rendered tagged, in turn, so that whatever else the
machine does falls on both.
"""

import resource
from datetime import timedelta
from statistics import median
from time import process_time

from django.utils import timezone

from aipbi.documents import pdf
from aipbi.workflow import jobs
from aipbi.workflow.models import Job
from aipbi.workflow.walk import People
from benchmarks import place
from benchmarks.undone import undone
from proposals.enums import State
from review.meetings import agenda, papers, verbs
from review.meetings.models import AgendaItem, Meeting, Pack
from review.meetings.moves.packing import PACK_JOB
from review.models import Round


def measure_pack(size: int, *, cases: int, rounds: int) -> None:
    """Print the cost of a pack of so many cases, taken from the data set of this size; nothing of it stays."""
    place.use_size(size)
    with undone():
        meeting = _meeting(cases)
        packs, bare = [], []
        pages = 0
        # The first page loads the engine and its fonts.
        _bare(meeting, only=1)
        for turn in range(1, rounds + 1):
            bare.append(_bare(meeting))
            cost, pages = _pack(meeting)
            packs.append(cost)
            print(f"round {turn}: pack {cost:.1f} s, bare pages {bare[-1]:.1f} s of this process's CPU", flush=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{cases} cases, {pages} pages: pack {median(packs):.1f} s, bare {median(bare):.1f} s,")
        print(f"ratio {median(packs) / median(bare):.2f}; peak memory of the process {peak:.0f} MB")


def _meeting(cases: int) -> Meeting:
    starts = timezone.now() + timedelta(days=10)
    details = {
        "title": "Meeting of the Focal Group on Global Value Chains", "sitting": "regular", "starts_at": starts,
        "ends_at": starts + timedelta(hours=6), "zone": "Asia/Jakarta", "place": "Jakarta", "link": "", "purpose": "",
        "seom": [],
    }  # fmt: skip
    meeting = verbs.call(as_=People().asec(), details=details)
    found = Round.objects.filter(proposal__state=State.BEFORE_FG_GVC).order_by("pk")[:cases]
    if len(found) < cases:
        raise SystemExit(f"Only {len(found)} cases are before the FG-GVC in this data set: seed a larger one.")
    for place_, one in enumerate(found, start=1):
        AgendaItem.objects.create(meeting=meeting, order=place_, round=one)
    return meeting


def _pack(meeting: Meeting) -> tuple[float, int]:
    """Make a pack as the worker does, from claiming the job to the filed PDF; return CPU seconds and pages."""
    number = Pack.objects.filter(meeting=meeting).count() + 1
    pack = Pack.objects.create(meeting=meeting, number=number, asked_at=timezone.now(), asked_by=meeting.called_by)
    job: Job = jobs.ask(PACK_JOB, meeting)
    begun = process_time()
    if not jobs.run(job.pk):
        job.refresh_from_db()
        raise SystemExit(job.error)
    spent = process_time() - begun
    pack.refresh_from_db()
    return spent, pack.pages


def _bare(meeting: Meeting, *, only: int | None = None) -> float:
    """Render each case's pages by themselves, or those of the first `only`; return CPU seconds."""
    parts = papers.parts(agenda.items(meeting)[:only], timezone.now())
    spent = 0.0
    for part in parts:
        begun = process_time()
        pdf.render("review/meetings/part_pdf.html", {"part": part}, title="x", variant="pdf/ua-1")
        spent += process_time() - begun
    return spent

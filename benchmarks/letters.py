"""`python -m benchmarks letters`: what a letter costs the worker, beside its bare page and signature (F5).

Bare is the same HTML, rendered by WeasyPrint and signed: no schedule or page inside, no job, no move,
nothing kept. Both are made in turn, so that whatever else the machine does falls on both.
"""

from dataclasses import dataclass
from functools import cache
from time import process_time

import psutil
import weasyprint
from django.template.loader import render_to_string
from weasyprint.text.fonts import FontConfiguration

from aipbi.documents import pdf, seal
from aipbi.workflow import jobs
from aipbi.workflow.models import Job
from benchmarks import place
from benchmarks.approved import approve
from benchmarks.undone import undone
from facilitation.models import Letter
from facilitation.moves.approving import PDF_JOB

# How many letters are made before the memory of the process counts as settled.
SETTLED = 20


@dataclass
class Spent:
    """CPU seconds of this process."""

    letters: float = 0
    tagged: float = 0
    plain: float = 0


def measure_letters(size: int, *, letters: int) -> None:
    """Print letters per second of one core, bare ones per second, and the memory of the process; nothing stays."""
    if letters <= SETTLED:
        raise SystemExit(f"The first {SETTLED} letters are not counted: make more of them.")
    place.use_size(size)
    memory: list[float] = []
    spent = Spent()
    with undone():
        for number, letter in enumerate(approve(letters), start=1):
            counted = number > SETTLED
            html = render_to_string(
                "facilitation/letter_pdf.html", {"letter": letter.content, "title": "x", "language": "en"}
            )
            plain, tagged, whole = _bare(html, tagged=False), _bare(html, tagged=True), _letter(letter)
            if counted:
                spent.plain += plain
                spent.tagged += tagged
                spent.letters += whole
            if number in (SETTLED, letters) or number % 100 == 0:
                memory.append(psutil.Process().memory_info().rss / 2**20)
                print(f"{number} letters, memory {memory[-1]:.0f} MB", flush=True)
    made = letters - SETTLED
    print(
        f"{made / spent.letters:.2f} letters a second of CPU; bare, as archival and tagged PDF {made / spent.tagged:.2f}"
    )
    print(
        f"and as plain PDF {made / spent.plain:.2f}: {spent.tagged / spent.letters:.2f} and {spent.plain / spent.letters:.2f} of bare."
    )
    print(f"Memory from {memory[0]:.0f} to {memory[-1]:.0f} MB over {made} letters.")


def _letter(letter: Letter) -> float:
    job = Job.objects.get(kind=PDF_JOB, subject_kind=Letter.kind, subject_pk=letter.pk)
    begun = process_time()
    if not jobs.run(job.pk):
        job.refresh_from_db()
        raise SystemExit(job.error)
    return process_time() - begun


def _bare(html: str, *, tagged: bool) -> float:
    begun = process_time()
    page = weasyprint.HTML(string=html, base_url=pdf.HERE.as_uri() + "/")
    options = {"pdf_variant": "pdf/a-3a", "pdf_tags": True} if tagged else {}
    seal.sealed(page.write_pdf(stylesheets=[_styles()], font_config=_fonts(), **options), reason="x")
    return process_time() - begun


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _styles() -> weasyprint.CSS:
    return weasyprint.CSS(filename=pdf.STYLES, font_config=_fonts())

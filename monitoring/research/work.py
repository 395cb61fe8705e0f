"""The worker's extract: two-way tables of published figures, audited with all that was told before (M5, M8)."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.workflow import jobs
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Blocked, NotOpen
from aipbi.workflow.models import Job
from monitoring.models import Research
from monitoring.portfolio import figures, waivers
from monitoring.releases import protecting
from monitoring.releases.enums import Audience
from monitoring.research import verbs
from monitoring.research.models import ResearchState, Tables
from monitoring.research.moves import JOB, FileExtract, published


def _research_of(job: Job) -> Research:
    return Research.objects.select_related("case").get(pk=job.subject_pk)


@jobs.handler(
    JOB,
    page=jobs.Page(
        gettext_lazy("A researcher's extract is being made"),
        lambda job: verbs.inside(_research_of(job)),
        gettext_lazy("The application"),
        lambda job: verbs.inside(_research_of(job)),
        gettext_lazy("The application"),
    ),
)
def make(progress: jobs.Progress) -> None:
    """Decide what the extract may tell and file it; safe to run twice."""
    one, source = _research_of(progress.job), published()
    if one.state != ResearchState.GRANTED or verbs.extract(one) or source is None:
        return
    given = protecting.as_earlier(source).contributions
    tables = [*protecting.ONE_WAY, *(Tables(name).dimensions for name in one.tables)]
    progress.say(10, _("Auditing the tables"))
    decided = protecting.decide(
        given, protecting.indicators(today()), Audience.RESEARCH, parents=figures.parents(),
        before=protecting.earlier(Audience.RESEARCH), waived=waivers.in_force(), tables=tables,
        say=lambda done, of, codes: progress.say(10 + 80 * done // max(of, 1), codes[:100]),
    )  # fmt: skip
    upload = SimpleUploadedFile("figures.npz", given.stored(), content_type="application/octet-stream")
    try:
        perform(FileExtract, one, by=None, as_=Capacity.clock(), data={"decided": decided}, files={"figures": upload})
    except (NotOpen, Blocked):
        # Revoked meanwhile, or another worker was first.
        return

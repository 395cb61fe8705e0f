"""What the worker does for releases: decide which cells may be told, and make the files (M5, M6)."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.asean.models import Indicator
from aipbi.documents import keeping
from aipbi.documents.models import Scan, StoredFile
from aipbi.workflow import jobs
from aipbi.workflow.door import perform
from aipbi.workflow.errors import NotOpen
from aipbi.workflow.models import Job
from monitoring.disclosure import Contributions, InputError
from monitoring.models import Release
from monitoring.portfolio import figures, waivers
from monitoring.releases import document, files, protecting, verbs
from monitoring.releases.enums import Audience, ReleaseState
from monitoring.releases.moves.deciding import PUBLISH_JOB
from monitoring.releases.moves.filing import FileRelease, PublishRelease, RefuseRelease

FILE = "release"


def _release_of(job: Job) -> Release:
    return Release.objects.select_related("case").get(pk=job.subject_pk)


@jobs.handler(
    verbs.JOB,
    page=jobs.Page(
        gettext_lazy("A release is being prepared"),
        lambda job: verbs.path(_release_of(job)),
        gettext_lazy("Look through it"),
        lambda job: verbs.path(_release_of(job)),
        gettext_lazy("The release"),
    ),
)
def decide(progress: jobs.Progress) -> None:
    """Gather the accepted figures and decide what the public and the FG-GVC may be told.

    Safe to run twice and side by side: the door lets only the first through.
    """
    release = _release_of(progress.job)
    if release.state != ReleaseState.PREPARING:
        return
    rows = protecting.indicators(today())
    progress.say(2, _("Gathering the accepted figures"))
    try:
        given = figures.contributions(release.figures_until, rows)
        data, kept = decided(given, rows, release, progress.say)
    except InputError as faulty:
        _file(RefuseRelease, release, {"faults": "\n".join(faulty.faults)})
        return
    progress.say(97, _("Filing it"))
    upload = SimpleUploadedFile("figures.npz", kept, content_type="application/octet-stream")
    _file(FileRelease, release, data, {"figures": upload})


def decided(
    given: Contributions, rows: list[Indicator], release: Release, say: Callable[[int, str], None]
) -> tuple[dict[str, object], bytes]:
    """Return what is filed of figures, and the figures as they are kept. Raises InputError."""
    parents, waived = figures.parents(), waivers.in_force()

    def told_from(first: int, share: int) -> Callable[[int, int, str], None]:
        return lambda done, of, codes: say(
            first + share * done // max(of, 1), _("Auditing %(codes)s") % {"codes": codes} if codes else ""
        )

    before = protecting.earlier(Audience.PUBLIC)
    public = protecting.decide(
        given, rows, Audience.PUBLIC, before=before, say=told_from(10, 40), parents=parents, waived=waived
    )
    before = [*protecting.earlier(Audience.INSIDE), protecting.told(public, given)]
    inside = protecting.decide(
        given, rows, Audience.INSIDE, before=before, say=told_from(50, 40), parents=parents, waived=waived,
        tables=protecting.TABLES[Audience.INSIDE],
    )  # fmt: skip
    say(92, _("Keeping the figures"))
    told = document.compose(public["cells"], rows, projects=public["projects"], until=release.figures_until)
    return {"decided": [public, inside], "document": told}, given.stored()


def _file(move: type, release: Release, data: dict[str, object], uploads: dict[str, object] | None = None) -> None:
    try:
        perform(move, release, by=None, as_=Capacity.clock(), data=data, files=uploads)  # type: ignore[arg-type]
    except NotOpen:
        # Another worker was first, or it was discarded meanwhile.
        return


@jobs.handler(PUBLISH_JOB)
def publish(progress: jobs.Progress) -> None:
    """Make the files of an approved release and publish it; safe to run twice."""
    release = _release_of(progress.job)
    if release.state != ReleaseState.APPROVED:
        return
    progress.say(10, _("Making its files"))
    stored = store(release, files.make(release))
    progress.say(90, _("Publishing it"))
    _file(PublishRelease, release, {"stored": stored})


def store(release: Release, made: list[files.Made]) -> list[int]:
    """Keep the files of a release and return their primary keys; the same content is stored once."""
    return [_stored(release, one.name, one.media_type, one.content).pk for one in made]


def _stored(release: Release, called: str, media_type: str, content: bytes) -> StoredFile:
    name, digest = keeping.under_digest(content)
    return StoredFile.objects.create(
        case_id=release.pk, purpose=FILE, subject_kind=release.kind, subject_pk=release.pk, name=called,
        media_type=media_type, size=len(content), sha256=digest, content=name, scan=Scan.CLEAN,
    )  # fmt: skip

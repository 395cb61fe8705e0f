"""Beginning a release, which is no move since there is nothing yet to move; and what is kept of it (M6)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity, in_force
from aipbi.documents import keeping
from aipbi.documents.models import Scan, StoredFile
from aipbi.templatetags.portal import day_in_words
from aipbi.workflow import jobs, trail
from aipbi.workflow.errors import Blocked, NotYours
from aipbi.workflow.models import Case, Job
from aipbi.workflow.numbers import next_reference
from monitoring.models import Given, Release, Research, Telling
from monitoring.releases import rules
from monitoring.releases.enums import IN_THE_WORKS, Audience

JOB = "release"
# No rule opens the figures behind a release to anybody: they are there for the releases after it.
FIGURES = "release_figures"


def in_the_works() -> Release | None:
    """Return the release that is not decided on yet: each must know what all before it told, so there is one."""
    return Release.objects.filter(state__in=IN_THE_WORKS).select_related("case").first()


def extract_in_the_works() -> Research | None:
    """Return the granted application whose extract the worker has not filed yet: nobody knows yet what it will tell."""
    return Research.objects.filter(state="granted", case__tellings__isnull=True).select_related("case").first()


def prepare(*, as_: Capacity, figures_until: date, changes: str) -> tuple[Release, Job]:
    """Begin a release and let the worker decide what it may tell. Raises NotYours for anybody but ASEC, and Blocked."""
    if not rules.secretariat.test(as_, None) or not in_force(as_):
        raise NotYours(_("Prepare a release"), as_.label)
    now = timezone.now()
    with transaction.atomic():
        reference = next_reference("RELEASE", now)
        if other := in_the_works():
            raise Blocked(
                [
                    _("%(release)s is still in the works. One after the other: each is audited with all before it.")
                    % {"release": other.called}
                ]
            )
        if extract_in_the_works():
            raise Blocked(
                [
                    _(
                        "A researcher's extract is being made, and the release must know what it tells. Try again in some minutes."
                    )
                ]
            )
        release = Release(
            case=Case.objects.create(reference=reference),
            figures_until=figures_until, changes=changes, begun_at=now,
            title=_("Figures of periods until %(day)s") % {"day": day_in_words(figures_until)},
        )  # fmt: skip
        release.save(force_insert=True)
        trail.note(
            release.pk, as_=as_, action="prepare_release", subject=(release.kind, release.pk),
            details={"figures_until": figures_until.isoformat(), "changes": changes},
        )  # fmt: skip
        return release, jobs.ask(JOB, release, by=as_)


def keep(case_pk: int, subject: tuple[str, int], decided: list[dict[str, Any]], figures: bytes) -> list[Telling]:
    """Write down what was decided for each audience, and the figures behind it once."""
    name, digest = keeping.under_digest(figures)
    stored = StoredFile.objects.create(
        case_id=case_pk, purpose=FIGURES, subject_kind=subject[0], subject_pk=subject[1], name="figures.npz",
        media_type="application/octet-stream", size=len(figures), sha256=digest, content=name, scan=Scan.CLEAN,
    )  # fmt: skip
    now = timezone.now()
    return Telling.objects.bulk_create(Telling(case_id=case_pk, figures=stored, made_at=now, **one) for one in decided)


def give(case_pk: int, audience: Audience) -> None:
    """Note that an audience was told: later tellings are audited with this one, whatever becomes of it."""
    found = Telling.objects.filter(case=case_pk, audience=audience, given__isnull=True)
    Given.objects.bulk_create([Given(telling=one, at=timezone.now()) for one in found])


def telling(release: Release, audience: Audience) -> Telling | None:
    """Return what the release tells an audience; None until the worker has decided."""
    return Telling.objects.filter(case=release.pk, audience=audience).first()


def path(release: Release) -> str:
    """Return the address of the release's page for those who prepare and approve it."""
    return reverse("release", args=[release.case.code])

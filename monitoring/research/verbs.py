"""What a researcher does, who may hold no capacity in the portal: apply, agree, take the extract (M8)."""

import json
from io import BytesIO
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.days import SECRETARIAT, today
from aipbi.accounts.models import Person
from aipbi.documents import sheets
from aipbi.workflow import notices, parties
from aipbi.workflow.errors import Blocked
from aipbi.workflow.models import Case
from aipbi.workflow.moves import Tell
from aipbi.workflow.numbers import next_reference
from monitoring.models import Release, Research, ResearchAccess, Telling
from monitoring.releases import document, files, protecting
from monitoring.releases.enums import Audience

# Applications of one person that wait for the Secretariat at once.
MOST_WAITING = 3
TYPES = {"csv": sheets.CSV_TYPE, "json": "application/json"}


def apply(person: Person, *, details: dict[str, Any]) -> Research:
    """Apply, and tell the Secretariat. Raises Blocked where too many applications of the person wait already."""
    now = timezone.now()
    with transaction.atomic():
        reference = next_reference("RESEARCH", now)
        if Research.objects.of(person).filter(state="applied").count() >= MOST_WAITING:
            raise Blocked([_("Some applications of yours still wait for the Secretariat. Wait for its answer.")])
        case = Case.objects.create(reference=reference)
        one = Research(case=case, applicant=person, applied_at=now, **details)
        one.save(force_insert=True)
        words = _("A researcher has applied for an extract of figures")
        told = [Tell(parties.asec(), words, to_act=True, path=inside(one))]
        notices.write_all(one.pk, "apply_research", told, topic="releases", but=person.pk)
        transaction.on_commit(notices.wake)
    return one


def agree(one: Research, person: Person) -> None:
    """Agree to the terms, once. Raises Blocked where nothing is offered, or its time is over."""
    with transaction.atomic():
        locked = Research.objects.select_for_update(no_key=True, of=("self",)).of(person).get(pk=one.pk)
        if locked.agreed_at:
            return
        if locked.state != "granted" or locked.until is None or today() > locked.until:
            raise Blocked([_("There is nothing to agree to now.")])
        locked.agreed_at = timezone.now()
        locked.save(update_fields=["agreed_at"])
        ResearchAccess.objects.create(research=locked, person=person, what="agreed")


def take(one: Research, person: Person, kind: str) -> bytes | None:
    """Return the extract as a file and put that on the log; None where it may not be taken, or not any more.

    Asked again inside the lock: who is revoked at this moment gets nothing.
    """
    with transaction.atomic():
        locked = Research.objects.select_for_update(no_key=True, of=("self",)).of(person).filter(pk=one.pk).first()
        telling = extract(one)
        if locked is None or telling is None or not locked.open_on(today()):
            return None
        content = _as_file(told(telling), kind)
        ResearchAccess.objects.create(research=locked, person=person, what="took", detail=kind.upper())
    return content


def extract(one: Research) -> Telling | None:
    """Return what the worker has decided that the researcher may be told; None until then."""
    return Telling.objects.filter(case=one.pk, audience=Audience.RESEARCH).first()


def told(telling: Telling) -> dict[str, Any]:
    """Return the extract as a document: values and signs alone."""
    rows = protecting.indicators(today())
    # The release it is made of has the same figures.
    same = Release.objects.filter(case__tellings__figures__sha256=telling.figures.sha256).order_by("begun_at").first()
    until = same.figures_until if same else timezone.localdate(telling.made_at, SECRETARIAT)
    return document.compose(telling.cells, rows, projects=telling.projects, until=until)


def _as_file(told: dict[str, Any], kind: str) -> bytes:
    if kind == "json":
        return json.dumps(told, ensure_ascii=False, indent=1).encode()
    to = BytesIO()
    sheets.write_csv(files.sheet(told), to)
    return to.getvalue()


def inside(one: Research) -> str:
    """Return the address of the Secretariat's page about it."""
    return reverse("research_inside", args=[one.case.code])


def own(one: Research) -> str:
    """Return the address of the researcher's own page."""
    return reverse("research_application", args=[one.case.code])

"""The paper pack (D7): what is in it, what changed since the last, and the one PDF made of it.

One document is set by one run of the engine, which also knows on which page each part begins: a pack
costs little more than its bare pages (docs/performance.md).
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aipbi.accounts.capacity import Capacity
from aipbi.asean import defaults
from aipbi.asean.names import member_state_names
from aipbi.documents import keeping, pdf
from aipbi.documents.models import Scan, StoredFile
from aipbi.templatetags.portal import in_words
from proposals import attachments, tasks
from review.assessments import sheets
from review.meetings import agenda
from review.meetings.models import Meeting, Pack
from review.rounds.models import Decision
from review.rounds.pages import RoundPage

PURPOSE, SUBJECT = "meeting_pack", "pack"
TEMPLATE = "review/meetings/pack_pdf.html"


def manifest(meeting: Meeting, found: list[agenda.Item] | None = None) -> dict[str, Any]:
    """Return what a pack of the meeting would hold now, as JSON: enough to say what changed since the last."""
    items = agenda.items(meeting) if found is None else found
    return {
        "meeting": [
            meeting.title,
            meeting.starts_at.isoformat(),
            meeting.ends_at.isoformat(),
            meeting.place,
            meeting.link,
        ],
        "items": [_listed(item) for item in items if item.row.moved_to_id is None],
    }


def _listed(item: agenda.Item) -> dict[str, Any]:
    one = item.round
    if one is None:
        return {"key": f"matter-{item.row.pk}", "name": item.title, "about": _digest(item.title + item.about)}
    return {
        "key": f"round-{one.pk}",
        "name": item.about,
        "version": one.version.number,
        "report": one.report.edition,
        "positions": {held.ams_id: _digest(f"{held.value}\n{held.text}") for held in one.positions.all() if held.value},
        "told": item.told,
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Return in sentences what a pack of `new` holds otherwise than one of `old`; nothing for the same papers."""
    return list(_changes(old, new)) if old else []


def _changes(old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    if old["meeting"] != new["meeting"]:
        yield _("Title, hours or place of the meeting.")
    before = {one["key"]: one for one in old["items"]}
    now = {one["key"]: one for one in new["items"]}
    for key, one in now.items():
        if key not in before:
            yield _("Added: %(item)s.") % {"item": one["name"]}
        else:
            yield from _changed(before[key], one)
    for key, one in before.items():
        if key not in now:
            yield _("No longer on the agenda: %(item)s.") % {"item": one["name"]}
    kept = [key for key in now if key in before]
    if kept != [key for key in before if key in now]:
        yield _("The order of the items.")


def _changed(before: dict[str, Any], one: dict[str, Any]) -> Iterator[str]:
    item = {"item": one["name"]}
    if one.get("about") != before.get("about"):
        yield _("%(item)s: its words.") % item
    if one.get("version") != before.get("version"):
        yield _("%(item)s: version %(n)s of the proposal.") % {**item, "n": one["version"]}
    if one.get("report") != before.get("report"):
        yield _("%(item)s: edition %(n)s of the consolidated report.") % {**item, "n": one["report"]}
    if one.get("positions") != before.get("positions"):
        names, mine, theirs = member_state_names(), one["positions"], before["positions"]
        states = [names[code] for code in names if mine.get(code) != theirs.get(code)]
        told = ngettext("%(item)s: position of %(states)s.", "%(item)s: positions of %(states)s.", len(states))
        yield told % {**item, "states": ", ".join(states)}
    if one.get("told") != before.get("told"):
        yield _("%(item)s: %(told)s") % {**item, "told": one["told"]}


# --- The paper ---


def context(pack: Pack, found: list[agenda.Item], now: datetime) -> dict[str, Any]:
    """Return what the paper's template needs: the cover, the agenda, and each item with its papers."""
    meeting = pack.meeting
    last = Pack.objects.filter(meeting=meeting, number__lt=pack.number).order_by("-number").first()
    with timezone.override(meeting.place_zone):
        hours = {"begins": in_words(meeting.starts_at), "ends": in_words(meeting.ends_at)}
    with timezone.override(settings.SECRETARIAT_TIME_ZONE):
        made = in_words(now)
    return {
        "meeting": meeting,
        "pack": pack,
        "portal_label": defaults.get("portal_label"),
        "hours": hours,
        "made": made,
        "last": last,
        "changes": changes(last.manifest, manifest(meeting, found)) if last else [],
        "parts": parts(found, now),
    }


def parts(found: list[agenda.Item], now: datetime) -> list[dict[str, Any]]:
    """Return what the template needs of each item that is on the agenda."""
    return [_part(item, now) for item in found if item.row.moved_to_id is None]


def _part(item: agenda.Item, now: datetime) -> dict[str, Any]:
    """Return an item with its papers: the version decided on, the report, the positions, earlier decisions."""
    one = item.round
    if one is None:
        return {"item": item}
    document = one.version.document
    return {
        "item": item,
        "round": one,
        "files": [file for _n, file in attachments.named_in(document)],
        **tasks.content(attachments.without_confidential(document)),
        "report": sheets.report(one.report),
        "page": RoundPage.of(one, Capacity.clock(), now),
        "earlier": _earlier(item),
    }


def _earlier(item: agenda.Item) -> list[Decision]:
    """Return what was decided before on the case and on those it follows, the oldest first."""
    family, proposal = [], item.proposal
    while proposal is not None:
        family.append(proposal.pk)
        proposal = proposal.follows
    found = Decision.objects.filter(proposal__in=family).exclude(round=item.round)
    return list(found.select_related("proposal__case", "office__ams").order_by("pk"))


def render(pack: Pack, context_: dict[str, Any], *, say: Callable[[int], None] | None = None) -> tuple[bytes, int]:
    """Return the pack as one PDF (PDF/UA-1), and how many pages it has; `say` is told of each page that is set.

    Raises `pdf.PdfUnavailableError`.
    """
    title = _("Papers of the meeting %(reference)s: %(title)s") % {
        "reference": pack.meeting.case.reference, "title": pack.meeting.title,
    }  # fmt: skip
    with timezone.override(settings.SECRETARIAT_TIME_ZONE):
        content = pdf.render(TEMPLATE, context_, title=title, variant="pdf/ua-1", on_page=say)
    return content, pdf.pages(content)


def file(pack: Pack | None, data: Any, now: datetime) -> Pack:
    """Keep the PDF of the pack that is awaited; called inside the move, under the meeting's lock."""
    assert pack  # noqa: S101 - the move is blocked otherwise
    upload: UploadedFile = data["pdf"]
    upload.seek(0)
    content = bytes(upload.read())
    name, digest = keeping.under_digest(content)
    last = Pack.objects.filter(meeting=pack.meeting_id, number__lt=pack.number).order_by("-number").first()
    pack.file = StoredFile.objects.create(
        case_id=pack.meeting_id,
        purpose=PURPOSE,
        subject_kind=SUBJECT,
        subject_pk=pack.pk,
        name=f"{(pack.meeting.case.reference or '').replace('/', '-')}-pack-{pack.number}.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=digest,
        content=name,
        scan=Scan.CLEAN,
    )
    pack.sha256, pack.filed_at, pack.pages = digest, now, data["pages"]
    pack.manifest, pack.changes = data["manifest"], changes(last.manifest, data["manifest"]) if last else []
    pack.save(update_fields=["file", "sha256", "filed_at", "pages", "manifest", "changes"])
    return pack

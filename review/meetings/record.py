"""What the record of a meeting says (D7): composed from what was recorded, with ASEC's words around it.

`content` freezes it as plain data; `blocks` puts that in order, once for the page, the PDF and the DOCX.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.enums import Role
from aipbi.accounts.models.office import label_of
from aipbi.asean import defaults
from aipbi.asean.names import member_state_names
from aipbi.documents import pdf
from aipbi.templatetags.portal import in_words as moment_in_words
from proposals.paper import layout, package
from proposals.paper.markup import el, said, written
from review.enums import Basis, Outcome
from review.meetings import agenda
from review.meetings.enums import Sitting
from review.meetings.models import Meeting, Record
from review.states import in_words

FORM = "aipbi-meeting-record/1"


def page(meeting: Meeting) -> str:
    """Return the address of the record's page."""
    return reverse("meeting_record", args=[meeting.case.code])


def first_words(meeting: Meeting) -> dict[str, str]:
    """Return what the words around the facts start with: what was noted at the meeting."""
    found = {f"text_{item.row.pk}": item.row.discussion for item in agenda.items(meeting)}
    opening = _("The chair opened the meeting. The agenda was taken as circulated.")
    return {"opening": opening, **found, "closing": _("The chair thanked the members and closed the meeting.")}


def content(meeting: Meeting, texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that the record says, as JSON; `texts` are ASEC's words by the names of `RecordForm`'s fields."""
    names = member_state_names()
    return {
        "initiative": defaults.get("portal_label"),
        "reference": meeting.case.reference,
        "title": meeting.title,
        "sitting": str(Sitting(meeting.sitting).label),
        "starts_at": meeting.starts_at.isoformat(),
        "held_at": meeting.held_at.isoformat() if meeting.held_at else None,
        "zone": meeting.zone,
        "place": meeting.place,
        "from_afar": bool(meeting.link),
        "chaired_by": names.get(meeting.chaired_by_id or "", ""),
        "present": [
            *(label_of(Role.FG_GVC, names[code]) for code in names if code in meeting.present),
            *(label_of(Role.SEOM_LEAD, names[code]) for code in names if code in meeting.seom_present),
            *(line.strip() for line in meeting.others_present.splitlines() if line.strip()),
        ],
        "absent": [label_of(Role.FG_GVC, names[code]) for code in names if code not in meeting.present],
        "opening": texts.get("opening", ""),
        "items": [_item(item, texts) for item in agenda.items(meeting)],
        "closing": texts.get("closing", ""),
    }


def _item(item: agenda.Item, texts: Mapping[str, Any]) -> dict[str, Any]:
    row, decision = item.row, item.decision
    return {
        "number": item.number if row.moved_to_id is None else None,
        "title": item.title,
        "about": item.about if item.is_case else "",
        "matter": "" if item.is_case else item.about,
        "proponent": item.proposal.organisation.name if item.proposal else "",
        "version": item.round.version.number if item.round else None,
        "concerned": item.concerned or _("All Member States"),
        "text": texts.get(f"text_{row.pk}", ""),
        "told": item.told if decision is None else "",
        "open": item.live,
        "decision": {
            "outcome": str(Outcome(decision.outcome).label),
            "basis": str(Basis(decision.basis).label),
            "reasons": decision.reasons,
            "conditions": decision.conditions,
            "stepped_aside": in_words(decision.stepped_aside),
            "minus_x_basis": decision.minus_x_basis,
            "silent": in_words(decision.silent),
            "on_instruction": decision.on_instruction,
        }
        if decision
        else None,
        "conclusion": row.conclusion,
        "statements": row.statements,
        "next": row.next_steps,
    }


def is_stale(meeting: Meeting, record: Record) -> bool:
    """Whether something was recorded after this version was written."""
    return content(meeting, record.texts) != record.content


# --- In order ---


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the record: `title`, `lead`, `heading`, `part`, `words`, `list` or `facts`."""

    is_: str
    text: str = ""
    items: list[str] = field(default_factory=list)
    rows: list[tuple[str, str]] = field(default_factory=list)


def blocks(record: Record) -> list[Block]:
    """Return the record in order."""
    return list(_blocks(record))


def _blocks(record: Record) -> Iterator[Block]:
    one = record.content
    yield Block("title", _("Record of the meeting"))
    yield Block("lead", one["title"])
    yield Block("facts", _("The meeting"), rows=list(_about(record)))
    yield Block("heading", _("Present"))
    yield Block("list", _("Present"), items=one["present"])
    if one["absent"]:
        yield Block("part", _("Not present"))
        yield Block("list", _("Not present"), items=one["absent"])
    yield from _words(_("Opening"), one["opening"], "heading")
    for item in one["items"]:
        yield from _of_item(item)
    yield from _words(_("Closing"), one["closing"], "heading")


def _about(record: Record) -> Iterator[tuple[str, str]]:
    one = record.content
    zone = ZoneInfo(one["zone"])
    with timezone.override(zone):
        yield _("Reference"), one["reference"]
        yield _("Kind"), one["sitting"]
        yield _("Date"), moment_in_words(datetime.fromisoformat(one["held_at"] or one["starts_at"]))
        where = [one["place"], _("by video link") if one["from_afar"] else ""]
        yield _("Place"), ", ".join(filter(None, where))
        if one["chaired_by"]:
            yield _("Chair"), label_of(Role.FG_GVC, one["chaired_by"])
        yield _("Status"), status(record)


def status(record: Record) -> str:
    """Say which version it is, and whether it is adopted."""
    if record.adopted_at:
        when = moment_in_words(record.adopted_at)
        return _("Adopted on %(when)s. %(how)s") % {"when": when, "how": record.adopted_how}
    return _("Draft, version %(n)s, of %(when)s") % {"n": record.number, "when": moment_in_words(record.written_at)}


def _of_item(item: dict[str, Any]) -> Iterator[Block]:
    yield Block("heading", f"{item['number']}. {item['title']}" if item["number"] else item["title"])
    rows = [
        (_("Case"), item["about"]),
        (_("Proponent"), item["proponent"]),
        (_("Decided on"), _("Version %(n)s of the proposal") % {"n": item["version"]} if item["version"] else ""),
        (_("Concerns"), item["concerned"]),
        *_decision_rows(item["decision"]),
    ]
    yield Block("facts", item["title"], rows=[(key, value) for key, value in rows if value])
    yield from _words("", item["matter"])
    yield from _words("", item["text"])
    if decision := item["decision"]:
        yield from _words(_("Decision"), decision["outcome"])
        yield from _words(_("Reasons"), decision["reasons"])
        yield from _words(_("Conditions"), decision["conditions"])
        yield from _words(_("Basis of ASEAN Minus X"), decision["minus_x_basis"])
    elif item["open"]:
        yield from _words(_("Decision"), _("None was taken. The round stays open and the Member States consult again."))
    else:
        yield from _words("", item["told"])
    yield from _words(_("Conclusion"), item["conclusion"])
    yield from _words(_("Statements on record"), item["statements"])
    yield from _words(_("Next steps"), item["next"])


def _decision_rows(decision: dict[str, Any] | None) -> Iterator[tuple[str, str]]:
    if decision:
        yield _("Basis"), decision["basis"]
        yield _("Stepped aside"), decision["stepped_aside"]
        yield _("Silent"), decision["silent"]
        if decision["on_instruction"]:
            yield _("Recorded"), _("By the Secretariat on the instruction of the chair")


def _words(label: str, text: str, is_: str = "part") -> Iterator[Block]:
    if not text:
        return
    if label:
        yield Block(is_, label)
    for line in text.splitlines():
        if line.strip():
            yield Block("words", line.strip())


# --- As files ---


def as_pdf(record: Record) -> bytes:
    """Return the record as a tagged PDF (PDF/UA-1). Raises `pdf.PdfUnavailableError`."""
    title = _("Record of the meeting %(reference)s") % {"reference": record.content["reference"]}
    context = {"blocks": blocks(record), "said": record.content, "status": _short(record)}
    return pdf.render("review/meetings/record_pdf.html", context, title=title, variant="pdf/ua-1")


_STYLES = {"title": "Title", "lead": "Subtitle", "heading": "Heading1", "part": "Heading2", "words": ""}


def as_docx(record: Record) -> bytes:
    """Return the record as a DOCX with real headings, lists and tables."""
    found: list[Any] = []
    for block in blocks(record):
        if block.is_ == "facts":
            found += layout.facts(block.text, block.rows)
        elif block.is_ == "list":
            found += [said(text, "ListBullet") for text in block.items]
        else:
            found.append(said(block.text, _STYLES[block.is_]))
    body = written(el("w:document", el("w:body", *found, layout.page())))
    one = record.content
    title = _("Record of the meeting %(reference)s") % {"reference": one["reference"]}
    return package.packed(
        body, title=title, organisation=one["initiative"], edition=_short(record), form=FORM, edition_label=_("Status"),
    )  # fmt: skip


def _short(record: Record) -> str:
    return _("Adopted") if record.adopted_at else _("Draft, version %(n)s") % {"n": record.number}

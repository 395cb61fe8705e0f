"""The trail in words: each entry as the reader may see it, newest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import INSTITUTIONAL, PROPOSING, Role
from aipbi.workflow import registry
from aipbi.workflow.models import TrailEntry
from aipbi.workflow.models.trail import circle
from aipbi.workflow.moves import Move
from proposals.enums import PUBLIC_LABELS, State

# What is on the trail and is not a move.
WORDS = {
    "start_draft": _("Draft started"),
    "enter": _("Entered for the proponent by the ASEAN Secretariat"),
    "refuse_entry": _("The proponent does not confirm it"),
    "write": _("Answers changed"),
    "import": _("Answers read in from a file"),
    "read_form": _("Answers read in from a form"),
    "download": _("File downloaded"),
    "read": _("Confidential annex read"),
    "partner_joined": _("Joined the proposal for a partner company"),
    "add_note": _("Internal note written"),
    "answer_note": _("Internal note answered"),
    "change_note": _("Internal note changed"),
    "take_back_note": _("Internal note taken back"),
    "remind": _("Reminded by hand"),
    "read_others": _("Read the other experts’ assessments"),
    "virus_found": _("A file with a virus was removed"),
}
_WRITING = frozenset({"write", "import", "read_form", "download", "add_file", "remove_file"})
# What of it is read in words: a new draft says what is different from the case it follows.
SHOWN = {"start_draft": ("what_changed",), "refuse_entry": ("reason",), "remind": ("who",)}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline."""

    number: int
    at: datetime
    what: Any
    who: str
    state: Any
    words: list[str]
    details: dict[str, Any]
    digest: str


def lines(case_pk: int, viewer: Capacity, *, limit: int | None = None, of: tuple[str, int] | None = None) -> list[Line]:
    """Return the entries the capacity may read, newest first; people inside ASEC are named only to ASEC.

    `of` keeps those about one part of the case: its kind and primary key.
    """
    entries = TrailEntry.objects.visible_to(viewer).filter(case_id=case_pk)
    if of:
        entries = entries.filter(subject_kind=of[0], subject_pk=of[1])
    return [_line(entry, viewer) for entry in entries.select_related("person").order_by("-number")[:limit]]


def _line(entry: TrailEntry, viewer: Capacity) -> Line:
    move = registry.get(entry.subject_kind, entry.action)
    return Line(
        number=entry.number,
        at=entry.at,
        what=move.told_as(entry.details) if move else WORDS.get(entry.action, entry.action),
        who=who(entry, viewer),
        state=_state(entry, viewer),
        words=_words(entry, move, viewer),
        details={} if _of_a_draft(entry) or viewer.role != Role.ASEC else entry.details,
        digest=entry.digest,
    )


def _of_a_draft(entry: TrailEntry) -> bool:
    """Whether it tells of writing: files and texts that were perhaps never handed in."""
    return entry.role in PROPOSING and entry.action in _WRITING


def _state(entry: TrailEntry, viewer: Capacity) -> Any:
    """Say where the entry left the case, in the words for this reader."""
    if entry.subject_kind != "proposal" or not entry.target:
        return ""
    state = State(entry.target)
    return PUBLIC_LABELS[state] if viewer.proposes else state.label


def _words(entry: TrailEntry, move: type[Move] | None, viewer: Capacity) -> list[str]:
    """Return what the entry tells in words, as far as whoever wrote it was told that this reader reads it."""
    if move is None:
        return [str(entry.details[name]) for name in SHOWN.get(entry.action, ()) if entry.details.get(name)]
    return move.as_read(entry.details) if move.shown_to in circle(viewer.role) else []


def who(entry: TrailEntry, viewer: Capacity) -> str:
    """Name the office; the person too for ASEC, and in one's own organisation for colleagues and its partners.

    A partner reads their own name and nobody else's.
    """
    own = viewer.organisation is not None and (
        entry.organisation_id == viewer.organisation.pk or entry.role == Role.PARTNER
    )
    own = own or (viewer.team is not None and entry.person == viewer.person)
    if entry.person and (own or (viewer.role == Role.ASEC and entry.role in INSTITUTIONAL | PROPOSING)):
        return f"{entry.person}, {entry.capacity}"
    return entry.capacity

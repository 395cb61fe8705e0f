"""The extract of a proposal that ASEC chooses for a body to read: parts of one version, in words (F2).

Nothing is chosen in advance. What was chosen is frozen in words when the request is sent, so that the page on
which ASEC sends it and the one that the body opens show the same.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from aipbi.accounts.capacity import Capacity
from aipbi.documents import uploads
from aipbi.documents.models import Scan, StoredFile
from facilitation.drafts import SENT
from facilitation.models import BodyRequest, Challenge
from proposals import attachments
from proposals.document.reading import Answer, read
from proposals.models import Proposal, Version

# Purpose of the copies that the body reads: they stay as they were when the request was sent.
GIVEN = "extract"
# Purposes of what comes with answers and messages, and with the answer to an escalation.
REQUEST_FILES, ESCALATION_FILES = "request", "body_escalation"
_FILES = "attachments"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that can be chosen: its place in the document, its section, its title, and what is said there."""

    path: str
    section: str
    heading: str
    title: str
    answers: tuple[tuple[str, str], ...]

    @property
    def plain(self) -> dict[str, Any]:
        """As it is frozen."""
        return {"section": self.heading, "title": self.title, "answers": [list(one) for one in self.answers]}


def pieces(version: Version) -> list[Piece]:
    """Return everything in the version that can be given, in the order of the document; blank answers and files are left out."""
    return [piece for piece in _pieces(version.document) if piece.answers]


def _pieces(document: dict[str, Any]) -> Iterator[Piece]:
    for words in read(document):
        slug, heading = words.section.slug, str(words.section.label)
        for block in words.blocks:
            if block.name == _FILES:
                continue
            for item in block.items:
                if block.name:
                    title = ", ".join(filter(None, [block.label, item.title]))
                    yield Piece(item.path, slug, heading, title, _said(item.answers))
                else:
                    for answer in item.answers:
                        yield Piece(answer.path, slug, heading, answer.label, _said((answer,)))


def _said(answers: Collection[Answer]) -> tuple[tuple[str, str], ...]:
    return tuple((answer.label, answer.text) for answer in answers if answer.text)


def reads(request: BodyRequest) -> list[dict[str, Any]]:
    """Return the chosen parts in words: as they were frozen once it is sent, as they would be before."""
    if request.sent_at or request.version is None:
        return request.reads
    chosen = set(request.parts)
    return [piece.plain for piece in pieces(request.version) if piece.path in chosen]


def files_to_choose(request: BodyRequest, viewer: Capacity) -> list[StoredFile]:
    """Return what ASEC can give: files of the version in force, its confidential annexes among them, then `files_of_thread`."""
    return [*_files_of_version(request.proposal, viewer), *files_of_thread(request, viewer)]


def _files_of_version(proposal: Proposal | None, viewer: Capacity) -> list[StoredFile]:
    if proposal is None or proposal.version is None:
        return []
    held = attachments.held_by(proposal, proposal.version.document, viewer)
    return [file for _entry, file in held if file is not None and file.scan != Scan.INFECTED]


def files_of_thread(request: BodyRequest, viewer: Capacity) -> list[StoredFile]:
    """Return the files that were sent with messages on the challenge that is asked about; they stand as its evidence (F1)."""
    if request.challenge_id is None:
        return []
    sent = StoredFile.objects.visible_to(viewer, of=[SENT]).filter(
        case_id=request.case_pk, subject_kind=Challenge.kind, subject_pk=request.challenge_id
    )
    return list(sent.exclude(scan=Scan.INFECTED).order_by("pk"))


def files_of(request: BodyRequest) -> list[StoredFile]:
    """Return what the body gets to read, or would: the copies once it is sent, the chosen files before."""
    if request.sent_at is None:
        return list(request.files.order_by("pk"))
    return list(
        StoredFile.objects.filter(
            case_id=request.case_pk, purpose=GIVEN, subject_kind=BodyRequest.kind, subject_pk=request.pk
        ).order_by("pk")
    )


def freeze(request: BodyRequest, as_: Capacity) -> None:
    """Keep the chosen parts in words and copies of the chosen files; called inside the move that sends it."""
    request.reads = reads(request)
    for file in request.files.order_by("pk"):
        uploads.copy(file, subject=request, purpose=GIVEN, as_=as_)

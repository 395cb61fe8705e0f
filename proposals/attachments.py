"""The files of a proposal: named in its document, held beside it; who reads them (P6)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.documents import readers
from aipbi.documents.kinds import WITH_TEXT
from aipbi.documents.models import Scan, StoredFile
from proposals.document import Fault, Weight, faults
from proposals.models import Proposal
from proposals.rules import of_the_team

ATTACHMENT, VERSION, SUPPORT, RECEIVED = "attachment", "version", "support", "received"
# Who reads a confidential annex besides those who wrote it.
_CONFIDENTIAL = frozenset({Role.ASEC, Role.EXPERT, Role.FG_GVC})
_NOBODY = Q(pk__in=[])


def all_faults(proposal: Proposal) -> list[Fault]:
    """Return what stands against handing in: the document's faults, and files it names that are not here."""
    return [*faults(proposal.answers), *missing(proposal)]


def missing(proposal: Proposal) -> list[Fault]:
    """Return a fault for each file that the document names and nobody has uploaded."""
    named = named_in(proposal.answers)
    if not named:
        return []
    held = set(
        StoredFile.objects.filter(case_id=proposal.pk, purpose=ATTACHMENT, removed_at__isnull=True)
        .exclude(scan=Scan.INFECTED)
        .values_list("sha256", flat=True),
    )
    return [
        Fault(
            f"attachments[{n}]",
            _("“%(name)s” is named but not here. Upload it, or take it off the list.") % {"name": one.get("name")},
            "files",
            _("Files"),
            Weight.GAP,
        )
        for n, one in named
        if one.get("sha256") not in held
    ]


def named_in(document: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """Return the files that a document names, with their places."""
    found = document.get("attachments")
    return [(n, one) for n, one in enumerate(found) if isinstance(one, dict)] if isinstance(found, list) else []


def entry(file: StoredFile) -> dict[str, Any]:
    """Return how a document names a file."""
    return {
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
        "sha256": file.sha256,
        "confidential": file.confidential,
    }


def carry_over(old: Proposal, new: Proposal) -> None:
    """Hold the files that a new draft names and that the proposal it follows holds; their content is stored once."""
    named = [one.get("sha256") for _n, one in named_in(new.answers)]
    for file in StoredFile.objects.filter(
        case_id=old.pk, purpose=ATTACHMENT, sha256__in=named, removed_at__isnull=True
    ):
        file.pk, file.case_id, file.subject_pk = None, new.pk, new.pk
        file.text_due = file.media_type in WITH_TEXT
        file.save(force_insert=True)


def held_by(
    proposal: Proposal, document: dict[str, Any], viewer: Capacity
) -> list[tuple[dict[str, Any], StoredFile | None]]:
    """Return the files that a document names and the capacity may know of, each with what is stored of it."""
    named = [one for _n, one in named_in(for_reader(document, viewer, proposal))]
    stored = StoredFile.objects.visible_to(viewer).filter(case_id=proposal.pk, purpose=ATTACHMENT).order_by("pk")
    by_content = {file.sha256: file for file in stored}
    return [(one, by_content.get(str(one.get("sha256")))) for one in named]


def for_reader(document: dict[str, Any], viewer: Capacity, proposal: Proposal) -> dict[str, Any]:
    """Return the document without the confidential annexes that the capacity may not even know of."""
    if reads_confidential(viewer, proposal):
        return document
    return without_confidential(document)


def without_confidential(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document without its confidential annexes, as everybody on the case may read it."""
    open_ones: Iterable[dict[str, Any]] = [one for _n, one in named_in(document) if not one.get("confidential")]
    return {**document, "attachments": list(open_ones)}


def reads_confidential(viewer: Capacity, proposal: Proposal) -> bool:
    """Whether the capacity reads confidential annexes of a case that it may open."""
    return viewer.role in _CONFIDENTIAL or of_the_team(viewer, proposal)


def _on_a_case_of(viewer: Capacity) -> Q:
    return Q(Exists(Proposal.objects.visible_to(viewer).filter(pk=OuterRef("case_id"))))


def _attachment(viewer: Capacity) -> Q:
    """Those who write it read it all; others what was handed in, and the confidential only if their role may."""
    if viewer.proposes:
        return Q()
    readable = Q(case__proposal__version__frozen_at__gte=F("stored_at"))
    if viewer.role == Role.ASEC:
        return readable | Q(case__proposal__unconfirmed=True)
    return readable if viewer.role in _CONFIDENTIAL else readable & Q(confidential=False)


def _version(_viewer: Capacity) -> Q:
    return Q()


def _support(viewer: Capacity) -> Q:
    """A letter of support is for the Member States, ASEC and the experts."""
    return _NOBODY if viewer.proposes else Q()


def _received(viewer: Capacity) -> Q:
    """The e-mail or letter with which a proposal came is for its proponent and ASEC."""
    return Q() if viewer.proposes or viewer.role == Role.ASEC else _NOBODY


def register() -> None:
    """Say who reads which file; called once, when the app is ready."""
    for purpose, rule in ((ATTACHMENT, _attachment), (VERSION, _version), (SUPPORT, _support), (RECEIVED, _received)):
        readers.register(purpose, rule, within=_on_a_case_of)

"""How much an organisation may still store on a case, and in all (P6, defaults)."""

from dataclasses import dataclass

from django.db.models import Max, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Organisation
from aipbi.asean import defaults
from aipbi.documents.models import StoredFile, StoredFileQuerySet

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Room:
    """What is held and what may be held, in bytes: on the case, and by the organisation on all its cases."""

    case_held: int
    case_most: int
    organisation_held: int
    organisation_most: int
    # Whether the reader may know what the organisation's other cases hold: a partner may not (U4).
    tells_all: bool = True

    @property
    def left(self) -> int:
        """How many bytes may still come; never below nothing."""
        return max(0, min(self.case_most - self.case_held, self.organisation_most - self.organisation_held))

    @property
    def words(self) -> str:
        """The same in one sentence for a person."""
        if not self.tells_all:
            return _("This case holds %(case)s of at most %(case_most)s.") % {
                "case": filesizeformat(self.case_held),
                "case_most": filesizeformat(self.case_most),
            }
        return _(
            "This case holds %(case)s of at most %(case_most)s; all cases of your organisation hold %(all)s of at most %(all_most)s. "
            "%(left)s may still be added."
        ) % {
            "case": filesizeformat(self.case_held),
            "case_most": filesizeformat(self.case_most),
            "all": filesizeformat(self.organisation_held),
            "all_most": filesizeformat(self.organisation_most),
            "left": filesizeformat(self.left),
        }


def of(case_pk: int, organisation: Organisation, viewer: Capacity) -> Room:
    """Return the room of an organisation on a case; a partner is told of the case alone."""
    held = StoredFile.objects.filter(organisation=organisation, removed_at__isnull=True)
    return Room(
        case_held=_bytes(held.filter(case_id=case_pk)),
        case_most=defaults.get("case_megabytes") * MEGABYTE,
        organisation_held=_bytes(held),
        organisation_most=defaults.get("organisation_megabytes") * MEGABYTE,
        tells_all=viewer.team is None,
    )


def fault(size: int, left: int) -> str:
    """Return why a file of so many bytes does not go into what is left, or nothing."""
    if size <= left:
        return ""
    return _(
        "This file has %(size)s and there is room for %(left)s more. Take files off first, or make it smaller."
    ) % {
        "size": filesizeformat(size),
        "left": filesizeformat(left),
    }


def _bytes(files: StoredFileQuerySet) -> int:
    """Count content once that several rows share."""
    return files.values("content").annotate(bytes=Max("size")).aggregate(all=Sum("bytes"))["all"] or 0

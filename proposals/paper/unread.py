"""What of a form could not be taken as it stands: where, what was typed, and why."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

# What a report holds of one text and in all; the file itself stays with whoever filled it in.
LONGEST, MOST = 4000, 500


@dataclass(frozen=True, slots=True)
class Unread:
    """One thing; `kept` when the draft holds it as it was typed, to be mended there."""

    place: str
    text: str
    why: str
    kept: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.why}" + (f" – “{self.text}”" if self.text else "")


def stored(unread: list[Unread]) -> list[dict[str, Any]]:
    """Return the list as a report keeps it."""
    found = [asdict(one) | {"text": _cut(one.text)} for one in unread[:MOST]]
    if (more := len(unread) - MOST) > 0:
        why = _("%(count)s more are not listed. They are in your file.") % {"count": more}
        found.append(asdict(Unread(_("The form"), "", why)))
    return found


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

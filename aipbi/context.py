"""What every page knows: the product's name, the menu, whether this is the demonstration."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import PROPOSING, Role
from aipbi.workflow.mailing import away

_CASE_ROLES = PROPOSING | frozenset({Role.SEOM_LEAD, Role.FG_GVC, Role.EXPERT, Role.ASEC})

_MEETING_ROLES = frozenset({Role.ASEC, Role.FG_GVC, Role.SEOM_LEAD})

# Who has which entry in the menu; all where no role is named.
_ENTRIES: tuple[tuple[Collection[Role] | None, str, Any], ...] = (
    (None, "desk", _("Desk")),
    (_CASE_ROLES, "cases", _("Cases")),
    (_MEETING_ROLES, "barriers", _("Barriers")),
    (_MEETING_ROLES, "meetings", _("Meetings")),
    ({Role.ASEC, Role.FG_GVC}, "portfolio", _("Portfolio")),
    ({Role.EXPERT}, "own_work", _("My assessments")),
    ({Role.ASEC}, "experts", _("Experts")),
    ({Role.ASEC}, "outbox", _("Outbox")),
    ({Role.BODY_CONTACT}, "requests", _("Requests")),
    ({Role.PROPONENT}, "organisation", _("Organisation")),
    ({Role.ADMIN}, "people", _("People and offices")),
    ({Role.ADMIN}, "admin:index", _("Reference data")),
    (None, "notices", _("Notices")),
)

# Moves on these subjects, and these pages, are reached from an entry of the menu other than the cases.
_SECTIONS = {
    "meeting": "meetings",
    **dict.fromkeys(["release", "research"], "portfolio"),
    "invitation": "own_work",
    "assessment": "own_work",
    "request": "requests",
    **dict.fromkeys(["bulk", "bulk_run", "job"], "cases"),
    **dict.fromkeys(["own_assessment", "assessment_form", "assessment_upload"], "own_work"),
}


def portal(request: HttpRequest) -> dict[str, Any]:
    """Return the context every template gets; costs no query."""
    return {
        "portal_label": _("AIPBI Portal"),
        "demo": settings.PORTAL_DEMO,
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "mail_away": SimpleLazyObject(lambda: _mail_away(request)),
    }


def _mail_away(request: HttpRequest) -> tuple[datetime, str] | None:
    """Tell whoever can act on it since when and why no e-mail goes; asked of the cache."""
    capacity: Capacity | None = getattr(request, "capacity", None)
    return away.since() if capacity and capacity.role in (Role.ASEC, Role.ADMIN) else None


def _navigation(request: HttpRequest) -> list[dict[str, Any]]:
    capacity: Capacity | None = getattr(request, "capacity", None)
    if capacity is None:
        return []
    entries = [(name, label) for roles, name, label in _ENTRIES if roles is None or capacity.role in roles]
    section = _section(request)
    owned = section in {name for name, _label in entries}
    found = []
    for name, label in entries:
        url = reverse(name)
        current = name == section if owned else request.path.startswith(url)
        found.append({"label": label, "url": url, "current": current})
    return found


def _section(request: HttpRequest) -> str:
    """Return the entry of the menu that a page below a case's address belongs to; nothing where the address tells."""
    match = request.resolver_match
    if match is None:
        return ""
    return _SECTIONS.get(match.kwargs.get("kind", "")) or _SECTIONS.get(match.url_name or "", "")

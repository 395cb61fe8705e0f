"""What every page knows: the product's name, the menu, whether this is the demonstration."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import PROPOSING, Role
from aipbi.workflow.mailing import away

_CASE_ROLES = PROPOSING | frozenset({Role.SEOM_LEAD, Role.FG_GVC, Role.EXPERT, Role.ASEC})

_MEETING_ROLES = frozenset({Role.ASEC, Role.FG_GVC, Role.SEOM_LEAD})

# Moves on these subjects, and these pages, are reached from an entry of the menu other than the cases.
_SECTIONS = {
    "meeting": "meetings",
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
    entries = [("desk", _("Desk"))]
    if capacity.role in _CASE_ROLES:
        entries.append(("cases", _("Cases")))
    if capacity.role in _MEETING_ROLES:
        entries += [("barriers", _("Barriers")), ("meetings", _("Meetings"))]
    if capacity.role == Role.EXPERT:
        entries.append(("own_work", _("My assessments")))
    if capacity.role == Role.ASEC:
        entries += [("experts", _("Experts")), ("outbox", _("Outbox"))]
    if capacity.role == Role.BODY_CONTACT:
        entries.append(("requests", _("Requests")))
    if capacity.role == Role.PROPONENT:
        entries.append(("organisation", _("Organisation")))
    if capacity.role == Role.ADMIN:
        entries += [("people", _("People and offices")), ("admin:index", _("Reference data"))]
    entries.append(("notices", _("Notices")))
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

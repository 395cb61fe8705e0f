"""How far what a notice asks is, in words."""

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aipbi.accounts.enums import Role
from aipbi.templatetags.portal import day_in_words, due, when
from aipbi.workflow import registry
from aipbi.workflow.models import Notice, Obligation
from aipbi.workflow.moves import ALL

register = template.Library()


@register.simple_tag
def standing(notice: Notice) -> str:
    """Say until when the notice asks, or when that was done and how late; nothing for one without a day (L5)."""
    owed = notice.obligation
    if owed and owed.closed_at:
        return _closed(owed)
    if owed and owed.paused_at:
        return _("Clock paused")
    until = owed.due_at if owed else notice.due_at
    if not until:
        return ""
    # What nobody owes, such as the hour of a meeting, is never overdue.
    return due(until) if owed or (notice.to_act and until > timezone.now()) else when(until)


def _closed(owed: Obligation) -> str:
    done = _done(owed)
    words = _("Done on %(day)s") if done else _("Not asked any more since %(day)s")
    closed = timezone.localtime(owed.closed_at)
    told = words % {"day": day_in_words(closed)}
    if done and owed.due_at and owed.closed_at and owed.closed_at > owed.due_at:
        days = max((closed.date() - timezone.localtime(owed.due_at).date()).days, 1)
        told += ngettext(", %(n)s day late", ", %(n)s days late", days) % {"n": days}
    return format_html('<span class="portal-due portal-due--done">{}</span>', told)


def _done(owed: Obligation) -> bool:
    """Whether those who owed it did it: themselves, or the other office of their Member State, and not by ending the case."""
    entry = owed.closed_by
    if entry is None:
        return False
    move = registry.get(entry.subject_kind, entry.action)
    if move and move.closes == ALL:
        return False
    if owed.office and entry.office:
        return owed.office == entry.office or owed.office.ams_id == entry.office.ams_id is not None
    if owed.organisation_id:
        return owed.organisation_id == entry.organisation_id or entry.role == Role.PARTNER
    return owed.person_id is not None and owed.person_id == entry.person_id

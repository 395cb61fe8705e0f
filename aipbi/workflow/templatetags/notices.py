"""How far what a notice asks is, in words."""

from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aipbi.accounts.enums import Role
from aipbi.templatetags.portal import day_in_words, due, when
from aipbi.workflow import registry
from aipbi.workflow.moves import ALL

register = template.Library()


@register.simple_tag
def standing(line: dict[str, Any]) -> str:
    """Say until when a notice asks, or when that was done and how late; nothing for one without a day (L5)."""
    owed = line["obligation"]
    if line["obligation__closed_at"]:
        return _closed(line)
    if line["obligation__paused_at"]:
        return _("Clock paused")
    until = line["obligation__due_at"] if owed else line["due_at"]
    if not until:
        return ""
    # What nobody owes, such as the hour of a meeting, is never overdue.
    return due(until) if owed or (line["to_act"] and until > timezone.now()) else when(until)


def _closed(line: dict[str, Any]) -> str:
    done, due_at, closed_at = _done(line), line["obligation__due_at"], line["obligation__closed_at"]
    words = _("Done on %(day)s") if done else _("Not asked any more since %(day)s")
    closed = timezone.localtime(closed_at)
    told = words % {"day": day_in_words(closed)}
    if done and due_at and closed_at > due_at:
        days = max((closed.date() - timezone.localtime(due_at).date()).days, 1)
        told += ngettext(", %(n)s day late", ", %(n)s days late", days) % {"n": days}
    return format_html('<span class="portal-due portal-due--done">{}</span>', told)


def _done(line: dict[str, Any]) -> bool:
    """Whether those who owed it did it: themselves, or the other office of their Member State, and not by ending the case."""

    def same(name: str) -> bool:
        owed = line[f"obligation__{name}"]
        return owed is not None and owed == line[f"obligation__closed_by__{name}"]

    action = line["obligation__closed_by__action"]
    if action is None:
        return False
    move = registry.get(line["obligation__closed_by__subject_kind"], action)
    if move and move.closes == ALL:
        return False
    if line["obligation__office"] and line["obligation__closed_by__office"]:
        return same("office") or same("office__ams")
    if line["obligation__organisation"]:
        return same("organisation") or line["obligation__closed_by__role"] == Role.PARTNER
    return same("person")

"""The few tags pages need, known to every template without `load`: moments, deadlines, page links."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BaseForm
from django.template import Context
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

SOON_DAYS = 5
SECRETARIAT = ZoneInfo(settings.SECRETARIAT_TIME_ZONE)


def place(zone: tzinfo) -> str:
    """Return the town a zone is named after: `Asia/Phnom_Penh` is `Phnom Penh`."""
    return str(zone).rsplit("/", 1)[-1].replace("_", " ")


def day_in_words(day: date) -> str:
    """Say a day, such as 22 November 2026. Written out here because long lists have hundreds of them."""
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def in_words(moment: datetime | date) -> str:
    """Say a moment in the reader's zone and Jakarta's; once where both clocks agree. A plain date stays one."""
    if not isinstance(moment, datetime):
        return day_in_words(moment)
    here, there = moment.astimezone(timezone.get_current_timezone()), moment.astimezone(SECRETARIAT)
    told = f"{day_in_words(here)}, {here:%H:%M}"
    if here.utcoffset() == there.utcoffset():
        return f"{told} {_('Jakarta time')}"
    jakarta = f"{there:%H:%M}" if here.date() == there.date() else f"{day_in_words(there)}, {there:%H:%M}"
    return f"{told} {place(here.tzinfo or SECRETARIAT)} ({jakarta} Jakarta)"


@register.filter
def secretariat_day(moment: datetime | None) -> date | None:
    """Return the day at the Secretariat: what is published has one date, wherever it is read."""
    return timezone.localdate(moment, SECRETARIAT) if moment else None


@register.simple_tag
def when(moment: datetime | date | None) -> str:
    """Write a moment as one `<time>`; an aware datetime, a date, or nothing for nothing."""
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), in_words(moment)) if moment else ""


@register.simple_tag
def due(until: datetime | date | None, now: datetime | None = None) -> str:
    """Write how far off a deadline is, in words, with a light that repeats them (L5).

    Days are calendar days on the reader's clock. `now` is for a page that shows a past moment.
    """
    return "" if until is None else lit(until, in_words(until), now or timezone.now())


def lit(until: datetime | date, told: str, now: datetime) -> str:
    """Write a deadline as `due` does where it is said already (`told`, as `in_words` says it)."""
    days = _days_between(now, until)
    light = _light(now, until, days)
    words = _words(days, late=light == "overdue")
    # Written without format_html, as a desk has fifty of them; none of it is what somebody wrote.
    time = f'<time datetime="{until.isoformat()}" title="{told}">{words}</time>'
    return mark_safe(f'<span class="portal-due portal-due--{light}">{time}</span>')  # noqa: S308 - see above


def light_of(until: datetime | date | None, now: datetime) -> str:
    """Return the light of a deadline: `overdue` once it has passed, `soon` within five days, else `later`; none for none."""
    return "" if until is None else _light(now, until, _days_between(now, until))


def _light(now: datetime, until: datetime | date, days: int) -> str:
    late = until < now if isinstance(until, datetime) else days < 0
    return "overdue" if late else "soon" if days <= SOON_DAYS else "later"


def _days_between(now: datetime, until: datetime | date) -> int:
    day = timezone.localtime(until).date() if isinstance(until, datetime) else until
    return (day - timezone.localtime(now).date()) // timedelta(days=1)


def _words(days: int, *, late: bool) -> str:
    if late:
        if days == 0:
            return _("Overdue since today")
        return ngettext("Overdue by %(n)s day", "Overdue by %(n)s days", -days) % {"n": -days}
    if days == 0:
        return _("Due today")
    if days == 1:
        return _("Due tomorrow")
    return _("Due in %(n)s days") % {"n": days}


@register.filter
def any_errors(forms: Iterable[BaseForm] | None) -> bool:
    """Whether one of several forms has an error; for the summary of a page that holds more than one."""
    return any(form.errors for form in forms or ())


@register.simple_tag(takes_context=True)
def page_links(
    context: Context, page: Page | None, previous_url: str | None, next_url: str | None
) -> dict[str, Any] | None:
    """Return `previous`, `next` and `numbers` for the pagination partial; nothing when all fits on one page.

    A Django page keeps the rest of the query; keyset lists bring their own two addresses.
    """
    if not isinstance(page, Page):
        return {"previous": previous_url, "next": next_url} if previous_url or next_url else None
    if not page.has_other_pages():
        return None
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "previous": address(page.previous_page_number()) if page.has_previous() else None,
        "next": address(page.next_page_number()) if page.has_next() else None,
        "numbers": [
            {
                "label": number,
                "url": address(number) if isinstance(number, int) else None,
                "current": number == page.number,
            }
            for number in page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
        ],
    }

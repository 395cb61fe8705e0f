"""Moments in two zones, deadlines in words, page links."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def render(text, **context):
    return engines["django"].from_string(text).render(context, context.pop("request", None)).strip()


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Bangkok", "22 November 2026, 19:00 Jakarta time"),
        ("Asia/Singapore", "22 November 2026, 20:00 Singapore (19:00 Jakarta)"),
        ("Asia/Yangon", "22 November 2026, 18:30 Yangon (19:00 Jakarta)"),
        ("UTC", "22 November 2026, 12:00 UTC (19:00 Jakarta)"),
    ],
)
def test_a_moment_is_told_in_the_readers_zone_and_jakartas(zone, text):
    with timezone.override(ZoneInfo(zone)):
        assert render("{% when at %}", at=NOON) == f'<time datetime="2026-11-22T12:00:00+00:00">{text}</time>'


def test_the_day_is_told_twice_where_it_differs():
    with timezone.override(ZoneInfo("Asia/Dili")):
        told = render("{% when at %}", at=datetime(2026, 11, 22, 15, 30, tzinfo=UTC))
    assert "23 November 2026, 00:30 Dili (22 November 2026, 22:30 Jakarta)" in told


def test_a_day_stays_a_day_and_nothing_stays_nothing():
    assert render("{% when at %}", at=date(2026, 11, 22)) == '<time datetime="2026-11-22">22 November 2026</time>'
    assert render("{% when at %}{% due at %}", at=None) == ""


def test_what_is_published_has_the_secretariats_day_wherever_it_is_read():
    late = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    with timezone.override(ZoneInfo("UTC")):
        assert ">23 November 2026<" in render("{% when at|secretariat_day %}", at=late)
        assert render("{% when at|secretariat_day %}", at=None) == ""


@pytest.mark.parametrize(
    ("until", "light", "words"),
    [
        (NOON - timedelta(days=3), "overdue", "Overdue by 3 days"),
        (NOON - timedelta(days=1), "overdue", "Overdue by 1 day"),
        (NOON - timedelta(minutes=1), "overdue", "Overdue since today"),
        (NOON + timedelta(minutes=1), "soon", "Due today"),
        (NOON + timedelta(days=1), "soon", "Due tomorrow"),
        (NOON + timedelta(days=5), "soon", "Due in 5 days"),
        (NOON + timedelta(days=6), "later", "Due in 6 days"),
        (date(2026, 11, 22), "soon", "Due today"),
        (date(2026, 11, 21), "overdue", "Overdue by 1 day"),
    ],
)
def test_l5_a_deadline_says_in_words_what_its_light_shows(until, light, words):
    with timezone.override(ZoneInfo("Asia/Jakarta")):
        told = render("{% due until now=now %}", until=until, now=NOON)
    assert f"portal-due--{light}" in told
    assert f">{words}</time>" in told


def test_days_are_counted_on_the_readers_clock():
    """16:00 UTC is 23:00 in Jakarta, and one in the morning of the next day in Dili."""
    until, now = datetime(2026, 11, 22, 16, 0, tzinfo=UTC), datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    with timezone.override(ZoneInfo("Asia/Jakarta")):
        assert "Due today" in render("{% due until now=now %}", until=until, now=now)
    with timezone.override(ZoneInfo("Asia/Dili")):
        assert "Due tomorrow" in render("{% due until now=now %}", until=until, now=now)


PAGINATION = '{% include "partials/pagination.html" %}'


def test_page_links_keep_the_rest_of_the_query():
    request = RequestFactory().get("/cases/", {"q": "battery & cell", "page": "3"})
    page = Paginator(range(100), 10).page(3)
    html = render(PAGINATION, page=page, request=request)
    assert 'href="?q=battery+%26+cell&amp;page=2" rel="prev"' in html
    assert 'href="?q=battery+%26+cell&amp;page=4" rel="next"' in html
    assert html.count('aria-current="page"') == 1
    assert "…" in html


def test_one_page_needs_no_links():
    assert render(PAGINATION, page=Paginator(range(3), 10).page(1)) == ""


def test_keyset_lists_bring_their_own_addresses():
    html = render(PAGINATION, next_url="?after=7")
    assert 'href="?after=7" rel="next"' in html
    assert 'rel="prev"' not in html

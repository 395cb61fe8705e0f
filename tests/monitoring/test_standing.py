"""How a project stands: the light and its rule in words, what facilitation is said to have done, the line of time (M4)."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from django.core.cache import cache
from django.urls import reverse

from aipbi.asean.cache import forget
from aipbi.asean.models import Default, Indicator
from aipbi.documents import pdf as documents
from monitoring import lights, progress
from monitoring.models import PlanLine, Report, ReportFigure
from tests.support.people import sign_in

BEGINS, ENDS = date(2026, 1, 1), date(2029, 12, 31)


def light(actual, *, target=100, baseline=0, until=date(2027, 12, 31), better="up"):
    indicator = Indicator(code="C1", name="GDP", unit="USD", aggregation="sum", by_ams=False, better=better, pk=1)
    line = PlanLine(pk=1, indicator=indicator, baseline=Decimal(baseline), target=Decimal(target))
    value = None if actual is None else Decimal(actual)
    figure = ReportFigure(report=Report(number=1, period_until=until), line=line, actual=value, accepted=True)
    [found] = lights.put(progress.of([line], [figure]), BEGINS, ENDS)
    return lights.whole(found)


@pytest.mark.parametrize(
    ("actual", "more", "course"),
    [
        (45, {}, "on_course"),
        (44, {}, "behind"),
        (25, {}, "behind"),
        (24, {}, "off_course"),
        (None, {}, "unknown"),
        (60, {"target": 20, "baseline": 100, "better": "down"}, "on_course"),
        (90, {"target": 20, "baseline": 100, "better": "down"}, "off_course"),
        (10, {"target": 10, "baseline": 10}, "on_course"),
        (9, {"target": 10, "baseline": 10}, "off_course"),
        (90, {"until": date(2031, 1, 1)}, "on_course"),
    ],
)
def test_m4_the_light_weighs_the_way_gone_against_the_time_gone(actual, more, course):
    assert light(actual, **more).course == course


def test_m4_the_light_says_its_rule():
    assert light(44).words == (
        "44 % of the way by 31 December 2027, when 50 % of the time was gone. "
        "That is less than nine tenths of what the time asks for."
    )


def test_m4_the_page_and_its_pdf_say_how_the_project_stands_and_what_facilitation_did(story, client):
    story.accepted()
    code = story.case.case.code
    page = sign_in(client, story.people.seom("TH")).get(reverse("progress", args=[code])).content.decode()
    answer = client.get(reverse("progress_pdf", args=[code]))
    read = "".join(one.get_textpage().get_text_bounded() for one in pypdfium2.PdfDocument(answer.content))
    text = " ".join(read.split())
    for said in (
        "of the way by",
        "The share of deliveries that went through the contact points",
        "Report 1 accepted",
        "Report 2 is due",
    ):
        assert said in " ".join(page.split())
        assert said in text
    with pikepdf.open(BytesIO(answer.content)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert opened.Root.Lang
    assert sign_in(client, story.people.body("AMEM")).get(reverse("progress", args=[code])).status_code == 404
    entry = story.case.case.trail.order_by("-number").first()
    assert entry.action == "download"


def test_m4_its_pdf_is_made_so_often_an_hour_as_the_setting_says_and_asking_for_its_head_makes_none(
    story, client, monkeypatch
):
    """It takes seconds of the web's own process: a few readers who ask again and again would hold the portal."""
    story.accepted()
    Default.objects.filter(key="pdfs_an_hour").update(value=2, minimum=1)
    forget(Default._meta.label)
    cache.delete(f"limit:pdfs_an_hour:{story.writer.person.pk}")
    address, reader = reverse("progress_pdf", args=[story.case.case.code]), sign_in(client, story.writer)
    made = []
    monkeypatch.setattr(documents, "render", lambda *_about, **_more: made.append(1) or b"%PDF-")
    for _n in range(4):
        assert reader.head(address)["Content-Type"] == "application/pdf"
    assert made == []
    assert [reader.get(address).status_code for _n in range(3)] == [200, 200, 429]
    assert len(made) == 2

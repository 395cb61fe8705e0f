"""D7: a meeting from its call to the adopted record, through the door and on its pages."""

import io
import re
import zipfile

import pikepdf
from django.db import transaction
from django.urls import reverse

from aipbi.workflow import invariants, jobs, trail
from aipbi.workflow.models import TrailEntry
from review.meetings.models import AgendaItem, Meeting, Record
from review.models import Decision
from tests.review import meetings, steps
from tests.support.cases import do


def _main_button(page):
    found = re.search(r'class="govuk-button" href="[^"]*/meeting/[^"]*"[^>]*>([^<]*)<', page.text)
    return found.group(1) if found else ""


def _written_and_circulated(people, asec, meeting, item):
    """What stands out on the meeting's page is what comes next: write the record, circulate it, then nothing."""
    page = f"/meetings/{meeting.case.code}/"
    assert (
        "begin with the last version’s words"
        in asec.get(f"/cases/{meeting.case.code}/meeting/{meeting.pk}/write_record/").content.decode()
    )
    assert _main_button(asec.get(page)) == "Write the record"
    do(
        meetings.fresh(meeting),
        "write_record",
        people.asec(),
        opening="The chair opened the meeting.",
        **{f"text_{item.pk}": "All spoke."},
    )
    assert jobs.run(meetings.job_of(meeting, "meeting_record").pk)
    first = Record.objects.get()
    with first.docx.content.open() as file, zipfile.ZipFile(file) as archive:
        text = archive.read("word/document.xml").decode()
    assert 'w:val="Heading1"' in text
    assert "As agreed." in text
    assert _main_button(asec.get(page)) == "Circulate the record"
    do(meetings.fresh(meeting), "circulate_record", people.asec(), corrections_by=steps.in_a_month().isoformat())
    assert _main_button(asec.get(page)) == ""


def _asked_is_read_before_it_is_adopted(people, chair, meeting):
    """Ask for a correction: who adopts the record reads that it is not taken up."""
    do(meetings.fresh(meeting), "ask_correction", people.fg_gvc("TH"), text="Thailand was present.")
    address = reverse("move", args=[meeting.case.code, "meeting", meeting.pk, "adopt_record"])
    shown = chair.get(address).content.decode()
    assert "Thailand was present." in shown
    assert "Corrections were asked for by" in shown
    refused = chair.post(address, {"how": "In the room.", "seen": meetings.fresh(meeting).revision})
    assert refused.status_code == 422, refused.status_code
    assert "In the room." in refused.text


def _adopted_before_corrections_are_due(people, meeting):
    assert meetings.fresh(meeting).state == "held"
    do(meetings.fresh(meeting), "adopt_record", people.chair(), how="In the room.", early=True)
    assert TrailEntry.objects.get(action="adopt_record").details["early"]


def test_d7_from_the_call_to_the_adopted_record(people, signed_in):
    case = meetings.before_a_meeting(people)
    asec, chair = signed_in(people.asec()), signed_in(people.chair())
    answer = asec.post("/meetings/call/", meetings.typed())
    meeting = Meeting.objects.select_related("case").get()
    page = f"/meetings/{meeting.case.code}/"
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == page
    item = meetings.with_case(people, meeting, case)
    meetings.arrange(people, meeting, new_title="Any other matter")
    assert "Any other matter" in chair.get(page).content.decode()

    pack = meetings.make_pack(people, meeting)
    assert (pack.number, meetings.fresh(meeting).state) == (1, "pack_issued")
    with pikepdf.open(io.BytesIO(b"".join(chair.get(reverse("file", args=[pack.file_id]))))) as opened:
        assert len(opened.pages) == pack.pages

    meetings.opened(people, meeting)
    live = f"{page}live/"
    shown = chair.get(live).content.decode()
    assert case.title in shown
    steps.say(people, case, LA="approve", MY="no_objection")
    meeting = meetings.fresh(meeting)
    sent = {"do": "decide", "item": item.pk, "seen": meeting.revision, "seen_case": steps.fresh(case).revision,
            "outcome": "approved", "reasons": "As agreed.", "discussion": "All spoke."}  # fmt: skip
    refused = chair.post(live, sent)
    assert refused.status_code == 409
    assert "All spoke." in refused.content.decode()
    assert "Still awaited" in refused.content.decode()

    stated = {"do": "positions", "item": item.pk}
    for ams in ("TH", "SG"):
        stated |= {f"value_{ams}": "no_objection", f"text_{ams}": "", f"seen_{ams}": 0}
    assert asec.post(live, stated).status_code == 302
    assert steps.position(case, "TH").office.role == "asec_officer"
    answer = chair.post(live, sent)
    assert answer.status_code == 302, answer.content.decode()
    assert steps.fresh(case).state == "approved"
    item.refresh_from_db()
    assert item.discussion == "All spoke."

    _written_and_circulated(people, asec, meeting, item)
    _asked_is_read_before_it_is_adopted(people, chair, meeting)
    _adopted_before_corrections_are_due(people, meeting)
    assert jobs.run(meetings.job_of(meeting, "meeting_record").pk)
    assert meetings.fresh(meeting).state == "adopted"
    assert "Adopted" in chair.get(f"{page}record/").content.decode()
    assert not AgendaItem.objects.filter(closed_at__isnull=True).exists()
    assert invariants.violations() == {}
    assert list(trail.broken()) == []


def test_d4_d5_a_deferral_and_a_decision_under_minus_x_are_recorded_on_the_meetings_screen(people, signed_in):
    case = meetings.before_a_meeting(people)
    meeting = meetings.called(people)
    item = meetings.with_case(people, meeting, case)
    meetings.opened(people, meeting)
    chair, live = signed_in(people.chair()), f"/meetings/{meeting.case.code}/live/"
    steps.say(people, case, LA="approve", MY="approve", SG="approve", TH="defer")
    saw = re.search(r'name="saw" value="([^"]*)"', chair.get(live).text).group(1)
    sent = {"do": "decide", "item": item.pk, "seen": meetings.fresh(meeting).revision, "saw": saw,
            "seen_case": steps.fresh(case).revision, "outcome": "deferred", "reasons": "Reasons typed in the room.",
            "clearing": "The proponent asks the regulator.", "discussion": "All spoke."}  # fmt: skip
    refused = chair.post(live, sent)
    assert refused.status_code == 422
    for said in ("Write the question that has to be answered first", "The proponent asks the regulator.", "All spoke."):
        assert said in refused.text
    with transaction.atomic():
        assert chair.post(live, {**sent, "question": "Which grid code holds?"}).status_code == 302
        assert steps.fresh(case).state == "deferred"
        assert Decision.objects.get().question == "Which grid code holds?"
        transaction.set_rollback(True)

    # Thailand changes its mind while the chair writes; what was typed for the deferral is still to be read.
    steps.say(people, case, TH="object")
    steps.step_aside(people, case, "TH")
    refused = chair.post(live, {**sent, "question": "Which grid code holds?"})
    assert refused.status_code == 422
    for said in ("Thailand: steps aside under ASEAN Minus X", "Which grid code holds?", "Note of TH of 3 December."):
        assert said in refused.text
    assert not Decision.objects.exists()
    sent |= {"saw": re.search(r'name="saw" value="([^"]*)"', refused.text).group(1), "outcome": "approved"}
    answer = chair.post(live, {**sent, "minus_x_basis": "The others go on."})
    assert answer.status_code == 302, answer.text
    assert (steps.fresh(case).state, Decision.objects.get().basis) == ("approved", "minus_x")
    assert invariants.violations() == {}

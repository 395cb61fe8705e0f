"""The list of cases: order, columns, views, files, and the way through it (R7); nothing of it tells what one may not see (U5)."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aipbi.asean.cache import forget
from aipbi.asean.models import Default
from aipbi.documents import texts
from aipbi.documents.models import StoredFile
from aipbi.workflow import jobs
from aipbi.workflow.models import Job, Obligation
from proposals.inbox import files
from proposals.models import Export, ExportDownload, Proposal, SavedView
from tests.documents import samples
from tests.documents.test_texts import pdf
from tests.support import cases


@pytest.fixture
def three(people):
    """Three cases that ASEC sees: in the inbox since long, in the inbox, registered."""
    found = (
        cases.in_inbox(people),
        cases.in_inbox(people, "02-ev-battery-chain"),
        cases.registered(people, "03-chip-materials-lane"),
    )
    for days, case in zip((9, 5, 1), found, strict=True):
        Proposal.objects.filter(pk=case.pk).update(moved_at=timezone.now() - timedelta(days=days))
        Obligation.objects.open().filter(case=case.pk).update(due_at=timezone.now() + timedelta(days=days - 4))
    return found


def order(answer, three) -> list[int]:
    """Return in which order the page shows the three, by their place in the fixture."""
    places = {answer.text.find(f'href="/cases/{case.case.code}/"'): n for n, case in enumerate(three)}
    return [places[at] for at in sorted(places) if at >= 0]


# --- order and columns ---


def test_r7_the_list_is_sorted_by_any_column_and_overdue_comes_first(people, three, signed_in):
    officer = signed_in(people.asec())
    assert order(officer.get("/cases/"), three) == [2, 1, 0]
    assert order(officer.get("/cases/?sort=moved"), three) == [0, 1, 2]
    assert order(officer.get("/cases/?sort=waiting"), three) == [2, 1, 0], "due three days ago, tomorrow, in five"
    assert order(officer.get("/cases/?sort=-waiting"), three) == [0, 1, 2]
    Obligation.objects.open().filter(case=three[2].pk).update(paused_at=timezone.now())
    assert order(officer.get("/cases/?sort=waiting"), three) == [1, 0, 2], "a clock that stands still comes last"
    Obligation.objects.open().filter(case=three[1].pk).update(closed_at=timezone.now())
    assert order(officer.get("/cases/?sort=waiting"), three) == [0, 2, 1], (
        "then what waits for nobody, the last moved first"
    )
    titles = sorted(range(3), key=lambda n: three[n].title)
    assert order(officer.get("/cases/?sort=title"), three) == [2, 1, 0], "no column of this name: the usual order"
    assert order(officer.get("/cases/?sort=case"), three) == titles
    for code in (
        "state",
        "reference",
        "organisation",
        "sector",
        "chain",
        "origin",
        "officer",
        "investment",
        "submitted",
        "registered",
    ):
        for sign in ("", "-"):
            assert sorted(order(officer.get(f"/cases/?sort={sign}{code}"), three)) == [0, 1, 2], code


def test_r7_deadlines_sort_by_what_the_reader_may_know_of(people, three, signed_in):
    """U5: what is owed in a narrower circle does not move a case in anybody else's list."""
    lead = signed_in(people.seom(three[0].originating_ams_id))
    before = order(lead.get("/cases/?sort=waiting"), three)
    Obligation.objects.create(
        case_id=three[1].pk,
        kind="assess",
        subject_kind="assessment",
        subject_pk=1,
        person=people.expert().person,
        opened_at=timezone.now(),
        due_at=timezone.now() - timedelta(days=90),
    )
    assert order(lead.get("/cases/?sort=waiting"), three) == before
    assert order(signed_in(people.asec()).get("/cases/?sort=waiting"), three)[0] == 1


def test_r7_one_chooses_columns_and_is_told_what_is_no_column(people, three, signed_in):
    officer = signed_in(people.asec())
    page = officer.get("/cases/?columns=origin,officr&columns=submitted&sort=-nothing").text
    assert "“officr” is not a column, and was left out. Did you mean “officer”?" in page
    assert "The list can&#x27;t be sorted by “nothing”" in page
    assert "Originating Member State</a></th>" in page
    assert "Waits for</a></th>" not in page
    assert 'name="columns" value="case,origin,submitted"' in page
    lead = signed_in(people.seom("LA")).get("/cases/?columns=officer").text
    assert "“officer” is not a column" in lead, "who holds a case inside the Secretariat is its own matter"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("page=9", "The list has no page 9; its last is page 1."),
        ("page=1x", "“1x” is not the number of a page; this is the first."),
        ("page=0", "“0” is not the number of a page"),
        ("page=99999", "The list is turned over as far as page 200."),
        ("view=999999", "This view is not there any more. All cases are shown."),
        ("view=x", "This view is not there any more."),
        ("state=nowhere", "Select a valid choice."),
        ("q=" + "a" * 2000, "Ensure this value has at most 200 characters (it has 2000)."),
        ("q=%00", "Null characters are not allowed."),
        ("q=-zzzz", "3 cases"),
    ],
)
def test_bad_input_in_the_address_is_answered_plainly(people, three, signed_in, query, said):
    answer = signed_in(people.asec()).get(f"/cases/?{query}")
    assert answer.status_code == 200
    assert said in answer.text


# --- search in files ---


def test_u5_a_confidential_annex_is_found_by_those_alone_who_read_it(people, signed_in):
    """P6: not by its words, not by its name, not by the number of cases."""
    draft = cases.draft(people)
    owner = people.proponent()
    draft = cases.do(draft, "add_file", owner, files={"file": samples.upload(pdf("Xenotime"), "open.pdf")})
    secret = samples.upload(pdf("Yttrium contract"), "zirconia.pdf")
    draft = cases.do(draft, "add_file", owner, files={"file": secret}, confidential="on")
    for pk in texts.due():
        texts.read(pk)
    assert StoredFile.objects.filter(text__isnull=False).count() == 2
    other = people.proponent("Penang Packaging", country="MY")
    for viewer in (owner, other):
        found = "1 case<" in signed_in(viewer).get("/cases/?q=yttrium").text
        assert found is (viewer is owner), "a draft is found by who wrote it"
    case = cases.do(draft, "submit", owner, declaration="on")
    case = cases.do(case, "support", people.seom(case.originating_ams_id), statement="We support it.")
    from proposals.moves.inbox import CHECKLIST

    cases.do(case, "register", people.asec(), **dict.fromkeys(CHECKLIST, "yes"))
    expected = {"xenotime": True, "yttrium": False, '"yttrium contract"': False, "zirconia": False}
    for words, may in expected.items():
        assert "1 case<" in signed_in(people.asec()).get("/cases/", {"q": words}).text, words
        for lead in (people.seom(case.originating_ams_id), people.seom("TH")):
            page = signed_in(lead).get("/cases/", {"q": words}).text
            assert ("1 case<" in page) is may, words
            without = signed_in(lead).get("/cases/", {"q": f"-{words}"}).text
            assert ("1 case<" in without) is not may, f"-{words}"
    StoredFile.objects.filter(name="open.pdf").update(scan="waiting")
    assert "1 case<" not in signed_in(people.asec()).get("/cases/?q=xenotime").text, "the scanner comes first"


# --- views ---


def test_r7_a_view_is_saved_shared_opened_by_default_renamed_and_deleted(people, three, signed_in):
    officer, colleague = signed_in(people.asec()), signed_in(people.asec(2))
    saved = officer.post("/cases/views/save/?state=inbox&sort=waiting", {"name": "To check", "default": "on"})
    view = SavedView.objects.get()
    assert (saved.url, view.query) == (f"/cases/?view={view.pk}", "state=inbox&sort=waiting")
    assert order(officer.get("/cases/"), three) == [1, 0], "the list opens with it"
    assert order(officer.get("/cases/?view=all"), three) == [2, 1, 0]
    assert "To check" not in colleague.get("/cases/").text
    gone = colleague.get(f"/cases/?view={view.pk}").text
    assert "This view is not there any more" in gone
    for address in (f"/cases/views/{view.pk}/", f"/cases/views/{view.pk}/delete/", f"/cases/views/{view.pk}/prefer/"):
        assert colleague.post(address, {"name": "Mine now"}).status_code == 404
    officer.post(f"/cases/views/{view.pk}/", {"name": "To check first", "shared": "on"})
    assert order(officer.get("/cases/"), three) == [2, 1, 0], "no longer by default"
    assert order(colleague.get(f"/cases/?view={view.pk}"), three) == [1, 0]
    assert "To check first" not in signed_in(people.seom("LA")).get("/cases/").text
    colleague.post(f"/cases/views/{view.pk}/prefer/", {"default": "1"})
    assert order(colleague.get("/cases/"), three) == [1, 0]
    assert (
        "You have a view of this name already."
        in officer.post("/cases/views/save/?q=battery", {"name": "To check first"}).text
    )
    assert colleague.post(f"/cases/views/{view.pk}/", {"name": "Mine now"}).status_code == 404, "shared, not given away"
    officer.post(f"/cases/views/{view.pk}/delete/")
    assert order(colleague.get("/cases/"), three) == [2, 1, 0]


def test_r4_experts_share_no_views(people, signed_in):
    """They hold one office and don't know of one another."""
    expert = signed_in(people.expert(1))
    assert 'name="shared"' not in expert.get("/cases/views/save/").text
    expert.post("/cases/views/save/", {"name": "Mine", "shared": "on"})
    assert SavedView.objects.get().shared is False


def test_r7_a_view_that_cant_be_read_any_more_says_so(people, three, signed_in):
    officer = people.asec()
    view = SavedView.objects.create(person=officer.person, held_as=officer.key, name="Old", query="q=stage%3Ainbox")
    page = signed_in(officer).get(f"/cases/?view={view.pk}").text
    assert "The view “Old” asks for something that can’t be read any more." in page
    assert "“stage:” at character 1 is not something to search by. Did you mean “state”?" in page
    assert three[0].title not in page


# --- the way through the list ---


def test_r7_the_list_travels_with_the_reader(people, three, signed_in):
    officer = signed_in(people.asec())
    code = [case.case.code for case in three]
    assert "All cases" in officer.get(f"/cases/{code[1]}/").text
    officer.get("/cases/?sort=moved")
    page = officer.get(f"/cases/{code[1]}/").text
    assert "2 of 3" in page
    assert f'rel="prev" href="/cases/{code[0]}/"' in page
    assert f'rel="next" href="/cases/{code[2]}/"' in page
    assert 'href="/cases/?sort=moved"' in page
    Proposal.objects.filter(pk=three[2].pk).update(inbox_at=None)
    page = officer.get(f"/cases/{code[1]}/trail/").text
    assert code[2] not in page, "U5: what one may not see any more is not offered"
    officer.cookies["aipbi_list"] = officer.cookies["aipbi_list"].value[:-3] + "xyz"
    assert "2 of 3" not in officer.get(f"/cases/{code[1]}/").text


def test_r7_the_way_goes_on_beyond_a_page(people, three, signed_in, monkeypatch):
    monkeypatch.setattr("proposals.inbox.travel.PAGE", 1)
    monkeypatch.setattr("proposals.views.cases.PAGE", 1)
    officer = signed_in(people.asec())
    officer.get("/cases/?sort=moved")
    for number, case in enumerate(three, 1):
        page = officer.get(f"/cases/{case.case.code}/").text
        assert f"{number} of 3" in page
        assert ('rel="next"' in page) is (number < 3)
        assert ('rel="prev"' in page) is (number > 1)


def test_u5_a_list_of_one_capacity_is_not_shown_in_another(people, three, signed_in):
    officer = signed_in(people.asec())
    officer.get("/cases/?sort=moved")
    held = officer.cookies["aipbi_list"].value
    lead = signed_in(people.seom(three[0].originating_ams_id))
    lead.cookies["aipbi_list"] = held
    assert "of 3" not in lead.get(f"/cases/{three[0].case.code}/").text


# --- files ---


def rows_of(answer) -> list[list[str]]:
    content = b"".join(answer.streaming_content)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_r7_a_short_list_is_sent_at_once_as_it_is_on_the_screen(people, three, signed_in):
    Proposal.objects.filter(pk=three[1].pk).update(title="=HYPERLINK(1)")
    officer = signed_in(people.asec())
    answer = officer.post("/cases/export/?state=inbox&sort=waiting&columns=waiting", {"format": "csv"})
    head, *rows = rows_of(answer)
    assert head == [
        "Reference",
        "Title",
        "Organisation",
        "Sector",
        "Waits for",
        "What is awaited",
        "Until",
        "Traffic light",
    ]
    assert [row[1] for row in rows] == ["'=HYPERLINK(1)", three[0].title]
    assert [row[7] for row in rows] == ["Due soon", "Due soon"]
    assert answer["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(officer.post("/cases/export/?state=inbox", {"format": "xlsx"}).streaming_content))
    )
    assert [sheet.title for sheet in book] == ["Cases", "About this list"]
    assert book["Cases"]["B3"].value == three[0].title
    assert book["Cases"]["F2"].is_date
    lead = people.seom(three[2].originating_ams_id)
    told = rows_of(signed_in(lead).post("/cases/export/", {"format": "csv"}))[1:]
    assert {row[1] for row in told} == set(Proposal.objects.visible_to(lead).values_list("title", flat=True)), "U5"
    first = Export.objects.order_by("pk")[0]
    assert (first.rows, first.query, first.content) == (2, "state=inbox&sort=waiting&columns=case%2Cwaiting", "")
    assert ExportDownload.objects.filter(export=first, person=people.asec().person).count() == 1, "U6"
    assert officer.post("/cases/export/?q=foo:1", {"format": "csv"}).status_code == 404
    assert officer.post("/cases/export/", {"format": "exe"}).status_code == 404


def test_r7_a_long_list_is_made_by_the_worker_for_whoever_asked(people, three, signed_in, settings, tmp_path):
    Default.objects.filter(key="export_rows_at_once").update(value=2, minimum=1)
    forget(Default._meta.label)
    officer = signed_in(people.asec())
    asked = officer.post("/cases/export/", {"format": "xlsx"})
    job, export = Job.objects.get(kind="export"), Export.objects.get()
    assert asked.url == f"/work/{job.pk}/"
    assert officer.get(f"/cases/export/{export.pk}/").url == asked.url, "not made yet"
    assert [jobs.run(job.pk), jobs.run(job.pk)] == [True, False]
    assert f'href="/cases/export/{export.pk}/"' in officer.get(asked.url).text
    files.make(jobs.Progress(job))
    export.refresh_from_db()
    sent = b"".join(officer.get(f"/cases/export/{export.pk}/").streaming_content)
    assert len(list(openpyxl.load_workbook(io.BytesIO(sent))["Cases"].rows)) == 4
    assert (export.rows, export.size) == (3, len(sent))
    for other in (people.asec(2), people.seom("LA"), people.admin()):
        assert signed_in(other).get(f"/cases/export/{export.pk}/").status_code == 404
    assert export.downloads.count() == 1
    assert files.remove_old() == 0
    Export.objects.update(made_at=timezone.now() - timedelta(hours=25))
    name = export.content.name
    assert (files.remove_old(), default_storage.exists(name)) == (1, False)
    gone = officer.get(f"/cases/export/{export.pk}/")
    assert (gone.status_code, "24 hours" in gone.text) == (410, True)
    with pytest.raises(Exception, match="permission denied"):
        ExportDownload.objects.all().delete()


def test_lists_are_downloaded_so_often_an_hour_as_the_setting_says_and_then_refused_in_plain_words(
    people, three, signed_in
):
    Default.objects.filter(key="exports_an_hour").update(value=2, minimum=1)
    forget(Default._meta.label)
    for one in (people.asec(), people.asec(2)):
        cache.delete(f"limit:exports_an_hour:{one.person.pk}")
    officer, other = signed_in(people.asec()), signed_in(people.asec(2))
    for status in (200, 200, 429):
        answer = officer.post("/cases/export/", {"format": "csv"})
        assert answer.status_code == status
    assert "may ask for this 2 times an hour" in answer.text
    assert Export.objects.count() == 2
    assert other.post("/cases/export/", {"format": "csv"}).status_code == 200


def test_r7_the_list_costs_the_same_in_every_order(people, three, signed_in):
    """At most twelve questions, whatever is asked (R7)."""
    officer = signed_in(people.asec())
    officer.post("/cases/views/save/?state=inbox", {"name": "To check"})
    for query in (
        "",
        "sort=waiting",
        "sort=-sector&columns=officer,origin,waiting,ams",
        "q=battery+is:open&sort=waiting",
    ):
        officer.get(f"/cases/?{query}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            officer.get(f"/cases/?{query}")
        assert len(asked) <= 12, query

"""PDFs: tagged, archival, with their data inside, and nothing from elsewhere (F5, F8)."""

import io
import json
import threading

import pikepdf
import pypdfium2
import pytest
from django.template import engines

from aipbi.documents import pdf
from proposals.models import Version
from proposals.tasks import make
from tests.support.cases import document, draft, submitted

SCRIPTS = {
    "Noto-Sans": "Lao PDR, Việt Nam: điện gió",
    "Noto-Looped-Thai": "โครงการไฟฟ้าพลังน้ำ",
    "Noto-Sans-Lao": "ໂຄງການໄຟຟ້ານ້ຳຕົກ",
    "Noto-Sans-Khmer": "គម្រោងវារីអគ្គិសនី",
    "Noto-Sans-Myanmar": "ရေအားလျှပ်စစ်",
    "Droid-Sans-Fallback": "跨境水电项目",
}


@pytest.fixture
def template(monkeypatch):
    """Put a body in place of a template's file: `template(html)` returns its name."""

    def write(body: str) -> str:
        source = '{% extends "documents/pdf.html" %}{% block body %}' + body + "{% endblock %}"
        monkeypatch.setattr(
            pdf, "render_to_string", lambda _name, context: engines["django"].from_string(source).render(context)
        )
        return "made here"

    return write


def test_a_pdf_is_tagged_archival_and_says_its_title_and_language(template):
    """F5: PDF/A-3a by its own word, with a structure tree, title and language."""
    made = pdf.render(template("<h1>Letter</h1><p>{{ text }}</p>"), {"text": "Words"}, title="A letter")
    with pikepdf.open(io.BytesIO(made)) as opened:
        xmp = opened.open_metadata()
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("3", "A")
        assert opened.Root.MarkInfo.Marked
        assert str(opened.Root.Lang).startswith("en")
        assert xmp["dc:title"] == "A letter"
        assert "/H1" in str([opened.Root.StructTreeRoot.K[0].K[n].get("/S") for n in range(2)])


def test_names_in_every_script_have_their_font(template):
    """F8: each script of the region, and Chinese, is set in a font that ships with the portal, embedded."""
    made = pdf.render(
        template("{% for one in texts %}<p>{{ one }}</p>{% endfor %}"), {"texts": SCRIPTS.values()}, title="x"
    )
    with pikepdf.open(io.BytesIO(made)) as opened:
        fonts = {str(one.BaseFont).partition("+")[2] for one in opened.pages[0].Resources.Font.values()}
        assert set(SCRIPTS) <= fonts
        assert all(
            one.DescendantFonts[0].FontDescriptor.keys() & {"/FontFile2", "/FontFile3"}
            for one in opened.pages[0].Resources.Font.values()
        )


def test_nothing_is_fetched_from_elsewhere(template, tmp_path, caplog):
    """F5: neither the network nor a file outside the portal's own gets into a PDF."""
    secret = tmp_path / "secret.txt"
    secret.write_text("outside")
    body = f'<link rel="attachment" href="file://{secret}"><img src="http://127.0.0.1:9/x.png" alt="x"><p>Text</p>'
    made = pdf.render(template(body), {}, title="x")
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert not opened.attachments
    assert not pdf.own(secret)
    assert not pdf.own(pdf.FONTS / ".." / "models.py")
    assert pdf.own(pdf.FONTS / "NotoSans-Regular.ttf")


def test_what_people_wrote_is_text_in_a_pdf(template):
    """Bad input: markup in an answer is set as it was typed."""
    made = pdf.render(template("<p>{{ text }}</p>"), {"text": '<img src="file:///etc/passwd">'}, title="<b>x</b>")
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert opened.open_metadata()["dc:title"] == "<b>x</b>"


def test_several_threads_make_pdfs_at_once(template):
    """F7: the fonts shared by a process are used by one PDF at a time."""
    name = template("<p>{{ n }}</p>")
    made: list[bytes] = []
    threads = [
        threading.Thread(target=lambda n=n: made.append(pdf.render(name, {"n": n}, title=str(n)))) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert all(one.startswith(b"%PDF-") for one in made)


@pytest.mark.django_db
def test_the_pdf_of_a_version_carries_its_document(people):
    """L6: the version's data is inside as a file, without confidential annexes."""
    proposal = draft(people)
    proposal.answers["attachments"] = [
        {"name": f"{n}.pdf", "media_type": "application/pdf", "size": 1, "sha256": n * 64, "confidential": n == "b"}
        for n in ("a", "b")
    ]
    version = Version(
        proposal=proposal, number=1, document=proposal.answers, sha256="c" * 64, frozen_at=proposal.saved_at
    )
    with pikepdf.open(io.BytesIO(make(version))) as opened:
        [spec] = opened.attachments.values()
        inside = json.loads(spec.get_file().read_bytes())
        assert [one["name"] for one in inside["attachments"]] == ["a.pdf"]
        assert {**inside, "attachments": []} == document()
        assert str(opened.Root.AF[0].AFRelationship) == "/Data"


@pytest.mark.django_db
def test_a_long_role_leaves_the_names_of_sites_whole(people):
    """P3: beside words that never end a site is still read as one word."""
    proposal = draft(people)
    for one in proposal.answers["participants"]:
        one["role"] = "Collection, discharging and taking apart of packs, and the training of those who do it " * 3
        one["sites"] = ["Semiconductorville"]
        one["flows_to"] = [other["ams"] for other in proposal.answers["participants"] if other is not one]
    version = Version(
        proposal=proposal, number=1, document=proposal.answers, sha256="c" * 64, frozen_at=proposal.saved_at
    )
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(make(version)))
    assert text.count("Semiconductorville") == len(proposal.answers["participants"])


@pytest.mark.django_db
def test_the_pdf_of_a_version_is_made_exactly_once(people):
    """L6, F7: however often the job runs, a version has one PDF, whose hash is its file's."""
    import hashlib

    from aipbi.documents.models import StoredFile
    from aipbi.workflow import jobs
    from aipbi.workflow.models import Job
    from proposals.tasks import store

    proposal = submitted(people)
    job = Job.objects.get(kind="version_pdf", subject_pk=proposal.pk)
    assert jobs.run(job.pk)
    version = proposal.versions.get()
    with version.pdf.content.open() as content:
        assert hashlib.sha256(content.read()).hexdigest() == version.pdf.sha256
    Job.objects.filter(pk=job.pk).update(state="queued")
    assert jobs.run(job.pk)
    assert not store(version, b"%PDF-another")
    assert StoredFile.objects.filter(case=proposal.case, purpose="version").count() == 1

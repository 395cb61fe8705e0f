"""P8, bad input: what is no form, or no whole one, is told plainly, and nothing is imported."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from proposals.models import Proposal
from proposals.paper import form, markup, package, reading, restoring
from proposals.paper.edition import FORM
from tests.documents import samples
from tests.support.cases import draft
from tests.support.paper import MAIN, blank, rewritten

pytestmark = pytest.mark.django_db

PROPERTIES = "docProps/custom.xml"
ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"""


def half() -> bytes:
    return blank()[:9000]


def without_identity() -> bytes:
    """An ordinary Word file."""
    letter = ENTITIES.partition(b"]>")[2].replace(b"&b;", b"Dear Sir")
    return rewritten(blank(), {PROPERTIES: b"<Properties/>", MAIN: letter})


def another_form() -> bytes:
    return rewritten(blank(), {PROPERTIES: lambda xml: xml.replace(FORM.encode(), b"leave-request")})


def cut_text() -> bytes:
    """The archive is whole, the text in it is not."""
    return rewritten(blank(), {MAIN: lambda xml: xml[:5000]})


def declared_entities() -> bytes:
    return rewritten(blank(), {MAIN: ENTITIES})


def nested() -> bytes:
    return rewritten(blank(), {MAIN: lambda xml: xml[:-30] + b"<w:p>" * 5000})


def deep() -> bytes:
    start = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    return rewritten(blank(), {MAIN: start + b"<w:p>" * 50_000 + b"</w:p>" * 50_000 + b"</w:document>"})


def swollen() -> bytes:
    """Small on the way, far more than a form when it is unpacked."""
    filler = b"<w:p/>" * (package.MOST_BYTES // 6 + 1)
    return rewritten(blank(), {MAIN: lambda xml: xml.replace(b"<w:body>", b"<w:body>" + filler)})


def crowded() -> bytes:
    """Not large, and more elements than would be read at leisure."""
    return rewritten(blank(), {MAIN: lambda xml: xml.replace(b"<w:body>", b"<w:body>" + b"<w:p/>" * (markup.MOST + 1))})


def crowded_margins() -> bytes:
    """Each part within the limits, and together not."""
    part = b'<w:hdr xmlns:w="x">' + b"<w:p/>" * (markup.MOST // 4) + b"</w:hdr>"
    return rewritten(blank(), {f"word/header{n}.xml": part for n in range(10, 15)})


def swollen_margins() -> bytes:
    """The same by its bytes."""
    part = b'<w:hdr xmlns:w="x"><w:t>' + b" " * (package.MOST_BYTES // 4) + b"</w:t></w:hdr>"
    return rewritten(blank(), {f"word/header{n}.xml": part for n in range(10, 15)})


def bomb() -> bytes:
    """A part that says it is small."""
    content = bytearray(rewritten(blank(), {"word/media/a.bin": b"\0" * 3_000_000}))
    for place in (content.rfind(b"word/media/a.bin") - 46, content.find(b"word/media/a.bin") - 30):
        at = place + (24 if content[place : place + 4] == b"PK\x01\x02" else 22)
        content[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(content)


def with_macros() -> bytes:
    return rewritten(blank(), {"word/vbaProject.bin": b"Sub AutoOpen()"})


def locked() -> bytes:
    content = bytearray(blank())
    for sign in (b"PK\x01\x02", b"PK\x03\x04"):
        at = content.find(sign)
        content[at + (8 if sign == b"PK\x01\x02" else 6)] |= 1
    return bytes(content)


def without_text() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(blank())) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.namelist():
            if part != MAIN:
                new.writestr(part, old.read(part))
    return made.getvalue()


BAD = [
    (half, "form.docx", "damaged file"),
    (cut_text, "form.docx", "damaged or was cut off"),
    (without_text, "form.docx", "no text in it"),
    (without_identity, "form.docx", "not the form of this portal"),
    (another_form, "form.docx", "another form (“leave-request”)"),
    (declared_entities, "form.docx", "damaged or was cut off"),
    (nested, "form.docx", "damaged or was cut off"),
    (deep, "form.docx", "damaged or was cut off"),
    (swollen, "form.docx", "unpacks to far more"),
    (crowded, "form.docx", "unpacks to far more"),
    (crowded_margins, "form.docx", "unpacks to far more"),
    (swollen_margins, "form.docx", "unpacks to far more"),
    (bomb, "form.docx", "unpacks to far more"),
    (with_macros, "form.docx", "contains macros"),
    (locked, "form.docx", "protected by a password"),
    (lambda: samples.OLD_WORD, "form.doc", "old Word"),
    (lambda: samples.OLD_WORD, "form.docx", "with a password"),
    (lambda: samples.DOCM, "form.docm", "contains macros"),
    (lambda: samples.PDF, "form.docx", "This is a PDF file, but its name ends in “.docx”"),
    (lambda: samples.PDF, "form.pdf", "This is a PDF file. The form is a Word file"),
    (lambda: samples.ZIP, "form.docx", "archive or a damaged file"),
    (lambda: b"", "form.docx", "empty"),
    (lambda: b"just words", "form.docx", "not a PDF, DOCX"),
    (blank, "form.zip", "its name ends in “.zip”"),
]


@pytest.mark.parametrize(("make", "name", "says"), BAD)
def test_p8_bad_input_is_told_plainly_and_nothing_is_imported(people, signed_in, make, name, says):
    case = draft(people)
    stands, entries = case.answers, case.case.trail.count()
    client, content = signed_in(people.proponent()), make()
    for address in (reverse("read_form"), reverse("read_form_into", args=[case.case.code])):
        answer = client.post(address, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert "There is a problem" in answer.content.decode()
    case.refresh_from_db()
    assert (Proposal.objects.count(), case.answers, case.case.trail.count()) == (1, stands, entries)


def test_p8_the_deepest_text_that_is_read_is_read(people):
    """Nesting up to the limit is walked without running out of frames; one more is refused."""
    start = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    for depth, words in ((markup.DEEPEST - 1, "not the form of this portal"), (markup.DEEPEST, "damaged")):
        nest = start + b"<w:p>" * depth + b"</w:p>" * depth + b"</w:document>"
        with pytest.raises(package.UnreadableError, match=words):
            reading.read(rewritten(blank(), {MAIN: nest, PROPERTIES: b"<Properties/>"}), criteria="2025-01")


def test_p8_each_row_and_cell_is_looked_at_once():
    """Tables in tables, as deep as is read, cost no more than the same rows one after the other."""
    row, most = b"<w:tr><w:tc/></w:tr>", 30
    inside = b"<w:tbl><w:tr><w:tc>" * most + b"<w:tbl>" + row * 100 + b"</w:tbl>" + b"</w:tc></w:tr></w:tbl>" * most
    start = f'<w:body xmlns:w="{markup.SPACES["w"]}">'.encode()
    root = markup.parsed(start + inside + b"</w:body>")
    tables, rows = list(root.iter(markup.name("w:tbl"))), list(root.iter(markup.name("w:tr")))
    found = [one for table in tables for one in restoring._own(table, markup.name("w:tr"))]
    cells = [one for one in rows for one in restoring._own(one, markup.name("w:tc"))]
    assert (len(found), len(cells)) == (len(rows), len(rows)) == (most + 100, most + 100)


def test_p8_no_file_chosen_is_told(people, signed_in):
    answer = signed_in(people.proponent()).post(reverse("read_form"))
    assert answer.status_code == 422
    assert "Choose a file" in answer.content.decode()


def test_p8_a_form_of_another_edition_is_told_and_read_when_told_so(people, signed_in):
    """Nobody's work of weeks is refused for good: what is still asked is taken, the rest is listed."""

    def older(xml: bytes) -> bytes:
        return xml.replace(b"2025-01/", b"2019-12/").replace(b'w:val="summary"', b'w:val="abstract"')

    content = rewritten(form.filled(draft(people).answers, criteria="2025-01"), {PROPERTIES: older, MAIN: older})
    client = signed_in(people.proponent())
    answer = client.post(reverse("read_form"), {"file": SimpleUploadedFile("form.docx", content)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "another edition than 2025-01/" in page
    assert "Read it although it is of another edition" in page
    assert Proposal.objects.count() == 1
    sent = {"file": SimpleUploadedFile("form.docx", content), "any_edition": "on"}
    page = client.post(reverse("read_form"), sent, follow=True).content.decode()
    new = Proposal.objects.latest("started_at")
    assert (new.answers["summary"], new.answers["title"] != "") == ("", True)
    assert "Hydropower generated in Lao PDR is sold" in page


def test_p8_the_command_says_why_and_imports_nothing(people, tmp_path):
    email = people.proponent().person.email
    for make, says in ((half, "damaged file"), (another_form, "another form"), (cut_text, "cut off")):
        (tmp_path / "form.docx").write_bytes(make())
        with pytest.raises(CommandError, match=says):
            call_command("import_proposal", str(tmp_path / "form.docx"), "--as", email)
    assert not Proposal.objects.exists()

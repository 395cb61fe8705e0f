"""Hostile and broken files: each refused in words, or made harmless; none ever a page of the portal (P6)."""

import io
import re

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageFile

from aipbi.documents import images, uploads
from aipbi.documents.models import StoredFile
from aipbi.documents.uploads import UploadField
from tests.documents import hostile, samples
from tests.support.cases import draft

pytestmark = pytest.mark.django_db
REFUSED = sorted(word for word, (_name, _make, says) in hostile.files().items() if says)
TAKEN = sorted(word for word, (_name, _make, says) in hostile.files().items() if not says)


@pytest.fixture(autouse=True)
def _beside_weasyprint(monkeypatch):
    """As in a process that has made a PDF: WeasyPrint has Pillow overlook that an image stops halfway."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)


def test_there_are_sixty():
    """P6: the list grows with what people send."""
    assert len(hostile.files()) >= 60


@pytest.mark.parametrize("word", REFUSED)
def test_it_is_refused_in_words(word):
    """P6, bad input: one sentence or two for a person, which say what is wrong and what to do; nothing is stored."""
    name, make, says = hostile.files()[word]
    with pytest.raises(ValidationError, match=says) as refusal:
        UploadField(label="File").clean(samples.upload(make(), name))
    [message] = refusal.value.messages
    assert re.match(r"(This|The|What) ", message)
    assert "Traceback" not in message
    assert message.endswith(".")
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("word", TAKEN)
def test_it_is_made_harmless(word, people, signed_in):
    """P6: nothing of it but the file is left, its name can't deceive, and it leaves as an attachment alone."""
    name, make, _says = hostile.files()[word]
    proposal = draft(people)
    upload = UploadField(label="File").clean(samples.upload(make(), name))
    file = uploads.keep(upload, subject=proposal, purpose="attachment", as_=people.proponent())
    answer = signed_in(people.proponent()).get(f"/files/{file.pk}/")
    sent = b"".join(answer.streaming_content)
    assert len(sent) == file.size
    assert not [left for left in hostile.LEFT if left in sent]
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["Content-Type"] in {"application/pdf", "image/png", "image/jpeg"}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "X-Evil" not in answer
    assert not re.search(r'[\x00-\x1f\u202e/\\<>:"|?*]', file.name)
    assert len(file.name) <= 255
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{40}", file.content.name)
    assert signed_in(people.seom("VN")).get(f"/files/{file.pk}/").status_code == 404


@pytest.mark.parametrize(("kind", "code"), [("JPEG", "jpg"), ("PNG", "png")])
def test_an_image_keeps_its_points_and_which_side_is_up(kind, code):
    """P6: location, device and names go, byte for byte the rest stays; a second time nothing changes."""
    with_place = hostile.image(kind, exif=hostile._exif())
    plain = images.stripped(with_place, code)
    assert hostile.SECRET in with_place
    assert hostile.SECRET not in plain
    before, after = Image.open(io.BytesIO(with_place)), Image.open(io.BytesIO(plain))
    assert before.tobytes() == after.tobytes()
    assert dict(after.getexif()) == ({0x0112: 6} if kind == "JPEG" else {})
    assert images.stripped(plain, code) == plain


def test_a_photograph_in_layers_keeps_all_of_them():
    """P6: a progressive JPEG with a colour profile loses nothing that draws it."""
    profile = b"colour" * 50
    given = hostile.image("JPEG", (300, 200), progressive=True, icc_profile=profile, comment=hostile.SECRET)
    plain = images.stripped(given, "jpg")
    assert hostile.SECRET not in plain
    with Image.open(io.BytesIO(plain)) as after, Image.open(io.BytesIO(given)) as before:
        assert after.info["icc_profile"] == profile
        assert after.tobytes() == before.tobytes()


def test_ordinary_office_files_are_taken():
    """P6: links that a person clicks and the workbook behind a chart stand against nothing."""
    linked = hostile.related("hyperlink", "https://asean.org")
    charted = hostile.embedding(samples.XLSX, "word/embeddings/Microsoft_Excel_Sheet1.xlsx")
    for content in (linked, charted):
        assert UploadField(label="File").clean(samples.upload(content, "a.docx")).verdict.kind.label == "DOCX"


def test_a_link_in_a_pdf_is_no_action():
    """P6: an address that a person clicks is taken."""
    import pikepdf

    view = pikepdf.Array([0, pikepdf.Name.Fit])
    for change in (
        hostile._on_page(S=pikepdf.Name.URI, URI="https://asean.org"),
        hostile._on_page(S=pikepdf.Name.GoTo, D=view),
        hostile._acts(S=pikepdf.Name.GoTo, D=view),
        hostile.opened_at_a_page_with_a_link,
    ):
        assert UploadField(label="File").clean(samples.upload(hostile.pdf(change))).verdict.kind.label == "PDF"


def test_what_a_text_says_of_links_is_no_command():
    """P6: a link whose address holds the word of a command, and a table of contents, are taken."""
    for said in ('HYPERLINK "https://asean.org/LINK/INCLUDEPICTURE"', "TOC \\o", "PAGEREF Include"):
        content = hostile.field(f"<w:fldChar/><w:instrText>{said}</w:instrText><w:fldChar/>")
        assert UploadField(label="File").clean(samples.upload(content, "a.docx")).verdict.kind.label == "DOCX"

"""The first page of a PDF as a picture: made by the worker, read by whoever reads the PDF (P6, U6)."""

import io

import pytest
from django.core.cache import cache
from django.urls import reverse
from PIL import Image

from aipbi.accounts.enums import Membership
from aipbi.asean.cache import forget
from aipbi.asean.models import Default
from aipbi.documents import apart
from aipbi.documents.models import StoredFile
from aipbi.documents.tasks import picture_first_pages, scan_waiting
from tests.documents import samples
from tests.documents.clamd import scanner
from tests.support.cases import do, draft

pytestmark = pytest.mark.django_db


def add(people, proposal=None, content=samples.PDF, name="survey.pdf", **data):
    proposal = do(proposal or draft(people), "add_file", people.proponent(), files={"file": samples.upload(content, name)}, **data)  # fmt: skip
    return proposal, StoredFile.objects.get(name=name, removed_at=None)


def get(signed_in, capacity, file):
    return signed_in(capacity).get(reverse("first_page", args=[file.pk]))


def test_the_worker_pictures_the_first_page(people, signed_in):
    """P6: a PNG in the page's shape, shown on the files page, itself an attachment."""
    proposal, file = add(people)
    assert get(signed_in, people.proponent(), file).status_code == 404
    assert picture_first_pages() == 1
    assert picture_first_pages() == 0
    answer = get(signed_in, people.proponent(), file)
    assert answer["Content-Disposition"] == 'attachment; filename="survey.pdf.png"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as picture:
        assert (picture.format, picture.size) == ("PNG", (480, 240))
    page = signed_in(people.proponent()).get(reverse("files", args=[proposal.case.code])).content.decode()
    assert f'src="{reverse("first_page", args=[file.pk])}"' in page
    assert "First page of survey.pdf" in page


def test_images_and_office_files_have_none(people):
    """P6: only PDFs have pages."""
    add(people, content=samples.PNG, name="map.png")
    assert picture_first_pages() == 0


def test_what_cannot_be_drawn_stays_without(people, monkeypatch):
    """P6: tried once; the file is read as before."""
    _proposal, file = add(people)
    monkeypatch.setattr(apart, "MEGABYTES", 1)
    assert picture_first_pages() == 1
    assert picture_first_pages() == 0
    file.refresh_from_db()
    assert (file.preview.name, file.readable) == ("", True)


def test_no_picture_before_the_scanner_has_spoken(people, signed_in, settings, tmp_path):
    """P6: what waits unread is not drawn either."""
    settings.CLAMAV = str(tmp_path / "away")
    _proposal, file = add(people)
    assert picture_first_pages() == 0
    with scanner(tmp_path / "clamd") as settings.CLAMAV:
        assert scan_waiting() == 1
    assert picture_first_pages() == 1
    assert get(signed_in, people.proponent(), file).status_code == 200


def test_a_confidential_annex_is_pictured_for_its_readers_alone_and_on_the_trail(people, signed_in):
    """P6, U5, U6: no picture, no link and no trail entry for those who may not read it; each look of the others noted."""
    proposal, file = add(people, confidential="on")
    proposal = do(proposal, "submit", people.proponent(), declaration="on")
    proposal = do(proposal, "support", people.seom("LA"), statement="Yes.")
    assert picture_first_pages() == 1
    lead, asec = people.seom("LA"), people.asec()
    address = reverse("first_page", args=[file.pk])
    assert get(signed_in, lead, file).status_code == 404
    assert address not in signed_in(lead).get(reverse("files", args=[proposal.case.code])).content.decode()
    assert not proposal.case.trail.filter(action="read").exists()

    page = signed_in(asec).get(reverse("files", args=[proposal.case.code])).content.decode()
    assert f'href="{address}"' in page
    assert f'src="{address}"' not in page
    assert not proposal.case.trail.filter(action="read").exists()
    signed_in(asec).head(address)
    for _n in range(2):
        assert get(signed_in, asec, file).status_code == 200
    entries = list(proposal.case.trail.filter(action="read"))
    assert [(e.person, e.details["sha256"], e.details["first_page"]) for e in entries] == [
        (asec.person, file.sha256, True)
    ] * 2


def test_a_picture_goes_with_its_file(people, signed_in):
    """P6: taken off the draft, neither is read."""
    proposal, file = add(people)
    picture_first_pages()
    do(proposal, "remove_file", people.proponent(), sha256=file.sha256)
    assert get(signed_in, people.proponent(), file).status_code == 404


def test_pages_are_drawn_so_often_an_hour_as_the_setting_says_for_each_person_and_then_refused_in_plain_words(
    people, signed_in, monkeypatch
):
    """P6: drawing costs the portal work, whichever page of whichever file; refused, nothing is drawn and nothing read."""
    Default.objects.filter(key="page_pictures_an_hour").update(value=2, minimum=1)
    forget(Default._meta.label)
    me, colleague = people.proponent(), people.proponent(membership=Membership.EDITOR)
    for one in (me, colleague):
        cache.delete(f"limit:page_pictures_an_hour:{one.person.pk}")
    proposal, file = add(people)
    second = add(people, proposal, samples.PDF + b"\n", "annex.pdf")[1]
    reader, addresses = signed_in(me), [reverse("page_picture", args=[one.pk, 1]) for one in (file, second)]
    for _n in range(5):
        assert reader.head(addresses[0]).status_code == 200
    for address in addresses:
        assert reader.get(address)["Content-Type"] == "image/png"
    read = proposal.case.trail.filter(action="download").count()
    assert read == 2
    monkeypatch.setattr(apart, "run", lambda *_about: pytest.fail("drawn although it is too often"))
    for address in (*addresses, reverse("page_picture", args=[file.pk, 7])):
        answer = reader.get(address)
        assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
        assert "may ask for this 2 times an hour" in answer.text
    assert proposal.case.trail.filter(action="download").count() == read
    # Another page of the same file, and the file itself, are not what is limited.
    assert reader.get(reverse("file_page", args=[file.pk, 1])).status_code == 200
    assert reader.get(reverse("file", args=[file.pk])).status_code == 200
    monkeypatch.undo()
    assert signed_in(colleague).get(addresses[0]).status_code == 200
    assert signed_in(people.seom("TH")).get(addresses[0]).status_code == 404

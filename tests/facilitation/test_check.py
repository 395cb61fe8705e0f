"""F6: anyone can check a letter, and learns nothing of whom it is about; what is forged or foreign is unknown."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from aipbi.documents import sealed
from facilitation.letters import checking, produce
from facilitation.models import Letter
from facilitation.views import check


@pytest.fixture
def issued(story):
    return story.issued()


def asked(client, **about) -> str:
    return " ".join(client.get("/check/", about).content.decode().split())


def answer(page: str) -> str:
    """What a page says of the letter; the form below it repeats the code that was typed."""
    return page.partition('<section class="check-answer')[2].partition("</section>")[0]


def test_f6_a_letter_is_valid_by_its_code_and_by_its_file_and_no_name_is_told(issued, client):
    with issued.pdf.content.open() as file:
        whole = file.read()
    sent = client.post("/check/", {"file": SimpleUploadedFile("x.pdf", whole)}).content.decode()
    shown = issued.content["check"]["code"]
    for page in (
        asked(client, code=shown),
        asked(client, code=shown.lower().replace("-", " ")),
        asked(client, sha256=issued.sha256),
        sent,
    ):
        assert "This letter is valid" in page
        assert issued.number in page
        assert issued.proposal.organisation.name not in page
        assert issued.proposal.title not in page


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["\0", "\0" * 64, "a\0b", "\N{GRINNING FACE}", "\ufffe"])
def test_f6_what_is_no_code_and_no_digest_is_unknown_whatever_its_signs(client, sign):
    for name in ("code", "sha256"):
        assert "This letter is unknown" in answer(asked(client, **{name: sign}))


def test_f6_forged_foreign_and_not_issued_are_all_unknown_in_the_same_words(story, client):
    """Bad input: a code that could be, one that could not, a foreign PDF, a letter that is sealed but not issued."""
    letter = story.sealed()
    pages = {answer(asked(client, code=code)) for code in ("7K2M-QX4D-09TB", letter.content["check"]["code"])}
    assert len(pages) == 1
    assert "This letter is unknown" in pages.pop()
    assert "This letter is unknown" in asked(client, code="' OR 1=1")
    foreign = client.post("/check/", {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7 of another")})
    assert "This letter is unknown" in foreign.content.decode()


def test_f6_superseded_revoked_expired_and_capital_letters(issued):
    line = {"until": "2020-01-01"}
    assert checking.last_day({"schedule": [line, {"until": "2021-05-06"}]}) == date(2021, 5, 6)
    assert checking.last_day({"schedule": [line, {"until": None}]}) is None
    assert checking.last_day({"schedule": []}) is None
    for state in ("superseded", "revoked"):
        assert checking.standing(Letter(state=state, content={"schedule": [line]}))[0] == state
    assert checking.standing(Letter(state="sealed", content={"schedule": [line]})) == ("expired", date(2020, 1, 1))
    assert checking.by_digest(issued.sha256.upper()).standing == "valid"
    assert checking.by_digest("") is None
    assert checking.by_code("") is None


def test_f6_a_file_of_a_gigabyte_is_refused_and_not_read(db, client, monkeypatch):
    """Bad input: by its announced length unread; where none is announced, at the limit."""
    monkeypatch.setattr(check, "MOST_BYTES", 1000)
    monkeypatch.setattr(check, "_AROUND", 100)
    large = client.post("/check/", {"file": io.BytesIO(b"x" * 5000)})
    assert large.status_code == 413
    assert "more than 25 MB" in large.content.decode()
    monkeypatch.setattr(check, "_AROUND", 10_000)
    assert client.post("/check/", {"file": io.BytesIO(b"x" * 5000)}).status_code == 413
    assert client.post("/check/", {}).status_code == 400


def test_f6_guessing_is_slowed_down_for_each_address(db, client, monkeypatch):
    monkeypatch.setattr(check, "LIMITS", {"check_letter": "3/m/ip"})
    there = {"REMOTE_ADDR": "192.0.2.77"}
    answers = [client.get("/check/", {"code": "7K2M-QX4D-09TB"}, **there).status_code for _n in range(5)]
    assert answers == [200, 200, 200, 429, 429]
    assert client.get("/check/", **there).status_code == 200


def test_f6_a_letter_from_before_codes_and_signatures_is_known_by_its_file(story, client, monkeypatch):
    """The earliest letters carry neither; their SHA-256 is on record all the same."""
    monkeypatch.setattr(produce, "sign", lambda _letter, rendered: rendered)
    monkeypatch.setattr(checking, "new_code", lambda: None)
    letter = story.issued()
    with letter.pdf.content.open() as file:
        whole = file.read()
    assert (letter.check_code, letter.content["check"]) == (None, None)
    assert list(sealed.seal_faults(whole))
    call_command("verify_letters", stdout=io.StringIO())
    sent = client.post("/check/", {"file": SimpleUploadedFile("x.pdf", whole)}).content.decode()
    for page in (asked(client, sha256=letter.sha256), sent):
        assert "This letter is valid" in page
        assert letter.number in page
    changed = client.post("/check/", {"file": SimpleUploadedFile("x.pdf", whole[:-1] + b"\0")}).content.decode()
    assert "This letter is unknown" in changed

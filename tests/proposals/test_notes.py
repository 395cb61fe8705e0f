"""Internal notes: read by the Secretariat alone, mentioned colleagues are told, nothing is lost or changed (R7, U5, N1)."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from aipbi.workflow import trail
from aipbi.workflow.mailing import text
from aipbi.workflow.models import Notice, TrailEntry
from proposals.models import Note
from tests.support.cases import in_inbox, registered

pytestmark = pytest.mark.django_db
SECRET = "Ring the ministry: turbine-xyzzy looks doubled"


def write(client, case, words: str, token: uuid.UUID | None = None, name: str = "notes", **more):
    address = reverse(name, args=[case.case.code, *([more.pop("note")] if "note" in more else [])])
    return client.post(address, {"words": words, "token": str(token or uuid.uuid4()), **more}, follow=True)


def page(client, case) -> str:
    return client.get(reverse("notes", args=[case.case.code])).content.decode()


@pytest.fixture
def siti(people):
    officer = people.asec(2)
    officer.person.name = "Siti Rahma"
    officer.person.save()
    return officer


def test_r7_a_mentioned_colleague_is_told_without_the_words_and_finds_the_note(people, signed_in, siti):
    case = in_inbox(people)
    write(signed_in(people.asec()), case, f"{SECRET}. @Siti Rahma, please look; mail x@example.org")
    note = Note.objects.get()
    told = Notice.objects.visible_to(siti).get(what="note")
    assert told.words == "You are mentioned in an internal note"
    assert told.path == f"/cases/{case.case.code}/notes/#note-{note.pk}"
    mail = text.of_notice(told)
    for part in (mail.subject, mail.body, mail.alternatives[0][0]):
        assert "xyzzy" not in part
    hers = signed_in(siti)
    assert SECRET in page(hers, case)
    assert SECRET[:40] in hers.get(reverse("desk")).content.decode()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("@Nobody, look", "“@Nobody” is nobody at the Secretariat. You can mention:"),
        ("x" * 20_000, "A note has at most 8000 characters; this one has 20000."),
        ("   ", "This answer is missing."),
    ],
)
def test_r7_a_note_that_is_not_taken_says_why_and_keeps_what_was_typed(people, signed_in, siti, words, said):
    answer = write(signed_in(people.asec()), in_inbox(people), words)
    page_said = answer.content.decode()
    assert answer.status_code == 422
    assert said in page_said
    assert words.strip() in page_said
    assert not Note.objects.exists()


def test_u5_l4_nobody_else_learns_that_there_is_a_note(people, signed_in, siti):
    case = registered(people)
    outsiders = [
        people.proponent("Mekong Hydropower Export Consortium"), people.seom("LA"), people.seom("TH"), people.admin(),
    ]  # fmt: skip
    addresses = ["case", "trail", "files", "proposal", "participation", "review"]
    asks = [reverse(name, args=[case.case.code]) for name in addresses]
    asks += [reverse("desk"), reverse("notices"), f"{reverse('cases')}?q=xyzzy", reverse("cases")]
    seen = {(one.key, ask): _said(signed_in(one), ask) for one in outsiders for ask in asks}
    case.refresh_from_db()
    revision = case.revision

    officer = signed_in(people.asec())
    write(officer, case, f"{SECRET} @Siti Rahma")
    note = Note.objects.get()
    write(signed_in(siti), case, f"Answer: {SECRET}", name="answer_note", note=note.pk)
    write(officer, case, f"Changed: {SECRET}", name="change_note", note=note.pk, seen=note.pk)
    assert Note.objects.count() == 3

    assert {(one.key, ask): _said(signed_in(one), ask) for one in outsiders for ask in asks} == seen
    for one in outsiders:
        client = signed_in(one)
        for name in ("notes", "answer_note", "change_note"):
            args = [case.case.code, *([note.pk] if name != "notes" else [])]
            assert client.get(reverse(name, args=args)).status_code == 404
            assert client.post(reverse(name, args=args), {"words": "x"}).status_code == 404
        assert not Note.objects.visible_to(one)
        assert not TrailEntry.objects.visible_to(one).filter(subject_kind="note")
    # Nor by a form of theirs that is suddenly out of date.
    case.refresh_from_db()
    assert case.revision == revision
    assert TrailEntry.objects.filter(case=case.pk, subject_kind="note").count() == 3
    assert "xyzzy" not in str(list(TrailEntry.objects.filter(case=case.pk).values_list("details", flat=True)))
    assert not list(trail.broken())


def _said(client, address: str) -> str:
    """Return the page without what differs each time."""
    import re

    answer = client.get(address)
    return f"{answer.status_code} {re.sub(r'value=.[A-Za-z0-9]{64}.', '', answer.content.decode())}"


def test_r7_a_note_is_sent_once_changed_by_its_writer_alone_and_its_wordings_stay(people, signed_in, siti):
    case, token = in_inbox(people), uuid.uuid4()
    officer, other = signed_in(people.asec()), signed_in(siti)
    write(officer, case, "First wording", token)
    write(officer, case, "First wording", token)
    note = Note.objects.get()
    assert write(other, case, "Mine now", name="change_note", note=note.pk, seen=note.pk).status_code == 404
    write(officer, case, "Second wording", name="change_note", note=note.pk, seen=note.pk)
    # A second tab that still has the first wording.
    late = write(officer, case, "Third wording", name="change_note", note=note.pk, seen=note.pk)
    assert late.status_code == 422
    assert "This note was changed after you opened it" in late.content.decode()
    assert "Third wording" in late.content.decode()
    said = page(other, case)
    assert "Second wording" in said
    assert "First wording" in said
    assert "What stood here before" in said
    for change in ("UPDATE proposals_note SET words = ''", "DELETE FROM proposals_note"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

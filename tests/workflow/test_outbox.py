"""The outbox (N2, N3): what ASEC sees of e-mails, and does about them; messages that ASEC words, holds and sends."""

import re
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from aipbi.asean.models import Category
from aipbi.workflow import notices, parties
from aipbi.workflow.mailing import names, standard
from aipbi.workflow.models import Case, MailState, Message, Notice, StandardText
from aipbi.workflow.moves import Tell
from facilitation.models import CommonBarrier
from tests.review import meetings
from tests.support import cases

TEXTS = "/outbox/texts/registration/"


@pytest.fixture
def officer(people, signed_in):
    return signed_in(people.asec())


@pytest.fixture
def waits(people):
    """ASEC wants to see messages of registration before they go."""
    kind = standard.wording("registration")
    StandardText.objects.create(
        kind="registration", subject=kind.subject, text=kind.text, wait_hours=48, changed_by=people.asec().person
    )


@pytest.fixture
def registered(people, waits):
    people.seom("TH")
    case = cases.registered(people)
    return case, Message.objects.get(case_id=case.pk, kind="registration")


def common_barrier() -> CommonBarrier:
    case = Case.objects.create(reference="BARRIER/2027/01")
    kind = Category.objects.first()
    return CommonBarrier.objects.create(case=case, title="No agreed method", category=kind, opened_at=timezone.now())


def gone(mails, words: str) -> list[str]:
    notices.mail_waiting()
    return [text for mail in mails() for text in mails.parts(mail)[:1] if words in text]


def test_n3_the_list_is_searched_by_person_case_kind_and_state(people, officer):
    case = cases.registered(people)
    reference = case.case.reference
    Notice.objects.filter(person=people.seom("LA").person).update(mail_state=MailState.FAILED, error="refused")

    def found(**asked) -> set[str]:
        page = officer.get("/outbox/", asked)
        assert page.status_code == 200
        return {row.person.email for row in page.context["rows"]}

    assert found(q="seom@la") == {"seom@la.example.org"}
    assert people.seom("LA").person.email in found(q=reference)
    assert found(q=f"{reference} nobody") == set()
    assert found(state="failed") == {"seom@la.example.org"}
    assert found(topic="monitoring") == set()
    assert officer.get("/outbox/", {"before": "x" * 30, "state": "nonsense"}).status_code == 200


def test_u5_what_is_not_yet_in_the_inbox_is_not_in_the_outbox(people, officer):
    people.seom("LA")
    cases.submitted(people)
    hidden = Notice.objects.get()
    assert officer.get("/outbox/").context["rows"] == []
    assert officer.get(f"/outbox/{hidden.pk}/").status_code == 404
    # That its address fails is told all the same, without the case.
    Notice.objects.update(mail_state=MailState.FAILED, error="The mail server refuses the address")
    page = officer.get("/outbox/").content.decode()
    assert "seom@la.example.org" in page
    assert hidden.case.code not in page


def links(page: str) -> set[str]:
    """Where the page itself leads, without menu and foot."""
    return set(re.findall(r'href="(/[^"#]*)', page.partition("<main")[2].partition("</main>")[0])) - {"/outbox/"}


def test_d7_what_was_sent_about_a_meeting_is_in_the_outbox_and_leads_to_the_meeting(people, officer, signed_in):
    """Invitations, what its members and an invited SEOM lead owe, and a reminder: each page of theirs leads on."""
    for ams in ("LA", "TH"):
        people.fg_gvc(ams)
    lead = people.seom("VN")
    meeting = meetings.called(people, seom=["VN"], purpose="Not for an e-mail 4471")
    page = officer.get("/outbox/", {"topic": "meetings"})
    rows = page.context["rows"]
    assert {row.person.email for row in rows} >= {"fg-gvc@la.example.org", "fg-gvc@th.example.org", lead.person.email}
    assert {(row.case_id, row.title) for row in rows} == {(meeting.pk, meeting.title)}
    assert all(row.case.reference in page.text for row in rows)
    found = officer.get("/outbox/", {"q": f"{meeting.case.reference} seom@vn"}).context["rows"]
    assert [row.person for row in found] == [lead.person]

    owed = Notice.objects.filter(pk=found[0].pk)
    home = f"/meetings/{meeting.case.code}/"
    # A reminder of what is owed to a meeting is about deadlines, and still about this meeting.
    for topic in ("meetings", "deadlines"):
        owed.update(topic=topic)
        one = officer.get(f"/outbox/{found[0].pk}/")
        assert home in links(one.text)
        assert all(officer.get(address).status_code == 200 for address in links(one.text))
        assert meeting.purpose not in one.text
    Notice.objects.filter(pk=found[0].pk).update(mail_state=MailState.FAILED, error="mailbox full")
    assert officer.post(f"/outbox/{found[0].pk}/", {"what": "retry"}).status_code == 302
    for other in (lead, people.fg_gvc("TH"), people.proponent()):
        assert signed_in(other).get(f"/outbox/{found[0].pk}/").status_code == 404


def test_f1_what_was_sent_about_a_common_barrier_leads_to_its_page(people, officer):
    barrier = common_barrier()
    told = [Tell(parties.asec(), "Something about a barrier of several cases")]
    notices.write_all(barrier.case_id, "begin_common", told, topic="facilitation")
    one = officer.get(f"/outbox/{Notice.objects.get(what='begin_common').pk}/")
    assert links(one.text) == {f"/barriers/common/{barrier.pk}/"}


def test_n2_an_officer_tries_again_gives_up_and_records_what_came_back(people, officer, mails):
    people.seom("TH")
    cases.registered(people)
    one = Notice.objects.filter(person=people.seom("TH").person).get()
    page = f"/outbox/{one.pk}/"
    officer.post(page, {"what": "give_up"})
    one.refresh_from_db()
    assert one.mail_state == MailState.FAILED
    officer.post(page, {"what": "retry"})
    notices.mail_waiting()
    one.refresh_from_db()
    assert one.mail_state == MailState.SENT
    assert officer.post(page, {"what": "returned", "why": ""}).status_code == 422
    officer.post(page, {"what": "returned", "why": "mailbox full"})
    one.refresh_from_db()
    assert (one.mail_state, one.error) == (MailState.FAILED, "It came back: mailbox full")
    assert [line["what"] for line in officer.get(page).context["history"]] == [
        "Written", "Given up", "Tried again", "It came back: mailbox full",
    ]  # fmt: skip
    told = officer.post(page, {"what": "give_up"}, follow=True).content.decode()
    assert "It has gone already" in told
    assert officer.post(page, {"what": "nonsense"}).status_code == 404


def test_n3_a_message_waits_for_asec_and_goes_unchanged_when_nobody_holds_it(people, registered, mails):
    _case, message = registered
    assert gone(mails, "checked your proposal") == []
    Notice.objects.filter(message=message).update(next_try_at=timezone.now())
    [text] = gone(mails, "checked your proposal")
    assert text.startswith("Good day,")
    assert message.case.reference in text
    assert Notice.objects.get(message=message).sent_text == text.strip()


def test_n3_an_officer_changes_holds_and_sends_one_message_and_is_on_record(people, officer, registered, mails):
    _case, message = registered
    page = f"/outbox/messages/{message.pk}/"
    assert "Registration of a proposal" in officer.get("/outbox/").content.decode()
    words = {
        "what": "save",
        "seen": "0",
        "subject": "Registered: {reference}",
        "text": "Dear {name},\n\nwell done.\n\n{link}",
    }
    assert "well done" in officer.post(page, {**words, "what": "preview"}).content.decode()
    assert Message.objects.get(pk=message.pk).text == ""
    assert officer.post(page, words).status_code == 302
    officer.post(page, {"what": "hold"})
    Notice.objects.filter(message=message).update(next_try_at=timezone.now())
    assert gone(mails, "well done") == []
    assert "held until somebody sends it" in officer.get("/outbox/").content.decode()
    officer.post(page, {"what": "send"})
    [text] = gone(mails, "well done")
    assert "Dear owner" in text
    message.refresh_from_db()
    assert (message.edited_by, message.revision) == (people.asec().person, 1)
    history = officer.get(f"/outbox/{message.notices.get().pk}/").context["history"]
    assert [line["what"] for line in history] == ["Written", "Text changed", "Held", "Sent on its way", "Sent"]
    late = officer.post(page, {**words, "seen": "1"})
    assert "has gone already" in late.content.decode()


def test_n3_two_officers_do_not_overwrite_each_other(people, officer, registered, signed_in):
    _case, message = registered
    page = f"/outbox/messages/{message.pk}/"
    words = {"what": "save", "seen": "0", "subject": "One", "text": "First"}
    officer.post(page, words)
    second = signed_in(people.asec(2)).post(page, {**words, "text": "Second"})
    assert second.status_code == 422
    assert "officer-1 changed this message after you opened it" in second.content.decode()
    assert "Second" in second.content.decode()
    assert Message.objects.get(pk=message.pk).text == "First"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Dear {nme},", "Line 1: there is no placeholder {nme}. These are known: {name}"),
        ("Dear {name},\n{link.host}", "Line 2: there is no placeholder {link.host}."),
        ("Dear {name!r}", "there is no placeholder {name!r}"),
        ("Dear {name:>900}", "there is no placeholder {name:&gt;900}"),
        ("Fine\n\nopen {name", "Line 3: a brace is open or alone."),
    ],
)
def test_n3_an_unknown_placeholder_is_not_saved_and_is_pointed_at(officer, text, said):
    answer = officer.post(TEXTS, {"what": "save", "subject": "About {reference}", "text": text, "wait_hours": "0"})
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&#x27;", "'")
    assert not StandardText.objects.exists()


def test_n1_a_text_that_names_the_project_or_the_company_is_refused(officer, registered):
    case, message = registered
    for name in (case.title, case.organisation.name.upper()):
        words = {"what": "save", "seen": "0", "subject": "On {reference}", "text": f"About {name}: done."}
        answer = officer.post(f"/outbox/messages/{message.pk}/", words)
        assert answer.status_code == 422
        assert "leave it out" in answer.content.decode()


def test_n3_the_standard_text_is_changed_by_asec_and_used_from_the_next_message_on(people, officer, mails):
    words = {
        "what": "save",
        "subject": "Welcome, {reference}",
        "text": "Dear {name}: {{done}} {link}",
        "wait_hours": "0",
    }
    assert officer.post(TEXTS, words).status_code == 302
    assert StandardText.objects.get().changed_by == people.asec().person
    cases.registered(people)
    [text] = gone(mails, "{done}")
    assert text.startswith("Dear owner: {done} http")
    assert "Welcome, AIPBI/" in officer.get(TEXTS).content.decode()


BOUNCE = """From: MAILER-DAEMON@mx.example.org
Subject: Undelivered Mail Returned to Sender
Message-ID: <123@mx.example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; seom@th.example.org
Action: failed
Diagnostic-Code: smtp; 550 5.1.1 unknown user
--b
Content-Type: message/rfc822

Message-ID: <{name}@localhost>
Subject: A registered proposal

--b--
"""


def test_n2_a_returned_email_handed_over_by_the_mail_system_marks_its_notice(people, mails, monkeypatch):
    people.seom("TH")
    cases.registered(people)
    notices.mail_waiting()
    one = Notice.objects.get(person=people.seom("TH").person)

    def hand_over(text: str) -> None:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text.encode())))
        call_command("take_bounce", stdout=StringIO())

    hand_over(BOUNCE.replace("{name}", names.name(one)))
    one.refresh_from_db()
    assert (one.mail_state, one.error) == (MailState.FAILED, "It came back: 550 5.1.1 unknown user")
    for wrong in (names.name(one), "0" * 32, f"notice-{one.pk}", str(one.pk)):
        with pytest.raises(CommandError):
            hand_over(BOUNCE.replace("{name}", wrong))

"""ASEC enters a proposal that came another way; its proponent confirms it by a link that is used once (P8)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, connections, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from aipbi.accounts.capacity import held_by, today
from aipbi.accounts.enums import Membership
from aipbi.accounts.models import Member, Organisation, Person
from aipbi.asean import editions
from aipbi.documents.models import StoredFile
from aipbi.workflow import trail
from aipbi.workflow.errors import Blocked, NotYours
from aipbi.workflow.models import Job, Notice, Obligation, TrailEntry
from aipbi.workflow.tasks import sweep
from proposals import tasks
from proposals import verbs as drafts
from proposals.document import empty
from proposals.enums import Arrival, Standing
from proposals.models import OnBehalf, Proposal
from proposals.on_behalf import letters, links, verbs
from proposals.paper import form
from tests.documents import samples
from tests.facilitation.test_letter_pdf import squeezed, words_of
from tests.support.cases import CASES, do, document, draft
from tests.support.client import Client
from tests.support.people import sign_in

CONTACT = "director@riverlight.example.org"
TITLE = document()["title"]


@pytest.fixture(autouse=True)
def mails_at_hand(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def company(db):
    """A company that nobody has joined yet."""
    return verbs.new_organisation(name="Riverlight Power", country="LA", kind="private", corporate_group="Riverlight")


@pytest.fixture
def entered(people, company):
    return enter(people, company)


def enter(people, company, answers=None, email=CONTACT) -> OnBehalf:
    arrived = verbs.Arrived(date(2026, 11, 3), Arrival.EMAIL, "The Director", email)
    proposal = verbs.enter(company, arrived, as_=people.asec(), answers=answers or document())
    return OnBehalf.objects.select_related("proposal__case", "proposal__organisation").get(pk=proposal.pk)


def ask(entered, people, **contact) -> OnBehalf:
    """Ask the contact to confirm, and mail what waits."""
    names = {"contact_name": entered.contact_name, "contact_email": entered.contact_email}
    do(Proposal.objects.get(pk=entered.pk), "ask_confirmation", people.asec(), **{**names, **contact})
    letters.mail_waiting()
    return OnBehalf.objects.select_related("proposal__case", "proposal__organisation").get(pk=entered.pk)


def account(email: str = CONTACT) -> Person:
    """Somebody with a proved address."""
    person = Person.objects.filter(email=email).first() or Person.objects.create_user(email=email, name="A director")
    EmailAddress.objects.get_or_create(user=person, email=email, defaults={"verified": True, "primary": True})
    return person


def browser_of(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def hand_in(browser, link):
    return browser.post(link, {"do": "hand_in", "declaration": "on"})


def change(entered, people, **part):
    proposal = Proposal.objects.get(pk=entered.pk)
    drafts.keep(proposal, part, as_=people.asec(), now=timezone.now())


# --- Entering ---


def test_p8_an_officer_enters_a_proposal_for_a_new_organisation(people, signed_in):
    officer = signed_in(people.asec())
    assert "Enter a proposal for a company" in text_of(officer.get("/desk/"))
    search = officer.get("/proposals/enter/?q=Riverlight")
    assert "0 organisations found" in text_of(search)
    assert "?new" in search.content.decode()
    letter = SimpleUploadedFile("letter.json", (CASES / "01-power-trade.json").read_bytes())
    scan = SimpleUploadedFile("as it came.png", samples.PNG)
    typed = {**NEW, **ARRIVED, "file": letter, "received": scan}
    answer = officer.post("/proposals/enter/?new", typed)
    entered = OnBehalf.objects.get()
    assert answer["Location"] == f"/cases/{entered.proposal.case.code}/write/"
    assert entered.proposal.title == TITLE
    assert (entered.proposal.organisation.name, str(entered.proposal.organisation.corporate_group)) == (
        "Riverlight Power",
        "Riverlight",
    )
    assert (entered.contact_email, entered.arrived_by, entered.arrived_on) == (CONTACT, "letter", date(2026, 11, 3))
    assert not Member.objects.filter(organisation=entered.proposal.organisation).exists()
    page = text_of(officer.get(answer["Location"]))
    assert "You enter this for Riverlight Power" in page
    first = TrailEntry.objects.get(case=entered.proposal.case)
    assert (first.action, first.capacity, first.details["file"]) == ("enter", "ASEC officer", "letter.json")
    # The letter itself is read by ASEC, and by nobody else yet.
    file = StoredFile.objects.get(purpose="received")
    assert officer.get(f"/files/{file.pk}/").status_code == 200
    assert sign_in(Client(), people.proponent()).get(f"/files/{file.pk}/").status_code == 404


def test_p8_a_search_that_no_database_can_read_finds_nothing(people, signed_in):
    answer = signed_in(people.asec()).get("/proposals/enter/", {"q": "River\0light"})
    assert "0 organisations found" in text_of(answer)


def test_p8_what_is_wrong_is_said_at_its_place_and_what_was_typed_stays(people, signed_in, company):
    officer = signed_in(people.asec())
    answer = officer.post("/proposals/enter/?new", {**NEW, **ARRIVED, "arrived_on": "2999-01-01", "contact_email": "x"})
    assert answer.status_code == 422
    said = text_of(answer)
    assert "This day is still to come." in said
    assert "valid e-mail" in said or "valid email" in said
    assert 'value="The Director"' in answer.content.decode()
    twice = officer.post("/proposals/enter/?new", {**NEW, **ARRIVED})
    assert "The portal knows an organisation of this name" in text_of(twice)
    broken = SimpleUploadedFile("broken.json", b'{"format": "aipbi-proposal/1", "title": 7}')
    faults = officer.post(f"/proposals/enter/?organisation={company.pk}", {**ARRIVED, "file": broken})
    assert faults.status_code == 422
    assert "Nothing was imported" in text_of(faults)
    assert not Proposal.objects.exists()
    assert Organisation.objects.count() == 1
    assert officer.get("/proposals/enter/?organisation=999999").status_code == 404


def test_p8_the_officer_writes_it_with_the_pages_of_a_proponent(people, entered, signed_in):
    officer, code = signed_in(people.asec()), entered.proposal.case.code
    for path in ("", "write/", "write/project/", "check/", "files/", "proposal/", "trail/"):
        assert officer.get(f"/cases/{code}/{path}").status_code == 200, path
    page = officer.get(f"/cases/{code}/write/project/").content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page).group(1)
    officer.post(f"/cases/{code}/write/project/", {"seen": seen, "title": "As it says in the letter", "do": "later"})
    added = officer.post(
        f"/cases/{code}/proposal/{entered.pk}/add_file/",
        {"seen": Proposal.objects.get().revision, "file": SimpleUploadedFile("plan.png", samples.PNG)},
    )
    assert added.status_code == 302
    entered.proposal.refresh_from_db()
    assert entered.proposal.title == "As it says in the letter"
    file = StoredFile.objects.get(name="plan.png")
    assert (file.organisation, file.office) == (entered.proposal.organisation, people.asec().office)
    assert officer.get(f"/files/{file.pk}/").status_code == 200
    asked = f"/cases/{code}/proposal/{entered.pk}/ask_confirmation/"
    assert asked in officer.get(f"/cases/{code}/check/").content.decode()


def test_p8_the_officer_brings_in_the_form_on_paper(people, company, signed_in):
    entered = enter(people, company, answers={**empty(), "title": "As the e-mail calls it"})
    officer, address = signed_in(people.asec()), reverse("read_form_into", args=[entered.proposal.case.code])
    paper = SimpleUploadedFile("form.docx", form.filled(document(), criteria=editions.criteria_now().code))
    shown = officer.post(address, {"file": paper})
    taken = officer.post(address, {"offer": shown.context["offer"].sealed})
    assert taken.status_code == 302
    assert officer.get(taken["Location"]).status_code == 200
    entered.proposal.refresh_from_db()
    assert entered.proposal.title == TITLE
    ask(entered, people)
    hand_in(browser_of(account()), links.path(OnBehalf.objects.select_related("proposal__case").get(pk=entered.pk)))
    assert officer.get(address).status_code == 404


def test_u5_nobody_but_asec_sees_what_waits_for_its_confirmation(people, company, entered):
    owner = Member.objects.create(
        person=people.person("early@riverlight.example.org"),
        organisation=company,
        role="owner",
        starts=date(2026, 1, 5),
    )
    others = [
        next(held for held in held_by(owner.person)), people.proponent(), people.seom("LA"), people.fg_gvc("TH"),
        people.expert(), people.admin(), people.body("AMEM"),
    ]  # fmt: skip
    code = entered.proposal.case.code
    for capacity in others:
        browser = sign_in(Client(), capacity)
        for path in ("", "write/", "check/", "proposal/", "proposal/json/", "files/", "trail/"):
            assert browser.get(f"/cases/{code}/{path}").status_code == 404, (capacity.label, path)
        for page in ("/cases/", "/desk/"):
            assert TITLE not in text_of(browser.get(page))
        with pytest.raises(NotYours):
            drafts.keep(entered.proposal, {"title": "Mine"}, as_=capacity, now=timezone.now())
    for name in ("submit", "withdraw", "add_file"):
        with pytest.raises(NotYours):
            do(Proposal.objects.get(pk=entered.pk), name, others[0])
    listed = text_of(sign_in(Client(), people.asec()).get("/cases/"))
    assert TITLE in listed
    assert "Entered by ASEC, not yet confirmed" in listed


def test_r7_what_asec_enters_is_found_as_waiting_for_asec(people, entered):
    officer = sign_in(Client(), people.asec())
    for asked, there in {"is:mine": True, "waiting:asec": True, "waiting:proponent": False}.items():
        assert (TITLE in text_of(officer.get("/cases/", {"q": asked}))) == there, asked


def test_u5_asec_still_sees_no_other_draft(people, entered):
    other = draft(people, "02-ev-battery-chain")
    officer, code = sign_in(Client(), people.asec()), other.case.code
    for path in ("", "write/", "write/project/", "check/", "files/", "proposal/", "proposal/json/"):
        assert officer.get(f"/cases/{code}/{path}").status_code == 404, path
    assert other.title not in text_of(officer.get("/cases/")) + text_of(officer.get("/desk/"))
    with pytest.raises(NotYours):
        drafts.keep(other, {"title": "Mine"}, as_=people.asec(), now=timezone.now())
    for name in ("ask_confirmation", "drop_entry", "add_file"):
        with pytest.raises(NotYours):
            do(other, name, people.asec())


def test_p8_only_asec_enters(people, company):
    arrived = verbs.Arrived(date(2026, 11, 3), Arrival.EMAIL, "The Director", CONTACT)
    for capacity in (people.proponent(), people.seom("LA"), people.admin()):
        with pytest.raises(NotYours):
            verbs.enter(company, arrived, as_=capacity)
        assert sign_in(Client(), capacity).get("/proposals/enter/").status_code == 404


def test_u4_asec_lets_nobody_into_an_organisation_that_has_people(people):
    mekong = people.proponent().organisation
    with pytest.raises(ValidationError, match="none of its owners and editors"):
        enter(people, mekong)
    viewer = account(people.proponent(membership=Membership.VIEWER).person.email)
    with pytest.raises(ValidationError, match="none of its owners and editors"):
        enter(people, mekong, email=viewer.email)
    unproved = people.proponent(membership=Membership.EDITOR).person
    with pytest.raises(ValidationError, match="none of its owners and editors"):
        enter(people, mekong, email=unproved.email)
    editor = account(unproved.email)
    assert enter(people, mekong, email=editor.email).contact_email == editor.email


# --- Asking ---


def test_p8_the_link_is_mailed_once_and_says_nothing_of_what_is_proposed(people, entered):
    asked = ask(entered, people)
    letters.mail_waiting()
    sweep()
    [message] = [one for one in mail.outbox if one.to == [CONTACT]]
    assert f"http://localhost:8000{links.path(asked)}" in message.body or links.path(asked) in message.body
    assert TITLE not in message.subject + message.body
    assert "Riverlight Power" in message.body
    assert asked.standing == Standing.ASKED
    owed = Obligation.objects.get(case=asked.proposal.case, kind="confirmation")
    assert (owed.office, owed.due_at, owed.closed_at) == (people.asec().office, asked.expires_at, None)
    # The portal keeps no link: what is in the database makes none.
    token = links.path(asked).split("/")[-2]
    row = {field.attname: str(getattr(asked, field.attname)) for field in OnBehalf._meta.concrete_fields}
    assert token not in " ".join(row.values()) + str(list(TrailEntry.objects.values_list("details", flat=True)))


def test_p8_a_mail_that_fails_is_tried_again_and_the_desk_says_so(people, entered, settings):
    settings.EMAIL_BACKEND = "tests.proposals.test_on_behalf.AwayBackend"
    asked = ask(entered, people)
    assert (asked.standing, asked.attempts) == (Standing.FAILING, 1)
    assert "could not be sent yet" in text_of(sign_in(Client(), people.asec()).get("/desk/"))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    OnBehalf.objects.update(next_try_at=timezone.now())
    assert letters.mail_waiting() == 1
    asked.refresh_from_db()
    assert asked.standing == Standing.ASKED


def test_l5_the_proponent_is_reminded_once_before_the_link_runs_out(people, entered):
    asked = ask(entered, people)
    mail.outbox.clear()
    soon = timezone.now() + timedelta(days=4)
    OnBehalf.objects.update(expires_at=soon)
    assert (letters.mail_waiting(), letters.mail_waiting()) == (1, 0)
    [message] = mail.outbox
    assert message.subject.startswith("Reminder")
    assert links.path(asked) in message.body


def test_p8_asking_needs_a_title_and_not_the_same_twice_within_the_hour(people, company):
    entered = enter(people, company, answers={**document(), "title": ""})
    with pytest.raises(Blocked, match="title"):
        ask(entered, people)
    change(entered, people, title="Now it has one")
    ask(entered, people)
    with pytest.raises(Blocked, match="short while ago"):
        ask(entered, people)
    assert ask(entered, people, contact_email="other@riverlight.example.org").asked == 2


# --- The link ---


def test_p8_a_mail_scanner_uses_nothing_up_and_reads_nothing(people, entered):
    """GET, HEAD, a prefetch, and a scanner that runs scripts and presses every button it finds."""
    asked = ask(entered, people)
    link, scanner = links.path(asked), Client(enforce_csrf_checks=False)
    before = trail_length(asked)
    for _n in range(3):
        page = scanner.get(link, headers={"Sec-Purpose": "prefetch"})
        assert page.status_code == 200
        assert scanner.head(link).status_code == 200
        for answer in ("hand_in", "take_over", "refuse"):
            pressed = scanner.post(link, {"do": answer, "declaration": "on", "reason": "A scanner"})
            assert "Create an account" in text_of(pressed)
    said = text_of(page)
    assert "Riverlight Power" in said
    assert TITLE not in said
    assert "<form" not in re.sub(r"<header.*?</header>|<footer.*?</footer>", "", page.content.decode(), flags=re.DOTALL)
    asked.refresh_from_db()
    assert (asked.standing, trail_length(asked)) == (Standing.ASKED, before)
    person = account()
    browser_of(person).get(link)
    browser_of(person).head(link)
    asked.refresh_from_db()
    assert (asked.standing, trail_length(asked)) == (Standing.ASKED, before)
    assert not Member.objects.filter(person=person).exists()


def trail_length(entered) -> int:
    return TrailEntry.objects.filter(case_id=entered.pk).count()


def test_p8_the_proponent_reads_confirms_and_hands_in(people, entered):
    asked = ask(entered, people)
    person = account()
    browser, link = browser_of(person), links.path(asked)
    page = text_of(browser.get(link))
    assert TITLE in page
    assert document()["roadblocks"][0]["description"][:40] in page
    assert "Confirm it and submit it to the SEOM lead of Lao PDR" in page
    missing = browser.post(link, {"do": "hand_in"})
    assert missing.status_code == 422
    assert "Tick the declaration" in text_of(missing)
    assert not Member.objects.filter(person=person).exists()

    answer = hand_in(browser, link)
    case = Proposal.objects.get(pk=entered.pk)
    assert answer["Location"] == f"/cases/{case.case.code}/"
    assert browser.get(answer["Location"]).status_code == 200
    assert (case.state, case.unconfirmed, case.declared_by) == ("with_seom", False, person)
    assert case.version.sha256 == asked.sha256
    asked.refresh_from_db()
    assert (asked.confirmed_by, asked.standing) == (person, Standing.CONFIRMED)
    [owner] = Member.objects.filter(organisation=case.organisation)
    assert (owner.person, owner.role) == (person, "owner")

    # The clock starts now, and both are on the trail.
    owed = {one.kind: one for one in Obligation.objects.filter(case=case.case, closed_at=None)}
    assert set(owed) == {"seom_decision"}
    assert owed["seom_decision"].opened_at == case.submitted_at >= asked.confirmed_at
    actions = [(one.action, one.capacity) for one in case.case.trail.order_by("number")]
    assert actions == [
        ("enter", "ASEC officer"), ("ask_confirmation", "ASEC officer"), ("take_over", "Riverlight Power"),
        ("submit", "Riverlight Power"),
    ]  # fmt: skip
    taken = case.case.trail.get(action="take_over").details
    assert (taken["entered_by"], taken["arrived_on"], taken["sha256"]) == ("ASEC officer", "2026-11-03", asked.sha256)
    assert not list(trail.broken())
    assert Notice.objects.filter(office=people.asec().office, what="take_over").exists()

    # ASEC writes and reads it no longer, until it reaches the inbox; the SEOM lead sees how it came.
    officer = sign_in(Client(), people.asec())
    assert officer.get(f"/cases/{case.case.code}/").status_code == 404
    assert TITLE not in text_of(officer.get("/desk/"))
    with pytest.raises(NotYours):
        change(entered, people, title="Too late")
    seen = text_of(sign_in(Client(), people.seom("LA")).get(f"/cases/{case.case.code}/proposal/"))
    assert "Entered by the ASEAN Secretariat" in seen
    assert "confirmed by the proponent" in seen
    assert CONTACT not in seen


def test_l6_the_pdf_says_how_the_proposal_came(people, entered):
    asked = ask(entered, people)
    hand_in(browser_of(account()), links.path(asked))
    version = Proposal.objects.get(pk=entered.pk).version
    assert Job.objects.filter(kind="version_pdf").exists()
    with pikepdf.open(BytesIO(tasks.make(version))) as pdf:
        said = words_of(pdf)
    assert squeezed("as it arrived on 3 November 2026; confirmed by the proponent on") in said


def test_p8_a_link_is_used_once(people, entered):
    asked = ask(entered, people)
    person, link = account(), links.path(asked)
    browser = browser_of(person)
    hand_in(browser, link)
    length = trail_length(asked)
    again = hand_in(browser, link)
    assert again["Location"] == f"/cases/{asked.proposal.case.code}/"
    stranger = Client().get(link)
    assert stranger.status_code == 409
    assert "has been confirmed" in text_of(stranger)
    assert trail_length(asked) == length
    asked.refresh_from_db()
    with pytest.raises(InternalError), transaction.atomic():
        OnBehalf.objects.filter(pk=asked.pk).update(confirmed_at=None, confirmed_by=None)


def test_l2_two_answers_at_once_are_one(committed_db, people):
    company = verbs.new_organisation(name="Riverlight Power", country="LA", kind="private", corporate_group="")
    asked = ask(enter(people, company), people)
    person, link = account(), links.path(asked)
    browsers = [browser_of(person), browser_of(person)]

    def press(browser):
        try:
            return hand_in(browser, link)["Location"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        led = list(pool.map(press, browsers))
    assert led == [f"/cases/{asked.proposal.case.code}/"] * 2
    actions = list(TrailEntry.objects.filter(case_id=asked.pk).order_by("number").values_list("action", flat=True))
    assert actions == ["enter", "ask_confirmation", "take_over", "submit"]
    assert Member.objects.filter(organisation=company).count() == 1


def test_p8_a_link_that_ran_out_says_so(people, entered):
    asked = ask(entered, people)
    OnBehalf.objects.update(expires_at=F("asked_at") + timedelta(microseconds=1))
    answer = hand_in(browser_of(account()), links.path(asked))
    assert answer.status_code == 409
    assert "has run out" in text_of(answer)
    asked.refresh_from_db()
    assert asked.confirmed_at is None
    assert "The link has run out: ask again" in text_of(sign_in(Client(), people.asec()).get("/desk/"))


def test_p8_a_change_after_asking_needs_a_new_link_and_ends_the_old_one(people, entered):
    first = ask(entered, people)
    old, browser = links.path(first), browser_of(account())
    change(entered, people, title="Another title")
    answer = hand_in(browser, old)
    assert answer.status_code == 409
    assert "changed the proposal after this link was sent" in text_of(answer)
    assert "ask again" in text_of(sign_in(Client(), people.asec()).get("/desk/"))
    second = ask(entered, people)
    newer = hand_in(browser, old)
    assert newer.status_code == 409
    assert "A newer link was sent" in text_of(newer)
    assert Proposal.objects.get().unconfirmed
    assert hand_in(browser, links.path(second)).status_code == 302
    assert Proposal.objects.get().title == "Another title"


def test_p8_a_file_added_after_asking_counts_as_a_change(people, entered):
    asked = ask(entered, people)
    do(
        Proposal.objects.get(), "add_file", people.asec(),
        files={"file": SimpleUploadedFile("plan.png", samples.PNG)},
    )  # fmt: skip
    answer = hand_in(browser_of(account()), links.path(asked))
    assert answer.status_code == 409
    assert "changed the proposal" in text_of(answer)


def test_p8_somebody_else_is_told_plainly_and_reads_nothing(people, entered):
    asked = ask(entered, people)
    other = account("somebody@elsewhere.example.org")
    for answer in (browser_of(other).get(links.path(asked)), hand_in(browser_of(other), links.path(asked))):
        assert answer.status_code == 409
        said = text_of(answer)
        assert f"This link was sent to {CONTACT}" in said
        assert TITLE not in said
    unproved = account()
    EmailAddress.objects.filter(user=unproved).update(verified=False)
    assert hand_in(browser_of(unproved), links.path(asked)).status_code == 409
    assert Proposal.objects.get().unconfirmed


def test_p8_a_made_up_link_is_not_found(people, entered, company):
    asked = ask(entered, people)
    code, token = asked.proposal.case.code, links.path(asked).split("/")[-2]
    other = ask(enter(people, company), people)
    for link in (
        f"/confirm/{code}/{'0' * 48}/", f"/confirm/nosuchcase/{token}/",
        f"/confirm/{other.proposal.case.code}/{token}/",
    ):  # fmt: skip
        assert Client().get(link).status_code == 404


def test_p8_a_link_outlives_a_change_of_the_secret_key(people, entered, settings):
    link = links.path(ask(entered, people))
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-of-at-least-forty-characters!"
    assert Client().get(link).status_code == 404
    settings.SECRET_KEY_FALLBACKS = [old]
    assert Client().get(link).status_code == 200


def test_p8_the_proponent_takes_it_over_to_change_it_first(people, company):
    """What came with gaps is completed by the proponent, who then hands it in as any other draft."""
    answers = {**document(), "summary": ""}
    asked = ask(enter(people, company, answers=answers), people)
    person, link = account(), links.path(asked)
    browser = browser_of(person)
    page = text_of(browser.get(link))
    assert "can’t be handed in as it stands" in page
    assert "Confirm it and submit" not in page
    assert hand_in(browser, link).status_code == 409
    assert not Member.objects.exists()
    answer = browser.post(link, {"do": "take_over"})
    assert answer["Location"] == f"/cases/{asked.proposal.case.code}/write/"
    assert browser.get(answer["Location"]).status_code == 200
    case = Proposal.objects.get()
    assert (case.state, case.unconfirmed, case.submitted_at) == ("draft", False, None)
    assert not Obligation.objects.filter(closed_at=None).exists()
    owner = next(held for held in held_by(person) if held.organisation == company)
    drafts.keep(case, {"summary": document()["summary"]}, as_=owner, now=timezone.now())
    assert do(Proposal.objects.get(), "submit", owner, declaration="on").state == "with_seom"


def test_p8_the_proponent_refuses_with_a_reason_and_asec_is_told(people, entered):
    asked = ask(entered, people)
    browser, link = browser_of(account()), links.path(asked)
    assert browser.post(link, {"do": "refuse"}).status_code == 422
    browser.post(link, {"do": "refuse", "reason": "We never sent this."})
    asked.refresh_from_db()
    assert (asked.standing, asked.refusal) == (Standing.REFUSED, "We never sent this.")
    assert hand_in(browser, link).status_code == 409
    case = Proposal.objects.get()
    assert (case.state, case.unconfirmed) == ("draft", True)
    assert not Member.objects.exists()
    told = Notice.objects.get(what="refuse_entry")
    assert (told.office, told.to_act) == (people.asec().office, True)
    officer = sign_in(Client(), people.asec())
    page = text_of(officer.get(f"/cases/{case.case.code}/"))
    assert "We never sent this." in page
    # ASEC asks somebody else, or sets it aside.
    again = ask(asked, people, contact_email="chair@riverlight.example.org")
    assert (again.asked, again.refusal, again.standing) == (2, "", Standing.ASKED)
    gone = do(case_now(case), "drop_entry", people.asec(), reason="Sent by mistake")
    assert gone.state == "withdrawn"
    assert not Obligation.objects.filter(closed_at=None).exists()
    late = browser_of(account("chair@riverlight.example.org")).get(links.path(again))
    assert "has set this proposal aside" in text_of(late)


def case_now(case) -> Proposal:
    return Proposal.objects.get(pk=case.pk)


def test_u4_who_comes_second_to_a_new_organisation_is_sent_to_its_owner(people, company):
    first = ask(enter(people, company), people)
    second = ask(enter(people, company, email="second@riverlight.example.org"), people)
    hand_in(browser_of(account()), links.path(first))
    answer = hand_in(browser_of(account("second@riverlight.example.org")), links.path(second))
    assert answer.status_code == 409
    assert "Ask its owner to invite you" in text_of(answer)
    assert case_now(second).unconfirmed
    assert Member.objects.filter(organisation=company).count() == 1


@pytest.mark.parametrize("left", ["gone", "viewer"])
def test_u5_who_no_longer_writes_for_the_organisation_reads_and_refuses_nothing_by_the_link(people, left):
    """U4, U5: the link was for the colleague they were; since then it is the organisation's alone."""
    capacity = people.proponent(membership=Membership.EDITOR)
    asked = ask(enter(people, capacity.organisation, email=account(capacity.person.email).email), people)
    Member.objects.filter(person=capacity.person).update(ends=today())
    if left == "viewer":
        Member.objects.create(
            person=capacity.person, organisation=capacity.organisation, role=Membership.VIEWER, starts=today()
        )
    browser, link = browser_of(capacity.person), links.path(asked)
    for answer in (browser.get(link), hand_in(browser, link), browser.post(link, {"do": "refuse", "reason": "No"})):
        assert answer.status_code == 409
        assert "Ask its owner to invite you" in text_of(answer)
        assert TITLE not in text_of(answer)
    asked.refresh_from_db()
    assert asked.standing == Standing.ASKED


def test_p8_the_secretariat_does_not_confirm_what_it_entered(people, company):
    """P8: an officer names no colleague as the contact, and whoever became one since confirms nothing."""
    officer = account(people.asec().person.email)
    with pytest.raises(ValidationError, match="belongs to somebody at the ASEAN Secretariat"):
        enter(people, company, email=officer.email)
    asked = ask(enter(people, company), people)
    with pytest.raises(Blocked, match="Secretariat"):
        ask(asked, people, contact_email=officer.email.upper())
    EmailAddress.objects.create(user=officer, email=CONTACT, verified=True)
    for answer in (browser_of(officer).get(links.path(asked)), hand_in(browser_of(officer), links.path(asked))):
        assert answer.status_code in (302, 409)
    assert case_now(asked).unconfirmed
    assert not Member.objects.exists()


def test_p8_an_editor_of_a_known_organisation_confirms_as_what_they_are(people):
    capacity = people.proponent(membership=Membership.EDITOR)
    asked = ask(enter(people, capacity.organisation, email=account(capacity.person.email).email), people)
    assert hand_in(browser_of(capacity.person), links.path(asked)).status_code == 302
    assert [one.role for one in Member.objects.filter(person=capacity.person)] == ["editor"]
    assert case_now(asked).declared_by == capacity.person


def test_u1_signing_up_by_the_link_asks_for_no_organisation_and_leads_back(people, entered, client, settings):
    """Three steps for who files once: create the account, prove the address, confirm."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    asked = ask(entered, people)
    link = links.path(asked)
    page = client.get(link).content.decode()
    sign_up = re.search(r'href="(/accounts/signup/[^"]*)"', page).group(1).replace("&amp;", "&")
    form = client.get(sign_up)
    assert 'name="organisation"' not in form.content.decode()
    assert "Riverlight Power" in text_of(form)
    password = "eleven-states-one-chain"
    typed = {"name": "The Director", "email": CONTACT, "password1": password, "password2": password, "next": link}
    client.post(sign_up, typed)
    body = next(one.body for one in reversed(mail.outbox) if one.to == [CONTACT])
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", body, re.MULTILINE).group(1)
    proved = client.post("/accounts/confirm-email/", {"code": code})
    assert proved["Location"] == link
    assert hand_in(client, link).status_code == 302
    assert Proposal.objects.get().state == "with_seom"


class AwayBackend:
    """A mail server that is away."""

    def __init__(self, *_arguments, **_more):
        pass

    def send_messages(self, _messages):
        raise OSError("the mail server is away")


NEW = {"organisation": "Riverlight Power", "country": "LA", "kind": "private", "corporate_group": "Riverlight"}
ARRIVED = {
    "arrived_on": "2026-11-03", "arrived_by": "letter", "contact_name": "The Director", "contact_email": CONTACT,
}  # fmt: skip

"""Partners' staff: one proposal of somebody else's, and nothing beside it (U4, U5)."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from aipbi.accounts import tasks
from aipbi.accounts.capacity import held_by, today
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.models import Invitation, Member, Organisation, Partner, Person, Team
from aipbi.accounts.verbs import invitations, organisations, ownership
from aipbi.documents.models import StoredFile
from aipbi.workflow.errors import Blocked, Invalid, NotOpen, NotYours
from aipbi.workflow.models import Case, Notice, Obligation, TrailEntry
from proposals import verbs
from proposals.models import Proposal
from proposals.paper import taking
from tests.documents import samples
from tests.proposals.test_writing import ALONE, address, page_of
from tests.support.cases import do, draft, in_inbox, submitted
from tests.support.world import partner

pytestmark = pytest.mark.django_db
COMPANY = "Batam Copper Works"
GUEST = "engineer@batam-copper.example.org"
SECRET = "Sulphur-lines-4471"


@pytest.fixture(autouse=True)
def at_hand(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def owner(people):
    Person.objects.filter(pk=people.proponent().person.pk).update(name="Bounmy Owner-Name")
    return people.proponent()


@pytest.fixture
def case(people):
    return draft(people)


@pytest.fixture
def other(owner):
    """Another draft of the same organisation, with a file and something to find."""
    found = verbs.start_draft(by=owner.person, as_=owner)
    verbs.keep(found, {"background": SECRET}, as_=owner, now=timezone.now())
    return do(fresh(found), "add_file", owner, files={"file": samples.upload(name="other.pdf")})


def fresh(proposal):
    return Proposal.objects.select_related("case").get(pk=proposal.pk)


def invite(case, owner, email=GUEST, role="editor", company=COMPANY):
    do(fresh(case), "invite_partner", owner, email=email, role=role, company="other", other_company=company)
    return Invitation.objects.get(email=email.lower(), accepted_at=None, withdrawn_at=None, team__case=case.pk)


def guest(email=GUEST):
    person = Person.objects.create_user(email=email, name="Ibu Sari")
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def accepted(case, owner, role="editor"):
    invitations.accept(invitation=invite(case, owner, role=role), person=guest())
    return held_by(Person.objects.get(email=GUEST))[0]


def move_page(proposal, move):
    return reverse("move", args=[proposal.case.code, "proposal", proposal.pk, move])


# --- Inviting ---


def test_u4_an_owner_invites_and_accepting_gives_one_proposal_and_no_organisation(case, owner):
    capacity = accepted(case, owner)
    assert (capacity.role, capacity.membership, capacity.company) == (Role.PARTNER, Membership.EDITOR, COMPANY)
    assert capacity.organisation is None
    assert not capacity.writes
    assert list(Proposal.objects.visible_to(capacity)) == [case]
    row = Partner.objects.get()
    assert (row.starts, row.ends, row.team.organisation) == (today(), None, owner.organisation)
    assert not Member.objects.filter(person=row.person).exists()


@pytest.mark.parametrize("membership", [Membership.EDITOR, Membership.VIEWER])
def test_u4_only_an_owner_invites_ends_and_sends_again(membership, people, case, owner, signed_in):
    waiting = invite(case, owner)
    colleague = people.proponent(membership=membership)
    for move in ("invite_partner", "end_partner"):
        with pytest.raises(NotYours):
            do(fresh(case), move, colleague)
        assert signed_in(colleague).get(move_page(case, move)).status_code == 404
    for verb in (invitations.withdraw, invitations.send_again):
        with pytest.raises(PermissionDenied):
            verb(invitation=waiting, by=colleague)
    page = signed_in(colleague).get(reverse("team", args=[case.case.code])).text
    assert GUEST in page
    assert "send-again" not in page


def test_u4_another_organisations_owner_reaches_neither_people_nor_invitations(people, case, owner, signed_in):
    waiting = invite(case, owner)
    stranger = signed_in(people.proponent("Penang Advanced Packaging", country="MY"))
    code = case.case.code
    assert stranger.get(reverse("team", args=[code])).status_code == 404
    path = reverse("change_partner_invitation", args=[code, waiting.pk, "withdraw"])
    assert stranger.post(path).status_code == 404
    waiting.refresh_from_db()
    assert waiting.open


def test_u4_an_invitation_is_changed_under_its_own_case_alone(case, other, owner, signed_in):
    waiting = invite(case, owner)
    wrong = reverse("change_partner_invitation", args=[other.case.code, waiting.pk, "withdraw"])
    assert signed_in(owner).post(wrong).status_code == 404
    right = reverse("change_partner_invitation", args=[case.case.code, waiting.pk, "withdraw"])
    assert signed_in(owner).post(right)["Location"] == reverse("team", args=[case.case.code])
    waiting.refresh_from_db()
    assert waiting.withdrawn_at


def test_u4_the_companies_that_the_proposal_names_are_offered(case, owner, signed_in):
    named = [one["name"] for one in case.answers["partners"]]
    assert named
    page = signed_in(owner).get(move_page(case, "invite_partner")).text
    assert all(name in page for name in named)
    do(fresh(case), "invite_partner", owner, email=GUEST, role="viewer", company=named[0])
    assert Invitation.objects.get().company == named[0]


def test_u4_a_proposal_that_names_none_asks_for_the_name(owner):
    empty = verbs.start_draft(by=owner.person, as_=owner)
    with pytest.raises(Invalid, match="other_company"):
        do(empty, "invite_partner", owner, email=GUEST, role="viewer")
    do(fresh(empty), "invite_partner", owner, email=GUEST, role="viewer", other_company=COMPANY)
    assert Invitation.objects.get().company == COMPANY


@pytest.mark.parametrize(
    "entered",
    [
        {"role": "owner"},
        {"role": ""},
        {"other_company": ""},
        {"other_company": "Copper\nThe Secretariat asks for your password"},
        {"other_company": "x" * 201},
        {"email": "nobody"},
        {"company": "Not named"},
    ],
)
def test_u4_what_does_not_hold_is_refused_at_its_place_and_kept(entered, case, owner, signed_in):
    sent = {"email": GUEST, "role": "editor", "company": "other", "other_company": COMPANY, **entered}
    answer = signed_in(owner).post(move_page(case, "invite_partner"), {"seen": fresh(case).revision, **sent})
    assert answer.status_code == 422
    assert sent["email"] in answer.text
    assert not Invitation.objects.exists()
    assert not Team.objects.exists()


def test_u4_who_needs_no_invitation_or_has_one_is_told(people, case, owner):
    colleague = people.proponent(membership=Membership.VIEWER).person.email
    with pytest.raises(Invalid, match="already"):
        invite(case, owner, email=colleague)
    invite(case, owner)
    with pytest.raises(Invalid, match="has been invited already"):
        invite(case, owner, email=GUEST.upper())
    invitations.accept(invitation=Invitation.objects.get(), person=guest())
    with pytest.raises(Invalid, match="works on this proposal already"):
        invite(case, owner)


def test_l2_the_days_last_invitation_goes_out_once_though_two_are_sent_at_once(case, owner, monkeypatch):
    """Both forms were right when they were read; the second is refused in words, and nothing of it stays."""
    monkeypatch.setattr(invitations, "refuse_partner", lambda **_about: None)
    invite(case, owner)
    with pytest.raises(Blocked, match="has been invited already"):
        invite(case, owner)
    assert Invitation.objects.count() == 1


def test_u4_partners_and_colleagues_share_the_days_invitations(case, owner, monkeypatch):
    monkeypatch.setattr(invitations, "COLLEAGUES_A_DAY", 2)
    for n in (1, 2):
        invite(case, owner, email=f"{n}@batam-copper.example.org")
    with pytest.raises(Invalid, match="since yesterday"):
        invite(case, owner)


def test_u4_the_mail_says_what_it_gives_and_no_title(case, owner):
    waiting = invite(case, owner)
    tasks.mail_waiting_invitations()
    (message,) = mail.outbox
    assert message.to == [GUEST]
    assert COMPANY in message.body
    assert "that proposal alone" in message.body
    assert waiting.get_absolute_url() in message.body
    assert case.title not in message.subject + message.body


def test_u4_the_page_of_the_invitation_says_what_it_gives(case, owner, client):
    client.force_login(guest())
    page = client.get(invite(case, owner).get_absolute_url()).text
    assert COMPANY in page
    assert "confidential annexes" in page
    assert case.title not in page


@pytest.mark.parametrize("spoilt", ["used", "withdrawn", "expired", "another"])
def test_u4_a_spoilt_invitation_lets_nobody_in(spoilt, case, owner, client):
    waiting = invite(case, owner)
    person = guest("thief@batam-copper.example.org" if spoilt == "another" else GUEST)
    if spoilt == "used":
        invitations.accept(invitation=waiting, person=person)
        Partner.objects.update(ends=today())
    elif spoilt == "withdrawn":
        invitations.withdraw(invitation=waiting, by=owner)
    elif spoilt == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    client.force_login(person)
    assert client.post(waiting.get_absolute_url()).status_code == 409
    assert held_by(person) == []
    assert client.get(reverse("case", args=[case.case.code])).status_code == 302


def test_u4_somebody_who_became_a_colleague_meanwhile_is_not_let_in_twice(case, owner):
    waiting, person = invite(case, owner), guest()
    Member.objects.create(person=person, organisation=owner.organisation, role="viewer", starts=today())
    with pytest.raises(ValidationError, match="already"):
        invitations.accept(invitation=waiting, person=person)


def test_u4_a_partner_who_became_a_colleague_keeps_nothing_when_the_membership_ends(case, owner):
    """U4: “from now on nothing of the organisation can be seen” holds for who came as a partner, too."""
    accepted(case, owner)
    person = Person.objects.get(email=GUEST)
    asked = invitations.invite_colleague(
        email=GUEST, organisation=owner.organisation, membership=Membership.EDITOR, by=owner
    )
    member = invitations.accept(invitation=asked, person=person)
    assert [held.role for held in held_by(person)] == [Role.PROPONENT]
    organisations.end(member=member, by=owner)
    assert held_by(person) == []


def test_u4_a_partner_made_owner_of_an_orphaned_organisation_is_no_partner_any_more(people, case, owner):
    accepted(case, owner)
    person = Person.objects.get(email=GUEST)
    Person.objects.filter(pk=owner.person.pk).update(is_active=False)
    ownership.give(organisation=owner.organisation, to=person, by=people.admin())
    assert [held.role for held in held_by(person)] == [Role.PROPONENT]


def test_l4_invitation_joining_and_end_are_on_the_trail_in_public_words(people, case, owner, signed_in):
    capacity = accepted(case, owner)
    do(fresh(case), "end_partner", owner, partner=Partner.objects.get().pk)
    actions = list(case.case.trail.order_by("number").values_list("action", "role", "audience"))
    assert actions[1:] == [
        ("invite_partner", "proponent", "case"),
        ("partner_joined", "partner", "case"),
        ("end_partner", "proponent", "case"),
    ]
    assert GUEST not in str(list(case.case.trail.values_list("details", flat=True)))
    page = signed_in(owner).get(reverse("trail", args=[case.case.code])).text
    assert capacity.label in page
    assert "Ibu Sari" in page
    assert Notice.objects.filter(what="partner_joined", person=owner.person).exists()


# --- What a partner does ---


def test_u4_an_editor_writes_and_the_trail_says_for_which_company(case, owner, signed_in):
    capacity = accepted(case, owner)
    browser = signed_in(capacity)
    sent = {**page_of(browser, case, "background"), "background": "Ours is the smelter."}
    assert browser.post(address(case, "background"), sent, headers=ALONE).json()["saved"]
    assert fresh(case).answers["background"] == "Ours is the smelter."
    entry = case.case.trail.latest("number")
    assert (entry.action, entry.role, entry.organisation, entry.person) == ("write", "partner", None, capacity.person)
    assert entry.capacity == f"{COMPANY}, partner on case {case.case.code}"
    assert f"Ibu Sari, {COMPANY}" in signed_in(owner).get(reverse("case", args=[case.case.code])).text


def test_u4_an_editor_adds_files_which_count_for_the_organisation(case, other, owner, signed_in):
    capacity = accepted(case, owner)
    browser = signed_in(capacity)
    url = reverse("files", args=[case.case.code])
    page = browser.get(url).text
    assert "Add files" in page
    assert "all cases of your organisation" not in page
    sent = {"seen": fresh(case).revision, "file": samples.upload(name="smelter.pdf"), "confidential": "on"}
    assert browser.post(move_page(case, "add_file"), sent)["Location"] == url
    file = StoredFile.objects.get(name="smelter.pdf")
    assert (file.organisation, file.person) == (owner.organisation, capacity.person)
    assert browser.get(reverse("file", args=[file.pk])).status_code == 200
    read = TrailEntry.objects.get(action="read")
    assert (read.person, read.role) == (capacity.person, "partner")


def test_u4_a_viewer_reads_and_writes_nothing(case, owner, signed_in):
    capacity = accepted(case, owner, role="viewer")
    browser = signed_in(capacity)
    assert browser.get(reverse("proposal", args=[case.case.code])).status_code == 200
    for name in ("write", "check"):
        assert browser.get(reverse(name, args=[case.case.code])).status_code == 404
    assert browser.post(address(case, "background"), {"background": "No."}).status_code == 404
    assert browser.post(move_page(case, "add_file"), {"seen": 0, "file": samples.upload()}).status_code == 404
    with pytest.raises(NotYours):
        verbs.keep(fresh(case), {"background": "No."}, as_=capacity, now=timezone.now())


BINDING = ("submit", "withdraw", "invite_partner", "end_partner")


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_u4_what_binds_the_proponent_is_refused_inside_the_door_and_has_no_page(role, case, owner, signed_in):
    capacity = accepted(case, owner, role=role)
    browser, before = signed_in(capacity), fresh(case).revision
    for move in BINDING:
        with pytest.raises(NotYours):
            do(fresh(case), move, capacity, declaration="on", reason="x", partner=Partner.objects.get().pk)
        assert browser.get(move_page(case, move)).status_code == 404
        assert browser.post(move_page(case, move), {"seen": before, "declaration": "on"}).status_code == 404
    assert (fresh(case).state, fresh(case).revision) == ("draft", before)
    if role == "editor":
        page = browser.get(reverse("check", args=[case.case.code])).text
        assert "the declaration is theirs" in page
        assert move_page(case, "submit") not in page


def test_u4_a_role_cannot_be_given_to_oneself(case, owner, signed_in):
    """The rows themselves refuse: role, company and team stay, an end stays an end, nothing is deleted."""
    accepted(case, owner, role="viewer")
    for change in ({"role": "editor"}, {"company": "Other"}, {"starts": today() - timedelta(days=1)}):
        with pytest.raises(InternalError), transaction.atomic():
            Partner.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.create(person=owner.person, team=Team.objects.get(), company="x", role="owner", starts=today())
    with pytest.raises(InternalError), transaction.atomic():
        Partner.objects.all().delete()
    Partner.objects.update(ends=today())
    with pytest.raises(InternalError), transaction.atomic():
        Partner.objects.update(ends=None)


# --- What a partner must not see ---


ABOUT_THE_ORGANISATION = (
    "organisation", "describe_organisation", "hand_over", "invite_colleague", "new_proposal", "import_proposal",
)  # fmt: skip
OF_A_CASE = (
    "case", "trail", "proposal", "proposal_json", "compare", "files", "team", "write", "check", "participation",
    "review", "decision", "facilitation", "letters", "monitoring",
)  # fmt: skip


def test_u5_nothing_of_the_organisation_and_of_its_other_cases_is_found(case, other, owner, people, signed_in):
    colleague = people.proponent(membership=Membership.EDITOR).person
    browser = signed_in(accepted(case, owner))
    for name in ABOUT_THE_ORGANISATION:
        assert browser.get(reverse(name)).status_code == 404, name
    member = Member.objects.get(person=colleague)
    assert browser.post(reverse("end_membership", args=[member.pk])).status_code == 404
    for name in OF_A_CASE:
        assert browser.get(reverse(name, args=[other.case.code])).status_code == 404, name
    assert browser.post(address(other, "background"), {"background": "x"}).status_code == 404
    for file in StoredFile.objects.filter(case=other.pk):
        for name in ("file", "first_page"):
            assert browser.get(reverse(name, args=[file.pk])).status_code == 404
    seen = "".join(
        browser.get(path).text
        for path in (
            "/desk/", "/cases/", "/cases/?q=Sulphur", "/cases/?q=is:mine", "/notices/", "/accounts/", f"/cases/{case.case.code}/",
            *(reverse(name, args=[case.case.code]) for name in ("trail", "team", "files", "proposal", "write")),
        )
    )  # fmt: skip
    for hidden in (SECRET, other.case.code, colleague.email, owner.person.email, str(owner.person), "other.pdf"):
        assert hidden not in seen, hidden
    assert case.title in seen
    assert case.title in browser.get("/cases/?q=is:mine").text


def test_u5_a_partner_of_the_other_case_gets_nothing_of_this_one(case, other, owner, signed_in):
    elsewhere = partner(other, Membership.EDITOR)
    browser = signed_in(elsewhere)
    for name in OF_A_CASE:
        assert browser.get(reverse(name, args=[case.case.code])).status_code == 404, name
    for move in ("add_file", "submit", "leave_proposal"):
        with pytest.raises(NotYours):
            do(fresh(case), move, elsewhere)
    with pytest.raises(NotYours):
        verbs.keep(fresh(case), {"background": "x"}, as_=elsewhere, now=timezone.now())
    assert Case.objects.get(pk=case.pk).team is None


def test_u5_a_partner_without_a_team_sees_no_case_without_partners(case, owner):
    """A capacity that is somehow empty matches no case that has no team either."""
    from dataclasses import replace

    capacity = replace(accepted(case, owner), team=None)
    assert not Proposal.objects.visible_to(capacity).exists()


def test_u5_colleagues_are_named_to_the_organisation_and_not_to_its_partners(case, owner, signed_in):
    capacity = accepted(case, owner)
    verbs.keep(fresh(case), {"background": "By the owner."}, as_=owner, now=timezone.now())
    trail = reverse("trail", args=[case.case.code])
    assert str(owner.person) in signed_in(owner).get(trail).text
    page = signed_in(capacity).get(trail).text
    assert owner.organisation.name in page
    assert str(owner.person) not in page


def test_u5_of_two_partners_neither_reads_who_the_other_is(case, owner, signed_in):
    one, two = accepted(case, owner), partner(case, Membership.VIEWER, company="Johor Cables")
    seen = "".join(signed_in(two).get(reverse(name, args=[case.case.code])).text for name in ("team", "trail", "case"))
    assert one.person.email not in seen
    assert str(one.person) not in seen
    assert COMPANY in seen


def test_u4_one_person_switches_between_two_proposals_and_an_organisation(case, people, signed_in, client):
    """The header offers each; each shows its own and nothing of the others'."""
    second = draft(people, "02-ev-battery-chain")
    person = guest()
    own = Organisation.objects.create(name="Batam Holding", country="ID")
    Member.objects.create(person=person, organisation=own, role="owner", starts=today())
    for one, company in ((case, "First Works"), (second, "Second Works")):
        owner = people.proponent(one.organisation.name)
        invitations.accept(invitation=invite(one, owner, company=company), person=person)
    held = held_by(person)
    assert [(c.role, c.company) for c in held] == [
        (Role.PROPONENT, ""),
        (Role.PARTNER, "First Works"),
        (Role.PARTNER, "Second Works"),
    ]
    browser = signed_in(held[0])
    for capacity, shown in zip(held, (None, case, second), strict=True):
        browser.post(reverse("switch_capacity"), {"capacity": capacity.key})
        page = browser.get("/cases/").text
        for one in (case, second):
            assert (f"/cases/{one.case.code}/" in page) == (one is shown), (capacity.label, one.title)
            status = browser.get(reverse("case", args=[one.case.code])).status_code
            assert status == (200 if one is shown else 404)
        assert browser.get("/organisation/").status_code == (200 if shown is None else 404)
    client.force_login(person)
    assert client.post(reverse("switch_capacity"), {"capacity": "team-999999"}).status_code == 404


# --- The end ---


def test_u4_ended_by_the_owner_access_is_lost_at_once_in_the_open_session(case, owner, signed_in):
    capacity = accepted(case, owner)
    browser = signed_in(capacity)
    file = do(fresh(case), "add_file", owner, files={"file": samples.upload()}) and StoredFile.objects.get()
    assert browser.get(reverse("file", args=[file.pk])).status_code == 200
    do(fresh(case), "end_partner", owner, partner=Partner.objects.get().pk)
    assert held_by(capacity.person) == []
    for path in (reverse("case", args=[case.case.code]), reverse("file", args=[file.pk]), "/desk/"):
        assert browser.get(path)["Location"] == reverse("no_capacity")
    with pytest.raises(NotYours):
        do(fresh(case), "add_file", capacity, files={"file": samples.upload()})
    with pytest.raises(NotYours):
        do(fresh(case), "leave_proposal", capacity)
    assert Partner.objects.get().ends == today()
    page = signed_in(owner).get(reverse("team", args=[case.case.code])).text
    assert "Who has left" in page


def test_u4_what_was_still_on_its_way_when_access_ended_is_not_written(case, owner):
    """U4, L1: the door asks anew inside its lock, whatever held when the request began."""
    as_ = accepted(case, owner)
    do(fresh(case), "end_partner", owner, partner=Partner.objects.get().pk)
    with pytest.raises(NotYours):
        verbs.keep(fresh(case), {"background": SECRET}, as_=as_, now=timezone.now())
    offer = taking.Offer(case.pk, {}, {}, {"unread": [], "counts": {}})
    with pytest.raises(NotYours):
        offer.take(fresh(case), as_=as_, now=timezone.now())
    assert SECRET not in str(fresh(case).answers)
    assert not case.case.trail.filter(action__in=("write", "read_form")).exists()


def test_u4_a_partner_leaves_and_the_proponent_is_told(case, owner, signed_in):
    capacity = accepted(case, owner, role="viewer")
    browser = signed_in(capacity)
    answer = browser.post(move_page(case, "leave_proposal"), {"seen": fresh(case).revision})
    assert answer["Location"] == "/desk/"
    assert held_by(capacity.person) == []
    assert Notice.objects.filter(what="leave_proposal", person=owner.person).exists()
    again = accepted_again(case, owner, capacity.person)
    assert again.membership == Membership.EDITOR
    assert Partner.objects.count() == 2


def accepted_again(case, owner, person):
    invitations.accept(invitation=invite(case, owner), person=person)
    return held_by(person)[0]


def test_u4_nobody_is_invited_once_the_case_is_over_and_who_is_there_can_still_be_ended(case, owner):
    accepted(case, owner)
    do(fresh(case), "withdraw", owner, reason="Other plans.")
    with pytest.raises(NotOpen):
        do(fresh(case), "invite_partner", owner)
    do(fresh(case), "end_partner", owner, partner=Partner.objects.get().pk)
    assert Partner.objects.get().ends == today()


def test_u4_a_partner_of_another_proposal_is_not_ended_here(case, other, owner):
    accepted(case, owner)
    elsewhere = partner(other, Membership.VIEWER)
    with pytest.raises(Invalid):
        do(fresh(case), "end_partner", owner, partner=Partner.objects.get(person=elsewhere.person).pk)


# --- What is asked of a partner ---


def test_n1_an_editor_is_told_what_is_asked_and_finds_it_on_the_desk(people, owner, signed_in):
    case = in_inbox(people)
    editor, viewer = partner(case, Membership.EDITOR), partner(case, Membership.VIEWER, company="Johor Cables")
    do(fresh(case), "ask_completion", people.asec(), gaps="Annex 2")
    told = Notice.objects.filter(what="ask_completion", to_act=True)
    assert {one.person for one in told} >= {owner.person, editor.person}
    assert viewer.person not in {one.person for one in told}
    desk = signed_in(editor).get("/desk/").text
    assert "Complete the proposal" in desk
    assert reverse("write", args=[case.case.code]) in desk
    assert "needs to be completed" in signed_in(editor).get("/notices/").text
    assert "Complete the proposal" not in signed_in(viewer).get("/desk/").text.split("What you wait for")[0]
    with pytest.raises(NotYours):
        do(fresh(case), "complete", editor, declaration="on")
    assert [owed.kind for owed in Obligation.objects.owed_by(editor).open()] == ["completion"]


def test_n1_what_only_the_proponent_can_do_is_not_asked_of_partners(people):
    case = submitted(people)
    editor = partner(case, Membership.EDITOR)
    before = Notice.objects.filter(person=editor.person).count()
    do(fresh(case), "support", people.seom("LA"), statement="Yes.")
    assert Notice.objects.filter(person=editor.person).count() == before


def test_p6_a_letter_of_support_stays_with_the_member_states(people, signed_in):
    case = submitted(people)
    editor = partner(case, Membership.EDITOR)
    do(
        fresh(case), "support", people.seom("LA"), statement="Yes.",
        files={"letter": samples.upload(name="support.pdf")},
    )  # fmt: skip
    letter = StoredFile.objects.get(purpose="support")
    assert signed_in(people.asec()).get(reverse("file", args=[letter.pk])).status_code == 200
    assert signed_in(editor).get(reverse("file", args=[letter.pk])).status_code == 404


def test_r1_an_expert_who_helped_as_a_partner_has_a_conflict(people):
    from review.experts import conflicts
    from review.experts.models import ExpertProfile

    case = in_inbox(people)
    expert = people.expert(1).person
    team = partner(case, Membership.VIEWER).team
    Partner.objects.create(person=expert, team=team, company=COMPANY, role="editor", starts=today())
    profile = ExpertProfile.objects.get(person=expert)
    assert any("Helped to write" in one for one in conflicts.found(profile, fresh(case)))


# --- What was typed is not lost ---


OWN = {"Origin": "http://testserver"}
TYPED = "Half a page about the smelter."


@pytest.mark.parametrize("kind", ["colleague", "partner"])
@pytest.mark.parametrize("keeps_another", [False, True])
def test_p5_who_is_removed_while_typing_keeps_the_words(kind, keeps_another, case, people, signed_in):
    owner = people.proponent()
    capacity = accepted(case, owner) if kind == "partner" else people.proponent(membership=Membership.EDITOR)
    browser = signed_in(capacity)
    sent = {**page_of(browser, case, "background"), "background": TYPED}
    if keeps_another:
        own = Organisation.objects.create(name="Batam Holding", country="ID")
        Member.objects.create(person=capacity.person, organisation=own, role="owner", starts=today())
    if kind == "partner":
        do(fresh(case), "end_partner", owner, partner=Partner.objects.get().pk)
    else:
        Member.objects.filter(person=capacity.person, organisation=owner.organisation).update(ends=today())
    alone = browser.post(address(case, "background"), sent, headers={**ALONE, **OWN})
    assert alone.status_code == 404
    assert "no longer open to you" in alone.json()["refused"]
    page = browser.post(address(case, "background"), sent, headers=OWN)
    assert page.status_code == 404
    assert TYPED in page.text
    assert case.title not in page.text
    assert fresh(case).answers["background"] != TYPED


def test_p5_words_without_blanks_and_figures_are_kept_too(case, owner, signed_in, people):
    capacity = accepted(case, owner)
    browser = signed_in(capacity)
    do(fresh(case), "end_partner", owner, partner=Partner.objects.get().pk)
    page = browser.post(
        address(case, "impacts"), {"impacts-0-jobs": "4711", "x": "ພະລັງງານນ້ຳ", "seen": "abc123"}, headers=OWN
    ).text
    assert "4711" in page
    assert "ພະລັງງານນ້ຳ" in page
    assert "abc123" not in page


def test_u5_a_form_from_elsewhere_is_not_read_back(case, owner, signed_in):
    browser = signed_in(accepted(case, owner))
    do(fresh(case), "end_partner", owner, partner=Partner.objects.get().pk)
    for headers in ({}, {"Origin": "https://evil.example"}):
        page = browser.post(address(case, "background"), {"background": TYPED}, headers=headers)
        assert TYPED not in page.text

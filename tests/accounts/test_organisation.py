"""A proponent works in an organisation as owner, editor or viewer (U4)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from aipbi.accounts.capacity import in_force
from aipbi.accounts.days import today
from aipbi.accounts.enums import Membership
from aipbi.accounts.models import Invitation, Member
from aipbi.accounts.verbs import organisations
from tests.accounts.conftest import text_of


@pytest.fixture
def owner(people):
    return people.proponent()


@pytest.fixture
def editor(people):
    return people.proponent(membership=Membership.EDITOR)


def member(capacity):
    return Member.objects.current(today()).get(person=capacity.person, organisation=capacity.organisation)


def test_u4_an_owner_runs_the_organisation_from_its_page(owner, editor, signed_in):
    page = signed_in(owner).get("/organisation/")
    assert "Invite a colleague" in text_of(page)
    assert f"/organisation/members/{member(editor).pk}/role/" in page.content.decode()


@pytest.mark.parametrize("membership", [Membership.EDITOR, Membership.VIEWER])
def test_u4_editors_and_viewers_read_it_only(people, owner, signed_in, membership):
    browser = signed_in(people.proponent(membership=membership))
    assert owner.person.email in text_of(browser.get("/organisation/"))
    assert "Invite a colleague" not in text_of(browser.get("/organisation/"))
    pk = member(owner).pk
    for page in ("invite/", "details/", f"members/{pk}/role/"):
        assert browser.get(f"/organisation/{page}").status_code == 404
        assert browser.post(f"/organisation/{page}", {"role": "viewer"}).status_code == 404
    assert browser.post(f"/organisation/members/{pk}/end/").status_code == 404
    assert in_force(owner)


def test_u5_nothing_of_another_organisation_can_be_touched(people, owner, signed_in):
    other = people.proponent("Other Works")
    browser, pk = signed_in(owner), member(other).pk
    assert "Other Works" not in text_of(browser.get("/organisation/"))
    assert browser.get(f"/organisation/members/{pk}/role/").status_code == 404
    assert browser.post(f"/organisation/members/{pk}/end/").status_code == 404
    theirs = Invitation.objects.create(
        email="a@other.example.org", organisation=other.organisation, membership="viewer", invited_by=other.person
    )
    assert browser.post(f"/organisation/invitations/{theirs.pk}/withdraw/").status_code == 404
    assert in_force(other)


@pytest.mark.parametrize("office", ["asec", "admin", "expert"])
def test_u5_to_other_roles_the_page_does_not_exist(people, signed_in, office):
    browser = signed_in(getattr(people, office)())
    for page in ("", "invite/", "details/", "members/1/role/"):
        assert browser.get(f"/organisation/{page}").status_code == 404


def test_u4_an_invited_colleague_appears_and_can_be_withdrawn(owner, signed_in):
    browser = signed_in(owner)
    browser.post("/organisation/invite/", {"email": "Colleague@mekong.example.org", "role": "editor"})
    invited = Invitation.objects.get()
    assert (invited.email, invited.membership) == ("colleague@mekong.example.org", "editor")
    assert "colleague@mekong.example.org" in text_of(browser.get("/organisation/"))
    browser.post(f"/organisation/invitations/{invited.pk}/withdraw/")
    invited.refresh_from_db()
    assert invited.withdrawn_at
    assert browser.post(f"/organisation/invitations/{invited.pk}/burn/").status_code == 404


def test_u4_a_changed_role_holds_at_once_and_the_old_one_stays_dated(owner, editor, signed_in):
    answer = signed_in(owner).post(f"/organisation/members/{member(editor).pk}/role/", {"role": "viewer"})
    assert answer.status_code == 302
    assert signed_in(editor).get("/organisation/").wsgi_request.capacity.membership == Membership.VIEWER
    history = Member.objects.filter(person=editor.person).order_by("pk").values_list("role", "ends")
    assert list(history) == [("editor", today()), ("viewer", None)]


def test_u4_a_colleague_who_left_loses_access_at_once(owner, editor, signed_in):
    theirs = signed_in(editor)
    assert theirs.get("/organisation/").status_code == 200
    signed_in(owner).post(f"/organisation/members/{member(editor).pk}/end/")
    assert theirs.get("/organisation/")["Location"] == "/accounts/welcome/"


def test_u4_anybody_may_leave(editor, signed_in):
    browser = signed_in(editor)
    browser.post(f"/organisation/members/{member(editor).pk}/end/")
    assert not in_force(editor)


def test_u4_the_last_owner_cannot_leave_nor_become_less(owner, editor, signed_in):
    browser = signed_in(owner)
    left = browser.post(f"/organisation/members/{member(owner).pk}/end/")
    assert "Somebody must remain owner" in text_of(left)
    less = browser.post(f"/organisation/members/{member(owner).pk}/role/", {"role": "viewer"})
    assert "Somebody must remain owner" in text_of(less)
    assert in_force(owner)


def test_u4_two_owners_cannot_leave_at_once(committed_db, people):
    owners = [people.proponent(), people.proponent(membership=Membership.EDITOR)]
    organisations.change_role(member=member(owners[1]), role=Membership.OWNER, by=owners[0])
    members = [member(capacity) for capacity in owners]

    def leave(number):
        from aipbi.accounts.capacity import held_by

        try:
            organisations.end(member=members[number], by=held_by(owners[number].person)[0])
        except ValidationError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(leave, range(2))) == 1


def test_u4_only_an_owner_changes_roles(owner, editor):
    with pytest.raises(PermissionDenied):
        organisations.change_role(member=member(editor), role=Membership.OWNER, by=editor)


def test_u4_the_details_are_kept_with_their_history(owner, signed_in):
    details = {"organisation": "Mekong Power", "country": "TH", "kind": "public", "corporate_group": "New Group"}
    signed_in(owner).post("/organisation/details/", details)
    own = owner.organisation
    own.refresh_from_db()
    assert (own.name, own.country, own.corporate_group.name) == ("Mekong Power", "TH", "New Group")
    names = (
        own.__class__.pgh_event_model.objects.filter(pgh_obj_id=own.pk)
        .order_by("pgh_id")
        .values_list("name", flat=True)
    )
    assert names[0] != names[len(names) - 1] == "Mekong Power"


def test_a_fault_keeps_what_was_typed(owner, signed_in):
    page = signed_in(owner).post("/organisation/invite/", {"email": "not an address", "role": "editor"})
    assert page.status_code == 422
    assert 'value="not an address"' in page.content.decode()
    assert 'href="#id_email"' in page.content.decode()


def test_markup_in_a_name_stays_text(owner, signed_in):
    details = {"organisation": "<script>alert(1)</script>", "country": "LA", "kind": "private"}
    browser = signed_in(owner)
    browser.post("/organisation/details/", details)
    page = browser.get("/organisation/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page

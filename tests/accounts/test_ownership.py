"""Ownership when somebody leaves (U4): handed over by the owner, given anew by an administrator where none is left."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError

from aipbi.accounts.capacity import in_force
from aipbi.accounts.days import today
from aipbi.accounts.enums import Membership
from aipbi.accounts.models import Member, Organisation, Person
from aipbi.accounts.verbs import organisations, ownership

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(people):
    return people.proponent()


@pytest.fixture
def editor(people, owner):
    return people.proponent(membership=Membership.EDITOR)


def roles(organisation):
    held = Member.objects.current(today()).filter(organisation=organisation)
    return dict(held.values_list("person__email", "role"))


def member(capacity):
    return Member.objects.current(today()).get(person=capacity.person, organisation=capacity.organisation)


def close(person):
    Person.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("then", ["editor", "leave"])
def test_u4_an_owner_hands_over_and_stays_as_editor_or_leaves(owner, editor, signed_in, then):
    browser = signed_in(owner)
    assert "Hand the organisation over" in browser.get("/organisation/").text
    answer = browser.post("/organisation/hand-over/", {"to": member(editor).pk, "then": then})
    assert answer.status_code == 302
    expected = {editor.person.email: "owner"} | ({owner.person.email: "editor"} if then == "editor" else {})
    assert roles(owner.organisation) == expected
    assert not in_force(owner)
    # What was before stays dated.
    assert Member.objects.filter(person=owner.person, role="owner", ends=today()).exists()


def test_u4_the_last_owner_cannot_leave_without_handing_over(owner, editor):
    with pytest.raises(ValidationError, match="Somebody must remain owner"):
        organisations.end(member=member(owner), by=owner)
    ownership.hand_over(to=member(editor), by=owner, leaves=True)
    assert roles(owner.organisation) == {editor.person.email: "owner"}


def test_nothing_is_chosen_beforehand_and_both_are_asked(owner, editor, signed_in):
    browser = signed_in(owner)
    assert " checked" not in browser.get("/organisation/hand-over/").text
    answer = browser.post("/organisation/hand-over/", {"to": ""})
    assert answer.status_code == 422
    assert "Choose a colleague." in answer.text
    assert "Choose whether you stay." in answer.text
    assert roles(owner.organisation)[owner.person.email] == "owner"


def test_an_owner_alone_is_told_to_invite_somebody_first(owner, signed_in):
    assert "Nobody else works here yet." in signed_in(owner).get("/organisation/hand-over/").text


def test_u5_only_the_owner_hands_over_and_only_to_a_colleague(people, owner, editor, signed_in):
    stranger = people.proponent("Other Works")
    for other in (editor, people.proponent(membership=Membership.VIEWER)):
        assert signed_in(other).get("/organisation/hand-over/").status_code == 404
        with pytest.raises(PermissionDenied):
            ownership.hand_over(to=member(other), by=other, leaves=False)
    with pytest.raises(PermissionDenied):
        ownership.hand_over(to=member(stranger), by=owner, leaves=False)
    assert (
        signed_in(owner).post("/organisation/hand-over/", {"to": member(stranger).pk, "then": "leave"}).status_code
        == 422
    )
    with pytest.raises(ValidationError):
        ownership.hand_over(to=member(owner), by=owner, leaves=True)
    gone = member(editor)
    close(editor.person)
    with pytest.raises(ValidationError):
        ownership.hand_over(to=gone, by=owner, leaves=True)
    assert in_force(owner)


def test_u4_an_administrator_gives_an_owner_to_an_orphaned_organisation(people, owner, editor, signed_in):
    browser = signed_in(people.admin())
    page = f"/people/organisations/{owner.organisation.pk}/owner/"
    assert str(owner.organisation) not in browser.get("/people/organisations/").text
    assert browser.get(page).status_code == 404
    close(owner.person)
    assert str(owner.organisation) in browser.get("/people/organisations/").text
    unknown = browser.post(page, {"email": "nobody@example.org"})
    assert (unknown.status_code, "nobody@example.org" in unknown.text) == (422, True)
    assert browser.post(page, {"email": editor.person.email}).status_code == 302
    assert roles(owner.organisation) == {editor.person.email: "owner"}
    assert browser.get(page).status_code == 404


def test_u4_somebody_from_outside_can_be_made_owner_where_nobody_is_left(people):
    empty = Organisation.objects.create(name="Orphan Works", country="LA")
    heir = people.person("heir@orphan.example.org")
    with pytest.raises(ValidationError, match="has not proved"):
        ownership.give(organisation=empty, to=heir, by=people.admin())
    EmailAddress.objects.create(user=heir, email=heir.email, verified=True)
    ownership.give(organisation=empty, to=heir, by=people.admin())
    assert roles(empty) == {"heir@orphan.example.org": "owner"}


def test_u4_where_there_is_an_owner_no_administrator_takes_it(people, owner, editor):
    with pytest.raises(ValidationError, match="has an owner"):
        ownership.give(organisation=owner.organisation, to=editor.person, by=people.admin())
    close(owner.person)
    for other in (people.asec(), people.seom("LA"), editor):
        with pytest.raises(PermissionDenied):
            ownership.give(organisation=owner.organisation, to=editor.person, by=other)

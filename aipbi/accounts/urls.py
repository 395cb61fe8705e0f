"""Addresses of accounts: allauth's, a person's own, an organisation's, and the administrators'."""

from django.conf import settings
from django.urls import include, path

from aipbi.accounts.views import account, demo, invitations, organisation, ownership, people

urlpatterns = [
    path("accounts/", account.account, name="account"),
    path("accounts/profile/", account.profile, name="profile"),
    path("accounts/welcome/", account.no_capacity, name="no_capacity"),
    path("accounts/organisations/new/", account.found_organisation, name="found_organisation"),
    path("accounts/switch/", account.switch, name="switch_capacity"),
    path("accounts/invitations/<slug:token>/", invitations.invitation, name="invitation"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/details/", organisation.describe, name="describe_organisation"),
    path("organisation/hand-over/", ownership.hand_over, name="hand_over"),
    path("organisation/invite/", organisation.invite, name="invite_colleague"),
    path("organisation/members/<int:pk>/role/", organisation.change_role, name="change_member_role"),
    path("organisation/members/<int:pk>/end/", organisation.end_membership, name="end_membership"),
    path(
        "organisation/invitations/<int:pk>/<slug:what>/",
        organisation.change_invitation,
        name="change_colleague_invitation",
    ),
    path("people/", people.people, name="people"),
    path("people/organisations/", ownership.orphans, name="orphans"),
    path("people/organisations/<int:pk>/owner/", ownership.give_owner, name="give_owner"),
    path("people/offices/<int:pk>/", people.office, name="office"),
    path("people/offices/<int:pk>/appoint/", people.appoint, name="appoint"),
    path("people/appointments/<int:pk>/end/", people.end_appointment, name="end_appointment"),
    path("people/appointments/<int:pk>/exchange/", people.exchange, name="exchange_appointment"),
    path("people/invitations/", people.invitation_list, name="invitations"),
    path("people/invitations/new/", people.invite, name="invite"),
    path("people/invitations/<int:pk>/<slug:what>/", people.change_invitation, name="change_invitation"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/remove-second-factor/", people.remove_second_factor, name="remove_second_factor"),
]

if settings.PORTAL_DEMO:
    # Outside the demonstration this door does not exist.
    urlpatterns.append(path("accounts/demo/", demo.enter, name="demo_sign_in"))

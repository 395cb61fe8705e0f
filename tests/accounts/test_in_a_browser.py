"""Second factors in a real browser: passkeys and an authenticator app, under the strict CSP (U3)."""

import email
import re
from email.policy import default

import pytest
from allauth.account.models import EmailAddress
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from aipbi.accounts import demo
from aipbi.accounts.days import today
from aipbi.accounts.models import Appointment, Invitation, Organisation
from tests.accounts.conftest import PASSWORD, shown

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(autouse=True)
def quick_and_at_hand():
    """The running portal hashes passwords and writes mails as it always does."""


@pytest.fixture
def lead(stack, people):
    """A SEOM lead with a password and no second factor."""
    capacity = people.seom("LA")
    capacity.person.set_password(PASSWORD)
    capacity.person.save()
    EmailAddress.objects.create(user=capacity.person, email=capacity.person.email, verified=True, primary=True)
    return capacity


def sign_in(page, person):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def with_device(page):
    """Give the browser a device that holds passkeys and always says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def test_u3_a_passkey_is_added_and_then_signs_in_alone(visitor, lead):
    page = visitor()
    session, device = with_device(page)
    sign_in(page, lead.person)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Sign in with this passkey alone").check()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto("/desk/")
    expect(page).to_have_url(re.compile("/desk/$"))
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/desk/$"))
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1


def test_u3_a_device_that_refuses_is_told_and_the_password_still_works(visitor, lead):
    page = visitor()
    session, device = with_device(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was used")
    sign_in(page, lead.person)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")


def test_u3_an_authenticator_app_is_set_up_and_asked_for(visitor, stack, lead):
    page = visitor()
    sign_in(page, lead.person)
    page.get_by_role("button", name="Set up an authenticator app").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    secret = page.locator("code").inner_text()
    assert page.get_by_alt_text("The key below, as a QR code").evaluate("image => image.naturalWidth") > 0
    page.get_by_label("Code that the app shows now").fill(shown(secret))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    codes = page.locator("li code").all_inner_texts()
    assert len(codes) == len(set(codes)) == 10
    page.get_by_role("link", name="Go to your desk").click()
    expect(page).to_have_url(re.compile("/desk/$"))
    other = visitor()
    sign_in(other, lead.person)
    expect(other.get_by_role("heading", level=1)).to_have_text("Your second factor")
    other.goto("/desk/")
    expect(other.get_by_role("heading", level=1)).to_have_text("Your second factor")
    other.get_by_label("Code from your authenticator app").fill(codes[0])
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other).to_have_url(re.compile("/desk/$"))
    subjects = [
        email.message_from_bytes(mail.read_bytes(), policy=default)["Subject"] for mail in stack.mails.glob("*.eml")
    ]
    assert subjects == ["Authenticator app set up"]


def test_u1_the_worker_mails_an_invitation_that_is_accepted_by_its_link(visitor, stack, people):
    people.admin()
    admin = visitor()
    demo.load_people()
    admin.goto("/accounts/login/")
    admin.get_by_role("button", name="Administrator of accounts and settings").click()
    admin.goto("/people/invitations/new/")
    admin.get_by_label("E-mail address").fill("owner@penang-packaging.example.org")
    admin.get_by_label("Office").select_option(label="Sectoral body contact, SLOM")
    with stack.worker_held():
        admin.get_by_role("button", name="Send the invitation").click()
        expect(admin.get_by_role("alert")).to_contain_text("is on its way")
        expect(admin.get_by_role("row", name=re.compile("SLOM"))).to_contain_text("Being sent")
    for _n in range(100):
        if list(stack.mails.glob("*.eml")):
            break
        admin.wait_for_timeout(100)
    mail = email.message_from_bytes(next(stack.mails.glob("*.eml")).read_bytes(), policy=default)
    link = re.search(r"http\S+", mail.get_body(("plain",)).get_content()).group(0)
    guest = visitor()
    guest.goto("/accounts/login/")
    guest.get_by_role("button", name="Penang Advanced Packaging: owner").click()
    guest.goto(link)
    expect(guest.get_by_role("heading", level=1)).to_have_text("You are invited: Sectoral body contact, SLOM")
    guest.get_by_role("button", name="Accept the invitation").click()
    expect(guest.get_by_role("alert")).to_contain_text("You now act as Sectoral body contact, SLOM")


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/accounts/person/", "/admin/asean/holiday/add/", "/admin/accounts/organisation/1/change/"],
)
def test_the_administration_works_under_the_strict_policy(visitor, stack, people, path):
    demo.load_people()
    page = visitor()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Administrator of accounts and settings").click()
    page.goto(path.replace("/1/", f"/{Organisation.objects.first().pk}/"))
    expect(page.get_by_role("link", name="People and offices").first).to_be_visible()


def test_pages_on_the_way_in_are_for_everybody(visitor, stack, people, lead):
    owner = people.proponent()
    kept = {
        "email": lead.person.email,
        "invited_by": owner.person,
        "organisation": owner.organisation,
        "membership": "viewer",
    }
    invited, used = Invitation.objects.create(**kept), Invitation.objects.create(**kept, withdrawn_at=timezone.now())
    page, faults = visitor(viewport={"width": 320, "height": 640}), []

    def look(path):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults.extend([f"{path}: {wide} px wide"] if wide > 320 else [])
        faults.extend(f"{path}: {fault['id']}" for fault in Axe().run(page, options=RULES).response["violations"])

    look(invited.get_absolute_url())
    look(used.get_absolute_url())
    look(f"/accounts/signup/?next={invited.get_absolute_url()}")
    sign_in(page, lead.person)
    look(invited.get_absolute_url())
    look(used.get_absolute_url())
    look("/accounts/")
    look("/accounts/2fa/webauthn/add/")
    Appointment.objects.update(ends=today())
    look("/accounts/welcome/")
    assert faults == []

"""Bad input where a passkey's answer is expected: a wrong code, whatever stands in it (U3)."""

import json
from base64 import urlsafe_b64encode

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from fido2 import cbor

from tests.accounts.conftest import PASSWORD


def coded(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def said(kind: str, **more: str) -> str:
    client = coded(json.dumps({"type": kind, "challenge": "AAAA", "origin": "http://testserver"}).encode())
    response = {
        "clientDataJSON": client, "authenticatorData": coded(bytes(37)), "signature": "AA", "userHandle": coded(b"1"),
        "attestationObject": coded(cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(37)})), **more,
    }  # fmt: skip
    return json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": response})


ANSWERS = [
    "9" * 5000, "[" * 100_000, "[]", "5", '"x"', "{}", "null", '"\\ud800"', '{"id":"\\ud800","response":{"userHandle":5}}',
    '{"id":5,"rawId":5,"type":5,"response":5}', '{"response":[]}',
    said("webauthn.get"), said("webauthn.create"), said("webauthn.get", userHandle=coded(b"9" * 40)),
    said("webauthn.get", userHandle=coded(b"\xff\xfe")), said("webauthn.get", userHandle="\ud800"),
    said("webauthn.create", attestationObject=coded(b"\x81" * 5000)), said("webauthn.create", attestationObject="AA"),
    said("webauthn.get", clientDataJSON=coded(b"[1]")), said("webauthn.get", clientDataJSON=coded(b"{}")),
    said("webauthn.get", authenticatorData="AA"), said("webauthn.create", clientDataJSON="!!!"),
]  # fmt: skip


def begun(page: str, browser, person):
    """The browser, once the page asks it for an answer: a stranger's, one in which the password was right, one signed in."""
    if page != "webauthn/login":
        browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    if page == "webauthn/add":
        browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert browser.get(f"/accounts/2fa/{page}/", headers={"X-Requested-With": "XMLHttpRequest"}).status_code == 200
    return browser


@pytest.mark.parametrize("page", ["webauthn/login", "webauthn/add", "authenticate"])
def test_u3_what_no_device_ever_wrote_is_a_wrong_code(people, client, account, app_of, page):
    person = account(people.proponent().person.email)
    if page == "authenticate":
        app_of(person)
    browser = begun(page, client, person)
    for answer in ANSWERS:
        cache.clear()
        came = browser.post(f"/accounts/2fa/{page}/", {"credential": answer, "name": "x"})
        assert came.status_code in (200, 302), answer[:80]
        assert ("_auth_user_id" in browser.session) == (page == "webauthn/add")
        assert not Authenticator.objects.filter(type="webauthn").exists()

"""What is too large is refused before a byte of it is read."""

import re

import pytest
from django.conf import settings
from django.test import RequestFactory

from aipbi.accounts import unsent
from aipbi.accounts.bodies import MEGABYTE, MOST, MOST_OF_A_STRANGER

pytestmark = pytest.mark.django_db


class Untouched:
    """A body that must not be read."""

    def read(self, *_size):
        raise AssertionError("The body was read.")

    readline = read


OWN = {"HTTP_ORIGIN": "http://testserver"}


def send(client, path, length, **headers):
    # With this cookie the form is read for its token before any view is asked.
    client.cookies[settings.CSRF_COOKIE_NAME] = "t" * 32
    client.handler.enforce_csrf_checks = True
    more = {"CONTENT_LENGTH": str(length), "wsgi.input": Untouched(), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    return client.post(path, **more, **headers)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/eligibility/", "/desk/"])
def test_a_strangers_is_not_read(client, path):
    answer = send(client, path, MOST_OF_A_STRANGER + 1)
    assert answer.status_code == 413
    assert f"more than {MOST_OF_A_STRANGER // MEGABYTE} MB" in answer.content.decode()
    with pytest.raises(AssertionError, match="was read"):
        send(client, path, MOST_OF_A_STRANGER)


def test_somebody_signed_in_sends_many_files_and_no_more(people, signed_in):
    asec = signed_in(people.asec())
    assert send(asec, "/proposals/new/", MOST + 1).status_code == 413
    with pytest.raises(AssertionError, match="was read"):
        send(asec, "/proposals/new/", MOST)


@pytest.mark.parametrize("path", ["/nope/", "/static/x", "/desk/nope/"])
def test_where_no_address_matches_nothing_is_read_at_all(client, people, signed_in, path):
    """Nor sent back: no form of the portal leads there."""
    assert send(client, path, MOST_OF_A_STRANGER + 1, **OWN).status_code == 413
    assert send(client, path, MOST_OF_A_STRANGER, **OWN).status_code == 404
    asec = signed_in(people.asec())
    assert send(asec, path, MOST + 1, **OWN).status_code == 413
    assert send(asec, path, MOST, **OWN).status_code == 404


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"abc"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; a=" + b"b" * 2 * MEGABYTE),
        ("application/x-www-form-urlencoded; charset=latin-1", b"a=b"),
    ],
    ids=["no boundary", "a header of 2 MB", "another charset"],
)
def test_a_form_that_no_browser_sends_is_no_fault_of_the_portal(people, signed_in, kind, body):
    asec = signed_in(people.asec())
    asec.handler.enforce_csrf_checks = False
    asec.raise_request_exception = False
    for path in ("/nope/", "/cases/nope/proposal/1/submit/"):
        assert asec.generic("POST", path, body, kind, **OWN).status_code == 404
    typed = unsent.again(RequestFactory().generic("POST", "/desk/", body, kind, **OWN))
    assert typed == {}


def test_the_proxys_limit_is_the_same_and_it_takes_in_what_is_slow():
    proxy = (settings.BASE_DIR / "deploy" / "Caddyfile").read_text()
    assert f"max_size {MOST // MEGABYTE}MB" in proxy
    for part in (
        r"servers \{\s+timeouts \{[^}]*read_header 10s[^}]*read_body 10m",
        r"reverse_proxy [^}]*request_buffers 10MB",
    ):
        assert re.search(part, proxy), part

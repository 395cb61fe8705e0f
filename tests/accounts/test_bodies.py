"""What is too large is refused before a byte of it is read."""

import pytest
from django.conf import settings

from aipbi.accounts.bodies import MEGABYTE, MOST, MOST_OF_A_STRANGER

pytestmark = pytest.mark.django_db


class Untouched:
    """A body that must not be read."""

    def read(self, *_size):
        raise AssertionError("The body was read.")

    readline = read


def send(client, path, length):
    # With this cookie the form is read for its token before any view is asked.
    client.cookies[settings.CSRF_COOKIE_NAME] = "t" * 32
    client.handler.enforce_csrf_checks = True
    more = {"CONTENT_LENGTH": str(length), "wsgi.input": Untouched(), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    return client.post(path, **more)


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


def test_the_proxys_limit_is_the_same():
    assert f"max_size {MOST // MEGABYTE}MB" in (settings.BASE_DIR / "deploy" / "Caddyfile").read_text()

"""The locks install anywhere with plain pip: hashed, naming no index, one holding the other."""

import re

import pytest

from tests.support.stack import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / lock).read_text()))


def asked(source: str) -> set[str]:
    lines = (line.split("#")[0].strip() for line in (ROOT / source).read_text().splitlines())
    return {re.split(r"[\[<>=~!]", line)[0].strip().lower() for line in lines if line}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_has_hashes_and_none_an_address(lock):
    text = (ROOT / lock).read_text()
    blocks = re.split(r"\n(?=[A-Za-z0-9])", text)[1:]
    assert len(blocks) == len(pins(lock))
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_dev_lock_holds_the_portals_lock():
    dev = pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in pins("requirements.lock")} == pins("requirements.lock")


def test_locks_hold_what_is_asked_for():
    assert asked("requirements.in") <= set(pins("requirements.lock"))
    assert asked("requirements-dev.in") <= set(pins("requirements-dev.lock"))


def test_only_one_database_driver():
    """Django would silently prefer psycopg 3 where both are installed."""
    assert "psycopg2-binary" in pins("requirements.lock")
    assert "psycopg" not in pins("requirements-dev.lock")


def test_no_second_state_machine():
    """django-fsm and django-fsm-2 share one import name."""
    assert "django-fsm" not in pins("requirements-dev.lock")

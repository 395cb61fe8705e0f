"""Fixtures: a database under the portal's real grants, a running portal, a real browser."""

import os
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from hypothesis import settings

from tests.support import database

# A test never times: an example may take as long as a busy machine needs.
settings.register_profile("portal", deadline=None)
settings.load_profile("portal")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker) -> Iterator[None]:
    """Replace pytest-django's database by a copy of the template, used as the portal's role."""
    from tests.support import remembered

    with django_db_blocker.unblock():
        database.empty_queue_and_cache()
        database.create()
        remembered.learn()
    yield
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture
def committed_db(request, django_db_setup, django_db_blocker) -> Iterator[None]:
    """A database in which commits are real, for threads and other processes; afterwards made anew."""
    from tests.support.stack import Stack

    # A portal that another test started would do what this one wants to do itself.
    with django_db_blocker.unblock(), nullcontext() if "stack" in request.fixturenames else Stack.all_held():
        yield
        database.recreate()


@pytest.fixture(scope="session")
def running_portal(django_db_setup):
    """The processes of `stack`, started once."""
    from tests.support.stack import Stack

    portal = Stack()
    try:
        portal.start()
        yield portal
    finally:
        portal.stop()


@pytest.fixture
def stack(running_portal, committed_db):
    """A running portal on a fresh database: `stack.url`, `stack.mails`, `stack.kill_worker()` …"""
    for mail in running_portal.mails.glob("*"):
        mail.unlink()
    return running_portal


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Show beside a failure what the portal it happened in has logged."""
    report = yield
    portal = getattr(item, "funcargs", {}).get("stack")
    if report.failed and portal:
        report.sections += [(f"the portal's log: {name}", portal.log(name)[-3000:]) for name in ("web", "worker")]
    return report


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once."""
    from playwright.sync_api import sync_playwright

    from tests.support.browser import launch

    # Playwright keeps an event loop in this thread, where Django would refuse its ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser, stack):
    """Call it for the page of a new visitor; fails on script errors, CSP breaches and foreign requests."""
    from tests.support.browser import Visitors

    visitors = Visitors(browser, stack.url)
    yield visitors
    visitors.leave()
    assert not visitors.faults


@pytest.fixture
def people(request):
    """People by office: `people.seom("LA")` is a capacity in force today."""
    from tests.support.people import People

    if "committed_db" not in request.fixturenames and "stack" not in request.fixturenames:
        request.getfixturevalue("db")
    return People()


@pytest.fixture
def signed_in(client):
    """Call it with a capacity for a test client signed in as it, second factor passed."""
    from tests.support.people import sign_in

    return lambda capacity: sign_in(client.__class__(), capacity)


@pytest.fixture
def client():
    """A client that reads downloads to their end."""
    from tests.support.client import Client

    return Client()

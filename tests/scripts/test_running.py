"""The portal as it runs: gunicorn, a worker and a browser, on a database of its own."""

import json
import urllib.error
import urllib.request

import pytest
from celery import current_app

from aipbi import heartbeat


def test_first_page_needs_nothing_from_elsewhere(visitor):
    page = visitor()
    answer = page.goto("/")
    assert answer.status == 200
    assert "AIPBI" in page.title()


def test_health_page_in_a_browser(stack, visitor):
    # A test beside this one may have taken the worker's last sign of life.
    stack.wait_until_well()
    page = visitor()
    assert page.goto("/healthz").status == 200
    assert page.get_by_text("Works", exact=True).count() == 4


def test_no_header_moves_the_portal_below_another_address(stack):
    moved = urllib.request.Request(f"{stack.url}/x/how-it-works/", headers={"SCRIPT_NAME": "/x"})
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(moved)


def test_worker_killed_hard_comes_back(stack):
    stack.kill_worker()
    # Its last sign of life lapses by itself; waiting for that would prove Valkey, not the portal.
    heartbeat._cache().delete(heartbeat.KEY)
    stack.start_worker()
    stack.wait_until_well()
    with urllib.request.urlopen(f"{stack.url}/healthz") as answer:
        assert json.load(answer)["worker"] == "ok"
    # Nobody keeps a call for a worker that is still coming to listen, so it is called again.
    answers = next(filter(None, (current_app.control.ping(timeout=2) for _ in range(20))), [])
    assert len(answers) == 1

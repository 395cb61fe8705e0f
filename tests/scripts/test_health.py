"""`/healthz` tells which part of the portal works, in a form for machines and one for people."""

import subprocess
import sys

import pytest
from celery import current_app

from aipbi import heartbeat
from tests.support.stack import ROOT, Stack, environment

ALL_WELL = {"status": "ok", "database": "ok", "broker": "ok", "worker": "ok", "pdf_engine": "ok"}


@pytest.fixture
def worker(db):
    """The sign of life that a worker gives."""
    heartbeat.renew()
    yield
    heartbeat._cache().delete(heartbeat.KEY)


def test_all_well(client, worker):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, ALL_WELL)
    assert "no-store" in answer.headers["Cache-Control"]


def test_no_worker(client, db):
    with Stack.all_held():
        heartbeat._cache().delete(heartbeat.KEY)
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {**ALL_WELL, "status": "failing", "worker": "failing"})


def test_no_broker(client, worker, monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis+socket:///nowhere/valkey.sock?virtual_host=0")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {**ALL_WELL, "status": "failing", "broker": "failing"})


def test_page_for_people(client, worker):
    answer = client.get("/healthz", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 200
    assert answer.content.decode().count("Works") == len(ALL_WELL) - 1


def test_only_read(client, worker):
    assert client.post("/healthz").status_code == 405


# A portal of its own: neither its database nor its PDF engine can be taken from this one.
BROKEN = """
import sys
sys.modules["weasyprint"] = None
import django
django.setup()
from django.test import Client
for accept in ("application/json", "text/html"):
    answer = Client(headers={"host": "localhost", "cookie": "aipbi_session=abc"}).get("/healthz", headers={"Accept": accept})
    print(answer.status_code, answer.content.decode())
"""


def test_without_database_and_pdf_engine_it_still_answers():
    said = subprocess.run(
        [sys.executable, "-c", BROKEN],
        cwd=ROOT,
        env=environment(DATABASE_URL="postgres://nobody@%2Fnowhere/portal", DJANGO_SETTINGS_MODULE="tests.settings"),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    as_json, as_page = said.split("\n", 1)
    assert as_json.startswith("503 ")
    assert '"database": "failing", "broker": "ok"' in as_json
    assert '"pdf_engine": "failing"' in as_json
    assert as_page.startswith("503 <!DOCTYPE html>")
    assert "/nowhere" not in said

"""The demonstration's one-click sign-in, and that outside the demonstration it does not exist."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aipbi.accounts import demo
from aipbi.accounts.capacity import held_by
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.models import Member, Person
from aipbi.asean.models import MemberState
from tests.accounts.conftest import text_of

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db):
    demo.load_people()


def test_every_office_is_one_click_away(loaded, client):
    page = client.get("/accounts/login/").content.decode()
    for person in demo.DEMO_PEOPLE:
        assert f'name="person" value="{person.email}"' in page, person.email
        browser = client.__class__()
        assert browser.post("/accounts/demo/", {"person": person.email})["Location"] == "/desk/"
        capacity = browser.get("/accounts/").wsgi_request.capacity
        assert capacity.role == person.role
        assert capacity.ams == person.ams


def test_the_demonstration_has_every_role_and_member_state(loaded):
    roles = [capacity.role for person in Person.objects.all() for capacity in held_by(person)]
    assert {role: roles.count(role) for role in Role if role in roles} == {
        Role.PROPONENT: 5,
        Role.SEOM_LEAD: 11,
        Role.FG_GVC: 11,
        Role.EXPERT: 6,
        Role.BODY_CONTACT: 6,
        Role.ASEC: 2,
        Role.ADMIN: 1,
    }
    assert set(demo.STATES) == set(MemberState.objects.values_list("pk", flat=True))
    assert {state.pk: state.name for state in MemberState.objects.filter(pk__in=demo.STATES)} == demo.STATES
    first = Member.objects.filter(organisation__name=demo.MEKONG.name)
    assert set(first.values_list("role", flat=True)) == set(Membership.values)


def test_loading_twice_adds_nothing(loaded):
    assert demo.load_people() == 0
    assert Person.objects.count() == len(demo.DEMO_PEOPLE)


def test_people_keep_their_states_clock(loaded):
    assert Person.objects.get(email="seom@mm.example.org").time_zone == "Asia/Yangon"
    assert Person.objects.get(email="owner@penang-packaging.example.org").time_zone == "Asia/Kuala_Lumpur"


def test_the_chair_is_marked(loaded, client):
    assert "Philippines (chair)" in text_of(client.get("/accounts/login/"))


def test_the_door_takes_nobody_but_demo_offices(loaded, people, client):
    real = people.person("real@asec.example.org")
    assert client.post("/accounts/demo/", {"person": real.email}).status_code == 404
    assert client.get("/accounts/").status_code == 302


def test_the_door_leads_nowhere_else(loaded, client):
    demo_office = {"person": "officer-1@asec.example.org"}
    away = client.post("/accounts/demo/", {**demo_office, "next": "https://elsewhere.example.org/"})
    assert away["Location"] == "/desk/"
    assert client.post("/accounts/demo/", {**demo_office, "next": "/cases/"})["Location"] == "/cases/"


def test_the_door_asks_for_the_forms_seal(loaded):
    from django.test import Client

    assert (
        Client(enforce_csrf_checks=True).post("/accounts/demo/", {"person": "seom@la.example.org"}).status_code == 403
    )


def test_demo_offices_have_no_password(loaded):
    assert not any(person.has_usable_password() for person in Person.objects.all())


def test_with_the_demonstration_off_the_view_refuses(loaded, client, settings):
    settings.PORTAL_DEMO = False
    assert client.post("/accounts/demo/", {"person": "seom@la.example.org"}).status_code == 404


OUTSIDE = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from aipbi.accounts import second_factor
found = {"demo": settings.PORTAL_DEMO}
try:
    found["url"] = reverse("demo_sign_in")
except NoReverseMatch:
    found["url"] = None
try:
    found["resolved"] = resolve("/accounts/demo/").url_name
except Resolver404:
    found["resolved"] = None
answer = Client().post("/accounts/demo/", {"person": "seom@la.example.org"}, secure=True, HTTP_HOST="portal.example.org")
found["status"] = answer.status_code
page = Client().get("/accounts/login/", secure=True, HTTP_HOST="portal.example.org").content.decode()
found["buttons"] = "seom@la.example.org" in page or "Demonstration" in page
print(json.dumps(found))
"""


def test_outside_the_demonstration_the_door_does_not_exist(db, tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PORTAL_"))}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "production_like",
        "PYTHONPATH": f"{tmp_path}:{ROOT}",
        "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "portal.example.org",
        "PORTAL_URL": "https://portal.example.org",
        "PORTAL_VAR": str(tmp_path),
    }
    # The production settings, whole; only static files are named plainly, as they are not collected here.
    (tmp_path / "production_like.py").write_text(
        "from aipbi.settings import *\n"
        'STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}\n'
    )
    done = subprocess.run(
        [sys.executable, "-c", OUTSIDE], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {
        "demo": False,
        "url": None,
        "resolved": None,
        "status": 404,
        "buttons": False,
    }

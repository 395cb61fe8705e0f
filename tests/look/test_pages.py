"""The frame of every page, the error pages, and what is sent to show them."""

import gzip
import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import reverse
from django.utils.functional import empty

# Mail, PDF and the letter that travels inside its PDF know no Content-Security-Policy, and no other way to be styled.
TEMPLATES = sorted(
    file
    for file in (settings.BASE_DIR / "templates").rglob("*.html")
    if file.parent.name not in {"email", "mail"} and not file.stem.endswith(("pdf", "letter_alone"))
)
STATIC = settings.BASE_DIR / "static"


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """The portal's own static files as they are served: hashed, compressed, every reference resolved."""
    folder = tmp_path_factory.mktemp("static")
    with override_settings(
        STATIC_ROOT=folder,
        STATICFILES_FINDERS=["django.contrib.staticfiles.finders.FileSystemFinder"],
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        },
    ):
        staticfiles_storage._wrapped = empty
        call_command("collectstatic", interactive=False, verbosity=0)
        yield folder
    staticfiles_storage._wrapped = empty


@pytest.fixture
def somebody():
    hats = [
        SimpleNamespace(key="office-1", label="SEOM lead, Lao PDR"),
        SimpleNamespace(key="office-2", label="FG-GVC, Lao PDR"),
    ]
    user = SimpleNamespace(is_authenticated=True, name="Office of Lao PDR", email="la@seom.example.org")
    return SimpleNamespace(user=user, capacities=hats, capacity=hats[0])


def sent(collected, html):
    """Return the files a page makes a browser fetch."""
    addresses = re.findall(r'(?:href|src)="/static/([^"]+)"', html)
    assert len(addresses) > 10
    return [collected / address for address in addresses]


def test_first_load_is_below_100_kb(collected):
    html = render_to_string("base.html", {"portal_label": "AIPBI Portal"})
    weights = [len(gzip.compress(file.read_bytes(), 6)) for file in sent(collected, html)]
    assert sum(weights) + len(gzip.compress(html.encode())) < 60_000


def test_everything_a_page_names_is_served_under_a_hashed_name(collected):
    html = render_to_string("base.html", {}) + render_to_string("partials/htmx.html")
    assert all(re.search(r"\.[0-9a-f]{12}\.", file.name) and file.exists() for file in sent(collected, html))


def test_the_vendored_styles_name_nothing_that_is_not_shipped():
    for file in (STATIC / "vendor").rglob("*.min.*"):
        text = file.read_text()
        assert "sourceMappingURL" not in text
        assert "url(" not in text or file.suffix == ".js"
        assert "GDS Transport" not in text
    assert all((folder / "LICENSE.txt").stat().st_size > 500 for folder in (STATIC / "vendor").iterdir())


def test_the_person_the_capacity_and_the_way_out(collected, somebody):
    html = render_to_string("base.html", {"request": somebody, "csrf_token": "t" * 64})
    assert "Office of Lao PDR" in html
    switch, leave = reverse("switch_capacity"), reverse("account_logout")
    assert re.search(rf'<form[^>]*method="post" action="{switch}">', html)
    assert re.findall(r'name="capacity" value="([^"]+)"', html) == ["office-2"]
    assert re.search(rf'<form method="post" action="{leave}">', html)


def test_a_single_capacity_is_named_but_not_switched(collected, somebody):
    somebody.capacities = somebody.capacities[:1]
    html = render_to_string("base.html", {"request": somebody})
    assert "SEOM lead, Lao PDR" in html
    assert reverse("switch_capacity") not in html


def test_navigation_marks_where_one_is(collected):
    entries = [
        {"label": "Desk", "url": "/desk/", "current": True},
        {"label": "Cases", "url": "/cases/", "current": False},
    ]
    html = render_to_string("base.html", {"navigation": entries})
    assert re.search(r'href="/desk/" aria-current="page"', html)
    assert html.count("aria-current") == 1


def test_the_demonstration_says_so(collected):
    assert "nothing here is real" in render_to_string("base.html", {"demo": True})
    assert "nothing here is real" not in render_to_string("base.html", {"demo": False})


def test_a_page_with_errors_says_so_first_in_its_title(collected):
    assert "<title>Error: " in render_to_string("base.html", {"errors": ["Too late."]})
    assert "<title>Error: " not in render_to_string("base.html", {})


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_stand_without_a_request(collected, name):
    html = render_to_string(f"{name}.html")
    assert html.count("<h1") == 1
    assert 'id="main-content"' in html


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(settings.BASE_DIR)))
def test_no_template_has_script_or_style_of_its_own(file):
    """The Content-Security-Policy allows none, so it would silently do nothing."""
    # What a template tag is given is no attribute of the page.
    text = re.sub(r"\{%.*?%\}", "", file.read_text())
    assert not re.search(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:", text)
    # Data for a script is no script: the policy lets it stand.
    assert all("src=" in tag or 'type="application/json"' in tag for tag in re.findall(r"<script\b[^>]*>", text))

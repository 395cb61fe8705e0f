"""A release from its preparation to its withdrawal (M5-M7), on invented figures of eight companies."""

import json
import re
from datetime import date
from io import BytesIO

import jsonschema
import pikepdf
import pypdfium2
import pytest
from django.core.cache import cache
from openpyxl import load_workbook

from aipbi.accounts.capacity import held_by, today
from aipbi.accounts.models import Appointment
from aipbi.templatetags.portal import day_in_words
from aipbi.workflow import invariants
from aipbi.workflow.errors import Blocked, NotYours
from aipbi.workflow.walk import People
from monitoring.disclosure import Contribution, Contributions
from monitoring.models import Given, Release, Telling
from monitoring.portfolio import figures
from monitoring.releases import document, verbs
from tests.support import releases, world

SIZES = {"TH": [10, 11, 12, 13, 14, 15], "VN": [20, 21, 22, 23, 24, 25], "LA": [700]}


def rows(sizes=SIZES, code="E1"):
    for ams, values in sizes.items():
        for n, value in enumerate(values):
            yield Contribution(f"{ams}{n}", f"{ams}{n}", ams, "automotive", "2026", code, float(value))


FOUR = {"TH": range(30, 37), "VN": range(40, 47), "KH": range(10, 17), "LA": range(20, 27)}


def by_year():
    """Four Member States in two years; of Lao PDR one company alone reports the second."""
    for one in rows(FOUR):
        yield one
        if one.ams != "LA" or one.company == "LA0":
            yield one._replace(year="2027", value=one.value + 1)


def sent(client, path):
    return b"".join(client.get(path).streaming_content)


@pytest.fixture
def offices(db):
    cache.clear()
    world.offices()


@pytest.fixture
def told(offices, monkeypatch):
    """Let the one query that releases are made from answer with these figures."""

    def tell(given):
        monkeypatch.setattr(figures, "contributions", lambda _until, _rows: Contributions(given))

    tell(list(rows()))
    return tell


def test_a_release_travels_from_the_worker_to_everybody_and_stays_listed_once_withdrawn(told, client, signed_in):
    release = releases.prepared()
    public, inside = Telling.objects.filter(case=release.pk).order_by("pk")
    assert (public.audience, inside.audience) == ("public", "inside")
    assert public.rules["min_contributors"] == 5
    assert inside.rules["min_contributors"] == 3
    page = signed_in(People().asec()).get(verbs.path(release))
    assert b"suppressed figures and why" in page.content
    reasons = signed_in(People().asec()).get(f"{verbs.path(release)}public/").content.decode()
    assert "too few corporate groups" in reasons
    assert "700" in reasons
    member = signed_in(People().chair())
    assert member.get(verbs.path(release)).status_code == 404
    assert client.get("/releases/1/").status_code == 404

    release = releases.move("submit_release", release, People().asec(), changes="Jobs.", looked_through="on")
    assert member.get(verbs.path(release)).status_code == 200
    assert member.get(f"{verbs.path(release)}public/").status_code == 404, "true figures are ASEC's alone"
    assert member.get("/portfolio/").status_code == 200
    release = releases.work("publish_release", releases.move("approve_release", release, People().chair(), agreed="on"))
    assert (release.state, release.number) == ("published", 1)

    html = client.get("/releases/1/").content.decode()
    assert "What AIPBI projects have changed" in html
    assert '<abbr title="confidential">c</abbr>' in html
    assert '<abbr title="not reported">:</abbr>' in html
    assert "700" not in html
    sections = re.findall(r'<section class="release-group" aria-labelledby="(.+?)">', html)
    assert sections
    assert re.findall(r'<li><a class="govuk-link" href="#(group-.+?)">', html) == sections, "the parts, on top"
    files = {kind: sent(client, f"/releases/1/{kind}/") for kind in ("json", "csv", "xlsx", "pdf")}
    as_json, schema = json.loads(files["json"]), json.loads(sent(client, "/releases/release-1.json"))
    jsonschema.validate(as_json, schema, cls=jsonschema.Draft202012Validator)
    assert 700.0 not in [cell["value"] for cell in as_json["cells"]]
    assert "700" not in files["csv"].decode()
    book = load_workbook(BytesIO(files["xlsx"]))
    assert book.sheetnames == ["Figures", "About"]
    assert len(list(book["Figures"].rows)) == len(as_json["cells"]) + 1
    with pikepdf.open(BytesIO(files["pdf"])) as document:
        assert document.Root.MarkInfo.Marked
        assert list(document.attachments) == ["aipbi-release-1.json"]
    text = pypdfium2.PdfDocument(files["pdf"])[0].get_textpage().get_text_bounded()
    assert as_json["published_on"] not in text
    for day in (as_json["published_on"], as_json["figures_until"]):
        assert day_in_words(date.fromisoformat(day)) in " ".join(text.split())
    assert "min_contributors" not in files["json"].decode()

    releases.move("withdraw_release", release, People().asec(), reason="A figure was wrong.")
    assert client.get("/releases/1/json/").status_code == 410
    gone, listed = client.get("/releases/1/").content.decode(), client.get("/releases/").content.decode()
    for html in (gone, listed):
        assert "A figure was wrong." in html
    assert "release-table" not in gone
    assert Given.objects.count() == 2, "what was told stays known"
    assert not invariants.violations()


def test_one_more_company_is_not_told_by_the_difference_to_an_earlier_release(told):
    """Also when the earlier one is withdrawn: who read it still knows it."""
    told(list(rows({"TH": SIZES["TH"], "VN": SIZES["VN"]})))
    first = releases.published()
    cell = {
        tuple(c["at"].items()): c
        for c in Telling.objects.get(case=first.pk, audience="public").cells
        if c["indicator"] == "E1"
    }
    assert cell[("ams", "TH"),]["status"] == "published"
    releases.move("withdraw_release", first, People().asec(), reason="For a test.")
    told(list(rows({"TH": [*SIZES["TH"], 14], "VN": SIZES["VN"]})))
    second = releases.prepared()
    for telling in Telling.objects.filter(case=second.pk):
        cell = {tuple(c["at"].items()): c for c in telling.cells if c["indicator"] == "E1"}
        assert cell[("ams", "TH"),]["reason"] == "differencing"
        assert cell[()]["reason"] == "differencing"


def test_nothing_passes_and_only_the_number_of_projects_is_told(told, client):
    told(list(rows({"TH": [10, 11]})))
    release = releases.published()
    html = client.get("/releases/1/").content.decode()
    assert "No figure may be told yet" in html
    assert "2 projects report" in html
    assert json.loads(sent(client, "/releases/1/json/"))["nothing_passes"] is True
    assert "only the number of projects, 2" in " ".join(Telling.objects.get(case=release.pk, audience="public").notes)


def test_faulty_figures_are_refused_with_every_fault_and_the_way_is_free_again(told):
    told([*rows({"TH": [10]}), Contribution("p", "", "TH", "automotive", "2026", "E1", 1.0)])
    release = releases.prepared()
    assert release.state == "discarded"
    assert "Row 2: the company is missing." in release.said
    assert verbs.in_the_works() is None


def test_releases_are_made_one_after_the_other_by_asec_alone(told):
    releases.prepared()
    with pytest.raises(Blocked, match="still in the works"):
        releases.prepared()
    with pytest.raises(NotYours):
        verbs.prepare(as_=People().chair(), figures_until=None, changes="")
    assert Release.objects.count() == 1


def test_time_over_is_told_to_asec_and_hides_whole_tables(told, monkeypatch):
    from dataclasses import replace

    from monitoring.releases import protecting

    plain = protecting.rules_for
    monkeypatch.setattr(protecting, "rules_for", lambda audience: replace(plain(audience), seconds=-1.0))
    release = releases.prepared()
    notes = Telling.objects.get(case=release.pk, audience="public").notes
    assert any("whole tables are suppressed" in note for note in notes)


def test_figures_are_kept_as_they_were(told):
    given = Contributions([*rows(), Contribution("é", "x", "", "", "", "C1p", 1.5, 3.0, "item", "percent")])
    kept = Contributions.restored(given.stored())
    assert kept.names == given.names
    assert all((kept.codes[name] == given.codes[name]).all() for name in given.CODED)
    assert kept.value.tolist() == given.value.tolist()
    assert str(kept.denominator.tolist()) == str(given.denominator.tolist())


def test_a_waiver_is_given_by_an_owner_and_revoked_for_releases_to_come(offices, signed_in):
    from monitoring.portfolio import waivers

    owner = People().as_("owner@mekong-hydropower.example.org")
    viewer = People().as_("viewer@mekong-hydropower.example.org")
    head = {figures.parents().get(str(owner.organisation.pk), str(owner.organisation.pk))}
    page = signed_in(owner)
    assert b"Your figures are protected" in page.get("/organisation/figures/").content
    assert signed_in(viewer).post("/organisation/figures/", {"what": "give"}).status_code == 404
    assert waivers.in_force() == frozenset()
    page.post("/organisation/figures/", {"what": "give"})
    page.post("/organisation/figures/", {"what": "give"})
    assert waivers.in_force() == head
    page.post("/organisation/figures/", {"what": "revoke"})
    assert waivers.in_force() == frozenset()
    page.post("/organisation/figures/", {"what": "give"})
    assert waivers.in_force() == head


def test_u2_nobody_approves_a_release_that_they_put_before_the_fg_gvc_themselves(told):
    """One person may be an officer and sit for the chairing Member State: two persons look all the same."""
    release = releases.submitted()
    officer, chair = People().asec(), People().chair()
    Appointment.objects.create(person=officer.person, office=chair.office, starts=today(), alternate=True)
    as_chair = next(one for one in held_by(officer.person) if one.office == chair.office)
    assert as_chair.is_chair
    with pytest.raises(Blocked, match="put this forward yourself"):
        releases.move("approve_release", release, as_chair, agreed="on")
    assert releases.move("approve_release", release, chair, agreed="on").number == 1


def test_the_fg_gvc_reads_an_indicator_by_place_and_year_protected_with_its_totals(told, signed_in):
    told(list(by_year()))
    release = releases.submitted()
    public, inside = Telling.objects.filter(case=release.pk).order_by("pk")
    assert not [cell for cell in public.cells if len(cell["at"]) > 1], "the public reads one way at a time"
    assert not [cell for cell in release.document["cells"] if {"ams", "year"} <= set(cell)]
    own = [cell for cell in inside.cells if cell["indicator"] == "E1"]
    cells = {(cell["at"].get("ams"), cell["at"].get("year"), "sector" in cell["at"]): cell for cell in own}
    assert cells["LA", "2027", False]["reason"] == "threshold"
    # Nor by subtraction: of Lao PDR's three figures, and of the year's, more than one is hidden.
    hidden = {place for place, cell in cells.items() if cell["status"] == "suppressed"}
    assert len(hidden & {("LA", year, False) for year in ("2026", "2027", None)}) > 1
    assert len(hidden & {(ams, "2027", False) for ams in (*FOUR, None)}) > 1
    page = signed_in(People().chair()).get("/portfolio/crossed/?indicator=E1").content.decode()
    assert "By Member State and year" in page
    assert ">308<svg" in page, "Viet Nam's seven companies in 2027"
    assert ">21<" not in page, "Lao PDR's one"
    assert page.count('title="confidential"') > 2
    assert "A year is told by what it added." in page
    # An indicator that is none is answered with the first.
    other = signed_in(People().chair()).get("/portfolio/crossed/?indicator=X").content.decode()
    assert "No project has reported this indicator by year." in other


def test_a_year_says_what_it_tells_of_each_kind_of_indicator():
    """Distinct things do not add up over the years, so that no year is said to have added them."""
    cells = [{"value": 24.0, "sign": "", "year": "2026"}, {"value": 36.0, "sign": ""}]
    one = {"goal": "g", "goal_label": "G", "name": "", "better": "more"}
    told = {
        "indicators": [
            {**one, "code": "O3", "unit": "project", "kind": "distinct"},
            {**one, "code": "E1", "unit": "FTE", "kind": "amount"},
        ],
        "cells": [{**cell, "indicator": code} for code in ("O3", "E1") for cell in cells],
        "places": {"ams": [], "sector": [], "year": [{"code": "2026", "label": "2026"}]},
    }
    found = {one["code"]: one for group in document.laid_out(told) for one in group["indicators"]}
    said = {code: (str(one["ways"][0]["label"]), one["total_unit"]) for code, one in found.items()}
    assert said == {
        "O3": ("By year, each counted once in each", "projects"),
        "E1": ("By year, what it added", "FTE"),
    }


def test_the_desk_names_the_release_that_waits(told, signed_in):
    release = releases.prepared()
    owed = f"Look through a release of figures: {release.case.reference}, {release.title}"
    assert owed in signed_in(People().asec()).get("/desk/").content.decode()
    releases.move("submit_release", release, People().asec(), changes="Jobs.", looked_through="on")
    owed = f"Approve a release of figures: {release.case.reference}, {release.title}"
    assert owed in signed_in(People().chair()).get("/desk/").content.decode()

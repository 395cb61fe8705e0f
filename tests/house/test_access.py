"""Every address × every role and tie answers as `access.csv` says (U5); what one may not see is 404.

A row says who may open an address when the power-trade case has come so far; `signed_in` and
`everyone` stand for all. Whoever is not named gets 404, a stranger is sent to sign in. An
address without a row fails.
"""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from aipbi.workflow import registry
from aipbi.workflow.models import Case
from tests.support import addresses, world
from tests.support.client import Client
from tests.support.people import sign_in

STAGES = (
    "draft", "with_seom", "registered", "under_assessment", "before_fg_gvc", "facilitation", "monitoring",
)  # fmt: skip
SIGNED_IN = frozenset(world.TIES)
# Somebody who may open it sees the page, is led on, is told that it takes a button, or that it is over.
MAY = {200, 302, 405, 409}
# Tells a machine how the portal is; without a worker that is not well.
WELL_OR_NOT = {"healthz": {503}}
# allauth's own pages answer by the state of the account, and name no case.
OWN_ACCOUNT = ("account_", "mfa_")

with (Path(__file__).parent / "access.csv").open() as table:
    ROWS = {(row["address"], row["stage"]): row["who"].split() for row in csv.DictReader(table)}


@pytest.fixture(autouse=True)
def quiet(caplog):
    caplog.set_level("ERROR", logger="django.request")


def test_every_address_has_its_rows():
    expected = {
        (name, stage)
        for name, pattern in addresses.names()
        if not name.startswith(("admin:", *OWN_ACCOUNT)) and name != "move"
        for stage in (STAGES if addresses.of_a_case(pattern) else STAGES[:1])
    }
    assert set(ROWS) == expected


@pytest.mark.parametrize("stage", STAGES)
def test_every_address_answers_everybody_as_the_table_says(db, stage):
    here = world.bring(stage)
    clients = _clients(here)
    wrong = defaultdict(list)
    for (name, at), who in ROWS.items():
        url = addresses.fill(name, here) if at == stage else None
        if url is None:
            assert at != stage or not who, f"There is no {name} yet in {stage}, so nobody may open it"
            continue
        for tie, client in clients.items():
            status = _get(client, url)
            if not _as_told(tie, who, status, MAY | WELL_OR_NOT.get(name, set())):
                wrong[name].append((tie, status))
    assert not wrong


@pytest.mark.parametrize("stage", STAGES)
def test_the_page_of_every_move_opens_for_whoever_may_make_it(db, stage):
    here = world.bring(stage)
    clients = _clients(here)
    wrong = []
    for move in registry.moves():
        rows = addresses.rows_of(move.model, here)
        for subject in rows.filter(state__in=move.sources()).order_by("-pk")[:1]:
            code = Case.objects.get(pk=subject.case_pk).code
            url = f"/cases/{code}/{move.model.kind}/{subject.pk}/{move.name}/"
            for tie in world.TIES:
                capacity = here.tie(tie)
                if capacity is None:
                    continue
                sees = move.model.objects.visible_to(capacity).filter(pk=subject.pk).exists()
                may = sees and not move.by_clock and move.may(capacity, subject)
                status = _get(clients[tie], url)
                if (status in MAY) != may or (not may and status != 404):
                    wrong.append((tie, move.model.kind, move.name, status))
    assert not wrong


def test_the_administration_opens_for_administrators_alone(db):
    here = world.bring("draft")
    clients = _clients(here)
    from django.contrib import admin

    from proposals.models import Proposal

    assert not {Case, Proposal} & set(admin.site._registry)
    pages = ["/admin/"]
    for model in admin.site._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        first = model._default_manager.first()
        pages += [base, f"{base}add/"] + ([f"{base}{first.pk}/change/", f"{base}{first.pk}/history/"] if first else [])
    wrong = []
    for page in pages:
        for tie, client in clients.items():
            status = _get(client, page)
            fine = status in {200, 403} if tie == "admin" else status == (302 if tie == "stranger" else 404)
            if not fine:
                wrong.append((page, tie, status))
    assert not wrong


def test_account_pages_answer_everybody_without_a_fault(db):
    here = world.bring("draft")
    for name, _pattern in addresses.names():
        if name.startswith(OWN_ACCOUNT):
            url = addresses.fill(name, here)
            for client in (Client(), sign_in(Client(), here.tie("owner")), sign_in(Client(), here.tie("asec"))):
                assert _get(client, url) in MAY | {403, 404}, url


def _clients(here) -> dict[str, Client]:
    clients = {tie: sign_in(Client(), capacity) for tie in world.TIES if (capacity := here.tie(tie))}
    return clients | {"stranger": Client()}


def _get(client: Client, url: str) -> int:
    return client.get(url).status_code


def _as_told(tie: str, who: list[str], status: int, may: set[int]) -> bool:
    if "everyone" in who or tie in who or (tie != "stranger" and "signed_in" in who):
        return status in may
    return status == 302 if tie == "stranger" else status == 404

"""Every page asks the database the same literal number of questions at one row and at three (`queries.csv`).

A page of a case is measured at the last stage at which somebody may open it, others at the last: with the power-trade case alone,
then beside two more, and, where the Secretariat may open it, for the case that has most Member States
and roadblocks. A page without a row fails.
"""

import csv
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.house.test_access import ROWS as ACCESS
from tests.house.test_access import STAGES
from tests.support import addresses, world
from tests.support.client import Client
from tests.support.people import sign_in

# Not pages that a person reads: a machine's, files, and what takes a button alone.
NO_PAGE = {
    "healthz", "file", "first_page", "page_picture", "switch_capacity", "demo_sign_in", "no_capacity", "invitation", "confirm_proposal", "letter_progress", "meeting_calendar", "meeting_pack_progress", "meeting_live",
    "export", "exported", "delete_view", "prefer_view",
    "begin_from_check", "end_membership", "change_colleague_invitation", "change_partner_invitation", "exchange_appointment", "change_invitation", "remove_second_factor",
    "calendar_feed", "make_calendar_link", "revoke_calendar_link",
    "challenge_draft", "request_draft", "settle_employer", "drop_absence", "schedule_schema", "release_file", "research_extract", "release_schema",
}  # fmt: skip
# Pages that everybody opens often, measured for all of these.
OFTEN = {"case", "cases", "desk"}
TIES = ("owner", "partner_editor", "seom_origin", "seom_named", "fg_gvc_chair", "expert", "body", "asec")
# Later these only lead on to what was handed in, or say that it was.
WHILE_WRITING = {
    **dict.fromkeys(("write", "write_section", "check", "read_form_into"), "draft"),
    "assessment_upload": "under_assessment",
}
MOST = 12

with (Path(__file__).parent / "queries.csv").open() as table:
    ROWS = {(row["address"], row["tie"]): (row["stage"], int(row["queries"])) for row in csv.DictReader(table)}


def pages() -> dict[tuple[str, str], str]:
    """Return at which stage each page is measured, by its address and who is to open it."""
    of_a_case = {name for name, pattern in addresses.names() if addresses.of_a_case(pattern)}
    found = {}
    for (name, stage), who in sorted(ACCESS.items(), key=lambda row: STAGES.index(row[0][1])):
        if who and name not in NO_PAGE and stage == WHILE_WRITING.get(name, stage):
            may = [tie for tie in TIES if tie in who or {"signed_in", "everyone"} & set(who)]
            at = stage if name in of_a_case else STAGES[-1]
            found[name] = {(name, tie): at for tie in (may if name in OFTEN else (may or who)[:1])}
    return {key: stage for keys in found.values() for key, stage in keys.items()}


def test_every_page_has_its_row():
    assert {key: stage for key, (stage, _queries) in ROWS.items()} == pages()


def test_pages_that_are_opened_often_stay_within_the_aim():
    assert not {key: queries for key, (_stage, queries) in ROWS.items() if key[0] in OFTEN and queries > MOST}


@pytest.mark.parametrize("stage", sorted(set(pages().values()), key=STAGES.index))
def test_a_page_takes_the_same_queries_at_one_row_and_at_three(db, stage):
    mine = [key for key, at in pages().items() if at == stage]
    here = world.bring(stage)
    at_one = {key: _queries(here, *key) for key in mine}
    others = [world.bring(stage), world.bring(stage, "02-ev-battery-chain")]
    at_three = {key: _queries(here, *key) for key in mine}
    elsewhere = {key: _queries(others[1], *key) for key in mine if key[1] == "asec"}
    told = {key: ROWS.get(key, (stage, None))[1] for key in mine}
    assert at_one == told, _lines(at_one, stage)
    assert at_three == told
    assert elsewhere == {key: told[key] for key in elsewhere}


def _queries(here: world.World, name: str, tie: str) -> int:
    """Count the second answer's: the first fills what the process keeps."""
    url, client = addresses.fill(name, here), sign_in(Client(), here.tie(tie))
    assert client.get(url).status_code == 200, (name, tie, url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def _lines(counted: dict[tuple[str, str], int], stage: str) -> str:
    return "Measured:\n" + "\n".join(f"{name},{stage},{tie},{queries}" for (name, tie), queries in counted.items())

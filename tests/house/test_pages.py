"""Every page in a real browser: axe finds nothing (WCAG 2.2 AA), 320 px, print, without JavaScript, by keyboard."""

import csv
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client

from aipbi.workflow import registry
from tests.support import addresses, world
from tests.support.people import sign_in

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,
}
AXE = Axe()
HEADING = re.compile(r"<h1[\s>]")
# Downloads, what takes a button alone, and pages that only lead on.
NO_PAGE = {
    "healthz", "proposal_json", "file", "first_page", "begin_from_check", "switch_capacity", "demo_sign_in", "no_capacity", "invitation",
    "confirm_proposal", "schedule_schema", "release_file", "research_extract", "release_schema", "blank_form", "proposal_form",
    "end_membership", "change_colleague_invitation", "change_partner_invitation", "exchange_appointment", "change_invitation", "remove_second_factor",
    "calendar_feed", "make_calendar_link", "revoke_calendar_link",
    "challenge_draft", "request_draft", "settle_employer", "drop_absence", "experts_file", "assessment_pdf", "assessment_workbook",
    "report_workbook", "progress_pdf",
    "export", "exported", "delete_view", "prefer_view", "page_picture", "meeting_calendar",
}  # fmt: skip
ACCOUNT_PAGES = ("account_login", "account_signup", "account_reset_password", "mfa_index", "mfa_activate_totp")

with (Path(__file__).parent / "access.csv").open() as table:
    ROWS = [(row["address"], row["stage"], row["who"].split()) for row in csv.DictReader(table)]


@pytest.mark.parametrize("stage", ["draft", "registered", "before_fg_gvc", "facilitation", "monitoring"])
def test_every_page_is_for_everybody(stack, visitor, stage):
    here = world.bring(stage)
    wrong = []
    for tie, paths in sorted(_paths(here, stage).items()):
        page = _signed_in(stack, visitor, here, tie)
        for path in sorted(paths):
            wrong += [f"{tie} {path}: {fault}" for fault in _look(page, path)]
        page.context.close()
    assert not wrong, "\n".join(wrong)


def _paths(here, stage: str) -> dict[str, set[str]]:
    """Return, by a tie that may open them, the pages of the case at this stage, and of its open moves."""
    found: dict[str, set[str]] = {}
    for name, at, who in ROWS:
        if at == stage and name not in NO_PAGE and who and (url := addresses.fill(name, here)):
            tie = {"everyone": "owner", "signed_in": "asec"}.get(who[0], who[0])
            found.setdefault(tie, set()).add(url)
    for tie in world.TIES:
        capacity = here.tie(tie)
        for move in registry.moves() if capacity else ():
            rows = move.model.objects.visible_to(capacity).on_case(here.proposal.case.code)
            for subject in rows.filter(state__in=move.sources()).order_by("-pk")[:1]:
                url = f"/cases/{here.proposal.case.code}/{move.model.kind}/{subject.pk}/{move.name}/"
                if (
                    move.may(capacity, subject)
                    and not move.by_clock
                    and not any(url in urls for urls in found.values())
                ):
                    found.setdefault(tie, set()).add(url)
    if stage == "draft":
        found.setdefault("stranger", set()).update(addresses.fill(name, here) for name in ACCOUNT_PAGES[:3])
        found.setdefault("owner", set()).update(addresses.fill(name, here) for name in ACCOUNT_PAGES[3:])
    return found


def _signed_in(stack, visitor, here, tie: str):
    page = visitor(viewport={"width": 1280, "height": 900})
    if tie != "stranger":
        capacity = here.tie(tie)
        # As if they had signed in: not everybody of the case has a button in the demonstration.
        session = sign_in(Client(), capacity).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": stack.url}])
    return page


def _look(page, path: str) -> list[str]:
    """Open a page at its usual width, at 320 px, in print, and by keyboard; return what is wrong."""
    answer = page.goto(path)
    if answer.status not in (200, 409):
        return [f"status {answer.status}"]
    found = _as_sent(answer.text())
    found += [
        f"axe: {fault['id']} at {fault['nodes'][0]['target']}"
        for fault in AXE.run(page, options=RULES).response["violations"]
    ]
    page.set_viewport_size({"width": 320, "height": 640})
    if page.evaluate("document.documentElement.scrollWidth > 320"):
        found.append("wider than 320 px")
    page.emulate_media(media="print")
    if not page.locator("h1:visible, h2:visible").count():
        found.append("no heading in print")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement === document.body"):
        found.append("nothing takes the keyboard")
    return found


def _as_sent(html: str) -> list[str]:
    """Look at a page as it is sent, which is what it is without JavaScript."""
    found = [] if len(HEADING.findall(html)) == 1 else ["without script: not one heading"]
    return found + [f"inline: {word}" for word in (" style=", " onclick=", "<style") if word in html]

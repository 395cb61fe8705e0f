"""Walking a case by clicking: the steps of `walk_case`, each made by its person in a browser session of their own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from playwright.sync_api import Locator, Page, expect

from aipbi.accounts.capacity import Capacity
from aipbi.workflow import registry
from aipbi.workflow.models import Subject
from aipbi.workflow.walk import Walk


class Pointer:
    """How somebody with a mouse follows links, presses buttons and answers."""

    @staticmethod
    def press(target: Locator) -> None:
        """Follow a link, or press a button."""
        target.click()

    @staticmethod
    def answer(field: Locator, name: str, value: Any) -> None:
        """Answer a question, whatever kind of control it has."""
        fill(field, name, value)


class Sessions:
    """One browser session per person, signed in by the button on the sign-in page."""

    def __init__(self, visitor: Any, hand: Any = Pointer, **options: object) -> None:
        self._visitor, self.hand, self._options = visitor, hand, options
        self.pages: dict[str, Page] = {}

    def of(self, email: str) -> Page:
        """Return the person's page; the first time it signs them in."""
        if email not in self.pages:
            page = self._visitor(**self._options)
            page.goto("/")
            self.hand.press(page.get_by_role("banner").get_by_role("link", name="Sign in"))
            self.hand.press(page.locator(f'button[name="person"][value="{email}"]'))
            expect(page.get_by_role("heading", name="Your desk")).to_be_visible()
            self.pages[email] = page
        return self.pages[email]


class ClickedWalk(Walk):
    """A walk whose moves are links followed and forms filled in and sent; nothing calls the door."""

    def __init__(self, proposal: Subject, sessions: Sessions) -> None:
        super().__init__(proposal)
        self.sessions = sessions
        self.code: str = proposal.case.code  # type: ignore[attr-defined]
        self.made: list[str] = []

    def do(
        self, move: str, subject: Subject, as_: Capacity, /, *, files: Mapping[str, Any] | None = None, **data: Any
    ) -> Any:
        """Find the move's page by following links, fill in what is given, press the button."""
        page, act = self.sessions.of(as_.person.email), registry.get(subject.kind, move)(subject, as_)
        address, before = act.url(self.code), subject.revision
        self.follow(page, address, act.home(self.code))
        form = page.locator(f'form[action="{address}"]')
        expect(form).to_be_visible()
        for name, value in data.items():
            self.sessions.hand.answer(form.locator(f'[name="{name}"]'), name, value)
        with page.expect_navigation():
            self.sessions.hand.press(form.locator("button.govuk-button:not(.govuk-button--secondary)").last)
        subject = type(subject)._default_manager.get(pk=subject.pk)
        assert subject.revision > before, f"{move} by {as_.label}: {page.locator('main').inner_text()}"
        self.made.append(move)
        return subject

    def follow(self, page: Page, address: str, home: str) -> None:
        """Go from the desk to the page at `address` by links alone: straight, else by the case and its tab."""
        press = self.sessions.hand.press
        # Whoever is there already would else look at the page that is just being left.
        with page.expect_navigation(url="**/desk/"):
            press(page.get_by_role("banner").get_by_role("link", name="Your desk"))
        tab = "/".join(home.split("/")[:4]) + "/"
        for stop in (
            "/cases/",
            f"/cases/{self.code}/",
            tab,
            home,
            f"/cases/{self.code}/facilitation/",
            "/requests/",
            home,
        ):
            if link(page, address).count() or page.url.endswith(home):
                break
            if link(page, stop).count() and not page.url.endswith(stop):
                press(link(page, stop).first)
                page.wait_for_url(f"**{stop}")
        assert link(page, address).count(), f"No link leads to {address}; the last page was {page.url}"
        press(link(page, address).first)
        page.wait_for_url(f"**{address}")


def link(page: Page, address: str) -> Locator:
    """Return the links to an address of the portal that can be seen."""
    return page.locator(f'a[href="{address}"]:visible')


def fill(field: Locator, name: str, value: Any) -> None:
    """Answer a question as a person would, whatever kind of control it has."""
    if not field.count():
        assert value in ("", None), f"Nobody asks for {name}"
        return
    kind = field.first.evaluate("one => one.type || one.tagName")
    values = [str(one) for one in (value if isinstance(value, list | tuple) else [value])]
    if kind in ("radio", "checkbox"):
        for one in field.all():
            wanted = one.evaluate("one => one.value") in values
            if wanted or kind == "checkbox":
                one.set_checked(wanted)
    elif kind == "hidden":
        assert field.input_value() == str(value)
    elif kind == "select-one":
        field.select_option(str(value or ""))
    else:
        field.fill(value.isoformat() if isinstance(value, date) else str("" if value is None else value))

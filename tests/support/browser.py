"""A real browser for journeys: Debian's Chromium through Playwright."""

import os
import shutil
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

# Milliseconds after which a page that does not come is a fault, also on a busy machine.
PATIENCE = 30_000

# The shell is the same browser without the windows that nobody sees, and much lighter.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def launch(playwright: Playwright) -> Browser:
    """Start Chromium; `CHROMIUM` in the environment names another one."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "Chromium is not installed: script/bootstrap dev says how."
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


class Visitors:
    """People at the portal, each in a browser session of their own, and what went wrong there."""

    def __init__(self, browser: Browser, url: str) -> None:
        expect.set_options(timeout=PATIENCE)
        self._browser = browser
        self._url = url
        self._contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def __call__(self, **options: object) -> Page:
        """Return a page of a new visitor; options as for Playwright's new_context."""
        context = self._browser.new_context(base_url=self._url, **{"locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        context.on("request", lambda request: self._check_host(request.url))
        context.on("console", lambda message: self._check_console(message.text))
        context.on("weberror", lambda fault: self.faults.append(f"Script error: {fault.error}"))
        return context.new_page()

    def leave(self) -> None:
        """Close all sessions."""
        for context in self._contexts:
            context.close()

    def _check_host(self, url: str) -> None:
        if urlsplit(url).scheme in {"http", "https"} and not url.startswith(self._url):
            self.faults.append(f"A request left the portal: {url}")

    def _check_console(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.faults.append(text)

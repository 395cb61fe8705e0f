"""Reading the portal as somebody does who follows every link."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

from django.test import Client

# They end the session, leave the portal's pages, or are the administration's own.
LEFT_OUT = ("/static/", "/accounts/", "/admin/", "/files/")
HTML = "text/html"


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


class _Handlers(HTMLParser):
    found = False

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = self.found or any(name.startswith("on") for name, _value in attrs)


def runs_script(html: str) -> bool:
    """Whether an element of the page has an event handler of its own."""
    parser = _Handlers()
    parser.feed(html)
    return parser.found


def links(html: str) -> list[str]:
    """Return where a page's links lead inside the portal, without their fragments."""
    parser = _Links()
    parser.feed(html)
    inside = [urldefrag(link).url for link in parser.found if not urlsplit(link).netloc and not link.startswith("#")]
    return [link for link in inside if re.match(r"/(?!/)", link) and not link.startswith(LEFT_OUT)]


def everything(client: Client, start: str = "/desk/") -> Iterator[tuple[str, str]]:
    """Yield each page (address, HTML) that links lead to from the start; a link that leads nowhere fails."""
    waiting, seen = [start], {start}
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 409), f"A link leads to {address}, which answers {answer.status_code}"
        if not answer.headers["Content-Type"].startswith(HTML):
            continue
        html = answer.content.decode()
        yield address, html
        for link in links(html):
            if link not in seen:
                seen.add(link)
                waiting.append(link)

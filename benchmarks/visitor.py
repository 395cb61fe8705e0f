"""Somebody at the portal, without a network: a request goes in as a server hands it over, an answer comes out."""

from dataclasses import dataclass
from io import BytesIO
from time import process_time
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.middleware import DEMO_KEY
from aipbi.accounts.middleware import SESSION_KEY as CAPACITY_KEY

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

_TOKEN = "t" * 32


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and what it cost in seconds of this process's CPU."""

    status: int
    location: str
    body: bytes
    cpu: float


class Visitor:
    """A browser's cookies; signed in as a capacity, or a stranger."""

    def __init__(self, capacity: Capacity | None) -> None:
        self._cookies = {settings.CSRF_COOKIE_NAME: _TOKEN}
        if capacity and capacity.person:
            session = SessionStore()
            session[SESSION_KEY] = str(capacity.person.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = capacity.person.get_session_auth_hash()
            session[CAPACITY_KEY] = capacity.key
            session[DEMO_KEY] = True
            session.save()
            self._cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""

    def ask(
        self, portal: WSGIHandler, address: str, data: dict[str, Any] | None = None, *, by_itself: bool = False
    ) -> Answer:
        """Ask for an address, or send a form to it; `by_itself` as the writing page does while somebody types."""
        environ = self._environ(address, data) | ({"HTTP_X_SAVES_BY_ITSELF": "1"} if by_itself else {})
        said: list[Any] = []
        begun = process_time()
        response = portal(environ, cast("StartResponse", lambda *args: said.extend(args)))
        body = b"".join(response)
        response.close()
        cpu = process_time() - begun
        return Answer(int(said[0].split()[0]), dict(said[1]).get("Location", ""), body, cpu)

    def _environ(self, address: str, data: dict[str, Any] | None) -> dict[str, Any]:
        path, _mark, query = address.partition("?")
        sent = b"" if data is None else urlencode({"csrfmiddlewaretoken": _TOKEN, **data}).encode()
        return {
            "REQUEST_METHOD": "GET" if data is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost:8000",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(sent)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(sent),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

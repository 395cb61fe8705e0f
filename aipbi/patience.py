"""How long the web server waits for who sends slowly: its threads are few, and each reads one request at a time.

Behind a proxy that takes requests in before it hands them on, nobody meets this.
"""

import errno
import socket
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# Bytes a second; who sends fewer falls behind.
RATE = 4 * 1024
# Seconds. From the first on a request is one of the few that may be slow at a time; at the second it ends.
BEHIND, MOST_BEHIND = 2.0, 30.0
_ANSWER = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Few:
    """The connections that are slow now, of which there are never more than `most`."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: set[Connection] = set()

    def take(self, one: "Connection") -> bool:
        """Whether the connection may be slow, too."""
        # Two that come at the same instant may be one too many; the next is refused again.
        if len(self._held) < self.most:
            self._held.add(one)
        return one in self._held

    def let_go(self, one: "Connection") -> None:
        """Make its place free."""
        self._held.discard(one)


class Connection(socket.socket):
    """Answers 408 in the portal's place to a request whose head or body comes too slowly.

    What counts is the time spent on waiting for bytes, less what those that came may take at `RATE`.
    """

    def __init__(self, taken_over: socket.socket, few: Few) -> None:
        super().__init__(fileno=taken_over.detach())
        self._few = few
        self.begin()

    def begin(self) -> None:
        """Begin with a request."""
        self._waited, self._got, self._most = 0.0, 0, BEHIND

    def end(self) -> None:
        """End with it."""
        self._few.let_go(self)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Return what comes next. Raises ConnectionResetError once it was answered that it is too late."""
        if self.gettimeout() is not None:
            # The server looks after the time by itself.
            return super().recv(size, flags)
        began = time.monotonic()
        try:
            came = self._next(began, size, flags)
        finally:
            self.settimeout(None)
            self._waited += time.monotonic() - began
        self._got += len(came)
        return came

    def _next(self, began: float, size: int, flags: int) -> bytes:
        while True:
            left = self._most - (self._waited + time.monotonic() - began - self._got / RATE)
            if left <= 0:
                self._be_slow()
                continue
            self.settimeout(left)
            try:
                return super().recv(size, flags)
            except TimeoutError:
                continue

    def _be_slow(self) -> None:
        if self._most < MOST_BEHIND and self._few.take(self):
            self._most = MOST_BEHIND
            return
        self.settimeout(1)
        self.sendall(_ANSWER)
        self.shutdown(socket.SHUT_RDWR)
        raise ConnectionResetError(errno.ECONNRESET, "The request came too slowly.")


class Worker(ThreadWorker):
    """gunicorn's worker with threads, half of which wait for slow senders at most."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._few = Few(self.cfg.threads // 2)

    def handle(self, conn: Any) -> Any:
        """Read and answer one request, on a thread of its own."""
        if not isinstance(conn.sock, Connection):
            conn.sock = Connection(conn.sock, self._few)
        conn.sock.begin()
        try:
            return super().handle(conn)
        finally:
            conn.sock.end()

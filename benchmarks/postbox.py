"""A mail server on loopback that keeps nothing of an e-mail but its Message-ID, and how often that came."""

import re
from collections import Counter
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^@>]+)@", re.IGNORECASE | re.MULTILINE)


class Postbox(ThreadingTCPServer):
    """Takes every e-mail; `came` counts them by the part of the Message-ID before the @."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.came: Counter[str] = Counter()
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a portal that mails through it."""
        return {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.server_address[1]), "EMAIL_USE_TLS": "0"}


class _Talk(StreamRequestHandler):
    """One connection of RFC 5321, as far as a sender needs it."""

    server: Postbox

    def handle(self) -> None:
        self._say(b"220 postbox")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self._say(b"354 Go on")
                self._take()
            elif word == b"QUIT":
                self._say(b"221 Bye")
                return
            self._say(b"250 OK")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line)
        if line and (found := _MESSAGE_ID.search(b"".join(lines))):
            self.server.came[found[1].decode()] += 1

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")

"""A scanner that speaks clamd's INSTREAM over a socket and knows one virus: the EICAR test file."""

import socketserver
import struct
import threading
from contextlib import contextmanager

from tests.documents.samples import EICAR


class _Answer(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        said = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
        self.wfile.write(b"stream: " + said + b"\0")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def scanner(path):
    """Run the scanner on a socket in the file system."""
    with _Server(str(path), _Answer) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield str(path)
        server.shutdown()

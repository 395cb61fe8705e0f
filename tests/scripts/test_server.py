"""`script/server`: one command starts the whole portal, and one key stops all of it."""

import json
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from pathlib import Path

import psutil
import pytest

from aipbi import embedded
from tests.support.stack import ROOT, environment

OPEN = "The portal is open at "
# Long enough for a busy machine; nothing waits so long when all is well.
SECONDS = 120


@pytest.fixture
def var():
    folder = Path(tempfile.mkdtemp(prefix="aipbi-"))
    folder.chmod(0o755)
    yield folder
    for process in of_this_run(folder):
        process.kill()
    embedded.erase(folder / "servers")
    shutil.rmtree(folder)


class Server:
    """A running `script/server` and what it says, line by line."""

    def __init__(self, var: Path, *arguments: str, **more: str) -> None:
        kept = {
            k: v
            for k, v in environment().items()
            if k not in {"DATABASE_URL", "REDIS_URL", "STATIC_ROOT", "PORTAL_DEMO"}
        }
        self.process = subprocess.Popen(
            [ROOT / "script" / "server", *arguments],
            env={**kept, "PORTAL_VAR": str(var), "PYTHONUNBUFFERED": "1", **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with self.process.stdout as lines:
            for line in lines:
                self._queue.put(line.rstrip())
        self._queue.put(None)

    def says(self, start: str) -> str:
        """Return the first line from here on that begins so."""
        while True:
            line = self._queue.get(timeout=SECONDS)
            assert line is not None, "\n".join(self.lines)
            self.lines.append(line)
            if line.startswith(start):
                return line

    def ends(self) -> str:
        """Return all it said, once it ended by itself."""
        self.process.wait(timeout=SECONDS)
        while (line := self._queue.get(timeout=SECONDS)) is not None:
            self.lines.append(line)
        return "\n".join(self.lines)


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def of_this_run(var: Path) -> list[psutil.Process]:
    """Return every process that was started with this folder of data."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and (
                process.environ().get("PORTAL_VAR") == str(var) or process.cwd().startswith(str(var))
            ):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def child(var: Path, module: str) -> psutil.Process:
    """Return the first process of the module: the one that leads the others."""
    return min((p for p in of_this_run(var) if module in p.cmdline()), key=lambda p: p.create_time())


def health(address: str) -> dict:
    with urllib.request.urlopen(f"{address}/healthz") as answer:
        return json.load(answer)


def test_from_nothing_to_a_page_through_a_hard_kill_to_nothing(var):
    port = free_port()
    server = Server(var, "--port", port)
    address = server.says(OPEN).removeprefix(OPEN).split()[0]
    assert address == f"http://localhost:{port}"
    assert health(address)["status"] == "ok"

    second = Server(var, "--port", free_port())
    assert (
        second.ends()
        == f"The portal already runs on the data in {var}; stop it first, or set PORTAL_VAR to another folder."
    )
    assert second.process.returncode == 1

    # What ends by itself is started again, and said so.
    child(var, "worker").kill()
    server.says("The worker ended (code -9); starting it again.")

    # Killed hard, it leaves everything running; the next one clears up and has the data.
    left = child(var, "gunicorn")
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    assert left.is_running()
    again = Server(var, "--port", port)
    assert again.says(OPEN).startswith(f"{OPEN}{address} ")
    assert not any("Bringing the database up to date" in line for line in again.lines)
    assert not left.is_running()
    assert health(address)["status"] == "ok"

    again.process.send_signal(signal.SIGINT)
    assert again.ends().endswith("Stopping ...")
    assert of_this_run(var) == []


def test_a_command_before_the_first_start_says_what_to_do(var):
    kept = {k: v for k, v in environment().items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    said = subprocess.run(
        [sys.executable, "manage.py", "verify_trail"],
        cwd=ROOT,
        env={**kept, "PORTAL_VAR": str(var)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert said.stderr == (
        "A table is missing. Bring the database up to date first: .venv/bin/python manage.py setup\n"
    )


def test_port_in_use(var):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = Server(var, "--port", str(port)).ends()
    assert said.startswith(f"Port {port} cannot be used: address already in use. Try another: script/server --port ")
    assert of_this_run(var) == []


def test_port_that_is_none(var):
    assert Server(var, "--port", "70000").ends().startswith("Port 70000 cannot be used: a port is a number below 65536")


def test_fresh_leaves_a_named_database_alone(var):
    kept = var / "mail" / "letter.txt"
    kept.parent.mkdir()
    kept.touch()
    said = Server(var, "--port", free_port(), "--fresh", DATABASE_URL="postgres://there/portal").ends()
    assert said == "--fresh only empties the embedded database, and DATABASE_URL names another. Nothing was removed."
    assert kept.exists()


def test_a_portal_that_cannot_be_set_up_starts_nothing(var):
    said = Server(var, "--port", free_port(), SWEEP_SECONDS="often").ends()
    assert "SWEEP_SECONDS is 'often'; it must be a whole number" in said
    assert said.endswith("The portal could not be set up; the lines above say why. Nothing was started.")
    assert of_this_run(var) == []

"""The processes of a running portal: started, watched, restarted, ended, also after a hard kill."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from aipbi.embedded import BASE_DIR

# A child that ends sooner than this, this often in a row, is broken rather than unlucky.
BRIEF_SECONDS = 10
PATIENCE = 3
GRACE_SECONDS = 15

# In the environment of every child: whose it is.
MARK = "PORTAL_SERVED_FROM"


class Children:
    """The web server, the worker and beat of one folder of data."""

    def __init__(self, var: Path) -> None:
        self.logs = var / "log"
        self._mark = str(var)
        self._commands: dict[str, list[str]] = {}
        self._running: dict[str, psutil.Popen] = {}
        self._brief: dict[str, int] = {}

    def log(self, name: str) -> Path:
        """Return where the child writes."""
        return self.logs / f"{name}.log"

    def start(self, name: str, module: str, *arguments: str) -> None:
        """Start a Python module as a child; what it says goes to its log, begun anew."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self.log(name).unlink(missing_ok=True)
        self._commands[name] = [sys.executable, "-m", module, *arguments]
        self._spawn(name)

    def _spawn(self, name: str) -> None:
        with self.log(name).open("a") as log:
            # In a session of its own, so that Ctrl-C reaches it through us alone, in order.
            self._running[name] = psutil.Popen(
                self._commands[name],
                cwd=BASE_DIR,
                env={**os.environ, MARK: self._mark},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def watch(self) -> None:
        """Look after the children until interrupted."""
        while True:
            self.look_after()
            time.sleep(0.5)

    def look_after(self) -> None:
        """Start again what ended; exit with a plain line when it keeps ending."""
        for name, child in list(self._running.items()):
            code = child.poll()
            if code is None:
                continue
            _end_group(child.pid)
            brief = time.time() - child.create_time() < BRIEF_SECONDS
            self._brief[name] = self._brief.get(name, 0) + 1 if brief else 0
            if self._brief[name] >= PATIENCE:
                sys.exit(f"The {name} keeps ending: {self._last_line(name)} (more in {self.log(name)})")
            print(f"The {name} ended (code {code}); starting it again.", flush=True)  # noqa: T201
            self._spawn(name)

    def stop(self) -> None:
        """End all children, and with force those that do not follow."""
        _end([psutil.Process(child.pid) for child in self._running.values() if child.poll() is None])
        self._running.clear()

    def end_leftovers(self) -> None:
        """End what a run that was killed left behind; such processes carry the run's mark."""
        leftovers = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get(MARK) == self._mark:
                    leftovers.append(process)
        _end(leftovers)

    def _last_line(self, name: str) -> str:
        lines = self.log(name).read_text(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")


def _end(processes: list[psutil.Process]) -> None:
    for process in processes:
        process.terminate()
    psutil.wait_procs(processes, timeout=GRACE_SECONDS)
    for process in processes:
        _end_group(process.pid)


def _end_group(leader: int) -> None:
    """End with force what is left of a child and of the processes it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)

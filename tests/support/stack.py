"""A running portal for tests: gunicorn and a Celery worker as processes of their own."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar

import psutil

from tests.support import slot
from tests.support.database import ROOT

START_SECONDS = 60


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a portal process on this test process's database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV", "DJANGO_ALLOW"))}
    return {**kept, "DJANGO_SETTINGS_MODULE": "aipbi.settings", "PORTAL_DEMO": "1", **more}


def manage(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run `manage.py` as a person would, on this test process's database as the portal's role."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
    )


class Stack:
    """The running portal; `url` has no slash at its end, `mails` is where e-mails are put."""

    running: "ClassVar[list[Stack]]" = []

    def __init__(self) -> None:
        mine = slot.take()
        self.port = _free_port()
        self.url = f"http://localhost:{self.port}"
        self.mails = mine.folder / "mail"
        self.logs = mine.folder / "log"
        self.logs.mkdir(exist_ok=True)
        self._environment = environment(
            PORTAL_URL=self.url,
            WEB_BIND=f"127.0.0.1:{self.port}",
            WEB_WORKERS="1",
            SWEEP_SECONDS="2",
            EMAIL_FOLDER=str(self.mails),
        )
        self._beat = str(mine.folder / "beat-schedule")
        self._children: dict[str, psutil.Popen] = {}

    def start(self) -> None:
        """Start both processes and wait until the portal says that it works."""
        _collect_static(slot.take().home)
        self._start("web", "gunicorn", "--config", "deploy/gunicorn.conf.py")
        self.start_worker()
        self.wait_until_well()
        self.running.append(self)

    def start_worker(self) -> None:
        """Start the worker, which also sends the sweep every two seconds."""
        alone = ("--without-mingle", "--without-gossip")
        self._start(
            "worker", "celery", "-A", "aipbi", "worker", "-B", "-s", self._beat, "-c", "1", "-l", "INFO", *alone
        )

    def kill_worker(self) -> None:
        """End the worker and its children as a power cut would."""
        worker = self._children.pop("worker")
        for process in (worker, *worker.children(recursive=True)):
            process.send_signal(signal.SIGKILL)
        worker.wait()

    @contextmanager
    def worker_held(self) -> Iterator[None]:
        """Freeze the worker and its children: what is asked of them waits until the block ends."""
        worker = self._children["worker"]
        held = [worker, *worker.children(recursive=True)]
        for process in held:
            process.suspend()
        try:
            yield
        finally:
            for process in held:
                process.resume()

    @classmethod
    @contextmanager
    def all_held(cls) -> Iterator[None]:
        """Freeze the worker of every portal that this process runs."""
        with ExitStack() as held:
            for portal in cls.running:
                held.enter_context(portal.worker_held())
            yield

    def stop(self) -> None:
        """End both processes."""
        if self in self.running:
            self.running.remove(self)
        for child in self._children.values():
            if child.poll() is None:
                for process in (*child.children(recursive=True), child):
                    process.send_signal(signal.SIGKILL)
            child.wait()
        self._children.clear()

    def log(self, name: str) -> str:
        """Return what "web" or "worker" wrote so far."""
        return (self.logs / f"{name}.log").read_text(errors="replace")

    def wait_until_well(self) -> None:
        """Wait until /healthz answers 200."""
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/healthz", timeout=10).close()
            except OSError as fault:
                ended = [name for name, child in self._children.items() if child.poll() is not None]
                if ended or time.monotonic() > until:
                    said = "\n".join(f"--- {name}\n{self.log(name)[-3000:]}" for name in self._children)
                    raise RuntimeError(f"The portal did not start ({fault}; ended: {ended})\n{said}") from None
                time.sleep(0.1)
            else:
                return

    def _start(self, name: str, module: str, *arguments: str) -> None:
        with (self.logs / f"{name}.log").open("a") as log:
            self._children[name] = psutil.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _collect_static(home: Path) -> None:
    with (home / "static.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = manage("setup", "--static")
        assert said.returncode == 0, said.stderr

"""What `script/server` does, in order."""

import argparse
import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from aipbi import embedded
from aipbi.serve.children import Children

BASE_DIR = embedded.BASE_DIR
# What --fresh removes beside the database; a folder someone named elsewhere is theirs.
MADE_HERE = ("files", "mail", "static", "log", "beat", "secret-key")
# SIGINT by name: a shell starts what it puts in the background with Ctrl-C ignored.
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE_SECONDS = 40
# There is one worker: looking for others only delays its start.
ALONE = ("--without-mingle", "--without-gossip")


def main() -> None:
    """Start everything, tell the address, wait, and stop everything."""
    options = _options()
    # Files, mails and logs are for this user alone.
    os.umask(0o077)
    for number in ENDINGS:
        signal.signal(number, _stop)
    var = embedded.folder().parent
    try:
        with _only_one(var):
            _run(options, var)
    except KeyboardInterrupt:
        pass
    except embedded.EmbeddedError as error:
        sys.exit(str(error))


def tell(line: str) -> None:
    """Say what is being done, at once."""
    print(line, flush=True)  # noqa: T201


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/server", description="Start the AIPBI Portal on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="where it listens (8000)")
    parser.add_argument("--fresh", action="store_true", help="remove the data of the demonstration and begin anew")
    return parser.parse_args()


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(options: argparse.Namespace, var: Path) -> None:
    children = Children(var)
    children.end_leftovers()
    _check_port(options.port)
    if options.fresh:
        _begin_anew(var)
    if "DATABASE_URL" not in os.environ:
        os.environ.setdefault("PORTAL_DEMO", "1")
    os.environ.setdefault("PORTAL_URL", f"http://localhost:{options.port}")
    os.environ["WEB_BIND"] = f"127.0.0.1:{options.port}"
    tell("Starting the database and the queue ...")
    embedded.ensure()
    if subprocess.run([sys.executable, "manage.py", "setup"], cwd=BASE_DIR, check=False).returncode:
        sys.exit("The portal could not be set up; the lines above say why. Nothing was started.")
    os.environ.pop("DATABASE_OWNER_URL", None)
    tell("Starting the portal and its worker ...")
    try:
        children.start("web", "gunicorn", "--config", "deploy/gunicorn.conf.py")
        children.start("worker", "celery", "-A", "aipbi", "worker", "--concurrency", "2", "--loglevel", "INFO", *ALONE)
        _wait_until_well(options.port, children)
        (var / "beat").mkdir(exist_ok=True)
        children.start("beat", "celery", "-A", "aipbi", "beat", "--schedule", str(var / "beat" / "due"), "--pidfile=")
        tell(f"The portal is open at {os.environ['PORTAL_URL']} (Ctrl-C stops it)")
        children.watch()
    finally:
        for number in ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        tell("Stopping ...")
        children.stop()


@contextlib.contextmanager
def _only_one(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    with (var / "server.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(
                f"The portal already runs on the data in {var}; stop it first, or set PORTAL_VAR to another folder."
            )
        yield


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            reason = error.strerror.lower() if isinstance(error, OSError) else "a port is a number below 65536"  # type: ignore[union-attr]
            sys.exit(f"Port {port} cannot be used: {reason}. Try another: script/server --port {port % 60000 + 1}")


def _begin_anew(var: Path) -> None:
    if "DATABASE_URL" in os.environ:
        sys.exit("--fresh only empties the embedded database, and DATABASE_URL names another. Nothing was removed.")
    tell("Removing the data of the demonstration ...")
    embedded.erase(embedded.folder())
    for name in MADE_HERE:
        path = var / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _wait_until_well(port: int, children: Children) -> None:
    """Return when the portal says that all its parts work; after a while also when some do not."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        children.look_after()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    tell(f"Not all of it works yet; http://localhost:{port}/healthz says what, and the logs in {children.logs} why.")


if __name__ == "__main__":
    main()

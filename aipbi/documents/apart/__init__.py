"""Opening a stranger's PDF in a process of its own, with little memory, little time and none of the portal's secrets.

The libraries that read PDFs are large and the files hostile: what makes them hang, swell or crash
ends a small process here, never a server or a worker (P6).
"""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Of the wall; a process also has as many of the processor's.
SECONDS = 30
MEGABYTES = 768


class GaveUpError(Exception):
    """The process took too long or too much, or it crashed."""


def run(script: str, content: bytes, *arguments: str) -> bytes:
    """Give a script of this folder the content on its input and return what it writes. Raises GaveUpError."""
    command = [sys.executable, "-I", str(HERE / f"{script}.py"), str(SECONDS), str(MEGABYTES), *arguments]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, env={}, check=True)  # noqa: S603 - our own script
    except (subprocess.SubprocessError, OSError) as fault:
        raise GaveUpError(script) from fault
    return done.stdout

"""Where the embedded servers live, and as whom they run."""

import contextlib
import hashlib
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

# The kernel keeps 108 bytes for the path of a socket, one of them for the end.
SOCKET_BYTES = 107
LONGEST_SOCKET = ".s.PGSQL.5432"
# For root's checkouts that the servers' own user cannot reach.
SYSTEM_FOLDER = Path("/var/lib/aipbi-portal")


class EmbeddedError(Exception):
    """The embedded servers cannot run; the text is one line a person can act on."""


@dataclass(frozen=True)
class Place:
    """A private folder for data and logs, one for sockets, and the user the servers run as."""

    folder: Path
    sockets: Path
    user: pwd.struct_passwd | None
    """None: the user of this process."""

    @classmethod
    def prepare(cls, where: Path) -> Self:
        """Make the folders, private to the servers' user, and return the place.

        PostgreSQL refuses to run as root; there the servers run as `nobody`, or as whoever
        owns the folder already. Raises EmbeddedError.
        """
        user = _server_user(where)
        try:
            if user and not where.is_symlink() and not _reachable(where, user):
                _put_elsewhere(where)
            folder = where.resolve()
            _private(folder, user)
            sockets = folder
            if not _fit_for_sockets(folder):
                sockets = Path(tempfile.gettempdir()) / f"aipbi-{_digest(folder)}"
                _private(sockets, user)
        except OSError as error:
            message = f"The folder {error.filename} cannot be used: {error.strerror}."
            raise EmbeddedError(message) from None
        return cls(folder, sockets, user)

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a server's tool in the folder as its user, and return what it said."""
        environment = {"PATH": os.defpath, "HOME": str(self.folder), "LC_ALL": "C", "TZ": "UTC"}
        as_user = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        return subprocess.run(  # type: ignore[call-overload]  # noqa: S603 - our own binaries, no shell
            command,
            cwd=self.folder,
            env=environment,
            umask=0o077,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            **as_user,
        )

    def tool(self, binary: Path, *, with_folders: tuple[Path, ...]) -> Path:
        """Return `binary` where the servers' user can run it.

        In a checkout it cannot read, `with_folders` (one of them holding the binary) are
        copied beside the data, once per version.
        """
        if self.user is None or _reachable(binary, self.user):
            return binary
        parent = Path(os.path.commonpath(with_folders)) if len(with_folders) > 1 else with_folders[0].parent
        changed = binary.stat()
        copies = self.folder / f"tools-{_digest(binary)}-{changed.st_size}-{changed.st_mtime_ns}"
        if not copies.exists():
            fresh = copies.with_suffix(".new")
            shutil.rmtree(fresh, ignore_errors=True)
            for folder in with_folders:
                shutil.copytree(folder, fresh / folder.relative_to(parent), symlinks=True)
            _give(fresh, self.user)
            fresh.rename(copies)
        return copies / binary.relative_to(parent)


def _server_user(where: Path) -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    owner = where.stat().st_uid if where.exists() else 0
    return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")


def _reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether the user may pass through every folder above `path` that exists."""
    for folder in path.absolute().parents:
        if not folder.exists():
            continue
        found = folder.stat()
        if found.st_uid == user.pw_uid:
            needed = stat.S_IXUSR
        elif found.st_gid == user.pw_gid:
            needed = stat.S_IXGRP
        else:
            needed = stat.S_IXOTH
        if not found.st_mode & needed:
            return False
    return True


def _fit_for_sockets(folder: Path) -> bool:
    """Whether a socket's path fits here, and needs no quoting in addresses and settings."""
    short = len(os.fsencode(folder / LONGEST_SOCKET)) <= SOCKET_BYTES
    return short and re.fullmatch(r"[\w./-]+", str(folder), re.ASCII) is not None


def _private(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Make the folder, or check that it is the user's own, and close it to all others."""
    for parent in reversed(folder.parents):
        if not parent.exists():
            parent.mkdir(exist_ok=True)
            if user:
                parent.chmod(0o711)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    expected = user.pw_uid if user else os.geteuid()
    if user and found.st_uid == 0:
        os.chown(folder, user.pw_uid, user.pw_gid)
    elif found.st_uid != expected or not stat.S_ISDIR(found.st_mode):
        message = f"The folder {folder} belongs to another user; set PORTAL_VAR to a folder of your own."
        raise EmbeddedError(message)
    folder.chmod(0o700)


def _put_elsewhere(where: Path) -> None:
    """Leave a link at `where` to a new folder that the servers' user can reach."""
    SYSTEM_FOLDER.mkdir(parents=True, exist_ok=True)
    SYSTEM_FOLDER.chmod(0o711)
    where.parent.mkdir(parents=True, exist_ok=True)
    # A new name each time: a checkout made again at the same path begins with no data, too.
    with contextlib.suppress(FileExistsError):
        where.symlink_to(SYSTEM_FOLDER / secrets.token_hex(6))


def _give(folder: Path, user: pwd.struct_passwd) -> None:
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:12]

"""`script/bootstrap` says in one line what is missing, and does nothing twice."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.stack import ROOT


@pytest.fixture
def checkout(tmp_path) -> Path:
    """The scripts and locks without an environment, and a folder of programs put first on the path."""
    shutil.copytree(ROOT / "script", tmp_path / "script")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / lock, tmp_path)
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("dirname", "cksum", "tr", "grep", "cat", "mkdir", "rm", "tail", "id", "echo"):
        # No links: a test that puts its own program here must not write through to the system's.
        program(tmp_path, name, f'exec {shutil.which(name)} "$@"')
    return tmp_path


def program(checkout: Path, name: str, script: str) -> None:
    path = checkout / "programs" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def bootstrap(checkout: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [checkout / "script" / "bootstrap", *arguments],
        env={"PATH": str(checkout / "programs")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_python(checkout):
    said = bootstrap(checkout)
    assert said.returncode == 1
    assert said.stderr == (
        "Python 3.11 or newer is needed and was not found. Name it with PYTHON=/path/to/python3, or install it.\n"
    )


def test_no_venv_module(checkout):
    program(checkout, "python3", 'case "$2" in *version*) exit 0 ;; *) exit 1 ;; esac')
    program(checkout, "apt-get", "exit 1")
    program(checkout, "id", "echo 1000")
    said = bootstrap(checkout)
    assert said.returncode == 1
    assert said.stderr == "Python's venv module is missing. Type: sudo apt-get install -y python3-venv\n"


def test_pip_fails(checkout):
    environment = checkout / ".venv" / "bin"
    environment.mkdir(parents=True)
    program(checkout, "python3", "exit 0")
    (environment / "python").write_text(
        '#!/bin/sh\n[ "$2" = pip ] && echo "ERROR: No matching distribution" && exit 1\n:\n'
    )
    (environment / "python").chmod(0o755)
    said = bootstrap(checkout)
    assert said.returncode == 1
    assert said.stderr.splitlines()[-1] == (
        "pip could not install requirements.lock: ERROR: No matching distribution (all of it: var/bootstrap.log)"
    )
    assert not (checkout / ".venv" / ".installed").exists()


def test_installs_once_until_the_lock_changes(checkout):
    environment = checkout / ".venv" / "bin"
    environment.mkdir(parents=True)
    program(checkout, "python3", "exit 0")
    (environment / "python").write_text('#!/bin/sh\n[ "$2" = pip ] && echo x >>pip.ran\n:\n')
    (environment / "python").chmod(0o755)

    def installs() -> int:
        said = bootstrap(checkout)
        assert said.returncode == 0, said.stderr
        return len((checkout / "pip.ran").read_text().split())

    assert [installs(), installs()] == [1, 1]
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert [installs(), installs()] == [2, 2]


def test_unknown_word(checkout):
    said = bootstrap(checkout, "everything")
    assert said.returncode == 2
    assert said.stderr == "script/bootstrap knows 'dev' or nothing, not 'everything'.\n"

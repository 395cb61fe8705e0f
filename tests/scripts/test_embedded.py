"""The database and the queue that come along: private, shared, adopted, and out of the way when others are named."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis

from aipbi import embedded
from aipbi.embedded.place import Place
from tests.support.stack import ROOT, environment

USE = """
import sys
from pathlib import Path
from aipbi import embedded
servers = embedded.start(Path(sys.argv[1]))
print(servers.database_url_app, flush=True)
sys.stdin.readline()
embedded.stop(Path(sys.argv[1]))
"""


@pytest.fixture
def home():
    # Not pytest's own folder: other users may not enter that one, and its path is long. In memory it is quicker.
    folder = Path(tempfile.mkdtemp(prefix="aipbi-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
    folder.chmod(0o755)
    yield folder
    for servers in folder.rglob("servers"):
        embedded.stop(servers)
        embedded.erase(servers)
        if servers.is_symlink():
            shutil.rmtree(servers.readlink())
    shutil.rmtree(folder)


def user_of(servers: Path) -> subprocess.Popen:
    """Another process that uses the servers until it reads a line."""
    return subprocess.Popen(
        [sys.executable, "-c", USE, servers], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def leave(user: subprocess.Popen) -> None:
    user.communicate("\n", timeout=60)
    assert user.returncode == 0


def postmaster(servers: Path) -> psutil.Process:
    return psutil.Process(int((servers / "data" / "postmaster.pid").read_text().split("\n")[0]))


def query(url: str, statement: str) -> list:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_answers_on_private_sockets_alone(home):
    servers = embedded.start(home / "servers")
    assert stat.S_IMODE((home / "servers").stat().st_mode) == 0o700
    assert query(servers.database_url_owner, "SHOW listen_addresses") == [("",)]
    assert not [c for c in postmaster(home / "servers").net_connections() if c.family.name.startswith("AF_INET")]
    with closing(redis.Redis.from_url(servers.redis_url)) as queue:
        assert queue.config_get("port") == {"port": "0"}


def test_portal_role_owns_nothing(home):
    servers = embedded.start(home / "servers")
    assert query(servers.database_url_app, "SELECT current_user") == [("portal_app",)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        query(servers.database_url_app, "CREATE TABLE public.mine (id int)")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
def test_root_steps_down(home):
    embedded.start(home / "servers")
    assert postmaster(home / "servers").uids().effective != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that nobody else may enter")
def test_a_checkout_only_root_may_enter(home):
    private = home / "private"
    private.mkdir(mode=0o700)
    servers = embedded.start(private / "var" / "servers")
    assert query(servers.database_url_app, "SELECT 1") == [(1,)]
    elsewhere = (private / "var" / "servers").readlink()
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o700
    embedded.stop(private / "var" / "servers")
    # Made again at the same path, it begins with no data.
    (private / "var" / "servers").unlink()
    assert Place.prepare(private / "var" / "servers").folder != elsewhere
    shutil.rmtree(elsewhere)


def test_servers_of_a_killed_process_are_adopted(home):
    user = user_of(home / "servers")
    url = user.stdout.readline().strip()
    first = postmaster(home / "servers")
    user.send_signal(signal.SIGKILL)
    user.communicate()
    assert first.is_running()

    servers = embedded.start(home / "servers")
    assert servers.database_url_app == url
    assert postmaster(home / "servers") == first
    assert query(url, "SELECT 1") == [(1,)]
    embedded.stop(home / "servers")
    assert not (home / "servers" / "data" / "postmaster.pid").exists()


def test_killed_servers_start_again_with_what_was_committed(home):
    servers = embedded.start(home / "servers")
    query(servers.database_url_owner, "CREATE TABLE kept AS SELECT 42 AS answer")
    for process in (postmaster(home / "servers"), valkey(home / "servers")):
        process.send_signal(signal.SIGKILL)
        psutil.wait_procs([process], timeout=10)

    again = embedded.start(home / "servers")
    assert query(again.database_url_owner, "SELECT answer FROM kept") == [(42,)]
    with closing(redis.Redis.from_url(again.redis_url)) as queue:
        assert queue.ping()


def valkey(servers: Path) -> psutil.Process:
    return psutil.Process(int((servers / "valkey.pid").read_text()))


def test_a_number_of_another_program_is_not_taken_for_the_server(home):
    embedded.start(home / "servers")
    embedded.stop(home / "servers")
    note = home / "servers" / "data" / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{home}/servers/data\n")
    assert query(embedded.start(home / "servers").database_url_app, "SELECT 1") == [(1,)]


def test_two_at_once_share_one_server_and_the_last_stops_it(home):
    first, second = user_of(home / "servers"), user_of(home / "servers")
    url = first.stdout.readline().strip()
    assert second.stdout.readline().strip() == url
    server = postmaster(home / "servers")
    leave(first)
    assert query(url, "SELECT 1") == [(1,)]
    leave(second)
    psutil.wait_procs([server], timeout=10)
    with pytest.raises(psycopg2.OperationalError):
        query(url, "SELECT 1")


@pytest.mark.parametrize("name", ["x" * 120, 'it\'s a "long, day"'])
def test_folders_that_no_socket_fits_in(home, name):
    servers = embedded.start(home / name / "servers")
    assert query(servers.database_url_app, "SELECT 1") == [(1,)]
    with closing(redis.Redis.from_url(servers.redis_url)) as queue:
        assert queue.ping()


def test_nothing_is_erased_while_in_use(home):
    user = user_of(home / "servers")
    user.stdout.readline()
    with pytest.raises(embedded.EmbeddedError, match="stop it first"):
        embedded.erase(home / "servers")
    leave(user)
    embedded.erase(home / "servers")
    assert not (home / "servers" / "data").exists()


def test_data_of_another_version_is_left_alone(home):
    embedded.start(home / "servers")
    embedded.stop(home / "servers")
    version = home / "servers" / "data" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(embedded.EmbeddedError, match=r"PostgreSQL 17; this portal brings 18"):
        embedded.start(home / "servers")
    assert version.read_text() == "17\n"


ENSURE = "import os; from aipbi import embedded; embedded.ensure(owner={owner}); print(os.environ['DATABASE_URL'])"


@pytest.mark.parametrize(
    ("owner", "expected"), [(False, "postgres://app@there/portal"), (True, "postgres://owner@there/portal")]
)
def test_named_servers_win(home, owner, expected):
    said = subprocess.run(
        [sys.executable, "-c", ENSURE.format(owner=owner)],
        cwd=ROOT,
        env=environment(
            PORTAL_VAR=str(home / "var"),
            DATABASE_URL="postgres://app@there/portal",
            DATABASE_OWNER_URL="postgres://owner@there/portal",
            REDIS_URL="redis://there",
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == expected
    assert not (home / "var").exists()


def test_owner_is_the_named_role_where_no_other_is_given(home):
    said = subprocess.run(
        [sys.executable, "-c", ENSURE.format(owner=True)],
        cwd=ROOT,
        env=environment(PORTAL_VAR=str(home), DATABASE_URL="postgres://app@there/portal", REDIS_URL="redis://there"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "postgres://app@there/portal"

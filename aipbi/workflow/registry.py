"""All moves of all apps; pages, API, diagram, database guard and tests walk this."""

from collections.abc import Collection, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from aipbi.accounts.capacity import Capacity
from aipbi.workflow.models import Subject
from aipbi.workflow.moves import Move

_MOVES: dict[tuple[str, str], type[Move]] = {}


def register(move: type[Move]) -> type[Move]:
    """Class decorator: make the move known; two moves of one name on one subject are a mistake."""
    key = (move.model.kind, move.name)
    if _MOVES.get(key, move) is not move:
        message = f"{move.model.kind} has two moves named {move.name}"
        raise ValueError(message)
    _MOVES[key] = move
    return move


def discover() -> None:
    """Import `moves` of every installed app that has one."""
    for config in apps.get_app_configs():
        if (
            config.name.partition(".")[0] in {"aipbi", "proposals", "review", "facilitation", "monitoring"}
            and config.name not in {"aipbi", "aipbi.workflow"}
            and find_spec(f"{config.name}.moves")
        ):
            import_module(f"{config.name}.moves")


def moves() -> Iterator[type[Move]]:
    """Yield every move, ordered by subject and registration."""
    yield from _MOVES.values()


def get(kind: str, name: str) -> type[Move] | None:
    """Return the move named so on subjects of this kind."""
    return _MOVES.get((kind, name))


def in_bulk(kind: str) -> dict[str, type[Move]]:
    """Return, by name, the moves that may be made on many subjects of this kind at once (R7)."""
    return {name: move for (of, name), move in _MOVES.items() if of == kind and move.in_bulk}


@cache
def subjects() -> dict[str, type[Subject]]:
    """Return every concrete subject by its kind."""
    return {model.kind: model for model in apps.get_models() if issubclass(model, Subject)}


def open_to(capacity: Capacity, subject: Subject) -> list[Move]:
    """Return the moves this capacity may make on the subject in its state now (L3), but for those kept off lists."""
    # What is always hidden is left out first: asking who may make it can cost a query.
    found = [cls for (kind, _name), cls in _MOVES.items() if kind == subject.kind and cls.hidden is not True]
    made = [cls(subject, capacity) for cls in found if subject.state in _sources(cls) and cls.may(capacity, subject)]  # type: ignore[arg-type]
    return [move for move in made if not move.hidden]


def offered(capacity: Capacity, subject: Subject, code: str, *, only: Collection[str] = ()) -> list[Move]:
    """Return the moves as a page of the case named `code` offers them, those that take the case on first.

    A page about a part offers `only` the moves of these names.

    Each has its `link`, the reasons that stand against it as `blocked`, and `main`: whether it is the one
    button that stands out, the first that is open and takes the case to another state, else the first that is
    open. One that ends something stands out on its own page alone.
    """
    found = [move for move in open_to(capacity, subject) if not only or move.name in only]
    found.sort(key=lambda move: move.beside)
    for move in found:
        move.link = move.url(code)  # type: ignore[attr-defined]
        move.blocked = list(move.reasons())  # type: ignore[attr-defined]
    ready = [move for move in found if not (move.blocked or move.warning or move.beside)]  # type: ignore[attr-defined]
    ready.sort(key=lambda move: move.on is None)
    for move in found:
        move.main = move is (ready and ready[0])  # type: ignore[attr-defined]
    found.sort(key=lambda move: not move.main)  # type: ignore[attr-defined]
    return found


@cache
def _sources(move: type[Move]) -> frozenset[str]:
    return move.sources()

"""What an app above adds to a move of an app below: further obligations, those that it settles, and notices.

The lower app never names the higher one; the higher registers from its `AppConfig.ready`.
"""

from collections.abc import Callable, Iterable, Iterator

from aipbi.workflow.moves import Move, Owes, Settles, Tell

Following = Callable[[Move], Iterable[Owes | Settles | Tell]]

_FOLLOWING: dict[tuple[str, str], list[Following]] = {}


def follows(kind: str, move: str, function: Following) -> None:
    """Let `function` say what else the move named so owes and tells; it is called in the move's transaction."""
    known = _FOLLOWING.setdefault((kind, move), [])
    if function not in known:
        known.append(function)


def owes(act: Move) -> Iterator[Owes]:
    """Yield the obligations that follow from the move, beside its own."""
    yield from (one for one in _after(act) if isinstance(one, Owes))


def settles(act: Move) -> Iterator[Settles]:
    """Yield what the move so settles, beside its own."""
    yield from (one for one in _after(act) if isinstance(one, Settles))


def tells(act: Move) -> Iterator[Tell]:
    """Yield the notices that follow from the move, beside its own."""
    yield from (one for one in _after(act) if isinstance(one, Tell))


def _after(act: Move) -> Iterator[Owes | Settles | Tell]:
    for function in _FOLLOWING.get((act.subject.kind, act.name), ()):
        yield from function(act)

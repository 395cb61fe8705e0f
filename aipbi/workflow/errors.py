"""Why the door refuses; every one carries a message a person understands."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _


class Refused(Exception):  # noqa: N818 - a refusal, not a fault
    """The door refused a move; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotYours(Refused):
    """The capacity may not make this move at all; pages answer 404 (U5)."""

    def __init__(self, move: str, capacity: str) -> None:
        super().__init__(_("%(capacity)s may not make the move “%(move)s”.") % {"capacity": capacity, "move": move})


class NotOpen(Refused):
    """The subject is not in a state from which this move starts."""

    def __init__(self, move: str, state: str) -> None:
        super().__init__(_("“%(move)s” is not open now: the state is “%(state)s”.") % {"move": move, "state": state})


class Stale(Refused):
    """Something happened since the person opened the page (L2)."""

    def __init__(self, since: Sequence[Any]) -> None:
        super().__init__(_("Something happened here after you opened the page. Nothing of yours was carried out."))
        self.since = since

    @property
    def lines(self) -> list[str]:
        """What happened meanwhile, in words, by office."""
        from aipbi.workflow import registry  # noqa: PLC0415 - the registry knows moves, moves raise these

        moves = [(entry, registry.get(entry.subject_kind, entry.action)) for entry in self.since]
        return [f"{entry.capacity}: {move.done if move else entry.action}" for entry, move in moves]


class Invalid(Refused):
    """What was entered does not hold; `form` has the errors with their places."""

    def __init__(self, form: Any) -> None:
        faults = [f"{name}: {' '.join(errors)}" for name, errors in form.errors.items()]
        super().__init__("; ".join(faults))
        self.form = form


class Blocked(Refused):
    """A rule of the mechanism is not met yet; `reasons` says which."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)

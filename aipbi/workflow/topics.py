"""What a notice is about, in plain words: people choose by it how soon they are told (N3).

An app registers its topics from `AppConfig.ready`, each with the modules whose moves it covers; the
longest name that fits a move's module wins, so that a new move is never without a topic.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role


@dataclass(frozen=True, slots=True)
class Topic:
    """A code, its words, and who is ever told about it (all, where no role is named)."""

    code: str
    label: Any
    hint: Any
    order: int
    roles: frozenset[Role]

    def concerns(self, capacities: Collection[Capacity]) -> bool:
        """Whether somebody with these capacities is ever told about it."""
        return not self.roles or any(capacity.role in self.roles for capacity in capacities)


TOPICS: dict[str, Topic] = {}
_MODULES: dict[str, str] = {}


def register(code: str, label: Any, hint: Any, *modules: str, order: int, roles: Collection[Role] = frozenset()) -> str:
    """Make a topic known with the modules whose moves it covers; return its code."""
    TOPICS[code] = Topic(code, label, hint, order, frozenset(roles))
    cover(code, *modules)
    return code


def cover(code: str, *modules: str) -> None:
    """Let a topic cover the moves of these modules."""
    _MODULES.update(dict.fromkeys(modules, code))


def of_module(module: str) -> str:
    """Return the topic that the moves of this module belong to. Raise LookupError where no app has said."""
    name = module
    while name:
        if name in _MODULES:
            return _MODULES[name]
        name = name.rpartition(".")[0]
    raise LookupError(f"No topic covers the moves of {module}; register one from its app's `ready`")


def ordered() -> list[Topic]:
    """Return the topics in the order in which a case meets them."""
    return sorted(TOPICS.values(), key=lambda topic: topic.order)


def label(code: str) -> str:
    """Return a topic's words; the code itself for one of an earlier edition."""
    return str(TOPICS[code].label) if code in TOPICS else code


DEADLINES = register("deadlines", _("Deadlines"), _("Reminders, and whatever you are asked to do by a day."), order=0)
CASE = register("case", _("How a case moves on"), _("It was supported, registered, completed, withdrawn …"), order=10)
FILES = register("files", _("Files"), _("A file was removed, for example because of a virus."), order=90)
MAIL = register(
    "mail", _("E-mails that could not be delivered"), _("An address that a mail server refused."),
    order=100, roles={Role.ASEC},
)  # fmt: skip

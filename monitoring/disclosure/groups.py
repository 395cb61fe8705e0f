"""Companies are merged to the corporate groups that hold them before anything is counted."""

from collections.abc import Mapping

from monitoring.disclosure.data import InputError


def ultimate(company: str, parents: Mapping[str, str]) -> str:
    """Return the head of the company's group. Raises InputError where parents run in a circle."""
    path = [company]
    while (parent := parents.get(path[-1], "")) and parent != path[-1]:
        if parent in path:
            raise InputError([f"The companies {', '.join(path)} hold each other in a circle."])
        path.append(parent)
    return path[-1]

"""The life of a proposal as a page of `docs/`, drawn from the transitions and moves themselves."""

from itertools import groupby

from django.utils.translation import override

from aipbi.workflow import registry
from aipbi.workflow.models import Subject


def page() -> str:
    """Return the Markdown of `docs/lifecycle.md`: one diagram and one table for each kind of subject."""
    with override("en"):
        kinds = sorted(registry.subjects().values(), key=lambda model: (model.kind != "proposal", model.kind))
        return _HEAD + "\n".join(_section(model) for model in kinds)


_HEAD = """# The life of a proposal

Drawn by `manage.py lifecycle` from the models and moves; a test says when it is out of date.
A move leads along an arrow; what leaves the state as it is stands in the tables only.

"""


def _section(model: type[Subject]) -> str:
    moves = sorted((one for one in registry.moves() if one.model is model), key=lambda one: one.name)
    states = dict(model._meta.get_field("state").flatchoices)  # type: ignore[misc]
    lines = [f"## {str(model._meta.verbose_name).capitalize()}", "", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {code}: {label}" for code, label in states.items()]
    lines.append(f"    [*] --> {model._meta.get_field('state').default}")  # type: ignore[misc]
    arrows = sorted({(source, target, move.name) for move in moves if move.on for source, target in move.edges()})
    for (source, target), group in groupby(arrows, key=lambda arrow: arrow[:2]):
        lines.append(f"    {source} --> {target}: {', '.join(name for _s, _t, name in group)}")
    lines += ["```", "", "| move | who | from | what it does |", "|---|---|---|---|"]
    for move in moves:
        sources = ", ".join(f"`{state}`" for state in states if state in move.sources())
        lines.append(f"| `{move.name}` | {_who(move.who)} | {sources} | {move.label} |")
    return "\n".join([*lines, ""])


def _who(predicate: object) -> str:
    """Return the first line of what the rule says of itself."""
    return str(predicate).strip("<>").removeprefix("Predicate:").split(" object at")[0].replace("_", " ")

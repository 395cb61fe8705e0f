"""Buttons of moves for templates."""

from typing import Any

from django import template

from aipbi.workflow import registry

register = template.Library()


@register.inclusion_tag("workflow/move_links.html", takes_context=True)
def move_links(context: dict[str, Any], subject: Any, code: str = "") -> dict[str, Any]:
    """Render the moves open to the reader on a subject, each with the reason when it is blocked.

    A page has one main button: what can be done to the case comes first, then what stands first on the page.
    """
    request = context["request"]
    moves = registry.offered(request.capacity, subject, code or context["code"])
    taken = getattr(request, "main_button", None) or any(move.main for move in context.get("moves") or ())
    for move in moves:
        move.main = move.main and not taken  # type: ignore[attr-defined]
        taken = taken or move.main  # type: ignore[attr-defined]
    request.main_button = taken
    return {"moves": moves}

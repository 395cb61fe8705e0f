"""Buttons of moves for templates."""

from typing import Any

from django import template

from aipbi.workflow import registry

register = template.Library()


@register.inclusion_tag("workflow/move_links.html", takes_context=True)
def move_links(context: dict[str, Any], subject: Any, code: str = "") -> dict[str, Any]:
    """Render the moves open to the reader on a subject, each with the reason when it is blocked."""
    found = [one for one in registry.open_to(context["request"].capacity, subject) if not one.hidden]
    code = code or context["code"]
    for one in found:
        one.link = one.url(code)  # type: ignore[attr-defined]
        one.blocked = list(one.reasons())  # type: ignore[attr-defined]
    return {"moves": found}

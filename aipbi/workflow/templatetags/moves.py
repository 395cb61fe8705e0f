"""Buttons of moves for templates."""

from typing import Any

from django import template

from aipbi.workflow import registry

register = template.Library()


@register.inclusion_tag("workflow/move_links.html", takes_context=True)
def move_links(context: dict[str, Any], subject: Any, code: str = "") -> dict[str, Any]:
    """Render the moves open to the reader on a subject, each with the reason when it is blocked."""
    return {"moves": registry.offered(context["request"].capacity, subject, code or context["code"])}

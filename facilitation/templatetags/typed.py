"""What somebody typed into a form that is not open any more, put into one that is."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def typed_in(context: dict[str, Any], name: str) -> str:
    """Return what was sent under the name, or nothing."""
    return str(context["request"].POST.get(name, ""))

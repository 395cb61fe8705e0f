"""The demonstration's buttons on the sign-in page."""

from django import template

from aipbi.accounts import demo

register = template.Library()


@register.simple_tag
def demo_groups() -> list[dict[str, object]]:
    """Return the demo offices by role."""
    return demo.buttons()

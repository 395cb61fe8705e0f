"""Using the portal by keyboard alone: Tab, arrows, Space, Enter and typing; no pointer."""

from datetime import date
from typing import Any

from playwright.sync_api import Locator, expect

# More stops than any page has.
MOST_STOPS = 600
FOCUSED = "one => one === document.activeElement"
# How many links, buttons and controls stand between the focus and an element: no fewer presses lead there.
BETWEEN = """one => {
  const group = found => found.type === "radio" ? found.name : found;
  const stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter(found => !found.disabled && found.tabIndex >= 0 && found.checkVisibility());
  const from = stops.indexOf(document.activeElement) + 1;
  const passed = stops.slice(from, Math.max(from, stops.indexOf(one)));
  return new Set(passed.map(group)).size;
}"""


class Keys:
    """How somebody without a mouse follows links, presses buttons and answers."""

    @staticmethod
    def press(target: Locator) -> None:
        """Follow a link, or press a button."""
        reach(target)
        target.page.keyboard.press("Enter")

    @staticmethod
    def answer(field: Locator, name: str, value: Any) -> None:
        """Answer a question, whatever kind of control it has."""
        if not field.count():
            assert value in ("", None), f"Nobody asks for {name}"
            return
        kind = field.first.evaluate("one => one.type || one.tagName")
        values = [str(one) for one in (value if isinstance(value, list | tuple) else [value])]
        if kind == "radio":
            _choose(field, values[0])
        elif kind == "checkbox":
            for one in field.all():
                if one.is_checked() != (one.evaluate("one => one.value") in values):
                    reach(one)
                    one.page.keyboard.press("Space")
        elif kind == "select-one":
            _select(field, str(value or ""))
        else:
            _write(field, value)


def reach(target: Locator) -> None:
    """Press Tab until the element has the focus."""
    wanted = target.element_handle()
    for _stop in range(wanted.evaluate(BETWEEN) - 1):
        target.page.keyboard.press("Tab")
    for _stop in range(MOST_STOPS):
        if wanted.evaluate(FOCUSED):
            return
        target.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


def _choose(field: Locator, value: str) -> None:
    """Enter a group of radios where Tab does, and go on by arrows."""
    page = field.page
    wanted, chosen = (field.and_(page.locator(which)) for which in (f'[value="{value}"]', ":checked"))
    reach(chosen if chosen.count() else field.first)
    for _step in range(field.count()):
        if wanted.evaluate(FOCUSED):
            break
        page.keyboard.press("ArrowDown")
    if not wanted.is_checked():
        page.keyboard.press("Space")
    expect(wanted).to_be_checked()


def _select(field: Locator, value: str) -> None:
    reach(field)
    field.page.keyboard.press("Home")
    for _step in range(field.locator("option").count()):
        if field.input_value() == value:
            break
        field.page.keyboard.press("ArrowDown")
    expect(field).to_have_value(value)


def _write(field: Locator, value: Any) -> None:
    reach(field)
    keyboard = field.page.keyboard
    if field.evaluate("one => one.type") == "date" and isinstance(value, date):
        keyboard.type(f"{value:%d%m%Y}")
        return
    keyboard.press("Control+A")
    keyboard.press("Delete")
    keyboard.insert_text(value.isoformat() if isinstance(value, date) else str("" if value is None else value))

"""Reading settings from the environment, with an error that names the variable."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_FLAGS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "": False,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


def text(name: str, default: str = "") -> str:
    """Return the variable's text, or `default` when it is not set."""
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    """Return the variable as a flag; raise ImproperlyConfigured for any other word."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return _FLAGS[value.strip().lower()]
    except KeyError:
        message = f"{name} is {value!r}; it must be 1 or 0"
        raise ImproperlyConfigured(message) from None


def number(name: str, default: int) -> int:
    """Return the variable as a whole number; raise ImproperlyConfigured otherwise."""
    value = os.environ.get(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        message = f"{name} is {value!r}; it must be a whole number"
        raise ImproperlyConfigured(message) from None


def words(name: str, default: str = "") -> list[str]:
    """Return the comma-separated parts of the variable, without blanks."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    """Return the variable as a path."""
    value = text(name)
    return Path(value) if value else default

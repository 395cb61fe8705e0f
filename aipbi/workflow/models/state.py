"""The field that holds where a subject stands."""

from typing import Any

from django_fsm import FSMField


class StateField(FSMField):
    """The state of a subject, which transitions alone change.

    To migrations it is plain text. The models they make for themselves have no transitions, and
    each state field among them would listen to the making of every later one: a new database
    would take minutes.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        super().__init__(*args, **{"protected": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """Return what migrations keep of the field."""
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("protected", None)
        return name, "django.db.models.CharField", args, kwargs

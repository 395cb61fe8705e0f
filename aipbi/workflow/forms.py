"""The form of a move: an ordinary form that knows the move, its subject and who acts."""

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from aipbi.workflow.moves import Move


class MoveForm(forms.Form):
    """Built with `move=`; `self.move.subject` and `self.move.as_` are there for choices and checks."""

    use_required_attribute = False

    def __init__(self, *args: Any, move: "Move", **kwargs: Any) -> None:
        self.move = move
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Narrow choices to the subject's; a form with such fields overrides this."""

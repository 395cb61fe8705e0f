"""Naming and sharing a saved view of the case list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from proposals.inbox import views
from proposals.models import SavedView
from proposals.models.view import may_share


class ViewForm(forms.ModelForm):
    """A view's name, who reads it, and whether one's own list opens with it. Whoever shares it is named beside it."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    shared = forms.BooleanField(
        label=_("Share it with your office"),
        help_text=_("Colleagues see it under your name. It shows each of them what they may see."),
        required=False,
    )
    default = forms.BooleanField(label=_("Open my list with this view"), required=False)

    class Meta:
        model = SavedView
        fields = ["name", "shared"]

    def __init__(self, *args: Any, viewer: Capacity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.mark_optional = False
        if not may_share(viewer):
            del self.fields["shared"]

    def clean(self) -> dict[str, Any]:
        """Refuse one more than there may be."""
        if self.instance.pk is None and SavedView.objects.of(self.viewer).count() >= views.MOST:
            raise forms.ValidationError(
                _("You have %(most)s views, which is the most there may be. Delete one first.") % {"most": views.MOST}
            )
        return self.cleaned_data

    def _get_validation_exclusions(self) -> set[str]:
        # The person and the capacity are not asked for, and a name is taken once in them.
        return super()._get_validation_exclusions() - {"person", "held_as"}  # type: ignore[misc]

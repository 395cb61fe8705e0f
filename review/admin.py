"""Where an ASEC administrator keeps the roster of experts; cases have no place in the administration."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from review.models import ExpertProfile


@admin.register(ExpertProfile)
class ExpertProfileAdmin(admin.ModelAdmin):
    """Entries are made by appointing somebody technical expert, and are never removed."""

    list_display = ("person", "nationality", "available", "most_at_once")
    list_filter = ("available", "sectors")
    list_select_related = ("person",)
    search_fields = ("person__name", "person__email", "fields")
    readonly_fields = ("person",)
    filter_horizontal = ("sectors", "expertise")

    def save_model(self, request: Any, obj: ExpertProfile, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's signature
        """Say on the entry who changed it here, and what."""
        labels = [str(form.fields[name].label) for name in form.changed_data]
        obj.edited_at, obj.edited_by, obj.edited_as = timezone.now(), request.user, request.capacity.label
        obj.edited_what = ", ".join(labels)[:300]
        super().save_model(request, obj, form, change)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one here: it comes with the appointment."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one: past work hangs on it."""
        return False

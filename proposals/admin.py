"""Where an ASEC administrator reads which lists of cases left the portal, who asked for and who fetched them (U6)."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from proposals.models import Export


@admin.register(Export)
class ExportAdmin(admin.ModelAdmin):
    """Read only, and without what was looked for: that may tell of cases."""

    list_display = ("asked_at", "person", "capacity", "format", "rows", "fetched", "removed_at")
    list_filter = ("format",)
    list_select_related = ("person",)
    search_fields = ("person__name", "capacity")
    fields = ("asked_at", "person", "capacity", "format", "rows", "size", "sha256", "made_at", "fetched", "removed_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        """Count the downloads with each."""
        return super().get_queryset(request).annotate(times=Count("downloads"))

    @admin.display(description=_("downloads"), ordering="times")
    def fetched(self, obj: Any) -> int:
        """How often it was downloaded."""
        return obj.times

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one."""
        return False

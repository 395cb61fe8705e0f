"""People and organisations in the administration. Dated rows are read here and changed on the pages under /people/."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from aipbi.accounts.models import Appointment, CorporateGroup, Invitation, Member, Office, Organisation, Partner, Person


class ReadOnly(admin.ModelAdmin):
    """Rows that have one way to change, and it is not this one."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one."""
        return False


class Kept(admin.ModelAdmin):
    """Rows that may change and are never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one."""
        return False


@admin.register(Person)
class PersonAdmin(Kept):
    """A person's name, time zone, and whether they may sign in."""

    list_display = ("email", "name", "time_zone", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("email", "name")
    fields = ("email", "name", "time_zone", "is_active", "joined_at", "last_login")
    # The address is changed by its owner, who proves the new one.
    readonly_fields = ("email", "joined_at", "last_login")
    ordering = ("email",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one here."""
        return False


@admin.register(CorporateGroup)
class CorporateGroupAdmin(Kept):
    """Companies that count as one (M5)."""

    list_display = ("name",)
    search_fields = ("name",)
    ordering = ("name",)


@admin.register(Organisation)
class OrganisationAdmin(Kept):
    """An organisation and the group it belongs to."""

    list_display = ("name", "country", "kind", "corporate_group")
    list_filter = ("kind", "country")
    list_select_related = ("corporate_group",)
    search_fields = ("name",)
    autocomplete_fields = ("corporate_group",)
    ordering = ("name",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one here."""
        return False


@admin.register(Office)
class OfficeAdmin(ReadOnly):
    """The seats."""

    list_display = ("label", "role", "ams", "body")
    list_filter = ("role",)
    list_select_related = ("ams", "body")
    ordering = ("role", "ams__order", "body__acronym")


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly):
    """Who held which office when."""

    list_display = ("person", "office", "starts", "ends", "alternate")
    list_filter = ("office__role", "alternate")
    list_select_related = ("person", "office__ams", "office__body")
    search_fields = ("person__email", "person__name")
    date_hierarchy = "starts"
    exclude = ("single_seat",)
    ordering = ("-starts",)


@admin.register(Member)
class MemberAdmin(ReadOnly):
    """Who worked in which organisation when."""

    list_display = ("person", "organisation", "role", "starts", "ends")
    list_filter = ("role",)
    list_select_related = ("person", "organisation")
    search_fields = ("person__email", "person__name", "organisation__name")
    ordering = ("-starts",)


@admin.register(Partner)
class PartnerAdmin(ReadOnly):
    """Who worked on which proposal for which partner company when."""

    list_display = ("person", "company", "team", "role", "starts", "ends")
    list_filter = ("role",)
    list_select_related = ("person", "team__organisation")
    search_fields = ("person__email", "person__name", "company", "team__organisation__name")
    ordering = ("-starts",)


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    """Who was invited where."""

    list_display = ("email", "place", "state", "created_at", "expires_at", "accepted_at")
    list_select_related = ("office__ams", "office__body", "organisation", "team__organisation")
    search_fields = ("email",)
    # The token would let whoever reads it pose as invited; the page behind it is named by it.
    view_on_site = False
    fields = ("email", "office", "alternate", "organisation", "team", "company", "membership", "invited_by",
              "created_at", "expires_at",
              "sent_at", "accepted_at", "accepted_by", "withdrawn_at", "error")  # fmt: skip
    ordering = ("-created_at",)

"""The administration site: reference data and people, for ASEC administrators alone; never a case's content."""

from collections.abc import Iterable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.db.models.base import ModelBase
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.access import to_sign_in
from aipbi.accounts.enums import Role

# Apps whose rows an administrator may see. What third-party apps register unasked (authenticators
# with their secrets, addresses, groups) and what belongs to a case stays out; a model of a higher app
# that is no case's content says so by `administered = True`.
ROOMS = frozenset({"asean", "accounts"})


def _administered(model: Any) -> bool:
    return model._meta.app_label in ROOMS or getattr(model, "administered", False)


class Narrowed(admin.ModelAdmin):
    """A list is narrowed by what its page offers: by any other column, a secret could be guessed at sign by sign.

    Django lets an address ask `?password__startswith=…` of a list whose pages never show a password.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow the filters beside the list and the days above it."""
        named = [one if isinstance(one, str) else one[0] for one in self.list_filter if isinstance(one, str | tuple)]
        if self.date_hierarchy:
            named.append(self.date_hierarchy)
        offered = any(lookup == name or lookup.startswith(f"{name}__") for name in named)
        return offered and super().lookup_allowed(lookup, value, request)


class PortalAdminSite(admin.AdminSite):
    """Open to whoever acts as ASEC administrator now; to everybody else it does not exist (U5)."""

    site_header = _("AIPBI Portal: reference data and people")
    site_title = _("AIPBI Portal")
    index_title = _("Reference data and people")
    site_url = "/"
    empty_value_display = "–"

    def register(
        self,
        model_or_iterable: ModelBase | type[Model] | Iterable[type[Model]],
        admin_class: type[admin.ModelAdmin] | None = None,
        **options: Any,
    ) -> None:
        """Register what is in the rooms and leave out the rest."""
        models = [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else list(model_or_iterable)
        inside = [model for model in models if _administered(model)]
        kind = admin_class or admin.ModelAdmin
        narrowed: Any = type(kind.__name__, (Narrowed, kind), {"__doc__": kind.__doc__})
        super().register(inside, narrowed, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the capacity in use is the administrator's; it is None before the second factor (U3)."""
        capacity = getattr(request, "capacity", None)
        return capacity is not None and capacity.role == Role.ADMIN

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        """Guard a page by 404 and the portal's own sign-in rather than by Django's sign-in form."""
        page = super().admin_view(view, cacheable)

        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return page(request, *args, **kwargs) if self.has_permission(request) else self.login(request)

        return guarded

    def get_urls(self) -> list[Any]:
        """Leave out Django's way from a row of any app to its own page: an invitation's address is its token."""
        return [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead a stranger to the portal's own sign-in; there is no other."""
        if request.user.is_authenticated:
            raise Http404
        return to_sign_in(request)  # type: ignore[return-value]

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Sign out by the portal's own page."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Change the password on the portal's own page."""
        return redirect("account_change_password")

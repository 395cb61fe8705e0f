"""Names the portal's own administration site as Django's default; goes in INSTALLED_APPS."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Django's administration with our site."""

    default_site = "aipbi.accounts.admin_site.PortalAdminSite"

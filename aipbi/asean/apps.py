"""Reference data: what ASEAN is made of, as the portal knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AseanConfig(AppConfig):
    """The ground of every other app; it names none of them."""

    name = "aipbi.asean"
    label = "asean"
    verbose_name = _("reference data")

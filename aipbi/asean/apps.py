"""Reference data: what ASEAN is made of, as the portal knows it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AseanConfig(AppConfig):
    """The ground of every other app; it names none of them."""

    name = "aipbi.asean"
    label = "asean"
    verbose_name = _("reference data")

    def ready(self) -> None:
        """Forget remembered labels and settings when they change."""
        from django.db.models.signals import post_delete, post_save

        from aipbi.asean import defaults, names

        for signal in (post_save, post_delete):
            signal.connect(defaults.changed, sender="asean.Default", dispatch_uid="asean.defaults")
            for model in names.LABELS:
                signal.connect(names.changed, sender=model, dispatch_uid=f"asean.names.{model.__name__}")

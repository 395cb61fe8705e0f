"""People, organisations, offices and dated appointments."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "aipbi.accounts"
    label = "accounts"
    verbose_name = "People and offices"

    def ready(self) -> None:
        """Listen to what allauth tells: a second factor passed, an address verified."""
        from aipbi.accounts import second_factor, signing_up  # noqa: F401 - their receivers

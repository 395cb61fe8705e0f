"""People, organisations, offices and dated appointments."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "aipbi.accounts"
    label = "accounts"
    verbose_name = "People and offices"

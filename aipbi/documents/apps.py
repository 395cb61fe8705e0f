"""Stored files and their scanning; HTML to PDF."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "aipbi.documents"
    label = "documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        """Have every sweep scan what waits for the scanner, and the start say whether letters can be sealed."""
        from aipbi.documents import checks, tasks  # noqa: F401 - the models must be there first

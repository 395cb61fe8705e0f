"""Stored files and their scanning; HTML to PDF."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "aipbi.documents"
    label = "documents"
    verbose_name = "Documents"

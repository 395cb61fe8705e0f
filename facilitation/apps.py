"""From barrier to benefit to letter: challenges, requests to sectoral bodies, benefits, letters."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class FacilitationConfig(AppConfig):
    name = "facilitation"
    verbose_name = "Facilitation"

    def ready(self) -> None:
        """Register tabs, readers of files, invariants and the worker's job; have the letter templates loaded."""
        from facilitation import invariants, registers, tasks  # noqa: F401 - `tasks` registers its handler

        registers.register()
        invariants.register()
        post_migrate.connect(load_templates, sender=self, dispatch_uid="facilitation.templates")


def load_templates(using: str, **_kwargs: Any) -> None:
    """After the tables are made: load the templates of the kinds of letter that have none, and the common measures."""
    from facilitation import measures, templates
    from facilitation.models import LetterTemplate, MeasureTemplate

    tables = connections[using].introspection.table_names()
    if LetterTemplate._meta.db_table in tables:
        templates.load()
    if MeasureTemplate._meta.db_table in tables:
        measures.load()

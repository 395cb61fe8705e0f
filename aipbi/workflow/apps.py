"""The one door for moves, the trail, obligations and notices."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WorkflowConfig(AppConfig):
    """The kernel."""

    name = "aipbi.workflow"
    label = "workflow"
    verbose_name = "Workflow"

    def ready(self) -> None:
        """Put the guards and grants in place after each migration, whatever app it touched."""
        from aipbi.workflow import registry, standards, standing  # noqa: F401 - its kinds of message

        registry.discover()
        post_migrate.connect(standing.put_in_place, dispatch_uid="workflow.standing")
